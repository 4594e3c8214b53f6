"""Flexible servers, whoever connects to one, and Microsoft's own way to do it."""

import itertools
import uuid
from dataclasses import dataclass
from typing import Any, LiteralString

import psycopg
from azure_postgresql_auth.psycopg3 import EntraConnection

from local_azure.constants import DEPLOYER, TENANT_ID
from local_azure.entra.directory import Principal
from local_azure.http import JsonObject
from local_azure.server import LocalAzure
from tests.local_azure.arm import Arm, content
from tests.local_azure.vault_stage import Holder

AUDIENCE = "https://ossrdbms-aad.database.windows.net"
SUFFIX = ".postgres.database.azure.com"
ANYBODY = {"startIpAddress": "0.0.0.0", "endIpAddress": "255.255.255.255"}


def server_body(**properties: Any) -> JsonObject:
    """What a client sends for a server that takes tokens and no passwords; a property that is None is left
    out."""
    defaults: JsonObject = {
        "version": "17",
        "storage": {"storageSizeGB": 32},
        "authConfig": {"activeDirectoryAuth": "Enabled", "passwordAuth": "Disabled", "tenantId": TENANT_ID},
    }
    given = {key: value for key, value in {**defaults, **properties}.items() if value is not None}
    sku = {"name": "Standard_B1ms", "tier": "Burstable"}
    return {"location": "westeurope", "sku": sku, "properties": given}


@dataclass(frozen=True)
class Server:
    """One server. `host` is its name in DNS."""

    id: str
    host: str


class PostgresStage:
    """One running local Azure. The deployer is the administrator of each server."""

    def __init__(self, local: LocalAzure) -> None:
        self.local, self.azure = local, local.azure
        self.arm = Arm(local.azure)
        self.group = self.arm.group()
        self._numbers = itertools.count(1)
        deployer = self.azure.entra.principal(DEPLOYER.object_id)
        assert deployer
        self.deployer = deployer

    def server(self, *databases: str, open: bool = True, **properties: Any) -> Server:
        """A server with these databases, which anybody's address is let in to unless told."""
        name = f"psql-{next(self._numbers)}-{uuid.uuid4().hex[:6]}"
        id = f"{self.group}/providers/Microsoft.DBforPostgreSQL/flexibleServers/{name}"
        content(self.arm("PUT", id, server_body(**properties)))
        self.administrator(id, self.deployer)
        for database in databases:
            content(self.arm("PUT", f"{id}/databases/{database}", {"properties": {}}))
        if open:
            content(self.arm("PUT", f"{id}/firewallRules/all", {"properties": ANYBODY}))
        return Server(id, name + SUFFIX)

    def administrator(self, server_id: str, principal: Principal) -> None:
        properties = {"principalName": principal.name, "principalType": principal.kind}
        path = f"{server_id}/administrators/{principal.object_id}"
        content(self.arm("PUT", path, {"properties": properties}))

    def identity(self, name: str = "") -> Principal:
        """A new managed identity, as its resource provider registers it."""
        name = name or f"id-{next(self._numbers)}"
        path = f"{self.group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/{name}"
        return self.azure.entra.register_identity(name, path)

    def connect(
        self, server: Server, who: Principal, database: str = "postgres", **more: Any
    ) -> "psycopg.Connection[Any]":
        """As Microsoft's own package does it: the role's name is taken from the token. Raises what psycopg
        raises."""
        if who.kind == "ServicePrincipal" and who.resource_id is None:
            # The package finds no name in an app registration's token, and refuses.
            more = {"user": who.name, "password": self.token(who), **more}
        return EntraConnection.connect(
            host=server.host, dbname=database, credential=Holder(self.azure, who), sslmode="verify-full",
            autocommit=True, **more,
        )  # fmt: skip

    def token(self, who: Principal, audience: str = AUDIENCE) -> str:
        return self.azure.entra.issue(who, audience)[0]

    def as_administrator(
        self, server: Server, *statements: LiteralString, database: str = "postgres"
    ) -> list[tuple[Any, ...]]:
        """Run statements as the deployer; the rows of the last one."""
        with self.connect(server, self.deployer, database) as connection:
            cursor = connection.cursor()
            for statement in statements:
                cursor.execute(statement)
            return cursor.fetchall() if cursor.description else []

    def role_for(self, server: Server, who: Principal, kind: str = "service", role: str = "") -> None:
        """A role for a principal, under its name unless told."""
        with self.connect(server, self.deployer) as connection:
            create = "SELECT pgaadauth_create_principal_with_oid(%s, %s, %s, false, false)"
            connection.execute(create, (role or who.name, who.object_id, kind))
