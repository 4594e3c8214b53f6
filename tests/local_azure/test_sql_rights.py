"""What somebody may do in a database behind the gate of SQL, as Microsoft's own driver sees it."""

from collections.abc import Iterator

import pytest

from tests.local_azure.sql_refusals import LOGIN_FAILED, denied, kept_out, refused
from tests.local_azure.sql_stage import ORDERS, Server, SqlStage, sql_stage, with_orders


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqlStage]:
    with sql_stage(tmp_path_factory.mktemp("sql")) as made:
        yield made


@pytest.fixture(scope="module")
def server(stage: SqlStage) -> Server:
    return with_orders(stage)


def test_l7_a_user_without_a_grant_reads_nothing_and_a_reader_does_not_write(
    stage: SqlStage, server: Server
) -> None:
    who = stage.identity("reader")
    stage.user_for(server, who)
    assert refused(stage, server, who, "SELECT what FROM orders") == denied("SELECT")
    assert refused(stage, server, who, "SELECT count(*) FROM orders") == denied("SELECT")
    stage.as_administrator(server, "ALTER ROLE db_datareader ADD MEMBER reader")
    assert stage.ask(server, who, "SELECT what FROM orders") == [("tea",)]
    for statement, permission in (
        ("INSERT INTO orders (what) VALUES (N'coffee')", "INSERT"),
        ("UPDATE orders SET what = N'coffee'", "UPDATE"),
        ("DELETE FROM orders", "DELETE"),
    ):
        assert refused(stage, server, who, statement) == denied(permission)
    assert refused(stage, server, who, "CREATE TABLE mine (id int)") == (
        "CREATE TABLE permission denied in database 'shop'."
    )
    assert refused(stage, server, who, "DROP TABLE orders") == (
        "Cannot drop the table 'orders', because it does not exist or you do not have permission."
    )


def test_l7_who_writes_without_reading_changes_no_row_that_it_would_have_to_find(
    stage: SqlStage, server: Server
) -> None:
    who = stage.identity("writer")
    stage.user_for(server, who, "db_datawriter")
    stage.as_administrator(server, "CREATE TABLE drops (id int)")
    stage.ask(server, who, "INSERT INTO drops VALUES (1)")
    assert refused(stage, server, who, "DELETE FROM drops WHERE id = 1") == denied("SELECT", "drops")


def test_l7_a_grant_on_a_table_or_a_schema_opens_no_other_and_a_denial_wins(stage: SqlStage) -> None:
    server, who = stage.server("shop"), stage.identity("narrow")
    stage.user_for(server, who)
    stage.as_administrator(
        server, ORDERS, "CREATE TABLE prices (id int)", "CREATE SCHEMA sales",
        "CREATE TABLE sales.lines (id int)", "CREATE TABLE sales.margins (id int)",
        "GRANT SELECT ON orders TO narrow",
        "GRANT SELECT, INSERT ON SCHEMA::sales TO narrow", "DENY SELECT ON OBJECT::sales.margins TO narrow",
    )  # fmt: skip
    assert stage.ask(server, who, "SELECT * FROM orders") == []
    assert refused(stage, server, who, "SELECT * FROM prices") == denied("SELECT", "prices")
    assert stage.ask(server, who, "INSERT INTO sales.lines VALUES (7)", "SELECT id FROM sales.lines") == [
        (7,)
    ]
    assert refused(stage, server, who, "DELETE FROM sales.lines") == denied("DELETE", "lines", schema="sales")
    assert refused(stage, server, who, "SELECT * FROM sales.margins") == denied(
        "SELECT", "margins", schema="sales"
    )
    joined = "SELECT l.id FROM sales.lines l JOIN sales.margins m ON m.id = l.id"
    assert refused(stage, server, who, joined) == denied("SELECT", "margins", schema="sales")
    stage.as_administrator(server, "REVOKE SELECT ON orders FROM narrow")
    assert refused(stage, server, who, "SELECT * FROM orders") == denied("SELECT")


def test_l7_who_may_execute_calls_procedures_and_opens_no_table(stage: SqlStage, server: Server) -> None:
    who = stage.identity("caller")
    stage.user_for(server, who)
    stage.as_administrator(
        server,
        "CREATE TABLE calls (what nvarchar(20))",
        "CREATE PROCEDURE note @what nvarchar(20) AS "
        "INSERT INTO calls VALUES (@what); SELECT count(*) AS n FROM calls",
    )
    assert refused(stage, server, who, "EXEC note N'one'") == denied("EXECUTE", "note")
    stage.as_administrator(server, "GRANT EXECUTE TO caller")
    assert refused(stage, server, who, "SELECT * FROM calls") == denied("SELECT", "calls")
    connection = stage.connect(server, who)
    cursor = connection.cursor()
    cursor.execute("EXEC dbo.note @what = N'one'")
    while cursor.description is None:
        assert cursor.nextset()
    assert [tuple(row) for row in cursor.fetchall()] == [(1,)]
    connection.close()
    assert refused(stage, server, who, "EXEC nothing") == "Could not find stored procedure 'nothing'."
    assert refused(stage, server, who, "EXEC note") == (
        "Procedure or function 'note' expects parameter '@what', which was not supplied."
    )


def test_a_grant_in_one_database_opens_no_other_and_no_other_server(stage: SqlStage, server: Server) -> None:
    who, neighbour = stage.identity("one-database"), stage.server("shop")
    stage.user_for(server, who, "db_owner")
    assert stage.ask(server, who, "SELECT what FROM orders") == [("tea",)]
    assert kept_out(stage, server, who, "other") == LOGIN_FAILED
    assert kept_out(stage, neighbour, who) == LOGIN_FAILED
    assert refused(stage, server, who, "SELECT what FROM other.dbo.orders").startswith(
        "Incorrect syntax near"
    )


def test_l7_a_procedure_opens_what_is_of_its_owner_and_neither_lets_in_nor_reaches_further(
    stage: SqlStage,
) -> None:
    server, who = stage.server("shop"), stage.identity("climber")
    stage.user_for(server, who, "db_ddladmin")
    stage.as_administrator(
        server,
        ORDERS,
        "GRANT EXECUTE TO climber",
        "CREATE PROCEDURE climb AS ALTER ROLE db_owner ADD MEMBER climber",
        "CREATE SCHEMA own AUTHORIZATION climber",
    )
    assert refused(stage, server, who, "EXEC climb").startswith("Cannot alter the role 'db_owner'")
    stage.ask(server, who, "CREATE PROCEDURE own.peep AS SELECT what FROM dbo.orders")
    assert refused(stage, server, who, "EXEC own.peep") == denied("SELECT")


def test_l7_what_is_given_out_by_a_change_is_read_and_nothing_is_replaced_by_an_insert(
    stage: SqlStage, server: Server
) -> None:
    who = stage.identity("inserter")
    stage.user_for(server, who)
    stage.as_administrator(
        server,
        "CREATE TABLE notes (id int PRIMARY KEY, what nvarchar(9))",
        "GRANT INSERT, DELETE ON notes TO inserter",
    )
    stage.ask(server, who, "INSERT INTO notes VALUES (1, N'a')")
    insert = "INSERT INTO notes (id, what) OUTPUT INSERTED.what VALUES (2, N'b')"
    assert refused(stage, server, who, insert) == denied("SELECT", "notes")
    for statement in (
        "INSERT OR REPLACE INTO notes VALUES (1, N'c')",
        "WITH one AS (SELECT 1) REPLACE INTO notes VALUES (1, N'c')",
        "DELETE FROM notes RETURNING what",
        "DELETE FROM notes AS ` ' ` RETURNING what AS ` ' `",
    ):
        assert refused(stage, server, who, statement).startswith("Incorrect syntax near")
    assert stage.as_administrator(server, "SELECT what FROM notes") == [("a",)]


def test_l7_what_identity_counts_with_is_nobodys_to_read_or_change(stage: SqlStage, server: Server) -> None:
    for statement in ("SELECT * FROM dbo.'sqlite_sequence'", "DELETE FROM dbo.'sqlite_sequence'"):
        assert refused(stage, server, stage.deployer, statement) == "Invalid object name 'sqlite_sequence'."
