"""SQL servers and what is in them, as Resource Manager writes and refuses them."""

from typing import Any

import pytest
from azure.identity import ClientSecretCredential
from azure.mgmt.sql import SqlManagementClient

from local_azure.constants import SUBSCRIPTION_ID
from local_azure.server import LocalAzure
from tests.local_azure import networks
from tests.local_azure.arm import Arm, content, refusal
from tests.local_azure.sql_stage import TYPE, administrators, server_body

PEOPLE = "0b1ec700-0000-4000-8000-0000000000f1"
OTHERS = "0b1ec700-0000-4000-8000-0000000000f2"
RULE = {"properties": {"startIpAddress": "203.0.113.8", "endIpAddress": "203.0.113.9"}}


def invalid(parameter: str) -> tuple[int, str, str]:
    text = f"Invalid value given for parameter {parameter}. Specify a valid parameter value."
    return 400, "InvalidParameterValue", text


@pytest.fixture
def server(arm: Arm) -> str:
    return content(arm("PUT", f"{arm.group()}/{TYPE}/sql-one", server_body(PEOPLE)))["id"]


def test_a_server_answers_with_its_address_and_never_with_a_password(arm: Arm) -> None:
    path = f"{arm.group()}/{TYPE}/sql-one"
    secret = {"administratorLogin": "dba", "administratorLoginPassword": "not kept"}
    content(arm("PUT", path, server_body(PEOPLE, **secret)))
    properties = content(arm("GET", path))["properties"]
    assert properties["fullyQualifiedDomainName"] == "sql-one.database.windows.net"
    assert properties["administrators"] == administrators(PEOPLE)
    assert "administratorLoginPassword" not in properties


@pytest.mark.parametrize("name", ["Sql-one", "-sql", "sql-", "sql_one", "s" * 64])
def test_l1_an_impossible_name_is_refused(arm: Arm, name: str) -> None:
    answer = arm("PUT", f"{arm.group()}/{TYPE}/{name}", server_body(PEOPLE))
    assert refusal(answer)[:2] == (400, "InvalidServerName")


@pytest.mark.usefixtures("server")
def test_l1_a_name_that_another_group_has_is_taken(arm: Arm) -> None:
    answer = arm("PUT", f"{arm.group('rg-two')}/{TYPE}/sql-one", server_body(PEOPLE))
    words = "The name 'sql-one' already exists. Choose a different name."
    assert refusal(answer) == (409, "NameAlreadyExists", words)


def test_l2_a_server_needs_somebody_who_may_let_others_in(arm: Arm) -> None:
    path = f"{arm.group()}/{TYPE}/sql-one"
    assert refusal(arm("PUT", path, server_body(PEOPLE, administrators=None))) == invalid("Login")
    both = server_body(PEOPLE, administrators=administrators(PEOPLE, azureADOnlyAuthentication=False))
    assert refusal(arm("PUT", path, both)) == invalid("Login")
    nobody = server_body(PEOPLE, administrators=administrators("dba"))
    assert refusal(arm("PUT", path, nobody)) == invalid("ExternalAdministrator")


def test_l2_a_later_write_of_a_server_leaves_its_administrator(arm: Arm, server: str) -> None:
    changed = content(arm("PUT", server, server_body(OTHERS)))
    assert changed["properties"]["administrators"]["sid"] == PEOPLE


def test_entra_only_apart_from_the_server_is_refused_in_words(arm: Arm, server: str) -> None:
    path = f"{server}/azureADOnlyAuthentications/Default"
    status, _, words = refusal(arm("PUT", path, {}, api_version="2023-08-01"))
    assert status == 501
    assert "say it in `administrators` of the server" in words


def test_l2_the_administrator_of_a_server_is_changed_in_place(arm: Arm, server: str) -> None:
    path = f"{server}/administrators/ActiveDirectory"
    there = content(arm("GET", path))["properties"]
    assert (there["sid"], there["azureADOnlyAuthentication"]) == (PEOPLE, True)
    other = {"properties": {"administratorType": "ActiveDirectory", "login": "others", "sid": OTHERS}}
    content(arm("PUT", path, other))
    now = content(arm("GET", server))["properties"]["administrators"]
    assert now == administrators(OTHERS, login="others")
    listed = content(arm("GET", f"{server}/administrators"))["value"]
    assert [(one["name"], one["properties"]["sid"]) for one in listed] == [("ActiveDirectory", OTHERS)]
    assert refusal(arm("DELETE", path))[:2] == (400, "AadOnlyAuthenticationIsEnabled")
    nobody = {"properties": {"login": "others", "sid": "others"}}
    assert refusal(arm("PUT", path, nobody)) == invalid("ExternalAdministrator")
    assert refusal(arm("PUT", f"{server}/administrators/other", other)) == invalid("administratorName")


@pytest.mark.parametrize("name", ["master", "TempDB", "a%b", "ends.", "d" * 129])
def test_l9_an_impossible_database_is_refused(arm: Arm, server: str, name: str) -> None:
    answer = arm("PUT", f"{server}/databases/{name}", {"location": "westeurope"})
    assert refusal(answer) == invalid("databaseName")


def test_l10_an_impossible_rule_is_refused(arm: Arm, server: str) -> None:
    path = f"{server}/firewallRules/one"
    for first, last, named in (
        ("10.0.0.1/24", "10.0.0.2", "startIpAddress"),
        ("203.0.113.9", "203.0.113.8", "endIpAddress"),
    ):
        answer = arm("PUT", path, {"properties": {"startIpAddress": first, "endIpAddress": last}})
        assert refusal(answer) == invalid(named)
    assert content(arm("PUT", path, RULE))["properties"] == RULE["properties"]


def test_l10_a_rule_needs_public_access(arm: Arm) -> None:
    group = arm.group()
    network = networks.network(arm, group, service_endpoint="Microsoft.Sql")
    body = server_body(PEOPLE, publicNetworkAccess="Disabled")
    closed = content(arm("PUT", f"{group}/{TYPE}/sql-closed", body))["id"]
    subnet = {"properties": {"virtualNetworkSubnetId": f"{network}/subnets/{networks.SITES}"}}
    for path, rule in (("firewallRules/one", RULE), ("virtualNetworkRules/one", subnet)):
        assert refusal(arm("PUT", f"{closed}/{path}", rule))[:2] == (400, "DenyPublicEndpointEnabled")


def test_l10_a_subnet_needs_the_service_endpoint(arm: Arm, server: str) -> None:
    network = networks.network(arm, arm.group())
    rule: dict[str, Any] = {"virtualNetworkSubnetId": f"{network}/subnets/{networks.SITES}"}
    path = f"{server}/virtualNetworkRules/apps"
    status, code, words = refusal(arm("PUT", path, {"properties": rule}))
    assert (status, code) == (400, "VirtualNetworkRuleBadRequest")
    assert f"subnet {networks.SITES} does not have Service Endpoint enabled" in words
    ignoring = {"properties": {**rule, "ignoreMissingVnetServiceEndpoint": True}}
    assert content(arm("PUT", path, ignoring))["properties"]["state"] == "Ready"
    nowhere = {"properties": {"virtualNetworkSubnetId": f"{network}/subnets/nowhere"}}
    assert refusal(arm("PUT", path, nowhere)) == invalid("virtualNetworkSubnetId")


def test_l9_microsofts_client_makes_and_deletes_databases_by_operations(
    local_azure: LocalAzure, deployer: ClientSecretCredential
) -> None:
    Arm(local_azure.azure).group("rg-one")
    client: Any = SqlManagementClient(deployer, SUBSCRIPTION_ID)
    made = client.servers.begin_create_or_update("rg-one", "sql-one", server_body(PEOPLE)).result()
    assert made.fully_qualified_domain_name == "sql-one.database.windows.net"
    body = {"location": "westeurope", "sku": {"name": "Basic"}}
    where = ("rg-one", "sql-one", "orders")
    database = client.databases.begin_create_or_update(*where, body).result()
    assert database.current_service_objective_name == "Basic"
    client.firewall_rules.create_or_update("rg-one", "sql-one", "office", RULE)
    assert [one.name for one in client.databases.list_by_server("rg-one", "sql-one")] == ["orders"]
    assert [one.name for one in client.firewall_rules.list_by_server("rg-one", "sql-one")] == ["office"]
    client.databases.begin_delete(*where).result()
    assert list(client.databases.list_by_server("rg-one", "sql-one")) == []
    client.servers.begin_delete("rg-one", "sql-one").result()
    assert list(client.servers.list_by_resource_group("rg-one")) == []
