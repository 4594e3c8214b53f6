"""What the tests of Cosmos DB need: accounts with a database and a container, and Microsoft's clients."""

import time
import uuid
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from azure.cosmos import (
    CosmosClient,
    _retry_utility,  # pyright: ignore[reportPrivateUsage]
)
from azure.cosmos.documents import SSLConfiguration
from azure.cosmos.exceptions import CosmosHttpResponseError
from azure.identity import ClientSecretCredential
from azure.mgmt.cosmosdb import CosmosDBManagementClient

from components.azure_facts.data_roles import CosmosRole
from local_azure.constants import DEPLOYER, SUBSCRIPTION_ID, TENANT_ID
from local_azure.entra.directory import Principal
from local_azure.http import Response
from local_azure.server import LocalAzure
from tests.drawn_key import begun
from tests.local_azure.arm import content
from tests.local_azure.vault_stage import Json, VaultStage

READER, CONTRIBUTOR = (role.guid for role in CosmosRole)
DATABASE, CONTAINER = "shop", "orders"


def refused(error: pytest.ExceptionInfo[CosmosHttpResponseError]) -> tuple[int | None, int]:
    """Status and substatus of a refusal of the data plane, as the client reads them from the answer."""
    found: Any = error.value
    return found.status_code, found.sub_status or 0


class CosmosStage(VaultStage):
    """One running local Azure with one resource group, where accounts are made."""

    def management(self) -> Any:
        """azure-mgmt-cosmosdb, as the deployer."""
        secret = self.local.environment()["AZURE_CLIENT_SECRET"]
        deployer = ClientSecretCredential(TENANT_ID, str(DEPLOYER.client_id), secret, **self.trust)
        return CosmosDBManagementClient(deployer, SUBSCRIPTION_ID, **self.trust)

    def account_id(self, account: str) -> str:
        return f"{self.group}/providers/Microsoft.DocumentDB/databaseAccounts/{account}"

    def account(self, *containers: str, **properties: Any) -> str:
        """Write a serverless account without keys unless told, with one database; its name."""
        name = self.name("cosmos")
        content(self.arm("PUT", self.account_id(name), account_body(**properties)))
        self.database(name)
        for container in containers or (CONTAINER,):
            content(self.container(name, container))
        return name

    def database(self, account: str, name: str = DATABASE) -> str:
        id = f"{self.account_id(account)}/sqlDatabases/{name}"
        content(self.arm("PUT", id, {"properties": {"resource": {"id": name}}}))
        return id

    def container(
        self, account: str, name: str, *paths: str, database: str = DATABASE, **more: Any
    ) -> Response:
        """Write a container whose partition key is `/customer` unless told."""
        id = f"{self.account_id(account)}/sqlDatabases/{database}/containers/{name}"
        key = {"kind": "Hash" if len(paths) < 2 else "MultiHash", "paths": list(paths or ("/customer",))}
        resource = {"id": name, "partitionKey": {**key, "version": 2}, **more}
        return self.arm("PUT", id, {"properties": {"resource": resource}})

    def assigned(self, account: str, role: str, who: Principal, path: str = "", name: str = "") -> str:
        """Give a role on data, at a path such as `/dbs/shop`; the assignment's id."""
        account_id = self.account_id(account)
        id = f"{account_id}/sqlRoleAssignments/{name or uuid.uuid4()}"
        properties = {
            "principalId": who.object_id,
            "roleDefinitionId": f"{account_id}/sqlRoleDefinitions/{role}",
            "scope": f"{account_id}{path}",
        }
        assert self.arm("PUT", id, {"properties": properties}).status == 202
        return id

    def with_data_role(self, account: str, role: str, path: str = "") -> Principal:
        """A new identity that has the role there."""
        made = self.identity()
        self.assigned(account, role, made, path)
        return made

    def client(self, account: str, credential: Any) -> CosmosClient:  # pyright: ignore[reportIncompatibleMethodOverride]
        """azure-cosmos with that credential: somebody, or a key. It reads the account at once."""
        if isinstance(credential, Principal):
            credential = self.holder(credential)
        trusted = SSLConfiguration()
        trusted.SSLCaCerts = self.trust["connection_verify"]
        url = f"https://{account}.documents.azure.com/"
        return CosmosClient(url, credential, ssl_config=trusted, proxies=dict(self.trust["proxies"]))

    def items(
        self, account: str, credential: Any, container: str = CONTAINER, database: str = DATABASE
    ) -> Any:
        """azure-cosmos' client of one container."""
        return self.client(account, credential).get_database_client(database).get_container_client(container)


def account_body(**properties: Any) -> Json:
    """What a client sends for an account; a property that is None is left out."""
    given = {
        "capabilities": [{"name": "EnableServerless"}],
        "databaseAccountOfferType": "Standard",
        "disableLocalAuth": True,
        "locations": [{"locationName": "West Europe", "failoverPriority": 0}],
        **properties,
    }
    kept = {key: value for key, value in given.items() if value is not None}
    return {"kind": "GlobalDocumentDB", "location": "westeurope", "properties": kept}


class Hasty:
    """`time`, which does not wait."""

    def sleep(self, seconds: float) -> None:
        """The client asks three times more for an account that it may not read, half a second apart."""

    def __getattr__(self, name: str) -> Any:
        return getattr(time, name)


@contextmanager
def cosmos_stage(folder: Path) -> Generator[CosmosStage]:
    """A stage on a local Azure of its own, where Microsoft's client tries again at once."""
    with pytest.MonkeyPatch.context() as patched, LocalAzure(begun(folder)) as local:
        patched.setattr(_retry_utility, "time", Hasty())
        yield CosmosStage(local)
