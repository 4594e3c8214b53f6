"""SQL servers, whoever connects to one, and Microsoft's own driver, unmodified.

The driver is the one of the two in `mssql-python` that needs no library of the system. It knows no proxy: the
address of the gate is the server that it connects to, and the server's name what its certificate has to have.
"""

import itertools
import os
import struct
import uuid
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

os.environ.setdefault("MSSQL_PYTHON_NATIVE_PROVIDER", "mssql-odbc")

import mssql_python
import pytest

from local_azure.constants import DEPLOYER, TENANT_ID
from local_azure.entra.directory import Principal
from local_azure.http import JsonObject
from local_azure.private_files import private_folder, write_private
from local_azure.server import LocalAzure
from tests.drawn_key import begun
from tests.local_azure.arm import Arm, content
from tests.local_azure.led_here import lead_here

AUDIENCE = "https://database.windows.net"
SUFFIX = ".database.windows.net"
ANYBODY = {"startIpAddress": "0.0.0.0", "endIpAddress": "255.255.255.255"}
TYPE = "providers/Microsoft.Sql/servers"
_ACCESS_TOKEN = 1256
ORDERS = "CREATE TABLE orders (id int IDENTITY(1,1) PRIMARY KEY, what nvarchar(50) NOT NULL)"


def administrators(group_id: str, **changed: Any) -> JsonObject:
    return {
        "administratorType": "ActiveDirectory",
        "azureADOnlyAuthentication": True,
        "login": "database-administrators",
        "principalType": "Group",
        "sid": group_id,
        "tenantId": TENANT_ID,
        **changed,
    }


def server_body(group_id: str, **properties: Any) -> JsonObject:
    """What a client sends for a server that no password opens; a property that is None is left out."""
    given = {"administrators": administrators(group_id), **properties}
    kept = {key: value for key, value in given.items() if value is not None}
    return {"location": "westeurope", "properties": kept}


@dataclass(frozen=True)
class Server:
    """One server. `host` is its name in DNS."""

    id: str
    host: str


def said(refusal: Exception) -> str:
    """What SQL said, without what the driver puts before it."""
    return str(refusal).rpartition("]")[2].strip()


class SqlStage:
    """One running local Azure. The deployer is in the group that administers each server."""

    def __init__(self, local: LocalAzure) -> None:
        self.local, self.azure = local, local.azure
        self.arm = Arm(local.azure)
        self.group = self.arm.group()
        self._numbers = itertools.count(1)
        deployer = self.azure.entra.principal(DEPLOYER.object_id)
        assert deployer
        self.deployer = deployer
        self.administrators = self.azure.entra.register_identity("database-administrators", None)
        self.azure.entra.add_member(self.administrators.object_id, deployer.object_id)

    def server(self, *databases: str, open: bool = True, **properties: Any) -> Server:
        """A server with these databases, which anybody's address is let in to unless told."""
        name = f"sql-{next(self._numbers)}-{uuid.uuid4().hex[:6]}"
        id = f"{self.group}/{TYPE}/{name}"
        content(self.arm("PUT", id, server_body(self.administrators.object_id, **properties)))
        for database in databases:
            content(self.arm("PUT", f"{id}/databases/{database}", {"location": "westeurope"}))
        if open:
            content(self.arm("PUT", f"{id}/firewallRules/all", {"properties": ANYBODY}))
        return Server(id, name + SUFFIX)

    def identity(self, name: str = "") -> Principal:
        """A new managed identity, as its resource provider registers it."""
        name = name or f"id-{next(self._numbers)}"
        path = f"{self.group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/{name}"
        return self.azure.entra.register_identity(name, path)

    def token(self, who: Principal, audience: str = AUDIENCE) -> str:
        return self.azure.entra.issue(who, audience)[0]

    def connect(self, server: Server, who: Principal | str, database: str = "shop", **more: Any) -> Any:
        """As whoever that is, or with that token. Raises what the driver raises."""
        token = who if isinstance(who, str) else self.token(who)
        encoded = token.encode("utf-16-le")
        given = struct.pack(f"<I{len(encoded)}s", len(encoded), encoded)
        text = self.address(server, database, more.pop("more", ""))
        more.setdefault("autocommit", True)
        return mssql_python.connect(text, attrs_before={_ACCESS_TOKEN: given}, **more)

    def address(self, server: Server, database: str = "shop", more: str = "Encrypt=yes") -> str:
        named = f"HostNameInCertificate={server.host};" if server.host else ""
        start = f"Server={os.environ['SQLCMDSERVER']};{named}Database={database};ConnectRetryCount=0;"
        return start + (more or "Encrypt=yes")

    def ask(self, server: Server, who: Principal, *statements: str, database: str = "shop") -> list[Any]:
        """Run statements one after another; the rows of the last one."""
        connection = self.connect(server, who, database)
        try:
            cursor = connection.cursor()
            for statement in statements:
                cursor.execute(statement)
            return [tuple(row) for row in cursor.fetchall()] if cursor.description else []
        finally:
            connection.close()

    def as_administrator(self, server: Server, *statements: str, database: str = "shop") -> list[Any]:
        return self.ask(server, self.deployer, *statements, database=database)

    def user_for(self, server: Server, who: Principal, *roles: str, database: str = "shop") -> None:
        """A user for an identity, under its name, with these roles."""
        assert who.client_id
        self.as_administrator(
            server,
            f"CREATE USER [{who.name}] WITH SID = 0x{uuid.UUID(who.client_id).bytes_le.hex()}, TYPE = E",
            *(f"ALTER ROLE {role} ADD MEMBER [{who.name}]" for role in roles),
            database=database,
        )


def with_orders(stage: SqlStage) -> Server:
    """A server with two databases, in each of which there is one order."""
    made = stage.server("shop", "other")
    for database in ("shop", "other"):
        stage.as_administrator(made, ORDERS, "INSERT INTO orders (what) VALUES (N'tea')", database=database)
    return made


_AUTHORITY: dict[str, bytes] = {}
"""The files of the first local Azure of this process: what it trusts the driver reads once."""


@contextmanager
def sql_stage(folder: Path) -> Generator[SqlStage]:
    """With an environment that leads there."""
    patch = pytest.MonkeyPatch()
    mssql_python.pooling(enabled=False)
    state = begun(folder / "azure")
    certificates = state / "certificates"
    if _AUTHORITY and not certificates.exists():
        private_folder(certificates)
        for name, content_ in _AUTHORITY.items():
            write_private(certificates / name, content_)
    try:
        with LocalAzure(state) as cloud:
            for name in ("authority.pem", "authority.key"):
                _AUTHORITY[name] = (certificates / name).read_bytes()
            lead_here(patch, cloud)
            yield SqlStage(cloud)
    finally:
        patch.undo()
