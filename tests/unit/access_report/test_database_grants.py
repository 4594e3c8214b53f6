"""Grants inside databases, in the report."""

from access_report.sentences import sections
from tests.unit.access_report.test_contract import reported
from tests.unit.components.answering_azure import POSTGRES, POSTGRES_HOST
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
