"""`python -m database_grants` on Azure SQL: what is declared holds, and nothing more."""

import uuid
from collections.abc import Iterator

import pytest

from database_grants.command_line import DONE, NOT_DONE, PENDING
from database_grants.dialects.marks import mark
from tests.local_azure.sql_grants_runs import READS, WRITES, SqlRuns, grant, marked, refused
from tests.local_azure.sql_refusals import LOGIN_FAILED, kept_out
from tests.local_azure.sql_stage import Server, SqlStage, sql_stage, with_orders


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqlStage]:
    with sql_stage(tmp_path_factory.mktemp("grants")) as made:
        yield made


@pytest.fixture(scope="module")
def server(stage: SqlStage) -> Server:
    return with_orders(stage)


@pytest.fixture
def run(stage: SqlStage, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> SqlRuns:
    return SqlRuns(stage, monkeypatch, capsys)


def test_what_is_declared_is_pending_then_applied_then_holds(
    stage: SqlStage, server: Server, run: SqlRuns
) -> None:
    web = stage.identity()
    assert run.on(server, grant(server, web), how="--check") == PENDING
    assert (
        f"pending on {server.host}: make the user {web.name} of shop for the client id {web.client_id}"
        in run.printed
    )
    assert kept_out(stage, server, web) == LOGIN_FAILED
    assert run.on(server, grant(server, web)) == DONE
    assert ("tea",) in stage.ask(server, web, READS)
    assert refused(stage, server, web, WRITES) == "The INSERT permission was denied"
    assert kept_out(stage, server, web, "other") == LOGIN_FAILED
    for how in ("--check", "--print", ""):
        assert run.on(server, grant(server, web), how=how) == DONE
    assert run.printed == "All 1 declared grants hold.\n"


def test_what_is_printed_is_what_is_done_and_has_no_token(
    stage: SqlStage, server: Server, run: SqlRuns
) -> None:
    web = stage.identity()
    assert run.on(server, grant(server, web, "write"), how="--print") == PENDING
    bundle = f"{mark(run.owner)}write"
    sid = uuid.UUID(str(web.client_id)).bytes_le.hex().upper()
    assert [line for line in run.printed.splitlines() if not line.startswith("--")] == [
        f"CREATE USER [{web.name}] WITH SID = 0x{sid}, TYPE = E;",
        f"CREATE ROLE [{bundle}];",
        f"ALTER ROLE [db_datareader] ADD MEMBER [{bundle}];",
        f"ALTER ROLE [db_datawriter] ADD MEMBER [{bundle}];",
        f"ALTER ROLE [{bundle}] ADD MEMBER [{web.name}];",
    ]
    assert "eyJ" not in run.printed + run.said
    assert marked(stage, server, run) == []


def test_each_verb_may_what_it_says_and_no_more(stage: SqlStage, server: Server, run: SqlRuns) -> None:
    makes = "CREATE TABLE made_by_{} (id int)"
    stage.as_administrator(server, "CREATE PROCEDURE counted AS SELECT count(*) AS n FROM orders")
    may = {"read": "r", "write": "rw", "execute": "x", "own": "rwm"}
    holders = {verb: stage.identity(f"holder-of-{verb}") for verb in may}
    assert run.on(server, *(grant(server, who, verb) for verb, who in holders.items())) == DONE
    for verb, who in holders.items():
        for letter, statement, words in (
            ("r", READS, "The SELECT permission was denied"),
            ("w", WRITES, "The INSERT permission was denied"),
            ("x", "EXEC counted", "The EXECUTE permission was denied"),
            ("m", makes.format(verb), "CREATE TABLE permission denied in database 'shop'."),
        ):
            if letter in may[verb]:
                stage.ask(server, who, statement)
            else:
                assert refused(stage, server, who, statement) == words, (verb, statement)
        alter = f"ALTER ROLE db_owner ADD MEMBER [{who.name}]"
        assert refused(stage, server, who, alter).startswith("Cannot alter the role 'db_owner'")
    stage.as_administrator(server, "DROP PROCEDURE counted")


def test_a_role_of_ones_own_is_given_and_made_where_it_is_not_there(
    stage: SqlStage, server: Server, run: SqlRuns
) -> None:
    web, worker = stage.identity(), stage.identity()
    stage.as_administrator(server, "CREATE ROLE pickers", "GRANT SELECT ON orders TO pickers")
    declared = [grant(server, web, "role pickers"), grant(server, worker, "role packers")]
    assert run.on(server, *declared) == DONE
    assert ("tea",) in stage.ask(server, web, READS)
    assert refused(stage, server, web, WRITES) == "The INSERT permission was denied"
    assert refused(stage, server, worker, READS) == "The SELECT permission was denied"
    stage.as_administrator(server, "GRANT SELECT ON orders TO packers")
    assert ("tea",) in stage.ask(server, worker, READS)
    assert run.on(server, *declared, how="--check") == DONE
    assert run.on(server) == DONE
    roles = stage.as_administrator(server, "SELECT name FROM sys.database_principals WHERE type = 'R'")
    assert {("pickers",), ("packers",)} <= set(roles)


def test_a_permission_on_one_thing_is_not_taken_for_that_on_the_database(
    stage: SqlStage, server: Server, run: SqlRuns
) -> None:
    web = stage.identity()
    assert run.on(server, grant(server, web, "execute")) == DONE
    bundle = f"{mark(run.owner)}execute"
    stage.as_administrator(
        server, f"REVOKE EXECUTE FROM [{bundle}]", f"GRANT EXECUTE ON SCHEMA::dbo TO [{bundle}]"
    )
    assert run.on(server, grant(server, web, "execute"), how="--check") == PENDING
    assert run.printed.startswith(f"pending on {server.host}: EXECUTE in shop for {bundle}\n")


def test_a_group_lets_its_members_in(stage: SqlStage, server: Server, run: SqlRuns) -> None:
    group, member = stage.azure.entra.register_identity("readers", None), stage.identity()
    stage.azure.entra.add_member(group.object_id, member.object_id)
    assert run.on(server, grant(server, group, kind="Group"), how="--print") == PENDING
    sid = uuid.UUID(group.object_id).bytes_le.hex().upper()
    assert f"CREATE USER [readers] WITH SID = 0x{sid}, TYPE = X;" in run.printed
    assert run.on(server, grant(server, group, kind="Group")) == DONE
    assert ("tea",) in stage.ask(server, member, READS)


def test_who_is_no_administrator_is_told_so_and_nothing_is_changed(
    stage: SqlStage, server: Server, run: SqlRuns
) -> None:
    web, stranger = stage.identity(), stage.identity()
    assert run.on(server, grant(server, web), caller=stranger) == NOT_DONE
    assert f"{server.host}, database master: {LOGIN_FAILED}" in run.said
    assert "eyJ" not in run.said
    assert marked(stage, server, run) == []


def test_without_a_client_id_there_is_no_user_and_the_next_step_is_said(
    stage: SqlStage, server: Server, run: SqlRuns
) -> None:
    web = stage.identity()
    assert run.on(server, grant(server, web, clientId="")) == NOT_DONE
    assert (
        f"the client id of {web.name} is not known, from which SQL makes its user: give WorkloadAccess its "
        "client_id, and run `pulumi up`"
    ) in run.said


def test_a_server_that_cannot_show_its_name_is_given_no_token(
    stage: SqlStage, server: Server, run: SqlRuns
) -> None:
    stranger = Server(server.id, "sql-stranger.example.com")
    assert run.on(stranger) == NOT_DONE
    assert "certificate verify failed" in run.said
    assert "stranger" not in str(stage.azure.journal.entries())


def test_names_with_brackets_stay_names(stage: SqlStage, server: Server, run: SqlRuns) -> None:
    web = stage.identity("odd] WITH PASSWORD = 'x'; DROP TABLE orders --")
    assert run.on(server, grant(server, web)) == DONE
    assert ("tea",) in stage.ask(server, web, READS)
    assert run.on(server) == DONE
