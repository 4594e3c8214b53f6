"""Who is let in to a database behind the gate of SQL, as Microsoft's own driver sees it."""

import os
import subprocess
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path

import mssql_python
import pytest

from tests.local_azure import networks
from tests.local_azure.app_service_stage import Stage
from tests.local_azure.arm import content
from tests.local_azure.networks import ENDPOINTS, SITES
from tests.local_azure.sql_refusals import LOGIN_FAILED, kept_out
from tests.local_azure.sql_stage import Server, SqlStage, said, sql_stage, with_orders


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqlStage]:
    with sql_stage(tmp_path_factory.mktemp("sql")) as made:
        yield made


@pytest.fixture(scope="module")
def server(stage: SqlStage) -> Server:
    return with_orders(stage)


def test_l3_a_password_opens_nothing(stage: SqlStage, server: Server) -> None:
    with pytest.raises(mssql_python.Error) as error:
        mssql_python.connect(stage.address(server, more="Encrypt=yes;UID=sa;PWD=of no importance"))
    assert said(error.value) == (
        "Login failed for user 'sa'. Reason: Azure Active Directory only authentication is enabled. Please "
        "contact your system administrator."
    )


def test_l3_a_token_for_another_service_is_refused(stage: SqlStage, server: Server) -> None:
    other = stage.token(stage.deployer, "https://vault.azure.net")
    assert kept_out(stage, server, other) == (
        f"{LOGIN_FAILED} The server is not currently configured to accept this token."
    )
    assert kept_out(stage, server, "a.b.c") == f"{LOGIN_FAILED} Incorrect or invalid token."


def test_l3_a_token_that_has_expired_is_refused_and_an_open_connection_goes_on(
    stage: SqlStage, server: Server
) -> None:
    token = stage.token(stage.deployer)
    connection = stage.connect(server, token)
    stage.azure.clock.advance(3_601)
    try:
        assert kept_out(stage, server, token) == f"{LOGIN_FAILED} Token is expired."
        assert tuple(connection.cursor().execute("SELECT count(*) FROM orders").fetchone()) == (1,)
    finally:
        connection.close()


def test_l3_a_user_from_the_object_id_lets_nobody_in(stage: SqlStage, server: Server) -> None:
    who = stage.identity("by-object-id")
    assert kept_out(stage, server, who) == LOGIN_FAILED
    sid = uuid.UUID(who.object_id).bytes_le.hex()
    stage.as_administrator(server, f"CREATE USER [by-object-id] WITH SID = 0x{sid}, TYPE = E")
    assert kept_out(stage, server, who) == LOGIN_FAILED


def test_l3_what_is_not_there_cannot_be_opened(stage: SqlStage, server: Server) -> None:
    nowhere = Server("", "sql-nowhere.database.windows.net")
    assert kept_out(stage, nowhere, stage.deployer) == (
        'Cannot open server "sql-nowhere" requested by the login. The login failed.'
    )
    assert kept_out(stage, server, stage.deployer, "nothing") == (
        'Cannot open database "nothing" requested by the login. The login failed.'
    )


def test_a_damaged_database_is_told_in_sqlites_words(stage: SqlStage) -> None:
    server = stage.server("shop")
    assert stage.as_administrator(server, "SELECT 1")
    kept = stage.azure.state / "sql" / server.host.partition(".")[0] / "shop" / "sys.db"
    assert kept.is_file()
    kept.write_bytes(b"half of a page" * 400)
    said_of_it = "The local Azure's SQLite says: file is not a database"
    assert kept_out(stage, server, stage.deployer) == said_of_it


def test_a_server_that_is_not_named_is_the_only_one_that_there_is(tmp_path: Path) -> None:
    with sql_stage(tmp_path) as alone:
        first = alone.server("shop")
        unnamed = {"more": "Encrypt=yes;TrustServerCertificate=yes"}
        unnamed_host = Server(first.id, "")
        assert alone.connect(unnamed_host, alone.deployer, **unnamed).cursor().execute("SELECT 1").fetchone()
        alone.server("shop")
        with pytest.raises(mssql_python.Error) as error:
            alone.connect(unnamed_host, alone.deployer, **unnamed)
        assert said(error.value) == (
            "Server name cannot be determined. It must appear as the first segment of the server's dns name "
            "(servername.database.windows.net)."
        )


def test_tls_before_anything_else_is_spoken_as_well(stage: SqlStage, server: Server) -> None:
    strict = stage.connect(server, stage.deployer, more="Encrypt=strict")
    assert tuple(strict.cursor().execute("SELECT user_name(), db_name()").fetchone()) == ("dbo", "shop")
    strict.close()


def test_a_client_that_does_not_believe_the_certificate_gives_no_token(
    stage: SqlStage, server: Server
) -> None:
    # In a process of its own: what the driver trusts it reads once.
    token = "{1256: bytes([2, 0, 0, 0, 97, 0])}"
    program = f"import sys, mssql_python; mssql_python.connect(sys.argv[1], attrs_before={token})"
    own = {key: value for key, value in os.environ.items() if key != "SSL_CERT_FILE"}
    command = [sys.executable, "-c", program, stage.address(server)]
    ended = subprocess.run(command, env=own, capture_output=True, text=True, check=False)
    assert ended.returncode == 1
    assert "certificate verify failed" in ended.stderr


def test_l4_a_server_without_a_rule_lets_nobody_in(stage: SqlStage) -> None:
    closed = stage.server("shop", open=False)
    name = closed.host.partition(".")[0]
    words = (
        f"Cannot open server '{name}' requested by the login. Client with IP address '198.51.100.7' is not "
        "allowed to access the server."
    )
    assert kept_out(stage, closed, stage.deployer) == words
    here = {"startIpAddress": "198.51.100.7", "endIpAddress": "198.51.100.7"}
    content(stage.arm("PUT", f"{closed.id}/firewallRules/person", {"properties": here}))
    stage.connect(closed, stage.deployer).close()
    elsewhere = {"startIpAddress": "198.51.100.8", "endIpAddress": "198.51.100.9"}
    content(stage.arm("PUT", f"{closed.id}/firewallRules/person", {"properties": elsewhere}))
    assert kept_out(stage, closed, stage.deployer) == words


def test_l4_a_subnet_comes_in_by_its_rule_and_a_private_endpoint_by_its_network(stage: SqlStage) -> None:
    network = networks.network(stage.arm, stage.group, service_endpoint="Microsoft.Sql")
    apps = Stage(stage.local)
    site = apps.site(
        apps.name("app"),
        serverFarmId=apps.plan(),
        identity={"type": "SystemAssigned"},
        virtualNetworkSubnetId=f"{network}/subnets/{SITES}",
        outboundVnetRouting={"allTraffic": True},
    )
    app = stage.azure.entra.principal(site.identity.principal_id)
    assert app
    server = stage.server("shop")
    stage.user_for(server, app)
    stage.arm("DELETE", f"{server.id}/firewallRules/all")
    assert "is not allowed to access the server" in kept_out(stage, server, app)
    rule = {"properties": {"virtualNetworkSubnetId": f"{network}/subnets/{SITES}"}}
    content(stage.arm("PUT", f"{server.id}/virtualNetworkRules/apps", rule))
    stage.connect(server, app).close()
    assert "is not allowed to access the server" in kept_out(stage, server, stage.deployer)

    private = stage.server("shop")
    stage.user_for(private, app)
    body = content(stage.arm("GET", private.id))
    body["properties"]["publicNetworkAccess"] = "Disabled"
    content(stage.arm("PUT", private.id, body))
    assert "The public network interface on this server is not accessible." in kept_out(stage, private, app)
    endpoint = f"{stage.group}/providers/Microsoft.Network/privateEndpoints/pep-sql"
    subnet = f"{network}/subnets/{ENDPOINTS}"
    content(stage.arm("PUT", endpoint, networks.private_endpoint_body(subnet, private.id, "sqlServer")))
    zone = networks.zone(stage.arm, stage.group, network, "privatelink.database.windows.net")
    networks.zone_group(stage.arm, endpoint, zone)
    stage.connect(private, app).close()
    assert "The public network interface" in kept_out(stage, private, stage.deployer)
