"""Flexible servers and what is in them, as Resource Manager writes and refuses them."""

from typing import Any

import pytest
from azure.identity import ClientSecretCredential
from azure.mgmt.postgresqlflexibleservers import PostgreSQLManagementClient

from local_azure.constants import DEPLOYER, SUBSCRIPTION_ID
from local_azure.server import LocalAzure
from tests.local_azure.arm import Arm, content, refusal
from tests.local_azure.postgres_stage import server_body

TYPE = "providers/Microsoft.DBforPostgreSQL/flexibleServers"
ADMINISTRATOR = {"properties": {"principalName": "dba", "principalType": "Group"}}


def invalid(parameter: str) -> tuple[int, str, str]:
    text = f"Invalid value given for parameter {parameter}. Specify a valid parameter value."
    return 400, "InvalidParameterValue", text


@pytest.fixture
def server(arm: Arm) -> str:
    return content(arm("PUT", f"{arm.group()}/{TYPE}/psql-one", server_body()))["id"]


def test_a_server_answers_with_its_address_and_never_with_a_password(arm: Arm) -> None:
    body = server_body(
        authConfig={"activeDirectoryAuth": "Enabled", "passwordAuth": "Enabled"},
        administratorLogin="dba",
        administratorLoginPassword="not kept",
    )
    path = f"{arm.group()}/{TYPE}/psql-one"
    content(arm("PUT", path, body))
    properties = content(arm("GET", path))["properties"]
    assert properties["fullyQualifiedDomainName"] == "psql-one.postgres.database.azure.com"
    assert properties["administratorLogin"] == "dba"
    assert "administratorLoginPassword" not in properties


@pytest.mark.parametrize("name", ["p", "ab", "Psql-one", "-psql", "psql-", "psql_one", "p" * 64])
def test_d1_an_impossible_name_is_refused(arm: Arm, name: str) -> None:
    assert refusal(arm("PUT", f"{arm.group()}/{TYPE}/{name}", server_body())) == invalid("serverName")


@pytest.mark.usefixtures("server")
def test_d1_a_name_that_another_group_has_is_taken(arm: Arm) -> None:
    answer = arm("PUT", f"{arm.group('rg-two')}/{TYPE}/psql-one", server_body())
    assert refusal(answer) == (400, "ServerNameAlreadyExists", "Specified server name is already used.")


def test_d2_where_nothing_is_said_passwords_open_a_server_and_tokens_do_not(arm: Arm) -> None:
    body = server_body(
        authConfig=None, administratorLogin="dba", administratorLoginPassword="of no importance"
    )
    made = content(arm("PUT", f"{arm.group()}/{TYPE}/psql-one", body))["properties"]["authConfig"]
    assert (made["passwordAuth"], made["activeDirectoryAuth"]) == ("Enabled", "Disabled")


def test_d2_a_server_needs_what_its_authentication_asks_for(arm: Arm) -> None:
    path = f"{arm.group()}/{TYPE}/psql-one"
    assert refusal(arm("PUT", path, server_body(authConfig=None))) == invalid("administratorLogin")
    nothing = {"activeDirectoryAuth": "Disabled", "passwordAuth": "Disabled"}
    assert refusal(arm("PUT", path, server_body(authConfig=nothing))) == invalid("authConfig")
    assert refusal(arm("PUT", path, server_body(version=None))) == invalid("version")
    assert refusal(arm("PUT", path, server_body(storage=None))) == invalid("storage")


def test_d2_a_version_does_not_go_down(arm: Arm, server: str) -> None:
    content(arm("PUT", server, server_body(version="18")))
    assert refusal(arm("PUT", server, server_body(version="17"))) == invalid("version")


def test_d3_an_administrator_needs_a_server_that_takes_tokens(arm: Arm, server: str) -> None:
    made = content(arm("PUT", f"{server}/administrators/{DEPLOYER.object_id}", ADMINISTRATOR))
    assert made["properties"]["objectId"] == DEPLOYER.object_id
    assert refusal(arm("PUT", f"{server}/administrators/dba", ADMINISTRATOR)) == invalid("objectId")
    nameless = {"properties": {"principalType": "Group"}}
    answer = arm("PUT", f"{server}/administrators/{DEPLOYER.object_id}", nameless)
    assert refusal(answer) == invalid("principalName")
    password = server_body(
        authConfig={"passwordAuth": "Enabled", "activeDirectoryAuth": "Disabled"},
        administratorLogin="dba",
        administratorLoginPassword="of no importance",
    )
    other = content(arm("PUT", f"{arm.group()}/{TYPE}/psql-two", password))["id"]
    answer = arm("PUT", f"{other}/administrators/{DEPLOYER.object_id}", ADMINISTRATOR)
    assert refusal(answer)[:2] == (400, "AadAuthNotEnabled")


@pytest.mark.parametrize("name", ["1shop", "postgres", "azure_sys", "s" * 64])
def test_d4_an_impossible_database_is_refused(arm: Arm, server: str, name: str) -> None:
    assert refusal(arm("PUT", f"{server}/databases/{name}", {})) == invalid("databaseName")


def test_a_database_has_the_defaults_of_azure(arm: Arm, server: str) -> None:
    made = content(arm("PUT", f"{server}/databases/shop", {"properties": {}}))["properties"]
    assert made == {"charset": "UTF8", "collation": "en_US.utf8"}


def test_d5_an_impossible_firewall_rule_is_refused(arm: Arm, server: str) -> None:
    path = f"{server}/firewallRules/one"
    for first, last, named in (
        ("10.0.0.1/24", "10.0.0.2", "startIpAddress"),
        ("203.0.113.9", "203.0.113.8", "endIpAddress"),
    ):
        answer = arm("PUT", path, {"properties": {"startIpAddress": first, "endIpAddress": last}})
        assert refusal(answer) == invalid(named)
    inside = server_body(network={"delegatedSubnetResourceId": "/subscriptions/s/subnet"})
    other = content(arm("PUT", f"{arm.group()}/{TYPE}/psql-two", inside))["id"]
    rule = {"properties": {"startIpAddress": "203.0.113.8", "endIpAddress": "203.0.113.9"}}
    assert refusal(arm("PUT", f"{other}/firewallRules/one", rule))[:2] == (400, "FirewallRuleNotAllowed")
    made = content(arm("PUT", path, rule))
    assert made["properties"] == rule["properties"]


def test_d8_microsofts_client_writes_and_deletes_by_operations_under_the_version_that_is_its_own(
    local_azure: LocalAzure, deployer: ClientSecretCredential
) -> None:
    Arm(local_azure.azure).group("rg-one")
    client: Any = PostgreSQLManagementClient(deployer, SUBSCRIPTION_ID)
    made = client.servers.begin_create_or_update("rg-one", "psql-one", server_body()).result()
    assert made.fully_qualified_domain_name == "psql-one.postgres.database.azure.com"
    client.databases.begin_create("rg-one", "psql-one", "orders", {"properties": {}}).result()
    rule = {"properties": {"startIpAddress": "198.51.100.1", "endIpAddress": "198.51.100.1"}}
    client.firewall_rules.begin_create_or_update("rg-one", "psql-one", "office", rule).result()
    assert "orders" in [one.name for one in client.databases.list_by_server("rg-one", "psql-one")]
    assert [one.name for one in client.firewall_rules.list_by_server("rg-one", "psql-one")] == ["office"]
    assert [one.name for one in client.servers.list_by_resource_group("rg-one")] == ["psql-one"]
    client.servers.begin_delete("rg-one", "psql-one").result()
    assert list(client.servers.list_by_resource_group("rg-one")) == []
