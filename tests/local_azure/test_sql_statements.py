"""What is said to a database behind the gate of SQL and what it answers, by Microsoft's own driver."""

import socket
from collections.abc import Iterator
from pathlib import Path

import mssql_python
import pytest

from local_azure.sql.calls import read_call
from local_azure.sql.engine import Engine, Who
from local_azure.sql.packets import Channel, NoMessageError
from local_azure.sql.tokens import SqlRefusal
from tests.local_azure.sql_refusals import refused
from tests.local_azure.sql_stage import ORDERS, Server, SqlStage, sql_stage, with_orders


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqlStage]:
    with sql_stage(tmp_path_factory.mktemp("sql")) as made:
        yield made


@pytest.fixture(scope="module")
def server(stage: SqlStage) -> Server:
    return with_orders(stage)


def test_values_come_back_as_they_were_given(stage: SqlStage, server: Server) -> None:
    connection = stage.connect(server, stage.deployer, autocommit=False)
    cursor = connection.cursor()
    cursor.execute("CREATE TABLE kinds (i bigint, f float, t nvarchar(max), b varbinary(max), n int)")
    given = (2**40, 1.5, "é'\U0001f375" * 4000, b"\x00\xff", None)
    cursor.execute("INSERT INTO kinds VALUES (?, ?, ?, ?, ?)", given)
    assert tuple(cursor.execute("SELECT * FROM kinds WHERE i = ?", (2**40,)).fetchone()) == given
    connection.rollback()
    with pytest.raises(mssql_python.Error, match="Invalid object name 'kinds'"):
        cursor.execute("SELECT * FROM kinds")
    cursor.execute("CREATE TABLE kinds (i int PRIMARY KEY)")
    connection.commit()
    connection.close()
    assert refused(
        stage, server, stage.deployer, "INSERT INTO kinds VALUES (1)", "INSERT INTO kinds VALUES (1)"
    ) == ("Violation of UNIQUE or PRIMARY KEY constraint. Cannot insert duplicate key in kinds.i.")


def test_the_words_of_sql_that_programs_use_most_are_there(stage: SqlStage, server: Server) -> None:
    for statement, rows in (
        ("SELECT TOP (1) what FROM dbo.[orders] ORDER BY id DESC", [("tea",)]),
        ("SELECT what FROM orders WHERE what = N'TEA'", [("tea",)]),
        ("SELECT ISNULL(NULL, N'none'), LEN(N'four '), CONCAT(N'a', N'b')", [("none", 4, "ab")]),
        ("INSERT INTO stock (what) OUTPUT INSERTED.id VALUES (N'cup')", [(1,)]),
        ("SELECT SCOPE_IDENTITY()", [(1,)]),
        (
            "IF NOT EXISTS (SELECT 1 FROM stock) INSERT INTO stock (what) VALUES (N'never'); "
            "SELECT count(*) FROM stock",
            [(1,)],
        ),
        ("WITH few AS (SELECT id FROM stock) SELECT count(*) FROM few", [(1,)]),
        ("SELECT name FROM sys.schemas WHERE name = 'dbo'", [("dbo",)]),
    ):
        make = "IF NOT EXISTS (SELECT 1 FROM sys.objects WHERE name = 'stock') " + ORDERS.replace(
            "orders", "stock"
        )
        connection = stage.connect(server, stage.deployer)
        cursor = connection.cursor()
        cursor.execute(make)
        cursor.execute(statement)
        while cursor.description is None:
            assert cursor.nextset()
        found = [tuple(row) for row in cursor.fetchall()]
        connection.close()
        if "SCOPE_IDENTITY" not in statement:  # of another connection there is none
            assert found == rows, statement


def test_l8_what_is_not_served_is_refused_in_words(stage: SqlStage, server: Server) -> None:
    for statement, words in (
        ("USE other", "USE statement is not supported to switch between databases."),
        ("DECLARE @one int", "The local Azure does not serve DECLARE"),
        ("CREATE TABLE t (at datetime2)", "The local Azure does not serve columns of the type datetime2"),
        ("CREATE USER [web] FROM EXTERNAL PROVIDER", "The local Azure does not serve users from logins"),
        ("SELECT N'a' + what FROM orders", "The local Azure does not serve + between texts"),
        ("SELECT GETDATE()", "'GETDATE' is not a recognized built-in function name."),
        ("EXECUTE AS USER = 'dbo'", "The local Azure does not serve EXECUTE AS"),
        ("CREATE SCHEMA [\u017fales]", "The local Azure does not serve a schema of the name \u017fales"),
        ("PRAGMA database_list", "The local Azure does not serve PRAGMA"),
        ("ATTACH 'x' AS y", "The local Azure does not serve ATTACH"),
        ("SELECT * FROM sqlite_master", "Invalid object name 'sqlite_master'."),
        ("SELECT * FROM pragma_database_list", "Invalid object name"),
        ("SELECT colour FROM orders", "Invalid column name 'colour'."),
        ("SELECT * FROM colours", "Invalid object name 'colours'."),
        ("SELECT FROM", "Incorrect syntax near"),
        ("SELECT N'open", "Unclosed quotation mark"),
    ):
        assert refused(stage, server, stage.deployer, statement).startswith(words), statement


def test_a_database_that_is_deleted_is_gone_and_a_server_with_all_that_it_had(stage: SqlStage) -> None:
    server = stage.server("shop")
    stage.as_administrator(server, ORDERS)
    folder = stage.azure.state / "sql" / server.host.partition(".")[0]
    assert sorted(one.name for one in folder.iterdir()) == ["shop"]
    stage.arm("DELETE", f"{server.id}/databases/shop")
    assert not list(folder.iterdir())
    stage.arm("DELETE", server.id)
    assert not folder.exists()


def test_what_is_in_a_database_outlives_the_local_azure(tmp_path: Path) -> None:
    with sql_stage(tmp_path) as first:
        server = first.server("shop")
        first.as_administrator(server, ORDERS, "INSERT INTO orders (what) VALUES (N'tea')")
        address = first.address(server)
    with sql_stage(tmp_path) as second:
        assert second.address(server) == address
        assert second.as_administrator(server, "SELECT what FROM orders") == [("tea",)]


def test_a_name_in_brackets_is_never_a_text(stage: SqlStage, server: Server) -> None:
    for named in ("[colour]", '"colour"'):
        words = refused(stage, server, stage.deployer, f"SELECT {named} FROM orders")
        assert words == "Invalid column name 'colour'."


def test_who_waits_too_long_for_another_hears_it(stage: SqlStage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("local_azure.sql.files.PATIENCE", 0.01)
    server = stage.server("shop")
    stage.as_administrator(server, ORDERS)
    first = stage.connect(server, stage.deployer, autocommit=False)
    first.cursor().execute("INSERT INTO orders (what) VALUES (N'held')")
    said_ = refused(stage, server, stage.deployer, "INSERT INTO orders (what) VALUES (N'late')")
    assert said_.startswith("Lock request time out period exceeded")
    first.rollback()
    first.close()
    assert stage.as_administrator(server, "SELECT what FROM orders") == []


ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n"


def test_a_statement_that_a_client_waits_for_no_more_ends_and_the_next_is_answered(
    stage: SqlStage, server: Server
) -> None:
    connection = stage.connect(server, stage.deployer)
    connection.timeout = 1
    cursor = connection.cursor()
    with pytest.raises(mssql_python.Error):
        cursor.execute(ENDLESS)
    assert tuple(connection.cursor().execute("SELECT count(*) FROM orders").fetchone()) == (1,)
    connection.close()


def test_a_statement_ends_when_its_client_is_gone(tmp_path: Path) -> None:
    here, there = socket.socketpair()
    with here, there:
        channel = Channel(here)
        assert not channel.is_called()
        there.close()
        assert channel.is_called()
        engine = Engine(tmp_path, "shop", Who("deployer", (), is_administrator=True))
        engine.files.give_up_when(channel.is_called)
        with pytest.raises(SqlRefusal, match="interrupted"):
            engine.run(ENDLESS, {}, lambda _: None)
        engine.close()


def test_what_is_too_long_for_a_name_or_a_message_is_cut(stage: SqlStage, server: Server) -> None:
    for text in ("x" * 300, "\U0001f375" * 300, "\U0001f375"):
        assert stage.ask(server, stage.deployer, f"SELECT N'{text}', 1") == [(text, 1)]
    words = refused(stage, server, stage.deployer, f"N'{'x' * 40_000}'")
    assert words.startswith("The local Azure does not serve what begins with N'xxx")
    assert len(words) <= 2_047


def test_a_database_has_so_many_schemas_and_answers_when_one_more_is_refused(stage: SqlStage) -> None:
    server = stage.server("shop")
    stage.as_administrator(server, *(f"CREATE SCHEMA s{number}" for number in range(8)))
    assert refused(stage, server, stage.deployer, "CREATE SCHEMA one_more") == (
        "The local Azure does not serve more than 9 schemas in a database, dbo among them."
    )
    assert stage.as_administrator(server, "CREATE TABLE s7.t (id int)", "SELECT count(*) FROM s7.t") == [(0,)]


@pytest.mark.parametrize(
    "value", [b"\x26\x03\x03abc", b"\x6d\x02\x02ab", b"\x24\x05\x05abcde", b"\x26\x08\x08a"]
)
def test_a_parameter_that_has_an_impossible_length_is_no_message(value: bytes) -> None:
    sp_executesql = b"\xff\xff\x0a\x00\x00\x00"
    with pytest.raises(NoMessageError):
        read_call(b"\x04\x00\x00\x00" + sp_executesql + b"\x00\x00" + value)
