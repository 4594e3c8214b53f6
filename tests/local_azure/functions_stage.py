"""Function apps for the tests: an account, one identity, and code; grants are made by the tests."""

from typing import Any

from azure.data.tables import TableServiceClient
from azure.storage.blob import BlobServiceClient
from azure.storage.queue import QueueServiceClient, TextBase64EncodePolicy

from tests.local_azure.app_service_stage import Json, Stage

BLOB_OWNER, QUEUE_WRITER = "b7e6dc6d-f1e8-4753-8033-0f276bb0955b", "974c5e8b-45b9-4653-ba55-5f855dd0fb88"
READER, PROCESSOR = "19e7f393-937e-4f77-808e-94535e297925", "8a0f0c08-91a1-4084-bc3d-661d67233fed"


class Functions(Stage):
    """A function app whose one identity has its own account; grants are made by the tests."""

    def account(self) -> str:
        name = self.name("st").replace("-", "")
        id = self.id("Microsoft.Storage/storageAccounts", name)
        body: Json = {"location": "westeurope", "kind": "StorageV2", "sku": {"name": "Standard_LRS"}}
        self.arm("PUT", id, {**body, "properties": {"allowSharedKeyAccess": False}}, "2024-01-01")
        self.arm("PUT", f"{id}/queueServices/default/queues/orders", {}, "2024-01-01")
        return name

    def scope(self, account: str, queue: str = "") -> str:
        below = f"/queueServices/default/queues/{queue}" if queue else ""
        return self.id("Microsoft.Storage/storageAccounts", f"{account}{below}")

    def function_app(self, account: str, identity: Json, files: dict[str, str], **settings: str) -> str:
        """Its name, once its code is there. Connections of the name ORDERS lead to the same account."""
        site, client_id = self.name("func"), identity["properties"]["clientId"]
        body: Json = {
            "location": "westeurope", "kind": "functionapp,linux",
            "identity": {"type": "UserAssigned", "userAssignedIdentities": {identity["id"]: {}}},
            "properties": {"serverFarmId": self.plan(), "siteConfig": {"linuxFxVersion": "PYTHON|3.12"}},
        }  # fmt: skip
        self.web.web_apps.begin_create_or_update("rg-apps", site, body).result()
        told = {
            "AzureWebJobsStorage__accountName": account,
            "AzureWebJobsStorage__credential": "managedidentity",
            "AzureWebJobsStorage__clientId": client_id,
            "FUNCTIONS_WORKER_RUNTIME": "python",
            "ORDERS_QUEUE": "orders",
            "ORDERS__queueServiceUri": f"https://{account}.queue.core.windows.net/",
            "ORDERS__credential": "managedidentity",
            "ORDERS__clientId": client_id,
        }
        self.settings(site, {**told, **settings})
        self.deploy(site, files)
        return site

    def queue(self, account: str, name: str) -> Any:
        """azure-storage-queue for the deployer, who gets what it takes, as the runtime writes messages."""
        service = self._queues(account)
        return service.get_queue_client(name, message_encode_policy=TextBase64EncodePolicy())

    def plain_queue(self, account: str, name: str) -> Any:
        """The same, of messages as they are."""
        return self._queues(account).get_queue_client(name)

    def _queues(self, account: str) -> Any:
        return QueueServiceClient(f"https://{account}.queue.core.windows.net", **self._way)

    def blobs(self, account: str) -> Any:
        """azure-storage-blob for the deployer."""
        return BlobServiceClient(f"https://{account}.blob.core.windows.net", **self._way)

    def tables(self, account: str) -> Any:
        """azure-data-tables for the deployer."""
        return TableServiceClient(f"https://{account}.table.core.windows.net", **self._way)

    @property
    def _way(self) -> Json:
        trusted = self.local.addresses.authority
        proxies = {"https": self.local.proxy_url}
        return {"credential": self.credential, "proxies": proxies, "connection_verify": trusted}

    def log_of(self, site: str) -> str:
        """Empty before the app started for the first time."""
        log = self.local.azure.state / "logs" / f"{site}.log"
        return log.read_text() if log.exists() else ""
