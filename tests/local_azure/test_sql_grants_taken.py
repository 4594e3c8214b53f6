"""`python -m database_grants` on Azure SQL: what is declared no more is taken away, and nothing else is."""

from collections.abc import Iterator

import mssql_python
import pytest

from database_grants.command_line import DONE, NOT_DONE, PENDING
from tests.local_azure.sql_grants_runs import READS, WRITES, SqlRuns, grant, marked, refused, users
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


def test_what_is_declared_no_more_is_taken_away_and_felt_by_an_open_connection(
    stage: SqlStage, server: Server, run: SqlRuns
) -> None:
    web, worker = stage.identity(), stage.identity()
    assert run.on(server, grant(server, web, "write"), grant(server, worker)) == DONE
    cursor = stage.connect(server, worker).cursor()
    cursor.execute(READS)
    assert run.on(server, grant(server, web), how="--check") == PENDING
    assert run.on(server, grant(server, web)) == DONE
    with pytest.raises(mssql_python.Error):
        cursor.execute(READS)
    assert kept_out(stage, server, worker) == LOGIN_FAILED
    assert refused(stage, server, web, WRITES) == "The INSERT permission was denied"
    assert run.on(server) == DONE
    assert kept_out(stage, server, web) == LOGIN_FAILED
    assert marked(stage, server, run) == []
    assert not {web.name, worker.name} & set(users(stage, server))


def test_a_database_in_which_nothing_is_declared_any_more_is_asked_too(
    stage: SqlStage, server: Server, run: SqlRuns
) -> None:
    web = stage.identity()
    assert run.on(server, grant(server, web, database="other"), grant(server, web)) == DONE
    assert run.on(server, grant(server, web), how="--check") == PENDING
    assert run.on(server, grant(server, web)) == DONE
    assert kept_out(stage, server, web, "other") == LOGIN_FAILED
    assert marked(stage, server, run, "other") == []
    assert ("tea",) in stage.ask(server, web, READS)


def test_who_may_own_no_more_owns_no_schema_and_its_tables_stay(
    stage: SqlStage, server: Server, run: SqlRuns
) -> None:
    web = stage.identity()
    assert run.on(server, grant(server, web, "own")) == DONE
    stage.as_administrator(server, f"CREATE SCHEMA drafts AUTHORIZATION [{web.name}]")
    stage.ask(server, web, "CREATE TABLE drafts.one (id int)", "INSERT INTO drafts.one VALUES (1)")
    assert run.on(server, grant(server, web, "own"), how="--check") == DONE
    assert run.on(server, grant(server, web)) == DONE
    assert stage.ask(server, web, "SELECT id FROM drafts.one") == [(1,)]
    assert refused(stage, server, web, "DELETE FROM drafts.one") == "The DELETE permission was denied"
    assert run.on(server, grant(server, web), how="--check") == DONE
    assert run.on(server) == DONE
    assert stage.as_administrator(server, "SELECT id FROM drafts.one") == [(1,)]


def test_a_user_that_owns_a_schema_is_dropped_and_the_schema_stays(
    stage: SqlStage, server: Server, run: SqlRuns
) -> None:
    web = stage.identity()
    assert run.on(server, grant(server, web, "own")) == DONE
    stage.ask(server, web, "CREATE SCHEMA sketches")
    stage.ask(server, web, "CREATE TABLE sketches.one (id int)", "INSERT INTO sketches.one VALUES (1)")
    assert run.on(server) == DONE
    assert web.name not in users(stage, server)
    assert stage.as_administrator(server, "SELECT id FROM sketches.one") == [(1,)]


def test_an_identity_made_anew_under_its_old_name_gets_the_user(
    stage: SqlStage, server: Server, run: SqlRuns
) -> None:
    old = stage.identity("made-anew")
    assert run.on(server, grant(server, old)) == DONE
    stage.azure.entra.remove_identity(old.object_id)
    new = stage.identity("made-anew")
    assert kept_out(stage, server, new) == LOGIN_FAILED
    assert run.on(server, grant(server, new)) == DONE
    assert ("tea",) in stage.ask(server, new, READS)
    assert run.on(server, grant(server, new), how="--check") == DONE


def test_what_others_granted_is_left_alone(stage: SqlStage, server: Server, run: SqlRuns) -> None:
    web, worker = stage.identity(), stage.identity("by-hand")
    stage.user_for(server, web, "db_datawriter")
    stage.user_for(server, worker)
    assert run.on(server, grant(server, web)) == DONE
    assert run.on(server) == DONE
    stage.ask(server, web, WRITES)
    kept = stage.identity()
    assert run.on(server, grant(server, kept)) == DONE
    stage.as_administrator(server, f"GRANT SELECT ON orders TO [{kept.name}]")
    assert run.on(server) == DONE
    assert ("tea",) in stage.ask(server, kept, READS)
    other = stage.identity("by-hand")
    assert run.on(server, grant(server, other)) == NOT_DONE
    assert (
        "the user by-hand of shop is there and is somebody else's. Give the link a `user` of its own, or "
        "drop the user"
    ) in run.said
    assert run.on(server, grant(server, other, principalName="by-command")) == DONE
    assert ("tea",) in stage.ask(server, other, READS)


def test_what_others_denied_outlives_the_grant_and_holds_when_it_comes_back(
    stage: SqlStage, server: Server, run: SqlRuns
) -> None:
    web = stage.identity()
    assert run.on(server, grant(server, web)) == DONE
    stage.as_administrator(server, f"DENY SELECT ON orders TO [{web.name}]")
    assert run.on(server) == DONE
    assert web.name in users(stage, server)
    assert run.on(server, grant(server, web)) == DONE
    assert refused(stage, server, web, READS) == "The SELECT permission was denied"


def test_a_user_that_somebody_made_under_another_name_is_the_one(
    stage: SqlStage, server: Server, run: SqlRuns
) -> None:
    web = stage.identity()
    stage.user_for(server, web)
    assert run.on(server, grant(server, web, principalName="another-name")) == DONE
    assert "another-name" not in users(stage, server)
    assert ("tea",) in stage.ask(server, web, READS)


def test_two_stacks_take_away_only_what_is_their_own(
    stage: SqlStage,
    server: Server,
    run: SqlRuns,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    web, other = stage.identity(), SqlRuns(stage, monkeypatch, capsys)
    assert run.on(server, grant(server, web)) == DONE
    assert other.on(server, grant(server, web, "write")) == DONE
    assert run.on(server) == DONE
    assert ("tea",) in stage.ask(server, web, READS)
    assert other.on(server) == DONE
    assert kept_out(stage, server, web) == LOGIN_FAILED
