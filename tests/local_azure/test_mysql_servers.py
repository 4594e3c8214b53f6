"""MySQL flexible servers and what is in them, as Resource Manager writes and refuses them."""

from typing import Any

import pytest
from azure.identity import ClientSecretCredential
from azure.mgmt.mysqlflexibleservers import MySQLManagementClient

from local_azure.constants import DEPLOYER, SUBSCRIPTION_ID, VAULT_READERS
from local_azure.server import LocalAzure
from tests.local_azure.arm import Arm, content, refusal
from tests.local_azure.mysql_stage import TYPE, administrator_body, server_body

LOGIN = {"administratorLogin": "dba", "administratorLoginPassword": "of no importance"}


def invalid(parameter: str) -> tuple[int, str, str]:
    text = f"Invalid value given for parameter {parameter}. Specify a valid parameter value."
    return 400, "InvalidParameterValue", text


def identity_of(arm: Arm) -> str:
    return f"{arm.group()}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-mysql"


@pytest.fixture
def server(arm: Arm) -> str:
    return content(arm("PUT", f"{arm.group()}/{TYPE}/mysql-one", server_body(identity_of(arm))))["id"]


def test_y1_an_impossible_name_and_a_taken_one_are_refused(arm: Arm) -> None:
    for name in ("m", "ab", "Mysql-one", "-mysql", "mysql-", "mysql_one", "m" * 64):
        assert refusal(arm("PUT", f"{arm.group()}/{TYPE}/{name}", server_body())) == invalid("serverName")
    content(arm("PUT", f"{arm.group()}/{TYPE}/mysql-one", server_body()))
    answer = arm("PUT", f"{arm.group('rg-two')}/{TYPE}/mysql-one", server_body())
    assert refusal(answer) == (400, "ServerNameAlreadyExists", "Specified server name is already used.")


def test_y2_a_server_needs_no_password(arm: Arm) -> None:
    made = content(arm("PUT", f"{arm.group()}/{TYPE}/mysql-one", server_body()))
    properties = content(arm("GET", made["id"]))["properties"]
    assert properties["fullyQualifiedDomainName"] == "mysql-one.mysql.database.azure.com"
    assert not [key for key in properties if key.startswith("administratorLogin")]


def test_y2_half_a_login_is_refused(arm: Arm) -> None:
    path = f"{arm.group()}/{TYPE}/mysql-one"
    for missing in LOGIN:
        half = {key: value for key, value in LOGIN.items() if key != missing}
        body = server_body(**half)
        assert refusal(arm("PUT", path, body)) == invalid(missing)
    content(arm("PUT", path, server_body(**LOGIN)))
    properties = content(arm("GET", path))["properties"]
    assert properties["administratorLogin"] == "dba"
    assert "administratorLoginPassword" not in properties


def test_y3_an_administrator_needs_an_identity_that_the_server_has(arm: Arm, server: str) -> None:
    path, identity, sid = f"{server}/administrators/ActiveDirectory", identity_of(arm), DEPLOYER.object_id
    for other in ("", f"{identity}-other"):
        assert refusal(arm("PUT", path, administrator_body(other, "dba", sid))) == invalid(
            "identityResourceId"
        )
    assert refusal(arm("PUT", path, administrator_body(identity, "dba", "dba"))) == invalid("sid")
    assert refusal(arm("PUT", path, administrator_body(identity, "d" * 33, sid))) == invalid("login")
    elsewhere = f"{server}/administrators/dba"
    assert refusal(arm("PUT", elsewhere, administrator_body(identity, "dba", sid))) == invalid(
        "administratorName"
    )
    made = content(arm("PUT", path, administrator_body(identity.upper(), "dba", sid)))
    assert (made["properties"]["login"], made["properties"]["sid"]) == ("dba", sid)


def test_y3_another_administrator_takes_the_place_of_the_first(arm: Arm, server: str) -> None:
    path, identity = f"{server}/administrators/ActiveDirectory", identity_of(arm)
    content(arm("PUT", path, administrator_body(identity, "dba", DEPLOYER.object_id)))
    content(arm("PUT", path, administrator_body(identity, "readers", VAULT_READERS.object_id)))
    listed = content(arm("GET", f"{server}/administrators"))["value"]
    assert [one["properties"]["login"] for one in listed] == ["readers"]


@pytest.mark.parametrize("name", ["mysql", "SYS", "a b", "s" * 65])
def test_y4_an_impossible_database_is_refused(arm: Arm, server: str, name: str) -> None:
    assert refusal(arm("PUT", f"{server}/databases/{name}", {})) == invalid("databaseName")


def test_a_database_has_the_defaults_of_azure(arm: Arm, server: str) -> None:
    made = content(arm("PUT", f"{server}/databases/shop", {"properties": {}}))["properties"]
    assert made == {"charset": "utf8mb4", "collation": "utf8mb4_0900_ai_ci"}


def test_y6_an_impossible_firewall_rule_is_refused(arm: Arm, server: str) -> None:
    path, rule = (
        f"{server}/firewallRules/one",
        {"startIpAddress": "203.0.113.9", "endIpAddress": "203.0.113.8"},
    )
    assert refusal(arm("PUT", path, {"properties": rule})) == invalid("endIpAddress")
    inside = server_body(network={"delegatedSubnetResourceId": "/subscriptions/s/subnet"})
    other = content(arm("PUT", f"{arm.group()}/{TYPE}/mysql-two", inside))
    assert other["properties"]["network"]["publicNetworkAccess"] == "Disabled"
    answer = arm(
        "PUT", f"{other['id']}/firewallRules/one", {"properties": {**rule, "endIpAddress": "203.0.113.9"}}
    )
    assert refusal(answer)[:2] == (400, "FirewallRuleNotAllowed")


def test_what_is_configured_is_what_this_server_does_and_all_else_is_refused(arm: Arm, server: str) -> None:
    path = f"{server}/configurations"
    for name in ("aad_auth_only", "require_secure_transport"):
        on = {"properties": {"source": "user-override", "value": "ON"}}
        assert content(arm("PUT", f"{path}/{name}", on))["properties"]["value"] == "ON"
        off = {"properties": {"value": "OFF"}}
        assert refusal(arm("PUT", f"{path}/{name}", off)) == (
            501, "NotServed", f"The local Azure has no MySQL server with {name} OFF.",
        )  # fmt: skip
        assert refusal(arm("PUT", f"{path}/{name}", {"properties": {"value": "?"}})) == invalid("value")
    assert refusal(arm("PUT", f"{path}/wait_timeout", {"properties": {"value": "60"}}))[0] == 501


def test_y8_microsofts_client_writes_and_deletes_by_operations(
    local_azure: LocalAzure, deployer: ClientSecretCredential
) -> None:
    Arm(local_azure.azure).group("rg-one")
    client: Any = MySQLManagementClient(deployer, SUBSCRIPTION_ID)
    made = client.servers.begin_create("rg-one", "mysql-one", server_body()).result()
    assert made.fully_qualified_domain_name == "mysql-one.mysql.database.azure.com"
    client.databases.begin_create_or_update("rg-one", "mysql-one", "orders", {"properties": {}}).result()
    rule = {"properties": {"startIpAddress": "198.51.100.1", "endIpAddress": "198.51.100.1"}}
    client.firewall_rules.begin_create_or_update("rg-one", "mysql-one", "office", rule).result()
    assert "orders" in [one.name for one in client.databases.list_by_server("rg-one", "mysql-one")]
    assert [one.name for one in client.firewall_rules.list_by_server("rg-one", "mysql-one")] == ["office"]
    client.servers.begin_delete("rg-one", "mysql-one").result()
    assert list(client.servers.list_by_resource_group("rg-one")) == []
