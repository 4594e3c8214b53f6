"""`python -m database_grants` on Azure SQL, and what is there when it has run."""

from typing import Any

import mssql_python
import pytest

from database_grants.dialects.marks import mark
from local_azure.entra.directory import Principal
from tests.local_azure.grants_runs import Runs, grant_of
from tests.local_azure.sql_stage import Server, SqlStage, said
from tests.local_azure.vault_stage import Holder


def grant(
    server: Server, who: Principal, privilege: str = "read", kind: str = "ServicePrincipal", **more: str
) -> dict[str, Any]:
    """One grant, as a component registers it in the state; of a group no client id is known."""
    made = grant_of("sql", server.host, who, privilege, kind, **more)
    if kind == "Group":
        made["outputs"]["clientId"] = None
    return made


class SqlRuns(Runs):
    """Of a server, by the deployer unless told who calls."""

    def __init__(
        self, stage: SqlStage, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        self._caller = stage.deployer
        super().__init__(
            "azure-native:sql:Server", lambda: Holder(stage.azure, self._caller), monkeypatch, capsys
        )
        self._default = self._caller

    def on(
        self, server: Server, *grants: dict[str, Any], how: str = "", caller: Principal | None = None
    ) -> int:
        self._caller = caller or self._default
        return self(server.host, *grants, how=how, role="")


def marked(stage: SqlStage, server: Server, run: SqlRuns, database: str = "shop") -> list[str]:
    """The roles with the mark of the test's own stack."""
    every = stage.as_administrator(server, "SELECT name FROM sys.database_principals", database=database)
    return [name for (name,) in every if name.startswith(mark(run.owner))]


def users(stage: SqlStage, server: Server) -> list[str]:
    asked = "SELECT name FROM sys.database_principals WHERE type IN ('E', 'X')"
    return [name for (name,) in stage.as_administrator(server, asked)]


def refused(stage: SqlStage, server: Server, who: Principal, statement: str) -> str:
    with pytest.raises(mssql_python.Error) as error:
        stage.ask(server, who, statement)
    return said(error.value).partition(" on the object")[0]


READS, WRITES = "SELECT what FROM orders", "INSERT INTO orders (what) VALUES (N'more')"
