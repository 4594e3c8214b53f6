"""Whom `python -m database_grants` speaks to, before there is a server."""

import sys
from typing import Any

import mssql_python
import pytest

from database_grants.declared import Declared
from database_grants.dialects import ServerError, dialect
from database_grants.dialects.sql import bundle

HOST = "sql-team.database.windows.net"


def server_of(monkeypatch: pytest.MonkeyPatch) -> str:
    """Which server the driver is told, of an administrator's first connection."""
    told: list[str] = []

    def connect(text: str, **_: Any) -> Any:
        told.append(text)
        raise mssql_python.OperationalError("no server", "here")

    monkeypatch.setattr(mssql_python, "connect", connect)
    with pytest.raises(ServerError):
        dialect("sql").connect(HOST, "", "token")
    (text,) = told
    assert f"HostNameInCertificate={HOST};" in text
    return dict(one.split("=", 1) for one in text.split(";"))["Server"]


@pytest.mark.parametrize(
    "named",
    ["", "sql-other.database.windows.net", "tcp:20.1.2.3,1433", "localhost.attacker.net", "np:127.0.0.1"],
)
def test_an_administrators_token_goes_to_the_declared_server_whatever_sqlcmd_is_told(
    named: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SQLCMDSERVER", named)
    assert server_of(monkeypatch) == f"tcp:{HOST},1433"


def test_a_gate_on_this_machine_leads_to_the_local_azure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SQLCMDSERVER", "127.0.0.1,40123")
    assert server_of(monkeypatch) == "127.0.0.1,40123"


def test_a_driver_that_is_not_installed_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("database_grants.dialects.sql", "database_grants.dialects.sql_catalog"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    monkeypatch.setitem(sys.modules, "mssql_python", None)
    with pytest.raises(LookupError, match="needs the package mssql_python, which is not installed"):
        dialect("sql")
    with pytest.raises(LookupError, match="there is no dialect oracle"):
        dialect("oracle")


def test_two_roles_never_share_the_role_that_holds_what_they_may() -> None:
    def of(role: str) -> str:
        return bundle("shop/dev", Declared("sql", HOST, "shop", "", f"role {role}", "1", "web", "User"))

    assert of("a role b") != of("a role~b")
