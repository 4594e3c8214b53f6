"""What the storage tests need beside the vault tests' stage: accounts, and Microsoft's clients for them."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from azure.core.exceptions import HttpResponseError
from azure.data.tables import TableServiceClient
from azure.identity import ClientSecretCredential
from azure.mgmt.storage import StorageManagementClient
from azure.storage.blob import BlobServiceClient
from azure.storage.fileshare import ShareServiceClient
from azure.storage.queue import QueueServiceClient

from local_azure.constants import DEPLOYER, SUBSCRIPTION_ID, TENANT_ID
from local_azure.entra.directory import Principal
from tests.local_azure.vault_stage import GROUP, Json, VaultStage

CONTAINER = "reports"


def code(error: pytest.ExceptionInfo[HttpResponseError]) -> tuple[int | None, str]:
    """Status and code of a refusal of the data plane, as the client reads them from the answer."""
    return words_of(error.value)


def words_of(refused: Any) -> tuple[int | None, str]:
    if not hasattr(refused, "error_code"):  # the tables' client does not always read its answer
        return refused.status_code, str(refused.response.json()["odata.error"]["code"])
    known = refused.error_code  # an enum for the codes that the client knows
    return refused.status_code, str(getattr(known, "value", known))


def refusal(attempt: Callable[[], Any]) -> tuple[int | None, str]:
    """The same, of what is refused."""
    with pytest.raises(HttpResponseError) as error:
        attempt()
    return code(error)


def outcome(attempt: Callable[[], Any]) -> object:
    """`done`, or how it was refused."""
    try:
        attempt()
    except HttpResponseError as error:
        return words_of(error)
    return "done"


class StorageStage(VaultStage):
    """One running local Azure with one resource group, where accounts are made."""

    def sign_in(self) -> None:
        super().sign_in()
        secret = self.local.environment()["AZURE_CLIENT_SECRET"]
        deployer = ClientSecretCredential(TENANT_ID, str(DEPLOYER.client_id), secret, **self.trust)
        self.storage: Any = StorageManagementClient(deployer, SUBSCRIPTION_ID, **self.trust)

    def account_id(self, account: str) -> str:
        return f"{self.group}/providers/Microsoft.Storage/storageAccounts/{account}"

    def account(self, name: str | None = None, **properties: Any) -> str:
        """Write an account with one container, without shared keys unless told; its name."""
        name = name or f"st{uuid.uuid4().hex[:12]}"
        self.storage.storage_accounts.begin_create(GROUP, name, account_body(**properties)).result()
        self.storage.blob_containers.create(GROUP, name, CONTAINER, {})
        return name

    def blobs(self, account: str, credential: Any) -> Any:
        """azure-storage-blob with that credential; a refusal is not tried again."""
        address = f"https://{account}.blob.core.windows.net"
        return BlobServiceClient(address, credential=credential, retry_total=0, **self.trust)

    def queues(self, account: str, credential: Any) -> Any:
        """azure-storage-queue, likewise."""
        address = f"https://{account}.queue.core.windows.net"
        return QueueServiceClient(address, credential=credential, retry_total=0, **self.trust)

    def queue(self, account: str, name: str, *roles: str) -> Any:
        """azure-storage-queue's client of one queue, for a new identity that has these roles on it alone."""
        who = self.identity()
        for role in roles:
            scope = f"{self.account_id(account)}/queueServices/default/queues/{name}"
            self.grant(scope, role, who.object_id)
        return self.queues(account, self.holder(who)).get_queue_client(name)

    def tables(self, account: str, credential: Any) -> Any:
        """azure-data-tables, likewise."""
        address = f"https://{account}.table.core.windows.net"
        return TableServiceClient(address, credential=credential, retry_total=0, **self.trust)

    def table(self, account: str, name: str, *roles: str) -> Any:
        """azure-data-tables' client of one table, for a new identity that has these roles on it alone."""
        who = self.identity()
        for role in roles:
            self.grant(self.table_id(account, name), role, who.object_id)
        return self.tables(account, self.holder(who)).get_table_client(name)

    def table_id(self, account: str, name: str) -> str:
        return f"{self.account_id(account)}/tableServices/default/tables/{name}"

    def files(self, account: str, credential: Any) -> Any:
        """azure-storage-file-share, likewise, with the intent that tokens need."""
        address = f"https://{account}.file.core.windows.net"
        options: Json = {"token_intent": "backup", "retry_total": 0, **self.trust}
        return ShareServiceClient(address, credential=credential, **options)

    def share(self, account: str, name: str, *roles: str) -> Any:
        """azure-storage-file-share's client of one share, for a new identity that has these roles on it
        alone."""
        who = self.identity()
        for role in roles:
            self.grant(self.share_scope(account, name), role, who.object_id)
        return self.files(account, self.holder(who)).get_share_client(name)

    def share_scope(self, account: str, name: str) -> str:
        return f"{self.account_id(account)}/fileServices/default/fileshares/{name}"

    def reader_of(self, account: str, role: str = "Storage Blob Data Reader") -> Principal:
        """A new identity that has the role on the account."""
        reader = self.identity()
        self.grant(self.account_id(account), role, reader.object_id)
        return reader

    def as_(self, account: str, principal: Principal) -> Any:
        return self.blobs(account, self.holder(principal))

    def writer_of(self, account: str) -> Any:
        return self.as_(account, self.reader_of(account, "Storage Blob Data Contributor"))


def account_body(**properties: Any) -> Json:
    """What a client sends for an account; a property that is None is left out."""
    given = {"allowSharedKeyAccess": False, **properties}
    return {
        "kind": given.pop("kind", "StorageV2"),
        "location": "westeurope",
        "properties": {key: value for key, value in given.items() if value is not None},
        "sku": {"name": "Standard_LRS"},
    }
