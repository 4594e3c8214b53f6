"""PostgreSQL servers and links to them: no password, and a grant that SQL gives."""

from collections.abc import Mapping
from typing import Any

import pytest

from components import PostgresServer
from components.references import parse_id
from tests.unit.components.answering_azure import (
    CLIENT,
    ENDPOINTS_SUBNET,
    GROUP,
    PEOPLE,
    POSTGRES,
    POSTGRES_HOST,
    PRINCIPAL,
    SYSTEM_PRINCIPAL,
    TENANT,
    Mode,
)
from tests.unit.components.recorded_azure import Deployment, deploy_component
from tests.unit.components.refusals import refusal_of
from tests.unit.components.web_apps import settings_of, web_app

GRANT = "keyless:index:DatabaseGrant"
LINK = {"id": POSTGRES, "endpoint": POSTGRES_HOST, "database": "orders"}


def server(mode: Mode = "up", /, **args: Any) -> Deployment:
    made = {"resource_group_name": "rg-team", "administrators": {"dba": PEOPLE}, **args}
    return deploy_component(PostgresServer, args if "existing_id" in args else made, mode)


def grants_of(deployment: Deployment) -> list[Mapping[str, Any]]:
    return [one.inputs for one in deployment.resources if one.type == GRANT]


refusal = refusal_of(server)


def test_no_password_opens_a_server() -> None:
    made = server().one("dbforpostgresql:Server").inputs
    assert made["authConfig"] == {
        "activeDirectoryAuth": "Enabled", "passwordAuth": "Disabled", "tenantId": TENANT,
    }  # fmt: skip
    assert not [key for key in made if key.startswith("administratorLogin")]


def test_a_group_administers_it_and_is_required() -> None:
    admin = server().one("dbforpostgresql:AdministratorsMicrosoftEntra").inputs
    assert (admin["objectId"], admin["principalName"], admin["principalType"]) == (PEOPLE, "dba", "Group")
    assert "administrators" in refusal(administrators=None)


def test_nobody_is_let_in_until_a_range_is_given() -> None:
    assert server().all("dbforpostgresql:FirewallRule") == []
    ranges = {"office": "203.0.113.0/30"}
    rule = server(postgres_allowed_ip_ranges=ranges).one("dbforpostgresql:FirewallRule").inputs
    assert (rule["startIpAddress"], rule["endIpAddress"]) == ("203.0.113.0", "203.0.113.3")


def test_a_server_has_a_public_address_until_it_has_a_private_one() -> None:
    def address(**network: Any) -> str:
        return server(**network).one("dbforpostgresql:Server").inputs["network"]["publicNetworkAccess"]

    assert address() == "Enabled"
    assert address(postgres_private_endpoint_subnet_id=ENDPOINTS_SUBNET) == "Disabled"
    both = {"office": "203.0.113.0/30"}
    assert (
        address(postgres_private_endpoint_subnet_id=ENDPOINTS_SUBNET, postgres_allowed_ip_ranges=both)
        == "Enabled"
    )


def test_a_server_can_be_restored_for_a_week_unless_told_otherwise() -> None:
    def backup(**args: Any) -> Mapping[str, Any]:
        return server(**args).one("dbforpostgresql:Server").inputs["backup"]

    assert backup() == {"backupRetentionDays": 7, "geoRedundantBackup": "Disabled"}
    assert backup(backup_retention_days=35)["backupRetentionDays"] == 35


def test_a_server_is_not_replaced_where_azure_has_it_in_another_zone() -> None:
    assert server().one("dbforpostgresql:Server").ignore_changes == ("availabilityZone",)


def test_an_existing_server_is_read_and_nothing_is_created() -> None:
    read = server(existing_id=POSTGRES)
    assert [one.is_read for one in read.resources if one.type.startswith("azure-native:")] == [True]
    assert "both" in refusal(existing_id=POSTGRES, databases=["orders"])


@pytest.mark.parametrize(
    ("args", "named"),
    [
        ({"databases": ["postgres"]}, "databases[0]"),
        ({"size": "B1"}, "size"),
        ({"storage_gb": 33}, "storage_gb"),
        ({"database_readers": {"on-call": PEOPLE}}, "database_readers"),
        ({"postgres_version": 9}, "postgres_version"),
    ],
)
def test_what_azure_does_not_take_is_refused(args: dict[str, Any], named: str) -> None:
    assert named in refusal(**args)


def test_people_are_declared_in_each_database() -> None:
    made = server(databases=["orders", "prices"], database_readers={"on-call": PEOPLE})
    assert [(one["database"], one["privilege"], one["principalName"]) for one in grants_of(made)] == [
        ("orders", "read", "on-call"),
        ("prices", "read", "on-call"),
    ]


def test_a_link_declares_a_grant_by_sql_and_assigns_no_role() -> None:
    made = web_app(links={"orders": {"postgres": {**LINK, "access": "write"}}})
    (grant,) = grants_of(made)
    assert made.all("RoleAssignment") == []
    assert (grant["serverId"], grant["principalId"]) == (POSTGRES, PRINCIPAL)
    assert [grant[key] for key in ("dialect", "database", "schema", "privilege")] == [
        "postgres", "orders", "public", "write",
    ]  # fmt: skip
    identity = made.one("managedidentity:UserAssignedIdentity").inputs["resourceName"]
    assert settings_of(made) == {
        "AZURE_CLIENT_ID": CLIENT,
        "ORDERS_DATABASE": "orders",
        "ORDERS_HOST": POSTGRES_HOST,
        "ORDERS_USER": identity,
    }


def test_a_system_assigned_identity_signs_in_under_the_name_of_its_app() -> None:
    made = web_app(identity="system-assigned", links={"orders": {"postgres": LINK}})
    (grant,) = grants_of(made)
    assert grant["principalId"] == SYSTEM_PRINCIPAL
    assert settings_of(made)["ORDERS_USER"] == made.one("web:WebApp").inputs["name"]


def test_read_is_the_least_and_the_default() -> None:
    (grant,) = grants_of(web_app(links={"orders": {"postgres": LINK}}))
    assert grant["privilege"] == "read"


def test_a_link_with_grant_false_declares_nothing_and_a_user_can_be_named() -> None:
    made = web_app(links={"orders": {"postgres": {**LINK, "user": "shop"}, "grant": False}})
    assert grants_of(made) == []
    assert settings_of(made)["ORDERS_USER"] == "shop"


def test_a_server_of_another_name_than_its_host_is_refused() -> None:
    other = {**LINK, "id": f"{GROUP}/providers/{parse_id(POSTGRES).type}/psql-other"}
    refused = refusal_of(web_app)(links={"orders": {"postgres": other}})
    assert "links[orders].postgres.id and links[orders].postgres.endpoint" in refused
