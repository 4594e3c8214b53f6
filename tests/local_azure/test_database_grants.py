"""`python -m database_grants` on a real PostgreSQL: what is declared holds, and nothing more."""

import io
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from psycopg import errors

from database_grants.command_line import DONE, NOT_DONE, PENDING, main
from database_grants.dialects.marks import mark
from local_azure.entra.directory import Principal
from local_azure.server import LocalAzure
from tests.drawn_key import begun
from tests.local_azure.grants_runs import Runs, grant_of
from tests.local_azure.led_here import lead_here
from tests.local_azure.postgres_stage import PostgresStage, Server
from tests.local_azure.vault_stage import Holder
from tests.proofs import POSTGRES

pytestmark = pytest.mark.needs(POSTGRES)


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PostgresStage]:
    patch = pytest.MonkeyPatch()
    with LocalAzure(begun(tmp_path_factory.mktemp("grants") / "azure")) as cloud:
        lead_here(patch, cloud)
        yield PostgresStage(cloud)
    patch.undo()


@pytest.fixture(scope="module")
def server(stage: PostgresStage) -> Server:
    made = stage.server("shop", "other")
    for database in ("shop", "other"):
        stage.as_administrator(
            made, "CREATE TABLE orders (id int DEFAULT 2)", "INSERT INTO orders VALUES (1)", database=database
        )
    return made


def grant(
    server: Server, who: Principal, privilege: str = "read", kind: str = "ServicePrincipal", **more: str
) -> dict[str, Any]:
    return grant_of("postgres", server.host, who, privilege, kind, **{"schema": "public", **more})


@pytest.fixture
def run(stage: PostgresStage, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Runs:
    type_ = "azure-native:dbforpostgresql:Server"
    return Runs(type_, lambda: Holder(stage.azure, stage.deployer), monkeypatch, capsys)


def marked(stage: PostgresStage, server: Server, run: Runs) -> list[str]:
    """The roles with the mark of the test's own stack."""
    every = stage.as_administrator(server, "SELECT rolname FROM pg_roles")
    return [name for (name,) in every if name.startswith(mark(run.owner))]


def test_what_is_declared_is_pending_then_applied_then_holds(
    stage: PostgresStage, server: Server, run: Runs
) -> None:
    web = stage.identity()
    assert run(server.host, grant(server, web), how="--check") == PENDING
    assert (
        f"pending on {server.host}: make the role {web.name} for the service {web.object_id}" in run.printed
    )
    with pytest.raises(psycopg.OperationalError, match="does not exist"):
        stage.connect(server, web, "shop")
    assert run(server.host, grant(server, web)) == DONE
    with stage.connect(server, web, "shop") as connection:
        assert connection.execute("SELECT min(id) FROM orders").fetchall() == [(1,)]
        with pytest.raises(errors.InsufficientPrivilege):
            connection.execute("INSERT INTO orders VALUES (2)")
    for how in ("--check", "--print", ""):
        assert run(server.host, grant(server, web), how=how) == DONE
    assert run.printed == "All 1 declared grants hold.\n"


def test_what_is_printed_is_what_is_done_and_has_no_token(
    stage: PostgresStage, server: Server, run: Runs
) -> None:
    web = stage.identity()
    assert run(server.host, grant(server, web), how="--print") == PENDING
    statements = [line for line in run.printed.splitlines() if not line.startswith("--")]
    bundle = f"{mark(run.owner)}shop.public.read"
    assert statements[0] == (
        f"SELECT pgaadauth_create_principal_with_oid('{web.name}', '{web.object_id}', 'service', false,"
        " false);"
    )
    assert f'GRANT SELECT ON TABLE "public"."orders" TO "{bundle}";' in statements
    assert statements[-1] == f'GRANT "{bundle}" TO "{web.name}";'
    assert "eyJ" not in run.printed + run.said


def test_a_writer_writes_and_makes_no_table_and_an_owner_makes_them_for_all(
    stage: PostgresStage, server: Server, run: Runs
) -> None:
    reader, writer, owner = stage.identity(), stage.identity(), stage.identity()
    declared = [grant(server, reader), grant(server, writer, "write"), grant(server, owner, "own")]
    assert run(server.host, *declared) == DONE
    with stage.connect(server, writer, "shop") as connection:
        connection.execute("INSERT INTO orders DEFAULT VALUES")
        with pytest.raises(errors.InsufficientPrivilege):
            connection.execute("CREATE TABLE mine (id int)")
        with pytest.raises(errors.InsufficientPrivilege):
            connection.execute("DROP TABLE orders")
    with stage.connect(server, owner, "shop") as connection:
        connection.execute("CREATE TABLE items (id serial)")
    with stage.connect(server, writer, "shop") as connection:
        connection.execute("INSERT INTO items DEFAULT VALUES")
    with stage.connect(server, reader, "shop") as connection:
        assert connection.execute("SELECT id FROM items").fetchall() == [(1,)]
    assert run(server.host, *declared, how="--check") == DONE


def test_a_grant_opens_no_other_database_and_no_other_schema(
    stage: PostgresStage, server: Server, run: Runs
) -> None:
    web = stage.identity()
    assert run(server.host, grant(server, web, "write", schema="sales")) == DONE
    stage.as_administrator(server, "CREATE TABLE sales.lines (id int)", database="shop")
    with stage.connect(server, web, "shop") as connection:
        connection.execute("INSERT INTO sales.lines VALUES (1)")
        with pytest.raises(errors.InsufficientPrivilege):
            connection.execute("SELECT * FROM orders")
    with stage.connect(server, web, "other") as connection, pytest.raises(errors.InsufficientPrivilege):
        connection.execute("SELECT * FROM orders")


def test_what_is_declared_no_more_is_taken_away_and_its_tables_stay(
    stage: PostgresStage, server: Server, run: Runs
) -> None:
    web, worker = stage.identity(), stage.identity()
    assert run(server.host, grant(server, web, "own"), grant(server, worker)) == DONE
    with stage.connect(server, web, "shop") as connection:
        connection.execute("CREATE TABLE kept (id int)")
    with stage.connect(server, worker, "shop") as connection:
        assert run(server.host, grant(server, web), how="--check") == PENDING
        assert run(server.host, grant(server, web)) == DONE
        with pytest.raises(psycopg.Error):
            connection.execute("SELECT * FROM orders")
    with pytest.raises(psycopg.OperationalError, match=f'role "{worker.name}" does not exist'):
        stage.connect(server, worker, "shop")
    with stage.connect(server, web, "shop") as connection, pytest.raises(errors.InsufficientPrivilege):
        connection.execute("CREATE TABLE more (id int)")
    assert run(server.host) == DONE
    with pytest.raises(psycopg.OperationalError, match=f'role "{web.name}" does not exist'):
        stage.connect(server, web, "shop")
    assert stage.as_administrator(server, "SELECT to_regclass('kept')::text", database="shop") == [("kept",)]
    assert marked(stage, server, run) == []


def test_who_may_own_no_more_owns_nothing_and_its_tables_stay(
    stage: PostgresStage, server: Server, run: Runs
) -> None:
    web = stage.identity()
    assert run(server.host, grant(server, web, "own")) == DONE
    with stage.connect(server, web, "shop") as connection:
        connection.execute("CREATE TABLE drafts (id int)")
        connection.execute("INSERT INTO drafts VALUES (1)")
    assert run(server.host, grant(server, web, "own"), how="--check") == DONE
    assert run(server.host, grant(server, web), how="--check") == PENDING
    assert run(server.host, grant(server, web)) == DONE
    with stage.connect(server, web, "shop") as connection:
        assert connection.execute("SELECT id FROM drafts").fetchall() == [(1,)]
        for statement in ("INSERT INTO drafts VALUES (2)", "DROP TABLE drafts"):
            with pytest.raises(errors.InsufficientPrivilege):
                connection.execute(statement.encode())
    assert run(server.host, grant(server, web), how="--check") == DONE


def test_an_identity_made_anew_under_its_old_name_gets_the_role(
    stage: PostgresStage, server: Server, run: Runs
) -> None:
    old = stage.identity("web")
    assert run(server.host, grant(server, old)) == DONE
    stage.azure.entra.remove_identity(old.object_id)
    new = stage.identity("web")
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        stage.connect(server, new, "shop")
    assert run(server.host, grant(server, new)) == DONE
    with stage.connect(server, new, "shop") as connection:
        assert connection.execute("SELECT min(id) FROM orders").fetchall() == [(1,)]


def test_a_role_of_somebody_else_is_left_alone(stage: PostgresStage, server: Server, run: Runs) -> None:
    theirs, web = stage.identity("theirs"), stage.identity()
    stage.role_for(server, theirs)
    assert run(server.host, grant(server, web, principalName="theirs")) == NOT_DONE
    assert "the role theirs is there and is somebody else's" in run.said
    assert run(server.host) == DONE
    stage.connect(server, theirs).close()


def test_a_group_lets_its_members_in(stage: PostgresStage, server: Server, run: Runs) -> None:
    group, member = stage.azure.entra.register_identity("analysts", None), stage.identity()
    stage.azure.entra.add_member(group.object_id, member.object_id)
    assert run(server.host, grant(server, group, kind="Group")) == DONE
    with stage.connect(server, member, "shop", user="analysts") as connection:
        assert connection.execute("SELECT min(id) FROM orders").fetchall() == [(1,)]


def test_who_is_no_administrator_is_told_so_and_nothing_is_changed(
    stage: PostgresStage, server: Server, run: Runs
) -> None:
    web = stage.identity()
    assert run(server.host, grant(server, web), role="nobody") == NOT_DONE
    assert 'role "nobody" does not exist' in run.said
    assert run(server.host, grant(server, web), role="") == NOT_DONE
    assert f"the stack declares no administrator of {server.host}: name the role with --as" in run.said
    assert marked(stage, server, run) == []


def test_a_server_that_cannot_show_its_name_is_given_no_token(
    stage: PostgresStage, server: Server, run: Runs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PGSSLROOTCERT")
    assert run(server.host, grant(server, stage.identity()), how="--check") == NOT_DONE
    assert "SSL error: certificate verify failed" in run.said


def test_a_state_that_is_none_and_a_grant_that_is_not_known_yet_are_refused(
    stage: PostgresStage, server: Server, run: Runs, monkeypatch: pytest.MonkeyPatch
) -> None:
    web = stage.identity()
    assert run(server.host, grant(server, web, principalId="")) == NOT_DONE
    assert f"the grant {web.name}-read is not known yet: run `pulumi up` to its end" in run.said
    monkeypatch.setattr("sys.stdin", io.StringIO("{}"))
    assert main(["--state", "-"]) == NOT_DONE
