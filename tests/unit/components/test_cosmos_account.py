"""Cosmos DB accounts and links to them: no key, and a grant that is one of Cosmos DB's own roles."""

import asyncio
from collections.abc import Mapping
from typing import Any

import pulumi
import pytest
from pulumi.runtime import MockCallArgs
from pulumi_azure_native import Provider

from components import ConfigurationError, CosmosAccount, FunctionApp, WebApp, WorkloadAccess
from components.azure_facts.data_roles import CosmosRole
from components.cosmos_grant import assignment_name, explain_refusal, until_found
from components.references import cosmos_container, cosmos_database
from components.targets.cosmos_changes import account_check, container_check
from components.tried_again import WAITS
from tests.unit.components.answering_azure import (
    CLIENT,
    COSMOS,
    COSMOS_ENDPOINT,
    ENDPOINTS_SUBNET,
    GROUP,
    PEOPLE,
    PRINCIPAL,
    SUBNET,
    SUBSCRIPTION,
    SUFFIX,
    WORKSPACE,
    ZONES,
    AnsweringAzure,
    Mode,
)
from tests.unit.components.function_apps import function_app
from tests.unit.components.recorded_azure import Deployment, deploy, deploy_component
from tests.unit.components.refusals import refusal_of
from tests.unit.components.web_apps import refusal as of_web_app
from tests.unit.components.web_apps import settings_of, web_app

NAME = f"cosno-shop-dev-{SUFFIX}"
ASSIGNMENT = "cosmosdb:SqlResourceSqlRoleAssignment"
NOT_FOUND = (
    f'Code="BadRequest" Message="The provided principal ID [{PRINCIPAL}] was not found in the AAD tenant(s) '
    "[7e4a4700-0000-4000-8000-000000000001] which are associated with the customer's subscription.\""
)


def account(mode: Mode = "up", /, **args: Any) -> Deployment:
    made = {"resource_group_name": "rg-team", "location": "westeurope", **args}
    return deploy_component(CosmosAccount, args if "existing_id" in args else made, mode)


refusal = refusal_of(account)


def linked(**record: Any) -> dict[str, Any]:
    return {"links": {"orders": {"cosmos": {"id": COSMOS, "endpoint": COSMOS_ENDPOINT, **record}}}}


def test_an_account_is_created_with_these_inputs_and_no_others() -> None:
    deployment = account(tags={"team": "shop"})
    assert deployment.counts() == {"cosmosdb:DatabaseAccount": 1}
    assert deployment.one("cosmosdb:DatabaseAccount").inputs == {
        "accountName": NAME,
        "backupPolicy": {"continuousModeProperties": {"tier": "Continuous7Days"}, "type": "Continuous"},
        "capabilities": [{"name": "EnableServerless"}],
        "consistencyPolicy": {"defaultConsistencyLevel": "Session"},
        "createMode": "Default",
        "databaseAccountOfferType": "Standard",
        "disableKeyBasedMetadataWriteAccess": True,
        "disableLocalAuth": True,
        "ipRules": [],
        "isVirtualNetworkFilterEnabled": False,
        "kind": "GlobalDocumentDB",
        "location": "westeurope",
        "locations": [{"failoverPriority": 0, "locationName": "westeurope"}],
        "minimalTlsVersion": "Tls12",
        "networkAclBypass": "None",
        "publicNetworkAccess": "Enabled",
        "resourceGroupName": "rg-team",
        "tags": {"team": "shop"},
        "virtualNetworkRules": [],
    }
    assert deployment.plain_outputs == {
        "account_id": f"{GROUP}/providers/Microsoft.DocumentDB/databaseAccounts/{NAME}",
        "name": NAME,
        "endpoint": f"https://{NAME}.documents.azure.com/",
        "access": [],
    }


def test_an_account_has_no_key_that_opens_it() -> None:
    made = account().one("cosmosdb:DatabaseAccount").inputs
    assert (made["disableLocalAuth"], made["disableKeyBasedMetadataWriteAccess"]) == (True, True)


def test_databases_and_containers_are_created_under_their_own_names() -> None:
    deployment = account(
        databases=["shop"], containers={"shop/orders": "/customer", "shop/carts": "/tenant,/customer"}
    )
    database = deployment.one("cosmosdb:SqlResourceSqlDatabase")
    assert (database.name, database.inputs) == (
        "shop-shop",
        {
            "accountName": NAME,
            "databaseName": "shop",
            "resource": {"id": "shop"},
            "resourceGroupName": "rg-team",
        },
    )
    containers = {one.name: one for one in deployment.all("cosmosdb:SqlResourceSqlContainer")}
    keys = {name: one.inputs["resource"]["partitionKey"] for name, one in containers.items()}
    assert keys == {
        "shop-shop/orders": {"kind": "Hash", "paths": ["/customer"], "version": 2},
        "shop-shop/carts": {"kind": "MultiHash", "paths": ["/tenant", "/customer"], "version": 2},
    }
    assert deployment.waits_for(containers["shop-shop/orders"], database)


def test_with_throughput_an_account_is_not_serverless_and_each_database_scales() -> None:
    deployment = account(databases=["shop"], max_throughput=4000)
    assert deployment.one("cosmosdb:DatabaseAccount").inputs["capabilities"] == []
    database = deployment.one("cosmosdb:SqlResourceSqlDatabase").inputs
    assert database["options"] == {"autoscaleSettings": {"maxThroughput": 4000}}


@pytest.mark.parametrize(
    ("backup", "policy"),
    [
        (
            "continuous-30-days",
            {"type": "Continuous", "continuousModeProperties": {"tier": "Continuous30Days"}},
        ),
        ("periodic", {"type": "Periodic"}),
    ],
)
def test_to_when_an_account_can_be_brought_back_is_a_choice(backup: str, policy: Mapping[str, Any]) -> None:
    assert account(backup=backup).one("cosmosdb:DatabaseAccount").inputs["backupPolicy"] == policy


def test_who_is_named_may_call_the_account_and_nobody_else() -> None:
    made = account(allowed_ip_ranges={"office": "203.0.113.0/24"}, allowed_subnet_ids={"apps": SUBNET})
    inputs = made.one("cosmosdb:DatabaseAccount").inputs
    assert inputs["ipRules"] == [{"ipAddressOrRange": "203.0.113.0/24"}]
    assert inputs["isVirtualNetworkFilterEnabled"] is True
    assert inputs["virtualNetworkRules"] == [{"id": SUBNET, "ignoreMissingVNetServiceEndpoint": False}]
    assert inputs["networkAclBypass"] == "None"


def test_with_a_private_endpoint_alone_an_account_has_no_public_address() -> None:
    zone = f"{ZONES}/privatelink.documents.azure.com"
    deployment = account(private_endpoint_subnet_id=ENDPOINTS_SUBNET, private_dns_zone_id=zone)
    assert deployment.one("cosmosdb:DatabaseAccount").inputs["publicNetworkAccess"] == "Disabled"
    (connection,) = deployment.one("network:PrivateEndpoint").inputs["privateLinkServiceConnections"]
    assert connection["groupIds"] == ["Sql"]


def test_logs_go_to_tables_of_their_own_and_a_lock_comes_after_everything() -> None:
    deployment = account(
        databases=["shop"],
        diagnostics_workspace_id=WORKSPACE,
        delete_lock=True,
        data_readers={"on-call": PEOPLE},
    )
    assert deployment.one("DiagnosticSetting").inputs["logAnalyticsDestinationType"] == "Dedicated"
    lock = deployment.one("ManagementLockByScope")
    for kind in ("cosmosdb:SqlResourceSqlDatabase", ASSIGNMENT, "DiagnosticSetting"):
        assert deployment.waits_for(lock, deployment.one(kind))


def test_people_are_let_in_through_groups_to_read_or_to_write() -> None:
    deployment = account(data_readers={"clerks": PEOPLE}, data_writers={"on-call": PEOPLE})
    made = f"{GROUP}/providers/Microsoft.DocumentDB/databaseAccounts/{NAME}"
    granted = {one.name: one.inputs for one in deployment.all(ASSIGNMENT)}
    assert {name: (one["roleDefinitionId"], one["scope"]) for name, one in granted.items()} == {
        "shop-reader-clerks": (f"{made}/sqlRoleDefinitions/{CosmosRole.READER.guid}", made),
        "shop-writer-on-call": (f"{made}/sqlRoleDefinitions/{CosmosRole.CONTRIBUTOR.guid}", made),
    }
    assert deployment.all("RoleAssignment") == []
    assert deployment.outputs["access"] == [
        f"Members of group clerks may read the data in Cosmos DB account {NAME} "
        "(Cosmos DB Built-in Data Reader).",
        f"Members of group on-call may read and write the data in Cosmos DB account {NAME} "
        "(Cosmos DB Built-in Data Contributor).",
    ]


def test_an_existing_account_is_read_by_its_full_id_and_nothing_is_created() -> None:
    deployment = account(existing_id=COSMOS)
    assert [(r.type, r.is_read) for r in deployment.resources[1:]] == [
        ("azure-native:cosmosdb:DatabaseAccount", True)
    ]
    assert deployment.plain_outputs == {
        "account_id": COSMOS, "name": "cosno-team", "endpoint": COSMOS_ENDPOINT, "access": [],
    }  # fmt: skip


def test_a_preview_knows_an_existing_account() -> None:
    deployment = account("first preview", existing_id=COSMOS, data_readers={"on-call": PEOPLE})
    assert deployment.one(ASSIGNMENT).inputs["scope"] == COSMOS
    assert deployment.outputs["endpoint"] == COSMOS_ENDPOINT


@pytest.mark.parametrize(
    ("record", "role", "path"),
    [
        ({}, CosmosRole.READER, ""),
        ({"access": "read", "database": "shop"}, CosmosRole.READER, "/dbs/shop"),
        ({"access": "write"}, CosmosRole.CONTRIBUTOR, ""),
        (
            {"access": "write", "database": "shop", "container": "orders"},
            CosmosRole.CONTRIBUTOR,
            "/dbs/shop/colls/orders",
        ),
    ],
)
def test_a_verb_is_its_role_on_exactly_what_is_named(
    record: dict[str, Any], role: CosmosRole, path: str
) -> None:
    deployment = web_app(**linked(**record))
    assert deployment.one(ASSIGNMENT).inputs == {
        "accountName": "cosno-team",
        "principalId": PRINCIPAL,
        "resourceGroupName": "rg-team",
        "roleAssignmentId": assignment_name(COSMOS + path, PRINCIPAL, role),
        "roleDefinitionId": f"{COSMOS}/sqlRoleDefinitions/{role.guid}",
        "scope": COSMOS + path,
    }
    assert deployment.all("RoleAssignment") == []


def test_code_is_told_the_address_and_the_names_and_nothing_secret() -> None:
    assert settings_of(web_app(**linked(database="shop", container="orders"))) == {
        "AZURE_CLIENT_ID": CLIENT,
        "ORDERS_ENDPOINT": COSMOS_ENDPOINT,
        "ORDERS_DATABASE": "shop",
        "ORDERS_CONTAINER": "orders",
    }


def test_an_address_with_the_port_that_azure_itself_writes_is_taken_and_told_without() -> None:
    told = settings_of(web_app(**linked(endpoint="https://cosno-team.documents.azure.com:443/")))
    assert told["ORDERS_ENDPOINT"] == COSMOS_ENDPOINT
    assert "https://<account>.documents.azure.com/" in of_web_app(
        **linked(endpoint="https://cosno-team.documents.azure.com:8081/")
    )


def test_a_trigger_is_told_the_account_and_as_whom_it_listens() -> None:
    settings = settings_of(function_app(**linked(database="shop", access="write")))
    assert {key: value for key, value in settings.items() if key.startswith("ORDERS__")} == {
        "ORDERS__accountEndpoint": COSMOS_ENDPOINT,
        "ORDERS__credential": "managedidentity",
        "ORDERS__clientId": CLIENT,
    }


def test_settings_wait_for_the_grant() -> None:
    deployment = web_app(**linked())
    settings = deployment.one("WebAppApplicationSettings")
    assert deployment.waits_for(settings, deployment.one(ASSIGNMENT))


def test_an_account_that_a_component_made_gives_its_own_links() -> None:
    def program() -> dict[str, Any]:
        where = {"resource_group_name": "rg-team"}
        containers = {"shop/orders": "/customer"}
        made: Any = {**where, "location": "westeurope", "databases": ["shop"], "containers": containers}
        shop = CosmosAccount("shop", made)
        WebApp(
            "web", {"resource_group_name": "rg-team", "links": {"orders": shop.items_link("shop", "orders")}}
        )
        FunctionApp("worker", {"resource_group_name": "rg-team", "links": {"all": shop.items_link()}})
        return {}

    deployment = deploy(program)
    made = f"{GROUP}/providers/Microsoft.DocumentDB/databaseAccounts/{NAME}"
    scopes = {one.name: one.inputs["scope"] for one in deployment.all(ASSIGNMENT)}
    assert scopes == {"web-orders": f"{made}/dbs/shop/colls/orders", "worker-all": made}
    container = deployment.one("cosmosdb:SqlResourceSqlContainer")
    assert all(deployment.waits_for(one, container) for one in deployment.all(ASSIGNMENT))


def test_equal_needs_are_one_grant_and_names_that_differ_in_case_are_two_databases() -> None:
    def links(*databases: Any) -> dict[str, Any]:
        record = {"id": COSMOS, "endpoint": COSMOS_ENDPOINT}
        return {
            "links": {f"l{n}": {"cosmos": {**record, "database": one}} for n, one in enumerate(databases)}
        }

    def scopes(*databases: Any) -> list[str]:
        return sorted(one.inputs["scope"] for one in web_app(**links(*databases)).all(ASSIGNMENT))

    assert scopes("shop", "shop") == [f"{COSMOS}/dbs/shop"]
    both = [f"{COSMOS}/dbs/Shop", f"{COSMOS}/dbs/shop"]
    assert scopes("shop", "Shop") == both
    assert scopes(*map(pulumi.Output.from_input, ("shop", "Shop"))) == both
    with pytest.raises(ConfigurationError, match="the same role on the same scope, twice"):
        scopes(*map(pulumi.Output.from_input, ("shop", "shop")))
    one, other = (
        assignment_name(cosmos_database(COSMOS, name), PRINCIPAL, CosmosRole.READER)
        for name in ("shop", "Shop")
    )
    assert one != other
    assert one == assignment_name(
        cosmos_database(COSMOS.upper() + "/", "shop"), PRINCIPAL.upper(), CosmosRole.READER
    )


def test_names_of_containers_that_differ_in_case_are_two_grants() -> None:
    record = {"id": COSMOS.upper(), "endpoint": COSMOS_ENDPOINT, "database": "shop"}
    links = {name: {"cosmos": {**record, "container": name}} for name in ("Orders", "orders")}
    deployment = web_app(links={f"l{n}": link for n, link in enumerate(links.values())})
    scopes = [one.inputs["scope"] for one in deployment.all(ASSIGNMENT)]
    assert sorted(scopes) == [f"{COSMOS.upper()}/dbs/shop/colls/{name}" for name in links]


def test_a_scope_ends_with_no_slash_however_the_id_does() -> None:
    for grant in (
        web_app(**linked(id=f"{COSMOS}/")).one(ASSIGNMENT),
        account(existing_id=f"{COSMOS}/", data_readers={"on-call": PEOPLE}).one(ASSIGNMENT),
    ):
        assert (grant.inputs["scope"], grant.inputs["accountName"]) == (COSMOS, "cosno-team")


def test_a_deployer_needs_a_role_on_the_account_and_no_right_to_grant() -> None:
    elsewhere = COSMOS.replace("rg-team", "rg-data")
    foreign = web_app(**linked(id=elsewhere)).outputs["deployer_contract"]
    line = f"DocumentDB Account Contributor on {elsewhere} (lets identities into its data)"
    assert line in foreign["roles"].splitlines()
    assert (foreign["role_ids"], foreign["principal_types"], foreign["condition"]) == ("", "", "")
    own = account(data_readers={"on-call": PEOPLE}).outputs["deployer_contract"]
    assert own["resource_providers"] == "Microsoft.DocumentDB"
    link = {**linked()["links"]["orders"], "grant": False}
    left = web_app(links={"orders": link}).outputs["deployer_contract"]
    assert (
        left["left_to_owners"] == f"Cosmos DB Built-in Data Reader (a role of the account's own) on {COSMOS}"
    )


OTHER_SUBSCRIPTION = "5ab5c000-0000-4000-8000-000000000002"
ELSEWHERE = COSMOS.replace(SUBSCRIPTION, OTHER_SUBSCRIPTION)


def test_an_account_of_another_subscription_than_the_providers_is_refused() -> None:
    text = of_web_app(**linked(id=ELSEWHERE))
    assert "an account of another subscription" in text
    assert "WorkloadAccess whose option `provider`" in text


def test_a_provider_of_the_accounts_subscription_grants_there(monkeypatch: pytest.MonkeyPatch) -> None:
    answer = AnsweringAzure.call

    def call(azure: AnsweringAzure, args: MockCallArgs) -> tuple[dict[Any, Any], Any]:
        answered, failures = answer(azure, args)
        of_data = "::data::" in args.provider
        return {**answered, **({"subscriptionId": OTHER_SUBSCRIPTION} if of_data else {})}, failures

    monkeypatch.setattr(AnsweringAzure, "call", call)
    link = linked(id=ELSEWHERE, database="shop")["links"]["orders"]

    def program() -> dict[str, Any]:
        there = Provider("data", subscription_id=OTHER_SUBSCRIPTION)
        where = {"resource_group_name": "rg-team"}
        web = WebApp("web", {**where, "links": {"orders": {**link, "grant": False}}})  # pyright: ignore[reportArgumentType]
        nightly: Any = {"principal_id": web.principal_id, "links": {"orders": link}}
        WorkloadAccess("nightly", nightly, pulumi.ResourceOptions(provider=there))
        theirs: Any = {"existing_id": ELSEWHERE, "data_readers": {"on-call": PEOPLE}}
        CosmosAccount("shop", theirs, pulumi.ResourceOptions(providers=[there]))
        return {}

    deployment = deploy(program)
    granted = {one.name: (one.inputs["scope"], one.provider) for one in deployment.all(ASSIGNMENT)}
    assert {name: scope for name, (scope, _) in granted.items()} == {
        "nightly-orders": f"{ELSEWHERE}/dbs/shop",
        "shop-reader-on-call": ELSEWHERE,
    }
    assert all("::data::" in provider for _, provider in granted.values())


@pytest.mark.parametrize(
    ("args", "subject", "step"),
    [
        ({"location": None}, "location", "give location"),
        ({"account_name": "Shop"}, "account_name", "3 to 44 lower-case letters"),
        (
            {"containers": {"shop/orders": "/customer"}},
            "containers[<entry 1 by name>]",
            "add it to databases",
        ),
        (
            {"databases": ["shop"], "containers": {"orders": "/id"}},
            "containers[orders]",
            "give <database>/<container>",
        ),
        (
            {"databases": ["shop"], "containers": {"shop/orders": "customer"}},
            "containers[<entry 1 by name>]",
            "such as /customer",
        ),
        ({"databases": ["a/b"]}, "databases[0]", "1 to 255 characters"),
        (
            {"databases": ["shop"], "containers": {"shop/orders": "/customer", "shop/Orders": "/customer"}},
            "containers[<entry 1 by name>]",
            "take one of the two out",
        ),
        (
            {"allowed_ip_ranges": {"all-of-azure": "0.0.0.0"}},
            "allowed_ip_ranges[all-of-azure]",
            "a public IPv4 address",
        ),
        ({"max_throughput": 1500}, "max_throughput", "write 2000"),
        ({"max_throughput": 400}, "max_throughput", "write 1000"),
        ({"backup": "hourly"}, "backup", "continuous-7-days"),
        ({"public_network_access": False}, "public_network_access", "give private_endpoint_subnet_id"),
    ],
)
def test_what_azure_or_the_arguments_contradict_is_refused_with_the_way_out(
    args: dict[str, Any], subject: str, step: str
) -> None:
    text = refusal(**args)
    assert subject in text
    assert step in text


def test_a_container_is_named_with_its_database() -> None:
    assert "name the database that the container is in" in of_web_app(**linked(container="orders"))


def hook(old: Mapping[str, Any], new: Mapping[str, Any]) -> pulumi.ResourceHookArgs:
    return pulumi.ResourceHookArgs("", "", "", "", new_inputs=dict(new), old_inputs=dict(old))


def test_what_is_decided_when_an_account_is_made_is_refused_before_the_update() -> None:
    check = account_check("CosmosAccount 'shop'")
    serverless, scaled = {"capabilities": [{"name": "EnableServerless"}]}, {"capabilities": list[Any]()}
    for old, new, step in (
        (serverless, scaled, "take max_throughput out again"),
        (scaled, serverless, "give max_throughput again"),
        (
            {"backupPolicy": {"type": "Continuous"}},
            {"backupPolicy": {"type": "Periodic"}},
            "continuous-7-days",
        ),
    ):
        with pytest.raises(ConfigurationError, match=step):
            check(hook(old, new))
        check(hook(new, new))
    check(hook({"backupPolicy": {"type": "Periodic"}}, {"backupPolicy": {"type": "Continuous"}}))


def test_another_partition_key_is_refused_before_the_update_and_the_old_one_is_named() -> None:
    def inputs(*paths: str) -> dict[str, Any]:
        return {"resource": {"partitionKey": {"paths": list(paths)}}}

    check = container_check("CosmosAccount 'shop'", "containers[shop/orders]")
    with pytest.raises(ConfigurationError, match="/customer, which the container was made with"):
        check(hook(inputs("/customer"), inputs("/id")))
    check(hook(inputs("/customer"), inputs("/customer")))


def asked(monkeypatch: pytest.MonkeyPatch, *errors: str) -> tuple[bool, list[float]]:
    """Whether it is tried again after these refusals, newest first, and after how many seconds."""
    waited: list[float] = []

    async def wait(seconds: float) -> None:
        waited.append(seconds)

    monkeypatch.setattr(asyncio, "sleep", wait)
    monkeypatch.setattr(pulumi.log, "info", _unheard)
    resource: Any = None
    failed = pulumi.ErrorHookArgs("", "", "", "", failed_operation="create", errors=list(errors))
    return asyncio.run(_awaited(until_found(resource)(failed))), waited


def _unheard(*_: object) -> None:
    """What is said of it is for a person."""


async def _awaited(answer: Any) -> bool:
    return await answer


def test_an_identity_that_is_not_found_yet_is_waited_for_and_nothing_else_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    compound = f"resource partially created but read failed Status=404: {NOT_FOUND}"
    assert asked(monkeypatch, NOT_FOUND) == (True, [1])
    assert asked(monkeypatch, compound, NOT_FOUND, NOT_FOUND) == (True, [4])
    assert asked(monkeypatch, 'Code="AuthorizationFailed" Message="…"') == (False, [])
    assert asked(monkeypatch, 'Code="BadRequest" Message="…"', NOT_FOUND) == (False, [])


def test_it_is_waited_for_ten_minutes_and_then_said_why_it_may_never_be_found(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert 590 <= sum(WAITS) <= 610
    assert asked(monkeypatch, *[NOT_FOUND] * len(WAITS)) == (True, [WAITS[-1]])
    too_often = [NOT_FOUND] * (len(WAITS) + 1)
    assert asked(monkeypatch, *too_often) == (False, [])
    given = {"principalId": PRINCIPAL}
    failed = pulumi.ErrorHookArgs("", "", "", "", new_inputs=given, errors=too_often)
    text = str(explain_refusal(failed))
    assert PRINCIPAL in text
    assert "Give the object id of a service principal" in text


def test_every_grant_has_the_hook_that_waits() -> None:
    (grant,) = web_app(**linked()).all(ASSIGNMENT)
    (name,) = grant.on_error
    assert name.endswith("cosmosdb:SqlResourceSqlRoleAssignment::shop-orders on error")
    assert grant.delete_before_replace is False
    assert grant.ignore_changes == ("principalId", "roleDefinitionId", "scope")


def test_a_container_is_a_scope_below_its_database() -> None:
    assert (
        cosmos_container(cosmos_database(f"{COSMOS}/", "shop"), "orders") == f"{COSMOS}/dbs/shop/colls/orders"
    )
