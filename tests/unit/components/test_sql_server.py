"""Azure SQL servers and links to them: no password, and a grant that SQL gives."""

from collections.abc import Mapping
from typing import Any

import pytest
from pulumi.runtime import MockResourceArgs

from components import SqlServer
from components.links.sql import SqlAccess
from tests.unit.components.answering_azure import (
    CLIENT,
    ENDPOINTS_SUBNET,
    PEOPLE,
    PRINCIPAL,
    SQL,
    SQL_HOST,
    SUBNET,
    TENANT,
    WORKSPACE,
    AnsweringAzure,
    Mode,
)
from tests.unit.components.recorded_azure import Deployment, deploy_component
from tests.unit.components.refusals import refusal_of
from tests.unit.components.web_apps import settings_of, web_app

GRANT = "keyless:index:DatabaseGrant"
LINK = {"id": SQL, "endpoint": SQL_HOST, "database": "orders"}
OTHER_PEOPLE = PEOPLE[:-1] + "2"


def server(mode: Mode = "up", /, **args: Any) -> Deployment:
    made = {"resource_group_name": "rg-team", "administrators": {"dba": PEOPLE}, **args}
    return deploy_component(SqlServer, args if "existing_id" in args else made, mode)


def grants_of(deployment: Deployment) -> list[Mapping[str, Any]]:
    return [one.inputs for one in deployment.resources if one.type == GRANT]


refusal = refusal_of(server)


def test_no_password_opens_a_server_from_the_first_write_on() -> None:
    made = server().one("sql:Server").inputs
    assert made["administrators"] == {
        "administratorType": "ActiveDirectory",
        "azureADOnlyAuthentication": True,
        "login": "dba",
        "principalType": "Group",
        "sid": PEOPLE,
        "tenantId": TENANT,
    }
    assert not [key for key in made if key.startswith("administratorLogin")]
    assert made["minimalTlsVersion"] == "1.2"


def test_exactly_one_group_administers_a_server() -> None:
    assert "administrators" in refusal(administrators=None)
    assert "2 groups" in refusal(administrators={"dba": PEOPLE, "others": OTHER_PEOPLE})
    assert "no group" in refusal(administrators={})


def test_another_group_neither_replaces_the_server_nor_passes_unnoticed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert server().one("sql:Server").ignore_changes == ("administrators",)
    answer = AnsweringAzure.new_resource

    def made_with_another(azure: AnsweringAzure, args: MockResourceArgs) -> tuple[str, dict[str, Any]]:
        id, state = answer(azure, args)
        if args.typ == "azure-native:sql:Server":
            state["administrators"] = {**state["administrators"], "sid": OTHER_PEOPLE}
        return id, state

    monkeypatch.setattr(AnsweringAzure, "new_resource", made_with_another)
    said = refusal(server_name="sql-of-others")
    assert "another group than the one that administers the server" in said
    assert "`az sql server ad-admin update`, then run `pulumi refresh`" in said


def test_nobody_is_let_in_until_a_range_or_a_subnet_is_given() -> None:
    closed = server()
    assert closed.all("sql:FirewallRule") == closed.all("sql:VirtualNetworkRule") == []
    made = server(allowed_ip_ranges={"office": "203.0.113.0/30"}, allowed_subnet_ids={"apps": SUBNET})
    rule = made.one("sql:FirewallRule").inputs
    assert (rule["firewallRuleName"], rule["startIpAddress"], rule["endIpAddress"]) == (
        "office", "203.0.113.0", "203.0.113.3",
    )  # fmt: skip
    subnet = made.one("sql:VirtualNetworkRule").inputs
    assert (subnet["virtualNetworkRuleName"], subnet["virtualNetworkSubnetId"]) == ("apps", SUBNET)
    assert subnet["ignoreMissingVnetServiceEndpoint"] is False


def test_a_server_has_a_public_address_until_it_has_a_private_one() -> None:
    def address(**network: Any) -> str:
        return server(**network).one("sql:Server").inputs["publicNetworkAccess"]

    assert address() == "Enabled"
    assert address(private_endpoint_subnet_id=ENDPOINTS_SUBNET) == "Disabled"
    both = {"office": "203.0.113.0/30"}
    assert address(private_endpoint_subnet_id=ENDPOINTS_SUBNET, allowed_ip_ranges=both) == "Enabled"
    connection = server(private_endpoint_subnet_id=ENDPOINTS_SUBNET).one("network:PrivateEndpoint").inputs
    assert connection["privateLinkServiceConnections"][0]["groupIds"] == ["sqlServer"]


def test_each_database_is_of_the_smallest_size_and_sends_its_own_logs() -> None:
    made = server(databases=["orders", "prices"], diagnostics_workspace_id=WORKSPACE)
    databases = {one.inputs["databaseName"]: one.inputs["sku"] for one in made.all("sql:Database")}
    assert databases == {"orders": {"name": "Basic"}, "prices": {"name": "Basic"}}
    assert server(databases=["orders"], size="S0").one("sql:Database").inputs["sku"] == {"name": "S0"}
    settings = [one.inputs for one in made.all("monitor:DiagnosticSetting")]
    assert len(settings) == len({one["resourceUri"] for one in settings}) == 2
    assert all("logAnalyticsDestinationType" not in one for one in settings)


def test_an_existing_server_is_read_and_nothing_is_created() -> None:
    read = server(existing_id=SQL)
    assert [one.is_read for one in read.resources if one.type.startswith("azure-native:")] == [True]
    assert "both" in refusal(existing_id=SQL, databases=["orders"])


@pytest.mark.parametrize(
    ("args", "named"),
    [
        ({"databases": ["master"]}, "databases[0]"),
        ({"databases": ["a/b"]}, "databases[0]"),
        ({"size": "Standard_B1ms"}, "size"),
        ({"database_readers": {"on-call": PEOPLE}}, "database_readers"),
        ({"public_network_access": False}, "public_network_access"),
        ({"diagnostics_workspace_id": WORKSPACE}, "diagnostics_workspace_id"),
    ],
)
def test_what_azure_does_not_take_is_refused(args: dict[str, Any], named: str) -> None:
    assert named in refusal(**args)


def test_people_are_declared_in_each_database() -> None:
    made = server(databases=["orders", "prices"], database_writers={"on-call": PEOPLE})
    assert [
        (one["dialect"], one["database"], one["schema"], one["privilege"], one["principalName"])
        for one in grants_of(made)
    ] == [("sql", "orders", "", "write", "on-call"), ("sql", "prices", "", "write", "on-call")]


def test_a_link_declares_a_grant_by_sql_and_assigns_no_role() -> None:
    made = web_app(links={"orders": {"sql": {**LINK, "access": "write"}}})
    (grant,) = grants_of(made)
    assert made.all("RoleAssignment") == []
    assert (grant["serverId"], grant["principalId"]) == (SQL, PRINCIPAL)
    assert [grant[key] for key in ("dialect", "database", "schema", "privilege")] == [
        "sql", "orders", "", "write",
    ]  # fmt: skip
    assert settings_of(made) == {
        "AZURE_CLIENT_ID": CLIENT,
        "ORDERS_DATABASE": "orders",
        "ORDERS_HOST": SQL_HOST,
    }


def test_read_is_the_least_and_the_default() -> None:
    (grant,) = grants_of(web_app(links={"orders": {"sql": LINK}}))
    assert grant["privilege"] == "read"


def test_a_role_of_the_databases_own_stands_in_the_place_of_a_verb() -> None:
    (grant,) = grants_of(web_app(links={"orders": {"sql": {**LINK, "database_role": "pickers"}}}))
    assert grant["privilege"] == "role pickers"
    both = {"orders": {"sql": {**LINK, "database_role": "pickers", "access": "read"}}}
    assert "links[orders].sql.access and links[orders].sql.database_role" in refusal_of(web_app)(links=both)
    empty = {"orders": {"sql": {**LINK, "database_role": ""}}}
    assert "links[orders].sql.database_role" in refusal_of(web_app)(links=empty)


@pytest.mark.parametrize(
    "role",
    ["db_owner", "DB_Owner", "db_owner ", " db_owner", "db_accessadmin", "db_securityadmin", "Public",
     "keyless~0123abcd~own"],
)  # fmt: skip
def test_no_link_gives_a_role_that_lets_others_in_or_is_another_stacks(role: str) -> None:
    words = refusal_of(web_app)(links={"orders": {"sql": {**LINK, "database_role": role}}})
    assert "links[orders].sql.database_role" in words
    assert "none of SQL's (db_owner, public, …)" in words


def test_a_role_whose_name_is_like_that_of_one_of_sqls_is_the_databases_own() -> None:
    (grant,) = grants_of(web_app(links={"orders": {"sql": {**LINK, "database_role": "db_owner of tea"}}}))
    assert grant["privilege"] == "role db_owner of tea"


def test_a_link_with_grant_false_declares_nothing_and_tells_the_same() -> None:
    made = web_app(links={"orders": {"sql": LINK, "grant": False}})
    assert grants_of(made) == []
    assert settings_of(made)["ORDERS_HOST"] == SQL_HOST


def test_an_address_of_another_server_is_refused() -> None:
    other = {"orders": {"sql": {**LINK, "endpoint": "sql-other.database.windows.net"}}}
    assert "the address of another" in refusal_of(web_app)(links=other)


def test_a_server_gives_links_to_its_databases() -> None:
    made: dict[str, Any] = {}

    class Linked(SqlServer):
        def __init__(self, *given: Any) -> None:
            super().__init__(*given)
            made["link"] = self.sql_link("orders", SqlAccess.EXECUTE)
            made["role"] = self.sql_role_link("orders", "pickers")

    deploy_component(Linked, {"resource_group_name": "rg-team", "administrators": {"dba": PEOPLE}}, "up")
    assert (made["link"]["sql"]["database"], made["link"]["sql"]["access"]) == ("orders", "execute")
    assert made["role"]["sql"]["database_role"] == "pickers"
