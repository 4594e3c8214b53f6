"""Grants inside databases, in the report."""

import pytest

from access_report.sentences import sections
from components import SqlServer
from tests.unit.access_report.test_contract import reported
from tests.unit.components.answering_azure import (
    MYSQL,
    MYSQL_HOST,
    PEOPLE,
    POSTGRES,
    POSTGRES_HOST,
    SQL,
    SQL_HOST,
)
from tests.unit.components.recorded_azure import deploy_component
from tests.unit.components.web_apps import web_app

LINK = {"id": POSTGRES, "endpoint": POSTGRES_HOST, "database": "orders", "access": "write"}


def test_a_grant_inside_a_database_is_told_with_what_it_waits_for() -> None:
    told = reported(web_app("first preview", links={"orders": {"postgres": LINK}}))
    (grant,) = [changed.grant for changed in told.grants]
    assert grant.may == "read and write schema public"
    assert str(grant.where) == "PostgreSQL database orders of PostgreSQL server psql-team"
    assert grant.why == "WebApp 'shop', once python -m database_grants has run"
    assert grant.form == "database grant"
    assert "Access that changes" in [section.title for section in sections(told, str)]


def test_a_grant_for_a_whole_database_is_told_without_a_schema() -> None:
    link = {"id": MYSQL, "endpoint": MYSQL_HOST, "database": "orders", "access": "own"}
    told = reported(web_app("first preview", links={"orders": {"mysql": link}}))
    (grant,) = [changed.grant for changed in told.grants]
    assert grant.may == "make, change and drop what is in the whole database"
    assert str(grant.where) == "MySQL database orders of MySQL server mysql-team"


@pytest.mark.parametrize(
    ("given", "may"),
    [
        ({}, "read the whole database"),
        ({"access": "execute"}, "call the procedures of the whole database"),
        ({"database_role": "pickers"}, "do what the role pickers may in the whole database"),
        ({"database_role": "{pickers}"}, "do what the role {pickers} may in the whole database"),
    ],
)
def test_a_grant_in_azure_sql_is_told_with_its_verb_or_its_role(given: dict[str, str], may: str) -> None:
    link = {"id": SQL, "endpoint": SQL_HOST, "database": "orders", **given}
    told = reported(web_app("first preview", links={"orders": {"sql": link}}))
    (grant,) = [changed.grant for changed in told.grants]
    assert (grant.may, str(grant.where)) == (may, "SQL database orders of SQL server sql-team")


def test_the_group_that_administers_a_sql_server_is_told() -> None:
    made = {"resource_group_name": "rg-team", "administrators": {"dba": PEOPLE}}
    told = reported(deploy_component(SqlServer, made, "first preview"))
    (grant,) = [changed.grant for changed in told.grants]
    assert (str(grant.who), grant.may) == (f"group dba ({PEOPLE})", "do everything with its databases")
    assert str(grant.where) == "SQL server shop"
