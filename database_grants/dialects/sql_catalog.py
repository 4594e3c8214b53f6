"""What a database of an Azure SQL server says of itself to an administrator."""

import ipaddress
import os
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import mssql_python

from database_grants.dialects import ServerError, Step

MASTER: Final = "master"
_ACCESS_TOKEN: Final = 1256
"""SQL_COPT_SS_ACCESS_TOKEN: https://learn.microsoft.com/sql/connect/odbc/using-azure-active-directory"""
_PATIENCE: Final = 60
"""Seconds: a serverless database that sleeps wakes up when somebody connects."""
_NO_DRIVER: Final = "Failed to load the driver"


@dataclass(frozen=True)
class Principal:
    """A user or a role. `kind` is R for a role, E and X for users of Entra's."""

    id: int
    name: str
    kind: str
    sid: bytes


@dataclass(frozen=True)
class Content:
    """All that is asked of one database. `members` are pairs of role and member; `permissions` what a
    principal was given or denied besides, without CONNECT, which every user has; `schemas` are their owners.
    """

    principals: Mapping[str, Principal]
    members: frozenset[tuple[str, str]]
    permissions: Mapping[str, frozenset[str]]
    schemas: Mapping[str, str]

    def roles_of(self, name: str) -> set[str]:
        return {role for role, member in self.members if member == name}

    def user_of(self, sid: bytes) -> Principal | None:
        """Whoever made it, and under whatever name."""
        return next((one for one in self.principals.values() if one.kind != "R" and one.sid == sid), None)


class Catalog:
    """One administrator's connections to a server, one for each database. Raises ServerError."""

    def __init__(self, host: str, token: str) -> None:
        self._host = host
        encoded = token.encode("utf-16-le")
        self._token = struct.pack(f"<I{len(encoded)}s", len(encoded), encoded)
        self._connections: dict[str, Any] = {}
        self._ask(MASTER, "SELECT 1")

    def close(self) -> None:
        for connection in self._connections.values():
            connection.close()
        self._connections.clear()

    def run(self, step: Step) -> None:
        try:
            self._connection(step.database).cursor().execute(step.statement)
        except mssql_python.Error as error:
            raise ServerError(f"{self._host} refused `{step.statement}`: {_words(error)}") from error

    def databases(self) -> list[str]:
        """Those of the server that are there for users."""
        rows = self._ask(MASTER, "SELECT name FROM sys.databases WHERE name <> 'master' AND state = 0")
        return sorted(str(row[0]) for row in rows)

    def content(self, database: str) -> Content:
        rows = self._ask(database, "SELECT principal_id, name, type, sid FROM sys.database_principals")
        principals = [
            Principal(int(id), str(name), str(kind).strip(), bytes(sid or b""))
            for id, name, kind, sid in rows
        ]
        names = {one.id: one.name for one in principals}
        members = self._ask(
            database, "SELECT role_principal_id, member_principal_id FROM sys.database_role_members"
        )
        given = self._ask(
            database,
            "SELECT grantee_principal_id, permission_name, class, state FROM sys.database_permissions "
            "WHERE NOT (state IN ('G', 'W') AND permission_name = 'CONNECT')",
        )
        schemas = self._ask(database, "SELECT name, principal_id FROM sys.schemas")
        permissions = {
            name: frozenset(_permission(*one) for grantee, *one in given if grantee == id)
            for id, name in names.items()
        }
        return Content(
            {one.name: one for one in principals},
            frozenset((names[role], names[member]) for role, member in members),
            permissions,
            {str(name): names.get(owner, "") for name, owner in schemas},
        )

    def _ask(self, database: str, statement: str) -> list[Any]:
        try:
            return list(self._connection(database).cursor().execute(statement).fetchall())
        except mssql_python.Error as error:
            raise ServerError(f"{self._host}, database {database}: {_words(error)}") from error

    def _connection(self, database: str) -> Any:
        if database not in self._connections:
            # An administrator's token goes to the server that has the name, and to nobody in between.
            said = {
                "Server": _address(self._host),
                "HostNameInCertificate": self._host,
                "Database": f"{{{database.replace('}', '}}')}}}",
                "Encrypt": "yes",
                "TrustServerCertificate": "no",
            }
            try:
                self._connections[database] = mssql_python.connect(
                    ";".join(f"{key}={value}" for key, value in said.items()),
                    autocommit=True, attrs_before={_ACCESS_TOKEN: self._token}, timeout=_PATIENCE,
                )  # fmt: skip
            except RuntimeError as error:
                if _NO_DRIVER not in str(error):
                    raise
                raise ServerError(
                    "Microsoft's driver of SQL does not load here. On Debian: `apt-get install libltdl7 "
                    "libkrb5-3`; or set MSSQL_PYTHON_NATIVE_PROVIDER=mssql-odbc, which needs neither"
                ) from error
        return self._connections[database]


def _permission(name: str, kind: int, state: str) -> str:
    """As it is where it is granted in the whole database, which is class 0."""
    said = f"no {name}" if state.strip() == "D" else name
    return said if kind == 0 else f"{said} on a part"


def _address(host: str) -> str:
    """Where a server is reached: at its name, or by a gate on this machine where the environment has one, as
    the local Azure has. `SQLCMDSERVER` may name any server, for sqlcmd; the certificate would not tell that
    one from ours, since Azure's are for `*.database.windows.net`.
    https://learn.microsoft.com/sql/connect/jdbc/connecting-to-an-azure-sql-database
    """
    named = os.environ.get("SQLCMDSERVER", "")
    try:
        here = ipaddress.ip_address(named.removeprefix("tcp:").partition(",")[0]).is_loopback
    except ValueError:
        here = False
    return named if here else f"tcp:{host},1433"


def _words(error: Exception) -> str:
    """SQL's own, in one line."""
    return " ".join(str(error).rpartition("DDBC Error:")[2].rpartition("]")[2].split())
