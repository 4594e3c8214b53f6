"""The data plane of Cosmos DB, judged by azure-cosmos as it is."""

import asyncio
import base64
import hmac
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote

import pytest
from azure.core import MatchConditions
from azure.core.pipeline.transport import AsyncioRequestsTransport
from azure.cosmos import PartitionKey
from azure.cosmos.aio import CosmosClient as AsyncClient
from azure.cosmos.exceptions import (
    CosmosAccessConditionFailedError,
    CosmosHttpResponseError,
    CosmosResourceExistsError,
    CosmosResourceNotFoundError,
)

from local_azure.constants import DEPLOYER, VAULT_READERS
from local_azure.origins import PERSON_ADDRESS
from tests.local_azure import networks
from tests.local_azure.arm import content
from tests.local_azure.cosmos_stage import (
    CONTRIBUTOR,
    READER,
    CosmosStage,
    account_body,
    cosmos_stage,
    refused,
)
from tests.local_azure.vault_stage import GROUP

ORDER = {"id": "1", "customer": "ann", "total": 3, "lines": [{"what": "tea"}]}
ORDERS = "/dbs/shop/colls/orders"


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CosmosStage]:
    with cosmos_stage(tmp_path_factory.mktemp("azure")) as made:
        yield made


class _Transport(AsyncioRequestsTransport):
    """Azure's own without aiohttp, which takes no `read_timeout`."""

    async def send(self, request: Any, **options: Any) -> Any:
        options.pop("read_timeout", None)
        sent: Any = super()
        return await sent.send(request, **options)


def without_system(item: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in item.items() if not key.startswith("_")}


def test_who_may_write_makes_reads_changes_and_deletes_items(stage: CosmosStage) -> None:
    name = stage.account()
    orders = stage.items(name, stage.with_data_role(name, CONTRIBUTOR))
    made = orders.create_item(ORDER)
    assert without_system(made) == ORDER
    assert set(made) - set(ORDER) == {"_rid", "_self", "_etag", "_attachments", "_ts"}
    assert without_system(orders.read_item("1", "ann")) == ORDER
    assert orders.upsert_item({**ORDER, "total": 4})["total"] == 4
    assert orders.replace_item("1", {**ORDER, "total": 5})["total"] == 5
    orders.create_item({**ORDER, "customer": "bob"})  # an id is once in each partition
    assert [one["customer"] for one in orders.read_all_items(max_item_count=1)] == ["ann", "bob"]
    orders.delete_item("1", "ann")
    assert [one["customer"] for one in orders.read_all_items()] == ["bob"]
    client = stage.client(name, stage.with_data_role(name, READER))
    assert [one["id"] for one in client.list_databases()] == ["shop"]
    database = client.get_database_client("shop")
    assert [one["id"] for one in database.list_containers()] == ["orders"]
    assert orders.read()["partitionKey"]["paths"] == ["/customer"]


def test_the_asynchronous_client_does_the_same(stage: CosmosStage, monkeypatch: pytest.MonkeyPatch) -> None:
    name = stage.account()
    holder = stage.holder(stage.with_data_role(name, CONTRIBUTOR))

    class Holder:
        async def get_token(self, *scopes: str, **_: object) -> Any:
            return holder.get_token(*scopes)

    for key, value in stage.local.client_environment().items():
        monkeypatch.setenv(key, value)

    async def found() -> list[Any]:
        given: Any = {"credential": Holder(), "transport": _Transport()}
        async with AsyncClient(f"https://{name}.documents.azure.com/", **given) as client:
            orders = client.get_database_client("shop").get_container_client("orders")
            await orders.create_item(ORDER)
            asked = orders.query_items("SELECT VALUE c.total FROM c")
            return [(await orders.read_item("1", "ann"))["total"], *[one async for one in asked]]

    assert asyncio.run(found()) == [3, 3]


def test_who_may_read_reads_and_asks_and_writes_nothing(stage: CosmosStage) -> None:
    name = stage.account()
    stage.items(name, stage.with_data_role(name, CONTRIBUTOR)).create_item(ORDER)
    orders = stage.items(name, stage.with_data_role(name, READER))
    assert orders.read_item("1", "ann")["total"] == 3
    assert list(orders.query_items("SELECT VALUE c.id FROM c", enable_cross_partition_query=True)) == ["1"]
    for write in (
        lambda: orders.create_item({**ORDER, "id": "2"}),
        lambda: orders.upsert_item(ORDER),
        lambda: orders.replace_item("1", ORDER),
        lambda: orders.delete_item("1", "ann"),
    ):
        with pytest.raises(CosmosHttpResponseError) as error:
            write()
        assert refused(error) == (403, 5301)
        assert "on resource [dbs/shop/colls/orders]" in str(error.value)
    assert [one["id"] for one in orders.read_all_items()] == ["1"]


def test_b8_without_a_grant_nobody_is_let_in_whatever_role_of_azures_he_has(stage: CosmosStage) -> None:
    name = stage.account()
    owner = stage.identity()
    for role in ("Owner", "DocumentDB Account Contributor", "Cosmos DB Operator"):
        stage.grant(stage.account_id(name), role, owner.object_id)
    with pytest.raises(CosmosHttpResponseError) as error:
        stage.client(name, owner)
    assert refused(error) == (403, 5301)
    metadata = "Microsoft.DocumentDB/databaseAccounts/readMetadata"
    assert (
        f"Request blocked by Auth {name} : Request is blocked because principal [{owner.object_id}] does not "
        f"have required RBAC permissions to perform action [{metadata}] on resource [/]. "
        "Learn more: https://aka.ms/cosmos-native-rbac."
    ) in str(error.value)


def test_b8_a_role_on_a_container_opens_that_container_alone(stage: CosmosStage) -> None:
    name = stage.account("orders", "carts")
    stage.database(name, "bank")
    assert stage.container(name, "orders", database="bank").status == 202
    orders = stage.with_data_role(name, CONTRIBUTOR, ORDERS)
    shop = stage.with_data_role(name, CONTRIBUTOR, "/dbs/shop")
    stage.items(name, orders).create_item(ORDER)
    stage.items(name, shop, "carts").create_item(ORDER)
    for who, container, database in (
        (orders, "carts", "shop"),
        (orders, "orders", "bank"),
        (shop, "orders", "bank"),
    ):
        with pytest.raises(CosmosHttpResponseError) as error:
            stage.items(name, who, container, database).read_item("1", "ann")
        assert refused(error) == (403, 5301)
    with pytest.raises(CosmosHttpResponseError) as error:
        list(stage.client(name, orders).get_database_client("shop").list_containers())
    assert refused(error) == (403, 5301)


def test_b8_databases_and_containers_are_not_made_with_a_token(stage: CosmosStage) -> None:
    name = stage.account()
    client: Any = stage.client(name, stage.with_data_role(name, CONTRIBUTOR))
    for make in (
        lambda: client.create_database("bank"),
        lambda: client.get_database_client("shop").create_container("carts", PartitionKey("/id")),
        lambda: client.delete_database("shop"),
    ):
        with pytest.raises(CosmosHttpResponseError) as error:
            make()
        assert refused(error) == (403, 5300)
        assert "cannot be authorized by AAD token in data plane" in str(error.value)


def test_a_role_of_the_accounts_own_allows_what_it_says_and_no_more(stage: CosmosStage) -> None:
    name, own = stage.account(), "0b1ec700-0000-4000-8000-00000000000b"
    actions = ("readMetadata", "sqlDatabases/containers/items/create")
    body = {
        "assignableScopes": [stage.account_id(name)],
        "permissions": [{"dataActions": [f"Microsoft.DocumentDB/databaseAccounts/{one}" for one in actions]}],
        "roleName": "writes alone",
    }
    assert (
        stage.arm("PUT", f"{stage.account_id(name)}/sqlRoleDefinitions/{own}", {"properties": body}).status
        == 202
    )
    orders = stage.items(name, stage.with_data_role(name, own, ORDERS))
    orders.create_item(ORDER)
    with pytest.raises(CosmosHttpResponseError) as error:
        orders.read_item("1", "ann")
    assert refused(error) == (403, 5301)


def test_b10_each_request_takes_the_data_action_that_is_named_after_it(stage: CosmosStage) -> None:
    name, below = stage.account(), "sqlDatabases/containers"
    stage.items(name, stage.with_data_role(name, CONTRIBUTOR)).create_item(ORDER)
    asked: dict[str, Callable[[Any], Any]] = {
        "items/read": lambda of: of.read_item("1", "ann"),
        "executeQuery": lambda of: list(of.query_items("SELECT * FROM c", partition_key="ann")),
        "readChangeFeed": lambda of: list(of.read_all_items()),
        "items/upsert": lambda of: of.upsert_item(ORDER),
        "items/replace": lambda of: of.replace_item("1", ORDER),
        "items/create": lambda of: of.create_item({**ORDER, "id": "2"}),
        "items/delete": lambda of: of.delete_item("1", "ann"),
    }
    for number, (action, ask) in enumerate(asked.items()):
        own = f"0b1ec700-0000-4000-8000-0000000001{number:02}"
        data = [
            f"Microsoft.DocumentDB/databaseAccounts/{one}" for one in ("readMetadata", f"{below}/{action}")
        ]
        body = {"assignableScopes": ["/"], "permissions": [{"dataActions": data}], "roleName": action}
        stage.arm("PUT", f"{stage.account_id(name)}/sqlRoleDefinitions/{own}", {"properties": body})
        orders = stage.items(name, stage.with_data_role(name, own))
        for other, refuse in asked.items():
            if other != action:
                with pytest.raises(CosmosHttpResponseError) as error:
                    refuse(orders)
                assert refused(error) == (403, 5301), (action, other)
        ask(orders)


def test_b3_a_key_opens_an_account_until_keys_are_off(stage: CosmosStage) -> None:
    name = stage.account(disableLocalAuth=False)
    keys = stage.management().database_accounts.list_keys(GROUP, name)
    orders = stage.items(name, keys.primary_master_key)
    assert without_system(orders.create_item(ORDER)) == ORDER
    assert list(orders.query_items("SELECT VALUE c.id FROM c", enable_cross_partition_query=True)) == ["1"]
    reader = stage.items(name, keys.primary_readonly_master_key)
    assert reader.read_item("1", "ann")["total"] == 3
    for bad in (lambda: reader.delete_item("1", "ann"), lambda: stage.client(name, "bm8ga2V5")):
        with pytest.raises(CosmosHttpResponseError) as error:
            bad()
        assert refused(error) == (401, 0)
    # Saying that one asks lets nobody write who may only read.
    item, date = f"{ORDERS}/docs/1".strip("/"), "sun, 29 nov 2026 12:00:00 gmt"
    for key, status in ((keys.primary_readonly_master_key, 401), (keys.primary_master_key, 204)):
        text = f"delete\ndocs\n{item}\n{date}\n\n".encode()
        signature = base64.b64encode(hmac.digest(base64.b64decode(key), text, "sha256")).decode()
        headers = {
            "authorization": quote(f"type=master&ver=1.0&sig={signature}"),
            "x-ms-date": date,
            "x-ms-documentdb-isquery": "true",
            "x-ms-documentdb-partitionkey": '["ann"]',
        }
        with stage.http() as http:
            answer = http.delete(f"https://{name}.documents.azure.com/{item}", headers=headers)
        assert answer.status_code == status
    content(stage.arm("PUT", stage.account_id(name), account_body(disableLocalAuth=True)))
    again = stage.management().database_accounts.list_keys(GROUP, name)
    assert again.primary_master_key == keys.primary_master_key
    with pytest.raises(CosmosHttpResponseError) as error:
        orders.read_item("1", "ann")
    assert refused(error) == (401, 5202)
    assert "Local Authorization is disabled. Use an AAD token to authorize all requests." in str(error.value)


def test_b9_a_token_for_something_else_is_refused(stage: CosmosStage) -> None:
    name, other = stage.account(), stage.account()
    writer = stage.with_data_role(name, CONTRIBUTOR)

    def status(authorization: str) -> int:
        address = f"https://{name}.documents.azure.com/{ORDERS.strip('/')}"
        with stage.http() as http:
            return http.get(address, headers={"authorization": authorization}).status_code

    def token(audience: str) -> str:
        return f"type=aad&ver=1.0&sig={stage.azure.entra.issue(writer, audience)[0]}"

    own = token(f"https://{name}.documents.azure.com")
    assert (status(own), status(own.replace("=", "%3D").replace("&", "%26"))) == (200, 200)
    assert status(token("https://cosmos.azure.com")) == 200
    for wrong in (
        token(f"https://{other}.documents.azure.com"),
        token("https://management.azure.com"),
        own[:-4] + "AAAA",
        own.replace("type=aad", "type=resource"),
        f"Bearer {own.rpartition('=')[2]}",
        "",
    ):
        assert status(wrong) == 401, wrong[:30]


def test_a_grant_that_is_taken_away_is_felt_by_an_open_client(stage: CosmosStage) -> None:
    name, someone = stage.account(), stage.identity()
    assignment = stage.assigned(name, CONTRIBUTOR, someone)
    orders = stage.items(name, someone)
    orders.create_item(ORDER)
    assert stage.arm("DELETE", assignment).status == 202
    with pytest.raises(CosmosHttpResponseError) as error:
        orders.read_item("1", "ann")
    assert refused(error) == (403, 5301)


def test_a_grant_is_honoured_after_its_propagation(stage: CosmosStage) -> None:
    name = stage.account()
    stage.azure.authorizer.set_propagation(seconds=120)
    someone = stage.with_data_role(name, READER)
    stage.azure.authorizer.set_propagation()
    with pytest.raises(CosmosHttpResponseError) as error:
        stage.client(name, someone)
    assert refused(error) == (403, 5301)
    stage.azure.clock.advance(121)
    assert [one["id"] for one in stage.client(name, someone).list_databases()] == ["shop"]


def test_people_of_a_group_are_let_in_by_the_groups_grant(stage: CosmosStage) -> None:
    name = stage.account()
    group, someone = stage.person(VAULT_READERS), stage.identity()
    stage.azure.entra.add_member(group.object_id, someone.object_id)
    stage.assigned(name, READER, group)
    assert [one["id"] for one in stage.client(name, someone).list_databases()] == ["shop"]


def test_b10_the_refusals_of_items_are_those_that_clients_know(stage: CosmosStage) -> None:
    name = stage.account()
    writer = stage.with_data_role(name, CONTRIBUTOR)
    orders = stage.items(name, writer)
    made = orders.create_item(ORDER)
    with pytest.raises(CosmosResourceExistsError):
        orders.create_item(ORDER)
    with pytest.raises(CosmosResourceNotFoundError):
        orders.read_item("2", "ann")
    with pytest.raises(CosmosResourceNotFoundError):
        orders.read_item("1", "bob")
    orders.replace_item("1", {**ORDER, "total": 9})
    unchanged = {"etag": made["_etag"], "match_condition": MatchConditions.IfNotModified}
    with pytest.raises(CosmosAccessConditionFailedError):
        orders.replace_item("1", {**ORDER, "total": 10}, **unchanged)
    assert orders.read_item("1", "ann")["total"] == 9
    with pytest.raises(CosmosHttpResponseError) as error:
        orders.replace_item("1", {**ORDER, "id": "3"})
    assert error.value.status_code == 400
    for missing in (("none", "shop"), ("orders", "none")):
        with pytest.raises(CosmosResourceNotFoundError):
            stage.items(name, writer, *missing).read_item("1", "ann")


def test_what_is_in_a_container_goes_with_it(stage: CosmosStage) -> None:
    name = stage.account()
    orders = stage.items(name, stage.with_data_role(name, CONTRIBUTOR))
    orders.create_item(ORDER)
    assert stage.arm("DELETE", f"{stage.account_id(name)}/sqlDatabases/shop").status == 202
    stage.database(name)
    assert stage.container(name, "orders").status == 202
    assert list(orders.read_all_items()) == []


def test_b4_an_account_that_is_closed_answers_whom_its_rules_name_and_nobody_else(stage: CosmosStage) -> None:
    name = stage.account()
    reader = stage.with_data_role(name, READER)
    text = f"Request originated from IP {PERSON_ADDRESS} through public internet. This is blocked by your"

    def answers(**properties: Any) -> bool:
        content(stage.arm("PUT", stage.account_id(name), account_body(**properties)))
        try:
            stage.client(name, reader)
        except CosmosHttpResponseError as error:
            if error.status_code == 403 and text in str(error):
                return False
            raise
        return True

    assert answers()
    assert not answers(publicNetworkAccess="Disabled")
    assert answers(publicNetworkAccess="Enabled", ipRules=[{"ipAddressOrRange": PERSON_ADDRESS}])
    assert not answers(ipRules=[{"ipAddressOrRange": "203.0.113.0/24"}])
    assert not answers(ipRules=[{"ipAddressOrRange": "0.0.0.0"}])
    assert not answers(ipRules=[], isVirtualNetworkFilterEnabled=True)


@pytest.mark.parametrize("text", ["10.0.0.1", "203.0.113.0/33", "everybody", "2001:db8::1"])
def test_b4_an_address_rule_takes_public_addresses_only(stage: CosmosStage, text: str) -> None:
    id = stage.account_id(stage.name("cosmos"))
    assert stage.arm("PUT", id, account_body(ipRules=[{"ipAddressOrRange": text}])).status == 400
    assert stage.arm("GET", id).status == 404


def test_b4_a_rule_for_a_subnet_needs_the_service_endpoint(stage: CosmosStage) -> None:
    subnet = f"{networks.network(stage.arm, stage.group)}/subnets/{networks.ENDPOINTS}"
    id = stage.account_id(stage.name("cosmos"))
    rule = {"id": subnet, "ignoreMissingVNetServiceEndpoint": False}
    closed = {"isVirtualNetworkFilterEnabled": True, "virtualNetworkRules": [rule]}
    assert stage.arm("PUT", id, account_body(**closed)).status == 400
    closed["virtualNetworkRules"] = [{**rule, "ignoreMissingVNetServiceEndpoint": True}]
    assert stage.arm("PUT", id, account_body(**closed)).status == 200


def test_a_private_endpoint_is_for_the_api_for_nosql(stage: CosmosStage) -> None:
    subnet = f"{networks.network(stage.arm, stage.group)}/subnets/{networks.ENDPOINTS}"
    target = stage.account_id(stage.account())
    endpoint = f"{stage.group}/providers/Microsoft.Network/privateEndpoints/pep-cosmos"
    for group, known in (("Sql", True), ("vault", False)):
        answer = stage.arm("PUT", endpoint, networks.private_endpoint_body(subnet, target, group))
        assert (answer.status < 300) == known


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("SELECT VALUE c.id FROM c WHERE c.total > 2 AND c.customer != 'bob'", ["1", "3"]),
        ("SELECT VALUE c.id FROM c WHERE c.total = @none OR c.id IN ('2', '9')", ["2"]),
        ("SELECT VALUE o.id FROM orders AS o WHERE NOT (o.total < 5) ORDER BY o.id DESC", ["3", "2"]),
        ("SELECT VALUE c.id FROM c WHERE c.total BETWEEN 3 AND @most", ["1", "2"]),
        (
            "SELECT TOP 1 c.id, c.lines[0].what AS first FROM c WHERE IS_DEFINED(c.lines)",
            [{"id": "1", "first": "tea"}],
        ),
        ("SELECT VALUE COUNT(1) FROM c WHERE STARTSWITH(c.customer, 'A', true)", [2]),
        ("SELECT VALUE SUM(c.total) FROM c", [15]),
        ("SELECT VALUE c.id FROM c ORDER BY c.total DESC OFFSET 1 LIMIT 1", ["2"]),
        ("SELECT VALUE c.id FROM c WHERE c['customer'] = \"ann\" AND c.total <> 7", ["1"]),
        ("SELECT VALUE c.id FROM c WHERE c.total = '3'", []),
        ("SELECT VALUE c.missing FROM c", []),
        ("SELECT TOP 1 c['id'] FROM c", [{"id": "1"}]),
        ("SELECT VALUE SUM(c.customer) FROM c", []),
        ("SELECT VALUE AVG(c.customer) FROM c", []),
    ],
)
def test_a_part_of_cosmos_dbs_sql_is_served(asked: Any, query: str, found: list[Any]) -> None:
    given = [{"name": "@none", "value": None}, {"name": "@most", "value": 5}]
    assert list(asked.query_items(query, parameters=given, enable_cross_partition_query=True)) == found


@pytest.mark.parametrize(
    "query",
    [
        "SELECT c.customer, COUNT(1) FROM c GROUP BY c.customer",
        "SELECT VALUE l.what FROM c JOIN l IN c.lines",
        "SELECT VALUE ST_DISTANCE(c.a, c.b) FROM c",
        "DELETE FROM c",
        "SELECT * FROM c WHERE c.total = @absent",
        "SELECT * FROM c WHERE c.id = 'none' AND LOWER(c.id, c.id) = 'a'",
        "SELECT VALUE COUNT(1) FROM c OFFSET 1 LIMIT 1",
        "SELECT TOP 1 * FROM c OFFSET 1 LIMIT 1",
        f"SELECT * FROM c WHERE {'(' * 2000}true{')' * 2000}",
    ],
)
def test_a_query_that_is_not_served_is_told_so_and_not_answered_wrongly(asked: Any, query: str) -> None:
    with pytest.raises(CosmosHttpResponseError, match="The local Azure does not serve") as error:
        list(asked.query_items(query, enable_cross_partition_query=True))
    assert error.value.status_code == 501


@pytest.fixture(scope="module")
def asked(stage: CosmosStage) -> Any:
    """A container with three items, and who may ask."""
    name = stage.account()
    orders = stage.items(name, stage.with_data_role(name, CONTRIBUTOR))
    for item in (
        ORDER,
        {"id": "2", "customer": "bob", "total": 5},
        {"id": "3", "customer": "Ann", "total": 7},
    ):
        orders.create_item(item)
    return orders


def test_the_deployer_is_let_in_by_no_role_of_azures_either(stage: CosmosStage) -> None:
    name = stage.account()
    with pytest.raises(CosmosHttpResponseError) as error:
        stage.client(name, stage.person(DEPLOYER))
    assert refused(error) == (403, 5301)
