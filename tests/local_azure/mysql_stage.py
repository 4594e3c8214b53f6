"""MySQL flexible servers, and whoever connects to one with a client that is unmodified."""

import itertools
import os
import ssl
import uuid
from dataclasses import dataclass
from typing import Any

import pymysql
import pytest

from local_azure.constants import DEPLOYER, TENANT_ID
from local_azure.entra.directory import Principal
from local_azure.http import JsonObject
from local_azure.mysql.service import MySql
from local_azure.server import LocalAzure
from tests.local_azure.arm import Arm, content

AUDIENCE = "https://ossrdbms-aad.database.windows.net"
SUFFIX = ".mysql.database.azure.com"
TYPE = "providers/Microsoft.DBforMySQL/flexibleServers"
ANYBODY = {"startIpAddress": "0.0.0.0", "endIpAddress": "255.255.255.255"}


def server_body(identity_id: str = "", **properties: Any) -> JsonObject:
    """What a client sends for a server without a password; a property that is None is left out."""
    defaults: JsonObject = {"version": "8.0.21", "storage": {"storageSizeGB": 20}}
    given = {key: value for key, value in {**defaults, **properties}.items() if value is not None}
    body: JsonObject = {
        "location": "westeurope",
        "sku": {"name": "Standard_B1ms", "tier": "Burstable"},
        "properties": given,
    }
    if identity_id:
        body["identity"] = {"type": "UserAssigned", "userAssignedIdentities": {identity_id: {}}}
    return body


def administrator_body(identity_id: str, login: str, sid: str) -> JsonObject:
    given = {"administratorType": "ActiveDirectory", "identityResourceId": identity_id, "login": login}
    return {"properties": {**given, "sid": sid, "tenantId": TENANT_ID}}


@dataclass(frozen=True)
class Server:
    """One server. `host` is its name in DNS."""

    id: str
    host: str


class MySqlStage:
    """One running local Azure. The deployer is the administrator of each server."""

    def __init__(self, local: LocalAzure, patch: pytest.MonkeyPatch) -> None:
        self.local, self.azure = local, local.azure
        self.arm = Arm(local.azure)
        self.group = self.arm.group()
        self._numbers = itertools.count(1)
        deployer = self.azure.entra.principal(DEPLOYER.object_id)
        assert deployer
        self.deployer = deployer
        self.identity_id = f"{self.group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-mysql"
        leads_here(patch, self.azure.service(MySql).gate.address)

    def server(self, *databases: str, open: bool = True) -> Server:
        """A server with these databases, which anybody's address is let in to unless told."""
        name = f"mysql-{next(self._numbers)}-{uuid.uuid4().hex[:6]}"
        id = f"{self.group}/{TYPE}/{name}"
        content(self.arm("PUT", id, server_body(self.identity_id)))
        self.administrator(id, "deployer", str(self.deployer.client_id))
        for database in databases:
            content(self.arm("PUT", f"{id}/databases/{database}", {"properties": {}}))
        if open:
            content(self.arm("PUT", f"{id}/firewallRules/all", {"properties": ANYBODY}))
        return Server(id, name + SUFFIX)

    def administrator(self, server_id: str, login: str, sid: str) -> None:
        body = administrator_body(self.identity_id, login, sid)
        content(self.arm("PUT", f"{server_id}/administrators/ActiveDirectory", body))

    def identity(self, name: str = "") -> Principal:
        """A new managed identity, as its resource provider registers it."""
        name = name or f"id-{next(self._numbers)}"
        path = f"{self.group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/{name}"
        return self.azure.entra.register_identity(name, path)

    def connect(
        self, server: Server, who: Principal, database: str | None = None, **more: Any
    ) -> "pymysql.Connection[Any]":
        """Raises what PyMySQL raises."""
        given: dict[str, Any] = {"user": who.name, "password": self.token(who), **more}
        return pymysql.connect(
            host=server.host, database=database, autocommit=True,
            ssl=ssl.create_default_context(cafile=os.environ["SSL_CERT_FILE"]), **given,
        )  # fmt: skip

    def token(self, who: Principal, audience: str = AUDIENCE) -> str:
        return self.azure.entra.issue(who, audience)[0]

    def as_administrator(
        self, server: Server, *statements: str, database: str | None = None
    ) -> list[tuple[Any, ...]]:
        """Run statements as the deployer; the rows of the last one."""
        with self.connect(server, self.deployer, database, user="deployer") as connection:
            return run(connection, *statements)

    def user_for(self, server: Server, who: Principal, *grants: str) -> None:
        """A user for an identity, under its name, and what it is granted: `SELECT ON shop.*`."""
        made = f"CREATE AADUSER '{who.name}' IDENTIFIED BY '{who.client_id}'"
        self.as_administrator(server, made, *[f"GRANT {one} TO '{who.name}'@'%'" for one in grants])


def run(connection: Any, *statements: str) -> list[tuple[Any, ...]]:
    """The rows of the last one."""
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
        return list(cursor.fetchall())


def leads_here(patch: pytest.MonkeyPatch, gate: tuple[str, int]) -> None:
    """What a machine's resolver and port are to a client: the servers' names lead to the gate, and nothing
    else changes. MySQL's clients know neither a proxy nor another address than the one that they connect to.
    """
    import socket

    opened = socket.create_connection

    def connect(address: tuple[str, int], *args: Any, **kwargs: Any) -> socket.socket:
        return opened(gate if address[0].endswith(SUFFIX) else address, *args, **kwargs)

    patch.setattr(socket, "create_connection", connect)
