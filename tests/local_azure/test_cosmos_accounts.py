"""Cosmos DB accounts and what is in them, as Resource Manager sees them."""

import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from azure.core.exceptions import HttpResponseError, ResourceNotFoundError

from local_azure.arm import ResourceId
from local_azure.cosmos_db.account_names import FOREIGN_NAMES
from local_azure.errors import Refusal
from local_azure.http import Request
from local_azure.server import LocalAzure
from tests.drawn_key import begun
from tests.local_azure.arm import content, refusal
from tests.local_azure.cosmos_stage import CONTRIBUTOR, DATABASE, READER, CosmosStage, account_body
from tests.local_azure.vault_stage import GROUP


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CosmosStage]:
    with LocalAzure(begun(tmp_path_factory.mktemp("azure"))) as local:
        yield CosmosStage(local)


def test_a_cosmos_account_is_created_read_listed_changed_and_deleted(stage: CosmosStage) -> None:
    cosmos = stage.management()
    name = stage.name("cosmos")
    made = cosmos.database_accounts.begin_create_or_update(GROUP, name, account_body()).result()
    assert (made.document_endpoint, made.disable_local_auth, made.kind, made.provisioning_state) == (
        f"https://{name}.documents.azure.com:443/", True, "GlobalDocumentDB", "Succeeded",
    )  # fmt: skip
    assert made.write_locations[0].document_endpoint == f"https://{name}-westeurope.documents.azure.com:443/"
    database = {"resource": {"id": "shop"}}
    cosmos.sql_resources.begin_create_update_sql_database(
        GROUP, name, "shop", {"properties": database}
    ).result()
    container = {"resource": {"id": "orders", "partitionKey": {"paths": ["/customer"], "kind": "Hash"}}}
    body = {"properties": container}
    cosmos.sql_resources.begin_create_update_sql_container(GROUP, name, "shop", "orders", body).result()
    found = cosmos.sql_resources.get_sql_container(GROUP, name, "shop", "orders")
    assert (found.resource.id, found.resource.partition_key.paths) == ("orders", ["/customer"])
    assert [one.name for one in cosmos.sql_resources.list_sql_databases(GROUP, name)] == ["shop"]
    cosmos.database_accounts.begin_delete(GROUP, name).result()
    with pytest.raises(ResourceNotFoundError):
        cosmos.database_accounts.get(GROUP, name)


@pytest.mark.parametrize("name", ["ab", "n" * 45, "Shop", "shop--dev", "-shop", "shop-", "shop_dev"])
def test_b1_an_impossible_name_is_refused(stage: CosmosStage, name: str) -> None:
    answer = stage.arm("PUT", stage.account_id(name), account_body())
    assert refusal(answer) == (400, "BadRequest", f"DatabaseAccount name '{name}' is invalid.")


def test_b1_a_name_that_anybody_has_is_taken(stage: CosmosStage) -> None:
    stage.azure.store.documents(FOREIGN_NAMES).put("cosmos-foreign", {})
    elsewhere = stage.arm.group("rg-cosmos-other")
    for name in (stage.account(), "cosmos-foreign"):
        path = f"{elsewhere}/providers/Microsoft.DocumentDB/databaseAccounts/{name}"
        text = f"Dns record for {name} under zone Document is already taken. Please use a different name for "
        assert refusal(stage.arm("PUT", path, account_body())) == (400, "BadRequest", f"{text}the account.")


def test_b2_where_nothing_is_said_keys_open_an_account_and_every_network(stage: CosmosStage) -> None:
    name = stage.account(disableLocalAuth=None)
    made = content(stage.arm("GET", stage.account_id(name)))["properties"]
    assert (made["disableLocalAuth"], made["disableKeyBasedMetadataWriteAccess"]) == (False, False)
    assert (made["publicNetworkAccess"], made["ipRules"]) == ("Enabled", [])


def test_b2_an_account_neither_becomes_serverless_nor_stops_being_it(stage: CosmosStage) -> None:
    serverless, provisioned = stage.account(), stage.account(capabilities=[])
    for name, capabilities in ((serverless, []), (provisioned, [{"name": "EnableServerless"}])):
        changed = account_body(capabilities=capabilities)
        assert refusal(stage.arm("PUT", stage.account_id(name), changed))[:2] == (400, "BadRequest")
    assert stage.arm("PUT", stage.account_id(serverless), account_body()).status == 200


def test_b2_continuous_backup_is_not_given_up(stage: CosmosStage) -> None:
    id = stage.account_id(stage.account(backupPolicy={"type": "Periodic"}))
    assert stage.arm("PUT", id, account_body(backupPolicy={"type": "Continuous"})).status == 200
    answer = stage.arm("PUT", id, account_body(backupPolicy={"type": "Periodic"}))
    assert refusal(answer)[:2] == (400, "BadRequest")


def test_accounts_of_other_apis_are_not_served(stage: CosmosStage) -> None:
    id = stage.account_id(stage.name("cosmos"))
    for body in ({**account_body(), "kind": "MongoDB"}, account_body(capabilities=[{"name": "EnableTable"}])):
        assert refusal(stage.arm("PUT", id, body))[:2] == (501, "NotServedByLocalAzure")


@pytest.mark.parametrize("name", ["a/b", "a?b", "a#b", "o" * 256, "ends "])
def test_b5_an_impossible_name_of_a_container_is_refused(stage: CosmosStage, name: str) -> None:
    kind = stage.azure.services.types["microsoft.documentdb/databaseaccounts/sqldatabases/containers"]
    id = ResourceId("/x", kind.type, name, None, None, "/", "/")
    with pytest.raises(Refusal, match="400 BadRequest"):
        kind.put(id, None, {}, Request("PUT", "management.azure.com", "/x"))


def test_b5_in_a_serverless_account_nothing_has_a_throughput(stage: CosmosStage) -> None:
    serverless, provisioned = stage.account(), stage.account(capabilities=[])
    given = {"resource": {"id": "other"}, "options": {"throughput": 400}}
    wanted = {"properties": given}
    text = "Setting offer throughput or autopilot on container is not supported for serverless accounts."
    path = "sqlDatabases/other"
    answer = stage.arm("PUT", f"{stage.account_id(serverless)}/{path}", wanted)
    assert refusal(answer) == (400, "BadRequest", text)
    assert stage.arm("PUT", f"{stage.account_id(provisioned)}/{path}", wanted).status == 202
    kept = content(stage.arm("GET", f"{stage.account_id(provisioned)}/{path}"))["properties"]
    assert kept["options"] == {"throughput": 400}


def test_b5_the_partition_key_of_a_container_never_changes(stage: CosmosStage) -> None:
    name = stage.account()
    text = "Document collection partition key cannot be changed."
    assert refusal(stage.container(name, "orders", "/region")) == (400, "BadRequest", text)
    assert stage.container(name, "orders", "/customer", defaultTtl=60).status == 202
    id = f"{stage.account_id(name)}/sqlDatabases/{DATABASE}/containers/none"
    answer = stage.arm("PUT", id, {"properties": {"resource": {"id": "none"}}})
    assert refusal(answer)[:2] == (400, "BadRequest")


def test_b6_every_account_has_a_readers_and_a_contributors_role(stage: CosmosStage) -> None:
    name = stage.account()
    roles = stage.management().sql_resources
    listed = {one.name: one.role_name for one in roles.list_sql_role_definitions(GROUP, name)}
    assert listed == {
        READER: "Cosmos DB Built-in Data Reader",
        CONTRIBUTOR: "Cosmos DB Built-in Data Contributor",
    }
    reader = roles.get_sql_role_definition(READER, GROUP, name)
    assert [action.rpartition("/")[2] for action in reader.permissions[0].data_actions] == [
        "readMetadata", "read", "executeQuery", "readChangeFeed",
    ]  # fmt: skip


def _role(stage: CosmosStage, account: str, *actions: str, **more: Any) -> dict[str, Any]:
    data = [f"Microsoft.DocumentDB/databaseAccounts/{action}" for action in actions]
    return {
        "properties": {
            "assignableScopes": [stage.account_id(account)],
            "permissions": [{"dataActions": data}],
            "roleName": "writes alone",
            **more,
        }
    }


def test_b6_a_role_of_an_accounts_own_is_checked(stage: CosmosStage) -> None:
    name = stage.account()
    below = f"{stage.account_id(name)}/sqlRoleDefinitions"
    good = _role(stage, name, "readMetadata", "sqlDatabases/containers/items/create")
    for id, body in (
        ("own", good),
        (READER, good),
        (str(uuid.uuid4()), _role(stage, name)),
        (str(uuid.uuid4()), _role(stage, name, "listKeys/action")),
        (str(uuid.uuid4()), {"properties": {**good["properties"], "assignableScopes": ["/subscriptions/x"]}}),
    ):
        assert refusal(stage.arm("PUT", f"{below}/{id}", body))[:2] == (400, "BadRequest"), id
    own = str(uuid.uuid4())
    assert stage.arm("PUT", f"{below}/{own}", good).status == 202
    assignment = stage.assigned(name, own, stage.identity())
    assert refusal(stage.arm("DELETE", f"{below}/{own}"))[:2] == (400, "BadRequest")
    assert stage.arm("DELETE", assignment).status == 202
    assert stage.arm("DELETE", f"{below}/{own}").status == 202


def test_b7_a_new_identity_is_refused_for_a_while_by_the_operation_and_not_by_the_write(
    stage: CosmosStage,
) -> None:
    name, roles = stage.account(), stage.management().sql_resources
    stage.azure.entra.delay_replication(2)
    someone = stage.identity()
    stage.azure.entra.delay_replication(0)
    account = stage.account_id(name)
    body = {
        "properties": {
            "principalId": someone.object_id,
            "roleDefinitionId": f"{account}/sqlRoleDefinitions/{READER}",
            "scope": account,
        }
    }
    id = str(uuid.uuid4())
    for _ in range(2):
        writing = roles.begin_create_update_sql_role_assignment(id, GROUP, name, body)
        with pytest.raises(HttpResponseError, match="was not found in the AAD tenant") as refused:
            writing.result()
        assert refused.value.error is not None
        assert refused.value.error.code == "BadRequest"
        with pytest.raises(ResourceNotFoundError):
            roles.get_sql_role_assignment(id, GROUP, name)
    made = roles.begin_create_update_sql_role_assignment(id, GROUP, name, body).result()
    assert (made.principal_id, made.scope) == (someone.object_id, account)


def test_b7_an_assignment_never_changes_its_principal_or_its_scope(stage: CosmosStage) -> None:
    name, someone, id = stage.account(), stage.identity(), str(uuid.uuid4())
    whole = stage.assigned(name, READER, someone, name=id)
    stage.assigned(name, CONTRIBUTOR, someone, name=id)
    kept = content(stage.arm("GET", whole))["properties"]
    assert kept["roleDefinitionId"].endswith(CONTRIBUTOR)
    for change in ({"principalId": stage.identity().object_id}, {"scope": f"{kept['scope']}/dbs/shop"}):
        status, code, message = refusal(stage.arm("PUT", whole, {"properties": {**kept, **change}}))
        assert (status, code) == (400, "BadRequest")
        assert message.endswith("is not permitted. You may only update the associated Role Definition.")


def test_b7_a_scope_is_an_account_a_database_or_a_container(stage: CosmosStage) -> None:
    name, other, someone = stage.account(), stage.account(), stage.identity()
    account = stage.account_id(name)

    def answer(id: str = "", **given: str) -> Any:
        properties = {
            "principalId": someone.object_id,
            "roleDefinitionId": f"{account}/sqlRoleDefinitions/{READER}",
            "scope": account,
            **given,
        }
        return stage.arm(
            "PUT", f"{account}/sqlRoleAssignments/{id or uuid.uuid4()}", {"properties": properties}
        )

    for scope in ("/dbs/shop", f"{account}/dbs/shop/colls/orders", "/", account.upper()):
        assert answer(scope=scope).status == 202, scope
    kept = stage.management().sql_resources.list_sql_role_assignments(GROUP, name)
    database = f"{account}/dbs/shop"
    assert sorted(one.scope for one in kept) == [account, account, database, f"{database}/colls/orders"]
    for refused in (
        answer(scope=f"{account}/sqlDatabases/shop"),
        answer(scope=stage.account_id(other)),
        answer(scope=f"{account}/dbs/shop/colls/orders/docs/1"),
        answer(scope=""),
        answer(id="mine"),
        answer(principalId="me"),
        answer(roleDefinitionId=f"{stage.account_id(other)}/sqlRoleDefinitions/{READER}"),
        answer(roleDefinitionId=f"{account}/sqlRoleDefinitions/{uuid.uuid4()}"),
    ):
        assert refusal(refused)[:2] == (400, "BadRequest")
