"""`python -m database_grants` on MySQL servers, of which a real MariaDB answers: what is declared holds, and
nothing more.
"""

from collections.abc import Iterator
from typing import Any

import pymysql
import pytest

from database_grants.command_line import DONE, NOT_DONE, PENDING
from database_grants.dialects.mysql import mark
from local_azure.constants import VAULT_READERS
from local_azure.entra.directory import Principal
from local_azure.server import LocalAzure
from tests.drawn_key import begun
from tests.local_azure.grants_runs import Runs, grant_of
from tests.local_azure.led_here import lead_here
from tests.local_azure.mysql_stage import MySqlStage, Server
from tests.local_azure.mysql_stage import run as ask
from tests.local_azure.vault_stage import Holder
from tests.proofs import MARIADB

pytestmark = pytest.mark.needs(MARIADB)


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MySqlStage]:
    patch = pytest.MonkeyPatch()
    with LocalAzure(begun(tmp_path_factory.mktemp("grants") / "azure")) as cloud:
        lead_here(patch, cloud)
        yield MySqlStage(cloud, patch)
    patch.undo()


@pytest.fixture(scope="module")
def server(stage: MySqlStage) -> Server:
    made = stage.server("shop", "shop_eu", "shopxeu")
    for database in ("shop", "shop_eu", "shopxeu"):
        stage.as_administrator(
            made, "CREATE TABLE orders (id int)", "INSERT INTO orders VALUES (1)", database=database
        )
    return made


def grant(
    server: Server, who: Principal, privilege: str = "read", kind: str = "ServicePrincipal", **more: str
) -> dict[str, Any]:
    return grant_of("mysql", server.host, who, privilege, kind, **more)


@pytest.fixture
def run(stage: MySqlStage, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Runs:
    type_ = "azure-native:dbformysql:Server"
    return Runs(type_, lambda: Holder(stage.azure, stage.deployer), monkeypatch, capsys)


def refused(
    stage: MySqlStage, server: Server, who: Principal, *statements: str, database: str = "shop"
) -> int:
    """MySQL's number for what it says of these."""
    with pytest.raises(pymysql.MySQLError) as error, stage.connect(server, who, database) as connection:
        ask(connection, *statements)
    return int(error.value.args[0])


def recorded(stage: MySqlStage, server: Server, run: Runs) -> list[tuple[Any, ...]]:
    """What the record has of a run's owner; before the first run on a server there is no record."""
    tables = "SELECT 1 FROM information_schema.tables WHERE table_schema = 'keyless_grants'"
    if not stage.as_administrator(server, tables):
        return []
    return stage.as_administrator(
        server, f"SELECT user_name, db, verb FROM keyless_grants.grants WHERE stack = '{mark(run.owner)}'"
    )


def test_what_is_declared_is_pending_then_applied_then_holds(
    stage: MySqlStage, server: Server, run: Runs
) -> None:
    web = stage.identity()
    assert run(server.host, grant(server, web), how="--check") == PENDING
    made = f"make the user {web.name} for the identity with the client id {web.client_id}"
    assert f"pending on {server.host}: {made}" in run.printed
    assert refused(stage, server, web) == 1045
    assert run(server.host, grant(server, web)) == DONE
    with stage.connect(server, web, "shop") as connection:
        assert ask(connection, "SELECT id FROM orders") == [(1,)]
    assert refused(stage, server, web, "INSERT INTO orders VALUES (2)") == 1142
    for how in ("--check", "--print", ""):
        assert run(server.host, grant(server, web), how=how) == DONE
    assert run.printed == "All 1 declared grants hold.\n"


def test_what_is_printed_is_what_is_done_and_has_no_token(
    stage: MySqlStage, server: Server, run: Runs
) -> None:
    web = stage.identity()
    assert run(server.host, grant(server, web, "write", database="shop_eu"), how="--print") == PENDING
    statements = [line for line in run.printed.splitlines() if not line.startswith("--")]
    assert statements[-3:] == [
        f"INSERT IGNORE INTO keyless_grants.grants VALUES ('{mark(run.owner)}', '{web.name}', 'shop_eu', "
        "'write');",
        f"CREATE AADUSER '{web.name}' IDENTIFIED BY '{web.client_id}';",
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON `shop\\_eu`.* TO '{web.name}'@'%';",
    ]
    assert "eyJ" not in run.printed + run.said


def test_a_grant_opens_no_other_database_also_where_its_name_could_stand_for_another(
    stage: MySqlStage, server: Server, run: Runs
) -> None:
    web = stage.identity()
    assert run(server.host, grant(server, web, "own", database="shop_eu")) == DONE
    with stage.connect(server, web, "shop_eu") as connection:
        assert ask(connection, "SELECT id FROM orders") == [(1,)]
    for other in ("shop", "shopxeu", "keyless_grants"):
        assert refused(stage, server, web, database=other) == 1044
    assert refused(stage, server, web, "SELECT * FROM mysql.user", database="shop_eu") == 1142
    assert run(server.host, grant(server, web, "own", database="shop_eu"), how="--check") == DONE


def test_a_writer_writes_and_makes_no_table_and_an_owner_makes_them_for_all(
    stage: MySqlStage, server: Server, run: Runs
) -> None:
    reader, writer, owner = stage.identity(), stage.identity(), stage.identity()
    declared = [grant(server, reader), grant(server, writer, "write"), grant(server, owner, "own")]
    assert run(server.host, *declared) == DONE
    for statement in ("CREATE TABLE mine (id int)", "DROP TABLE orders"):
        assert refused(stage, server, writer, statement) == 1142
    with stage.connect(server, owner, "shop") as connection:
        ask(connection, "CREATE TABLE items (id int)")
    with stage.connect(server, writer, "shop") as connection:
        ask(connection, "INSERT INTO items VALUES (1)")
    with stage.connect(server, reader, "shop") as connection:
        assert ask(connection, "SELECT id FROM items") == [(1,)]


def test_what_is_declared_no_more_is_taken_away_and_its_tables_stay(
    stage: MySqlStage, server: Server, run: Runs
) -> None:
    web, worker = stage.identity(), stage.identity()
    assert run(server.host, grant(server, web, "own"), grant(server, worker)) == DONE
    with stage.connect(server, web, "shop") as connection:
        ask(connection, "CREATE TABLE kept (id int)")
    assert run(server.host, grant(server, web), how="--check") == PENDING
    assert run(server.host, grant(server, web)) == DONE
    assert refused(stage, server, worker) == 1045
    assert refused(stage, server, web, "INSERT INTO kept VALUES (1)") == 1142
    with stage.connect(server, web, "shop") as connection:
        assert ask(connection, "SELECT id FROM kept") == []
    assert run(server.host) == DONE
    assert refused(stage, server, web) == 1045
    assert stage.as_administrator(server, "SHOW TABLES LIKE 'kept'", database="shop") == [("kept",)]
    assert recorded(stage, server, run) == []


def test_what_another_stack_or_somebody_granted_is_left_alone(
    stage: MySqlStage, server: Server, run: Runs
) -> None:
    web = stage.identity()
    assert run(server.host, grant(server, web, "write")) == DONE
    first, run.owner = run.owner, "another/dev"
    assert run(server.host, grant(server, web)) == DONE
    stage.as_administrator(server, f"GRANT SELECT ON shopxeu.orders TO '{web.name}'@'%'")
    run.owner = first
    assert run(server.host) == DONE
    assert refused(stage, server, web, "INSERT INTO orders VALUES (3)") == 1142
    with stage.connect(server, web, "shop") as connection:
        assert ask(connection, "SELECT count(*) FROM orders")[0][0] >= 1
    run.owner = "another/dev"
    assert run(server.host) == DONE
    assert refused(stage, server, web) == 1044
    with stage.connect(server, web, "shopxeu") as connection:
        assert ask(connection, "SELECT id FROM orders") == [(1,)]


def test_an_identity_made_anew_under_its_old_name_gets_the_user(
    stage: MySqlStage, server: Server, run: Runs
) -> None:
    old = stage.identity("web")
    assert run(server.host, grant(server, old, "write")) == DONE
    stage.azure.entra.remove_identity(old.object_id)
    new = stage.identity("web")
    assert refused(stage, server, new) == 1045
    assert run(server.host, grant(server, new)) == DONE
    with stage.connect(server, new, "shop") as connection:
        assert ask(connection, "SELECT count(*) FROM orders")[0][0] >= 1
    assert refused(stage, server, new, "INSERT INTO orders VALUES (3)") == 1142
    assert run(server.host, grant(server, new), how="--check") == DONE


def test_a_user_of_somebody_else_is_left_alone(stage: MySqlStage, server: Server, run: Runs) -> None:
    theirs, web = stage.identity("theirs"), stage.identity()
    stage.user_for(server, theirs)
    assert run(server.host, grant(server, web, principalName="theirs")) == NOT_DONE
    assert "the user theirs is there and is somebody else's" in run.said
    stage.as_administrator(server, "CREATE USER 'local'@'%' IDENTIFIED BY 'of no importance'")
    assert run(server.host, grant(server, web, principalName="local")) == NOT_DONE
    assert "the user local is there and is somebody else's" in run.said
    assert run(server.host) == DONE
    stage.connect(server, theirs).close()


def test_a_group_lets_its_members_in_by_its_name_in_entra(
    stage: MySqlStage, server: Server, run: Runs
) -> None:
    group, member = stage.azure.entra.principal(VAULT_READERS.object_id), stage.identity()
    assert group
    stage.azure.entra.add_member(group.object_id, member.object_id)
    assert run(server.host, grant(server, group, kind="Group")) == DONE
    with stage.connect(server, member, "shop", user=group.name) as connection:
        assert ask(connection, "SELECT count(*) FROM orders")[0][0] >= 1
    wrong = grant(server, stage.identity(), kind="Group", principalName="nobody-of-that-name")
    assert run(server.host, wrong) == NOT_DONE
    assert "An unexpected error occurred while trying to validate user 'nobody-of-that-name'" in run.said


def test_a_group_that_has_the_name_and_not_the_declared_id_is_granted_nothing(
    stage: MySqlStage, run: Runs
) -> None:
    server, member = stage.server("shop"), stage.identity()
    namesake = stage.azure.entra.principal(VAULT_READERS.object_id)
    assert namesake
    stage.azure.entra.add_member(namesake.object_id, member.object_id)
    declared = grant(server, stage.identity(), kind="Group", principalName=namesake.name)
    for _ in range(2):
        assert run(server.host, declared) == NOT_DONE
        assert f"made the user {namesake.name} for another principal than the declared group" in run.said
        with pytest.raises(pymysql.MySQLError) as error:
            stage.connect(server, member, user=namesake.name)
        assert error.value.args[0] == 1045


def test_a_principal_whose_client_id_is_not_known_is_refused_with_what_to_give(
    stage: MySqlStage, server: Server, run: Runs
) -> None:
    web = stage.identity()
    assert run(server.host, grant(server, web, clientId=""), how="--check") == NOT_DONE
    assert f"the client id of {web.name} is not known" in run.said
    assert "`client_id`" in run.said
    # The other next step is what MySQL takes, and then the command goes on, and says whose user it is.
    made = f"CREATE AADUSER '{web.name}' IDENTIFIED BY '<client id>'"
    assert made in run.said
    stage.as_administrator(server, made.replace("<client id>", web.client_id or ""))
    assert run(server.host, grant(server, web, clientId=""), how="--check") == PENDING
    assert f"let {web.name}, who is the client id {web.client_id}, SELECT in shop" in run.printed
    assert run(server.host, grant(server, web, clientId="")) == DONE
    with stage.connect(server, web, "shop") as connection:
        assert ask(connection, "SELECT count(*) FROM orders")[0][0] >= 1


def test_a_user_that_is_no_identitys_is_not_taken_for_one_whose_client_id_is_not_known(
    stage: MySqlStage, server: Server, run: Runs
) -> None:
    group = stage.azure.entra.principal(VAULT_READERS.object_id)
    assert group
    stage.as_administrator(
        server, "CREATE USER 'by-password'@'%' IDENTIFIED BY 'of no importance'",
        f"CREATE AADUSER '{group.name}' AS 'some-group'",
    )  # fmt: skip
    for name in ("by-password", "some-group"):
        declared = grant(server, stage.identity(), clientId="", principalName=name)
        assert run(server.host, declared) == NOT_DONE
        assert f"the user {name} is there and is somebody else's" in run.said


def test_who_is_no_administrator_is_told_so_and_nothing_is_changed(
    stage: MySqlStage, server: Server, run: Runs
) -> None:
    web = stage.identity()
    assert run(server.host, grant(server, web), role="nobody") == NOT_DONE
    assert "1045 Access denied for user 'nobody'" in run.said
    assert recorded(stage, server, run) == []


def test_a_server_that_cannot_show_its_name_is_given_no_token(
    stage: MySqlStage, server: Server, run: Runs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    assert run(server.host, grant(server, stage.identity()), how="--check") == NOT_DONE
    assert "certificate verify failed" in run.said


def test_the_command_finds_a_server_through_the_proxy_that_the_environment_names(
    stage: MySqlStage, server: Server, run: Runs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()
    web = stage.identity()
    monkeypatch.setattr("tests.local_azure.mysql_stage.SUFFIX", ".nowhere.invalid")
    state = grant(server, web)
    assert run(server.host, state, how="--check") == PENDING
    assert f"make the user {web.name}" in run.printed
