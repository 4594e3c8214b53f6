"""Users, roles and owners in a database behind the gate of SQL, as Microsoft's own driver sees them."""

import uuid
from collections.abc import Iterator

import mssql_python
import pytest

from tests.local_azure.sql_refusals import LOGIN_FAILED, denied, kept_out, refused
from tests.local_azure.sql_stage import Server, SqlStage, said, sql_stage, with_orders


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqlStage]:
    with sql_stage(tmp_path_factory.mktemp("sql")) as made:
        yield made


@pytest.fixture(scope="module")
def server(stage: SqlStage) -> Server:
    return with_orders(stage)


def test_l5_a_user_is_entered_by_the_identity_whose_client_id_its_sid_is(
    stage: SqlStage, server: Server
) -> None:
    who, other = stage.identity("entering"), stage.identity("other")
    stage.user_for(server, who)
    assert stage.ask(server, who, "SELECT user_name(), suser_sname()") == [("entering", "entering")]
    assert kept_out(stage, server, other) == LOGIN_FAILED
    assert kept_out(stage, server, who, "other") == LOGIN_FAILED
    assert kept_out(stage, server, who, "master") == LOGIN_FAILED


def test_l5_a_group_is_entered_by_its_members(stage: SqlStage, server: Server) -> None:
    group, member = stage.azure.entra.register_identity("analysts", None), stage.identity("member")
    sid = uuid.UUID(group.object_id).bytes_le.hex()
    stage.as_administrator(
        server,
        f"CREATE USER [analysts] WITH SID = 0x{sid}, TYPE = X",
        "ALTER ROLE db_datareader ADD MEMBER analysts",
    )
    assert kept_out(stage, server, member) == LOGIN_FAILED
    stage.azure.entra.add_member(group.object_id, member.object_id)
    assert stage.ask(server, member, "SELECT user_name(), what FROM orders") == [("analysts", "tea")]


def test_l5_what_sql_refuses_about_principals_is_refused_by_its_numbers(stage: SqlStage) -> None:
    server, who = stage.server("shop"), stage.identity("twice")
    stage.user_for(server, who, "db_datareader")
    sid = f"SID = 0x{uuid.UUID(str(who.client_id)).bytes_le.hex()}"
    stage.as_administrator(
        server,
        "CREATE ROLE buyers",
        "ALTER ROLE buyers ADD MEMBER twice",
        "CREATE SCHEMA own AUTHORIZATION twice",
    )
    for statement, words in (
        (
            f"CREATE USER [twice] WITH {sid}, TYPE = E",
            "User, group, or role 'twice' already exists in the current database.",
        ),
        (
            f"CREATE USER [again] WITH {sid}, TYPE = E",
            "The login already has an account under a different user name.",
        ),
        ("CREATE USER [short] WITH SID = 0x01, TYPE = E", "Supplied parameter sid should be binary(16)."),
        ("DROP ROLE buyers", "The role has members. It must be empty before it can be dropped."),
        ("DROP USER twice", "The database principal owns a schema in the database, and cannot be dropped."),
        (
            "DROP USER nobody",
            "Cannot drop the user 'nobody', because it does not exist or you do not have permission.",
        ),
        (
            "DROP USER dbo",
            "Cannot drop the user 'dbo', because it does not exist or you do not have permission.",
        ),
        (
            "ALTER ROLE buyers ADD MEMBER nobody",
            "Cannot add the principal 'nobody', because it does not exist or you do not have permission.",
        ),
        (
            "GRANT CONTROL ON DATABASE::other TO twice",
            "Cannot find the database 'other', because it does not exist or you do not have permission.",
        ),
        (
            "GRANT SELECT TO nobody",
            "Cannot find the user 'nobody', because it does not exist or you do not have permission.",
        ),
    ):
        assert refused(stage, server, stage.deployer, statement) == words


def test_l6_an_app_lets_nobody_in(stage: SqlStage, server: Server) -> None:
    who = stage.identity("ambitious")
    stage.user_for(server, who, "db_datareader", "db_datawriter", "db_ddladmin")
    for statement, words in (
        (
            "CREATE USER [friend] WITH SID = 0x00000000000000000000000000000001, TYPE = E",
            "User does not have permission to perform this action.",
        ),
        ("CREATE ROLE mine", "User does not have permission to perform this action."),
        (
            "ALTER ROLE db_owner ADD MEMBER [ambitious]",
            "Cannot alter the role 'db_owner', because it does not exist or you do not have permission.",
        ),
        (
            "GRANT CONTROL TO [ambitious]",
            "Cannot find the user 'ambitious', because it does not exist or you do not have permission.",
        ),
        (
            "UPDATE sys.database_principals SET type = 'R'",
            "Ad hoc updates to system catalogs are not allowed.",
        ),
        (
            "INSERT INTO sys.database_role_members VALUES (16384, 5)",
            "Ad hoc updates to system catalogs are not allowed.",
        ),
    ):
        assert refused(stage, server, who, statement) == words


def test_l6_a_user_that_is_dropped_is_felt_by_an_open_connection(stage: SqlStage, server: Server) -> None:
    who = stage.identity("leaver")
    stage.user_for(server, who, "db_datareader")
    cursor = stage.connect(server, who).cursor()
    assert [tuple(row) for row in cursor.execute("SELECT what FROM orders").fetchall()] == [("tea",)]
    stage.as_administrator(server, "ALTER ROLE db_datareader DROP MEMBER leaver")
    with pytest.raises(mssql_python.Error) as error:
        cursor.execute("SELECT what FROM orders")
    assert said(error.value) == denied("SELECT")
    stage.as_administrator(server, "DROP USER leaver")
    with pytest.raises(mssql_python.Error) as error:
        cursor.execute("SELECT 1")
    assert said(error.value).startswith("The server principal is not able to access the database")
    assert kept_out(stage, server, who) == LOGIN_FAILED


def test_l6_a_schema_is_of_who_makes_it_and_made_for_others_by_owners_alone(stage: SqlStage) -> None:
    server, who = stage.server("shop"), stage.identity("maker")
    stage.user_for(server, who, "db_ddladmin")
    asked = (
        "SELECT p.name FROM sys.schemas s JOIN sys.database_principals p ON p.principal_id = s.principal_id"
    )
    assert stage.ask(server, who, "CREATE SCHEMA mine", f"{asked} WHERE s.name = 'mine'") == [("maker",)]
    assert refused(stage, server, who, "CREATE SCHEMA his AUTHORIZATION dbo") == (
        "Cannot find the principal 'dbo', because it does not exist or you do not have permission."
    )
