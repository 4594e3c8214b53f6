"""Who gets in to a MySQL server and what they may do there: PyMySQL, unmodified, before a real MariaDB."""

import socket
import ssl
from collections.abc import Iterator
from typing import Any

import pymysql
import pytest

from local_azure.constants import VAULT_READERS
from local_azure.entra.directory import Principal
from local_azure.mysql import wire
from local_azure.mysql.service import MySql
from local_azure.server import LocalAzure
from tests.drawn_key import begun
from tests.local_azure.led_here import lead_here
from tests.local_azure.mysql_stage import MySqlStage, Server, run
from tests.proofs import MARIADB

pytestmark = pytest.mark.needs(MARIADB)

ARM = "https://management.azure.com/"


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MySqlStage]:
    patch = pytest.MonkeyPatch()
    with LocalAzure(begun(tmp_path_factory.mktemp("mysql") / "azure")) as cloud:
        lead_here(patch, cloud)
        yield MySqlStage(cloud, patch)
    patch.undo()


@pytest.fixture(scope="module")
def server(stage: MySqlStage) -> Server:
    made = stage.server("shop", "other")
    stage.as_administrator(
        made, "CREATE TABLE orders (id int)", "INSERT INTO orders VALUES (1)", database="shop"
    )
    return made


def refusal(
    stage: MySqlStage,
    server: Server,
    who: Principal,
    *statements: str,
    database: str | None = None,
    **more: Any,
) -> tuple[int, str]:
    """What PyMySQL raises for these: MySQL's number and its words."""
    with (
        pytest.raises(pymysql.MySQLError) as error,
        stage.connect(server, who, database, **more) as connection,
    ):
        run(connection, *statements)
    return int(error.value.args[0]), str(error.value.args[1])


def denied(user: str) -> str:
    return f"Access denied for user '{user}'"


def test_without_a_user_of_its_own_nobody_is_let_in(stage: MySqlStage, server: Server) -> None:
    code, words = refusal(stage, server, stage.identity("stranger"))
    assert (code, words.partition("@")[0]) == (1045, denied("stranger"))


def test_a_user_without_a_grant_reads_nothing_and_a_reader_does_not_write(
    stage: MySqlStage, server: Server
) -> None:
    idle, reader = stage.identity(), stage.identity()
    stage.user_for(server, idle)
    stage.user_for(server, reader, "SELECT ON shop.*")
    assert refusal(stage, server, idle, database="shop")[0] == 1044
    assert refusal(stage, server, reader, "INSERT INTO orders VALUES (2)", database="shop")[0] == 1142
    with stage.connect(server, reader, "shop") as connection:
        assert run(connection, "SELECT id, current_user() FROM orders") == [(1, f"{reader.name}@%")]


def test_a_grant_in_one_database_opens_no_other_and_no_other_server(
    stage: MySqlStage, server: Server
) -> None:
    web, neighbour = stage.identity(), stage.server("shop")
    stage.user_for(server, web, "SELECT ON shop.*")
    assert refusal(stage, server, web, database="other")[0] == 1044
    assert refusal(stage, server, web, "USE other")[0] == 1044
    assert refusal(stage, neighbour, web, database="shop")[0] == 1045


def test_a_grant_that_is_taken_away_is_felt_by_the_next_connection(stage: MySqlStage, server: Server) -> None:
    web = stage.identity()
    stage.user_for(server, web, "SELECT ON shop.*")
    with stage.connect(server, web, "shop") as connection:
        assert run(connection, "SELECT id FROM orders") == [(1,)]
        stage.as_administrator(server, f"REVOKE SELECT ON shop.* FROM '{web.name}'@'%'")
        with pytest.raises(pymysql.MySQLError):
            run(connection, "USE shop", "SELECT id FROM orders")
    assert refusal(stage, server, web, database="shop")[0] == 1044


def test_y5_what_is_no_token_for_it_is_refused(stage: MySqlStage, server: Server) -> None:
    web = stage.identity()
    stage.user_for(server, web)
    for password in ("", "secret", stage.token(web, ARM), stage.token(web)[:-8] + "AAAAAAAA"):
        code, words = refusal(stage, server, web, password=password)
        assert (code, words.partition("@")[0]) == (1045, denied(web.name))


def test_y5_a_token_that_has_expired_is_refused_and_an_open_connection_goes_on(
    stage: MySqlStage, server: Server
) -> None:
    token = stage.token(stage.deployer)
    with stage.connect(server, stage.deployer, user="deployer", password=token) as connection:
        stage.azure.clock.advance(3_601)
        assert run(connection, "SELECT 1") == [(1,)]
    assert refusal(stage, server, stage.deployer, user="deployer", password=token) == (
        9119, "The access token has expired. Please acquire a new token and retry.",
    )  # fmt: skip


def test_y5_a_user_is_entered_by_whom_it_is_for(stage: MySqlStage, server: Server) -> None:
    owner, other, member = stage.identity("owner"), stage.identity("other"), stage.identity("member")
    group = stage.azure.entra.principal(VAULT_READERS.object_id)
    assert group
    stage.azure.entra.add_member(group.object_id, member.object_id)
    stage.user_for(server, owner)
    stage.as_administrator(server, f"CREATE AADUSER '{group.name}' AS 'readers'")
    for who, user in (
        (other, "owner"), (other, "readers"), (owner, "readers"), (member, "owner"), (owner, "root"),
        (owner, ""), (owner, "mariadb.sys"), (owner, "deployer"),
    ):  # fmt: skip
        assert refusal(stage, server, who, user=user)[0] == 1045
    with stage.connect(server, member, user="readers") as connection:
        assert run(connection, "SELECT current_user()") == [("readers@%",)]


def test_nobody_becomes_somebody_else_on_an_open_connection(stage: MySqlStage, server: Server) -> None:
    web = stage.identity()
    stage.user_for(server, web)
    with stage.connect(server, web) as connection:
        change: Any = connection
        asked = b"deployer\0" + b"\0" + b"shop\0" + b"\x2d\0" + b"mysql_native_password\0"
        for more in (b"", bytes(10_000)):
            change._execute_command(wire.COM_CHANGE_USER, asked + more)
            with pytest.raises(pymysql.MySQLError) as refused:
                change._read_packet()
            assert refused.value.args == (1047, "Unknown command")
            assert run(connection, "SELECT current_user()") == [(f"{web.name}@%",)]


def test_nobody_becomes_the_superuser_or_another_user_of_that_name_by_a_user_of_its_own(
    stage: MySqlStage, server: Server
) -> None:
    web = stage.identity()
    # MariaDB takes the closest host: of a connection behind the gate, `localhost` before `%`.
    stage.as_administrator(
        server, "CREATE USER 'twice'@'localhost'", "GRANT ALL ON shop.* TO 'twice'@'localhost'"
    )
    for name in ("root", "mariadb.sys", "twice"):
        stage.as_administrator(server, f"CREATE AADUSER '{name}' IDENTIFIED BY '{web.client_id}'")
        assert refusal(stage, server, web, user=name)[0] == 1045
        stage.as_administrator(server, f"DROP USER '{name}'@'%'")
    stage.as_administrator(server, "DROP USER 'twice'@'localhost'")


def test_y7_an_administrator_writes_nothing_of_the_servers_own_and_does_not_lead_out_of_it(
    stage: MySqlStage, server: Server
) -> None:
    file = "load_file('/etc/passwd')"
    assert stage.as_administrator(server, f"SELECT {file}") == [(None,)]
    for statement in (
        "UPDATE mysql.global_priv SET Priv = '{}' WHERE User = 'deployer'",
        "INSERT INTO mysql.func VALUES ('f', 0, 'f.so', 'function')",
        "DROP TABLE mysql.keyless_managed",
        "GRANT FILE ON *.* TO 'deployer'@'%'",
        f"CREATE DEFINER = 'root'@'localhost' FUNCTION shop.f() RETURNS text RETURN {file}",
        "SET GLOBAL general_log_file = '/tmp/keyless.log'",
        "SELECT 1 INTO OUTFILE '/tmp/keyless.txt'",
        "SELECT 1 FROM mysql.keyless_managed INTO DUMPFILE '/tmp/keyless.txt'",
    ):
        assert refusal(stage, server, stage.deployer, statement, user="deployer")[0] in {
            1044,
            1045,
            1142,
            1227,
        }
    made = stage.as_administrator(
        server,
        "CREATE TABLE shop.elsewhere (id int) DATA DIRECTORY = '/tmp/keyless-elsewhere'",
        "SHOW CREATE TABLE shop.elsewhere",
    )
    assert "DIRECTORY" not in made[0][1]


def test_an_administrator_makes_databases_and_users_and_grants_what_it_has(
    stage: MySqlStage, server: Server
) -> None:
    reader = stage.identity()
    stage.as_administrator(
        server,
        "CREATE DATABASE own",
        "CREATE TABLE own.things (id int)",
        "CREATE FUNCTION own.one() RETURNS int RETURN 1",
        "CREATE VIEW own.all_things AS SELECT id, own.one() FROM own.things",
    )
    stage.user_for(server, reader, "SELECT ON *.*", "EXECUTE ON own.*", "INSERT ON own.things")
    with stage.connect(server, reader, "own") as connection:
        assert run(connection, "INSERT INTO things VALUES (7)", "SELECT * FROM all_things") == [(7, 1)]
    stage.as_administrator(server, "DROP DATABASE own", f"DROP USER '{reader.name}'@'%'")


def test_a_user_with_a_password_is_not_let_in_by_it(stage: MySqlStage, server: Server) -> None:
    stage.as_administrator(server, "CREATE USER 'old'@'%' IDENTIFIED BY 'of no importance'")
    code, words = refusal(stage, server, stage.deployer, user="old", password="of no importance")
    assert (code, words.partition("@")[0]) == (1045, denied("old"))
    assert refusal(stage, server, stage.deployer, user="old")[0] == 1045


def test_y5_without_an_administrator_nobody_is_let_in(stage: MySqlStage) -> None:
    server, web = stage.server(), stage.identity()
    stage.user_for(server, web)
    stage.connect(server, web).close()
    stage.arm("DELETE", f"{server.id}/administrators/ActiveDirectory")
    assert refusal(stage, server, web)[0] == 1045
    assert refusal(stage, server, stage.deployer, user="deployer")[0] == 1045


def test_y6_without_tls_nobody_is_let_in(stage: MySqlStage, server: Server) -> None:
    with pytest.raises(pymysql.MySQLError) as refused:
        pymysql.connect(
            host=server.host, user="deployer", password=stage.token(stage.deployer), ssl_disabled=True
        )
    assert refused.value.args == (
        3159, "Connections using insecure transport are prohibited while --require_secure_transport=ON.",
    )  # fmt: skip


def test_y6_a_server_without_a_rule_lets_nobody_in(stage: MySqlStage) -> None:
    closed = stage.server(open=False)
    told = (9000, "Client with IP address '198.51.100.7' is not allowed to connect to this MySQL server.")
    assert refusal(stage, closed, stage.deployer, user="deployer") == told
    here = {"startIpAddress": "198.51.100.7", "endIpAddress": "198.51.100.7"}
    stage.arm("PUT", f"{closed.id}/firewallRules/person", {"properties": here})
    stage.connect(closed, stage.deployer, user="deployer").close()


def test_y7_an_administrator_makes_users_for_principals_and_sees_whose_they_are(
    stage: MySqlStage, server: Server
) -> None:
    web, group = stage.identity("made-by-hand"), stage.azure.entra.principal(VAULT_READERS.object_id)
    assert group
    stage.as_administrator(
        server, "SET aad_auth_validate_oids_in_tenant = OFF",
        f"CREATE AADUSER 'made-by-hand' IDENTIFIED BY '{web.client_id}'",
        f"create aaduser '{group.name}' as 'short'", "FLUSH PRIVILEGES",
    )  # fmt: skip
    asked = "SELECT plugin, authentication_string FROM mysql.user WHERE user = '{}'"
    assert stage.as_administrator(server, asked.format("made-by-hand")) == [
        ("aad_auth", f"AADSP:{web.client_id}:upn:made-by-hand")
    ]
    assert stage.as_administrator(server, asked.format("short")) == [
        ("aad_auth", f"AADGroup:{group.object_id}:upn:short")
    ]


def test_y7_a_user_for_nobody_is_refused(stage: MySqlStage, server: Server) -> None:
    web = stage.identity()
    for made in ("'nobody-there'", f"'x' IDENTIFIED BY '{web.object_id}'", f"'{web.name}'"):
        code, words = refusal(stage, server, stage.deployer, f"CREATE AADUSER {made}", user="deployer")
        assert code == 9102
        assert words.startswith("An unexpected error occurred while trying to validate user '")


def test_y7_one_statement_makes_one_user_and_a_name_ends_at_its_quote(
    stage: MySqlStage, server: Server
) -> None:
    web = stage.identity()
    for statement in (
        f"CREATE AADUSER 'a'; CREATE AADUSER 'b' IDENTIFIED BY '{web.client_id}'",
        f"CREATE AADUSER 'a\" IDENTIFIED BY '{web.client_id}'",
        f"CREATE AADUSER 'a' AS 'b' OR 'c' IDENTIFIED BY '{web.client_id}'",
    ):
        assert refusal(stage, server, stage.deployer, statement, user="deployer")[0] == 1064
    named = "SELECT User FROM mysql.user WHERE User LIKE 'a%' OR User LIKE 'b%'"
    assert stage.as_administrator(server, named) == []


def test_y7_nobody_else_makes_users(stage: MySqlStage, server: Server) -> None:
    web = stage.identity()
    stage.user_for(server, web, "ALL ON shop.*")
    made = f"CREATE AADUSER 'mine' IDENTIFIED BY '{web.client_id}'"
    needed = "Access denied; you need (at least one of) the CREATE USER privilege(s) for this operation"
    assert refusal(stage, server, web, made) == (1227, needed)


def test_y7_a_user_of_a_long_name_needs_another_one(stage: MySqlStage, server: Server) -> None:
    web, long = stage.identity(), "x" * 33
    made = f"CREATE AADUSER '{long}' IDENTIFIED BY '{web.client_id}'"
    assert refusal(stage, server, stage.deployer, made, user="deployer")[0] == 1470
    stage.as_administrator(server, made.replace(long, long[:32]))


def test_a_client_that_names_no_server_is_told_to(stage: MySqlStage) -> None:
    with socket.create_connection(stage.azure.service(MySql).gate.address) as plain:
        plain.recv(4096)
        start = (wire.PROTOCOL_41 | wire.SSL).to_bytes(4, "little") + bytes(28)
        plain.sendall(wire.packet(1, start))
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        with context.wrap_socket(plain) as secure:
            secure.sendall(wire.packet(2, start + b"web\0\0"))
            assert b"The client names no server in TLS (SNI): connect by name" in secure.recv(4096)


def test_much_passes_the_gate_in_both_directions(stage: MySqlStage, server: Server) -> None:
    with stage.connect(server, stage.deployer, "shop", user="deployer") as connection:
        large = "x" * 5_000_000
        assert run(connection, f"SELECT length('{large}')") == [(5_000_000,)]
        assert len(run(connection, "SELECT repeat('y', 3000000)")[0][0]) == 3_000_000


def test_a_database_that_is_deleted_is_gone_and_a_server_with_all_that_it_had(stage: MySqlStage) -> None:
    server = stage.server("shop")
    stage.as_administrator(server, "CREATE TABLE orders (id int)", database="shop")
    stage.arm("DELETE", f"{server.id}/databases/shop")
    assert refusal(stage, server, stage.deployer, database="shop", user="deployer")[0] == 1049
    stage.arm("DELETE", server.id)
    assert refusal(stage, server, stage.deployer, user="deployer")[0] == 2005
    assert not (stage.azure.state / "mysql" / server.host.partition(".")[0]).exists()


def test_what_is_in_a_server_outlives_the_local_azure(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    state, server = tmp_path / "azure", None
    for _ in range(2):
        with LocalAzure(state) as cloud:
            for key, value in cloud.client_environment().items():
                monkeypatch.setenv(key, value)
            stage = MySqlStage(cloud, monkeypatch)
            if server is None:
                server = stage.server("shop")
                stage.as_administrator(server, "CREATE TABLE kept (id int)", database="shop")
            else:
                assert stage.as_administrator(server, "SHOW TABLES", database="shop") == [("kept",)]


def test_where_no_mariadb_is_installed_the_refusal_says_what_to_install(
    stage: MySqlStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("local_azure.mysql.mariadbs.programs", lambda: None)
    made = stage.server()
    code, words = refusal(stage, made, stage.deployer, user="deployer")
    assert code == 2003
    assert words == (
        f"{made.host} cannot be reached: no MariaDB is installed here, which the local Azure puts behind its "
        "gate. Next: install MariaDB: Debian's package `mariadb-server-core`, or Homebrew's `mariadb`."
    )


def test_each_connection_is_in_the_journal_with_who_it_was(stage: MySqlStage, server: Server) -> None:
    stage.as_administrator(server, "SELECT 1", database="shop")
    refusal(stage, server, stage.identity("not-let-in"), database="shop")
    told = [
        (entry["principal"], entry["decision"].partition("@")[0])
        for entry in stage.azure.journal.entries()
        if (entry["host"], entry["path"]) == (server.host, "/shop")
    ]
    assert told[-2:] == [("deployer", "allowed"), (None, f"refused: {denied('not-let-in')}")]
