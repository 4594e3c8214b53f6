"""MySQL servers and links to them: no password, and a grant that SQL gives."""

from collections.abc import Mapping
from typing import Any

import pytest

from components import MySqlServer
from components.links.mysql import user_name
from components.references import parse_id
from tests.unit.components.answering_azure import (
    CLIENT,
    ENDPOINTS_SUBNET,
    GROUP,
    IDENTITY,
    MYSQL,
    MYSQL_HOST,
    PEOPLE,
    PRINCIPAL,
    SUBNET,
    TENANT,
    WORKSPACE,
    ZONES,
    Mode,
)
from tests.unit.components.recorded_azure import Deployment, deploy_component
from tests.unit.components.refusals import refusal_of
from tests.unit.components.web_apps import settings_of, web_app

GRANT = "keyless:index:DatabaseGrant"
LINK = {"id": MYSQL, "endpoint": MYSQL_HOST, "database": "orders"}


def server(mode: Mode = "up", /, **args: Any) -> Deployment:
    made = {
        "resource_group_name": "rg-team", "administrators": {"dba": PEOPLE}, "identity_id": IDENTITY, **args,
    }  # fmt: skip
    return deploy_component(MySqlServer, args if "existing_id" in args else made, mode)


def grants_of(deployment: Deployment) -> list[Mapping[str, Any]]:
    return [one.inputs for one in deployment.resources if one.type == GRANT]


refusal = refusal_of(server)


def test_a_server_is_created_without_a_login_and_a_password() -> None:
    made = server().one("dbformysql:Server").inputs
    assert not [key for key in made if key.startswith("administratorLogin")]
    assert (made["version"], made["sku"]) == ("8.4", {"name": "Standard_B1ms", "tier": "Burstable"})


def test_tokens_alone_open_a_server_and_nothing_without_tls() -> None:
    parameters = server().all("dbformysql:Configuration")
    assert {one.inputs["configurationName"]: one.inputs["value"] for one in parameters} == {
        "aad_auth_only": "ON", "require_secure_transport": "ON",
    }  # fmt: skip


def test_a_group_administers_it_by_an_identity_and_both_are_required() -> None:
    made = server()
    admin = made.one("dbformysql:AzureADAdministrator").inputs
    assert {key: admin[key] for key in admin if key not in ("resourceGroupName", "serverName")} == {
        "administratorName": "ActiveDirectory", "administratorType": "ActiveDirectory", "login": "dba",
        "sid": PEOPLE, "tenantId": TENANT, "identityResourceId": IDENTITY,
    }  # fmt: skip
    assert made.one("dbformysql:Server").inputs["identity"] == {
        "type": "UserAssigned", "userAssignedIdentities": [IDENTITY],
    }  # fmt: skip
    assert "administrators" in refusal(administrators=None)
    assert "identity_id" in refusal(identity_id=None)


def test_one_group_administers_it_and_more_are_refused_with_what_to_do() -> None:
    refused = refusal(administrators={"dba": PEOPLE, "on-call": PEOPLE})
    assert "name one group, and make the others members of it" in refused


def test_nobody_is_let_in_until_a_range_is_given() -> None:
    assert server().all("dbformysql:FirewallRule") == []
    rule = server(allowed_ip_ranges={"office": "203.0.113.0/30"}).one("dbformysql:FirewallRule").inputs
    assert (rule["startIpAddress"], rule["endIpAddress"]) == ("203.0.113.0", "203.0.113.3")


def test_a_server_has_a_public_address_until_it_has_a_private_one() -> None:
    def address(**network: Any) -> str:
        return server(**network).one("dbformysql:Server").inputs["network"]["publicNetworkAccess"]

    private = {"private_endpoint_subnet_id": ENDPOINTS_SUBNET}
    assert (address(), address(**private)) == ("Enabled", "Disabled")
    assert address(**private, allowed_ip_ranges={"office": "203.0.113.0/30"}) == "Enabled"


def test_a_private_endpoint_leads_to_the_server_in_its_own_zone() -> None:
    zone = f"{ZONES}/privatelink.mysql.database.azure.com"
    made = server(private_endpoint_subnet_id=SUBNET, private_dns_zone_id=zone)
    (connection,) = made.one("network:PrivateEndpoint").inputs["privateLinkServiceConnections"]
    assert connection["groupIds"] == ["mysqlServer"]
    other = f"{ZONES}/privatelink.postgres.database.azure.com"
    assert "private_dns_zone_id" in refusal(private_endpoint_subnet_id=SUBNET, private_dns_zone_id=other)


def test_a_server_can_be_restored_for_a_week_unless_told_otherwise() -> None:
    def backup(**args: Any) -> Mapping[str, Any]:
        return server(**args).one("dbformysql:Server").inputs["backup"]

    assert backup() == {"backupRetentionDays": 7, "geoRedundantBackup": "Disabled"}
    assert backup(backup_retention_days=1)["backupRetentionDays"] == 1


def test_what_is_in_a_server_is_made_one_after_another_and_its_logs_are_sent_and_it_is_locked() -> None:
    made = server(databases=["orders"], diagnostics_workspace_id=WORKSPACE, delete_lock=True)
    order = [
        one.type.rpartition(":")[2]
        for one in made.resources
        if one.type.startswith("azure-native:dbformysql:")
    ]
    assert order == ["Server", "AzureADAdministrator", "Configuration", "Configuration", "Database"]
    assert made.one("monitor:DiagnosticSetting").inputs["workspaceId"] == WORKSPACE
    assert made.one("authorization:ManagementLockByScope").inputs["level"] == "CanNotDelete"


def test_an_existing_server_is_read_and_nothing_is_created() -> None:
    read = server(existing_id=MYSQL)
    assert [one.is_read for one in read.resources if one.type.startswith("azure-native:")] == [True]
    for given in ({"databases": ["orders"]}, {"identity_id": IDENTITY}, {"administrators": {"dba": PEOPLE}}):
        assert "both" in refusal(existing_id=MYSQL, **given)


def test_a_deployer_is_told_of_the_identity_of_the_command_and_of_what_entra_has_to_allow() -> None:
    elsewhere = IDENTITY.replace("rg-team", "rg-directory")
    contract = server(identity_id=elsewhere, databases=["orders"], database_readers={"dba": PEOPLE}).outputs[
        "deployer_contract"
    ]
    assert contract["roles"].splitlines() == [
        "Contributor on /subscriptions/$subscription/resourceGroups/rg-team "
        "(creates and changes what is declared)",
        f"Managed Identity Operator on {elsewhere} (attaches the identity)",
    ]
    assert contract["left_to_owners"] == (
        f"Directory Readers in Entra to {elsewhere}, by a Privileged Role Administrator"
    )
    assert contract["database_grants"].startswith("python -m database_grants --stack <stack>")
    assert contract["resource_providers"].split() == ["Microsoft.DBforMySQL"]
    assert server(existing_id=MYSQL).outputs["deployer_contract"]["left_to_owners"] == ""


@pytest.mark.parametrize(
    ("args", "named"),
    [
        ({"databases": ["mysql"]}, "databases[0]"),
        ({"databases": ["Orders"]}, "databases[0]"),
        ({"databases": ["keyless_grants"]}, "databases[0]"),
        ({"size": "B1"}, "size"),
        ({"storage_gb": 10}, "storage_gb"),
        ({"mysql_version": "5.7"}, "mysql_version"),
        ({"database_readers": {"on-call": PEOPLE}}, "database_readers"),
        ({"administrators": {"a" * 33: PEOPLE}}, "administrators"),
        ({"allowed_ip_ranges": {"nobody": "0.0.0.0"}}, "allowed_ip_ranges[nobody]"),
        ({"allowed_ip_ranges": {"nobody": "0.0.0.0/32"}}, "allowed_ip_ranges[nobody]"),
        ({"allowed_ip_ranges": {"nobody": "0.0.0.0/31"}}, "allowed_ip_ranges[nobody]"),
        ({"databases": ["orders"], "database_writers": {"it's": PEOPLE}}, "database_writers"),
    ],
)
def test_what_azure_does_not_take_is_refused(args: dict[str, Any], named: str) -> None:
    assert named in refusal(**args)


def test_people_are_declared_in_each_database() -> None:
    made = server(databases=["orders", "prices"], database_writers={"on-call": PEOPLE})
    assert [
        (one["dialect"], one["database"], one["schema"], one["privilege"], one["principalName"])
        for one in grants_of(made)
    ] == [("mysql", "orders", "", "write", "on-call"), ("mysql", "prices", "", "write", "on-call")]


def test_the_sentence_of_a_grant_says_where_and_what_it_waits_for() -> None:
    made = server(databases=["orders"], database_readers={"on-call": PEOPLE})
    name = made.one("dbformysql:Server").inputs["serverName"]
    assert made.outputs["access"] == [
        f"Members of group on-call may read what is in database orders of MySQL server {name}, once "
        "`python -m database_grants` has let it in."
    ]


def test_a_link_declares_a_grant_by_sql_and_assigns_no_role() -> None:
    made = web_app(links={"orders": {"mysql": {**LINK, "access": "write"}}})
    (grant,) = grants_of(made)
    assert made.all("RoleAssignment") == []
    assert (grant["serverId"], grant["principalId"]) == (MYSQL, PRINCIPAL)
    assert [grant[key] for key in ("dialect", "database", "schema", "privilege")] == [
        "mysql", "orders", "", "write",
    ]  # fmt: skip
    identity = made.one("managedidentity:UserAssignedIdentity").inputs["resourceName"]
    assert settings_of(made) == {
        "AZURE_CLIENT_ID": CLIENT,
        "ORDERS_DATABASE": "orders",
        "ORDERS_HOST": MYSQL_HOST,
        "ORDERS_USER": user_name(identity),
    }


def test_read_is_the_least_and_the_default() -> None:
    (grant,) = grants_of(web_app(links={"orders": {"mysql": LINK}}))
    assert grant["privilege"] == "read"


def test_a_name_that_is_too_long_for_a_user_is_cut_and_told_from_others() -> None:
    assert user_name("a" * 32) == "a" * 32
    long = "id-a-shop-with-a-long-name-dev-abc123"
    assert (len(user_name(long)), user_name(long)[:23]) == (32, long[:23])
    assert user_name(long) != user_name(f"{long}4")


def test_a_link_with_grant_false_declares_nothing_and_a_user_can_be_named() -> None:
    made = web_app(links={"orders": {"mysql": {**LINK, "user": "shop"}, "grant": False}})
    assert grants_of(made) == []
    assert settings_of(made)["ORDERS_USER"] == "shop"
    refused = refusal_of(web_app)(links={"orders": {"mysql": {**LINK, "user": "a" * 33}}})
    assert "links[orders].mysql.user" in refused


def test_a_server_of_another_name_than_its_host_is_refused() -> None:
    other = {**LINK, "id": f"{GROUP}/providers/{parse_id(MYSQL).type}/mysql-other"}
    refused = refusal_of(web_app)(links={"orders": {"mysql": other}})
    assert "links[orders].mysql.id and links[orders].mysql.endpoint" in refused
