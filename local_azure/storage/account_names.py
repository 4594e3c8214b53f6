"""What every part needs to know of a storage account: its name in the whole cloud and its addresses."""

from typing import Final

from local_azure.store import Resource, Store

BLOBS: Final = ".blob.core.windows.net"
"""What the hosts of the blob service end with."""
ACCOUNTS: Final = "Microsoft.Storage/storageAccounts"
CONTAINERS: Final = f"{ACCOUNTS}/blobServices/containers"
FOREIGN_NAMES: Final = "storage-names-of-others"
"""Names that accounts of other tenants hold; tests put some."""
_SERVICES: Final = ("blob", "dfs", "file", "queue", "table", "web")


def find(store: Store, name: str) -> Resource | None:
    """The account of that name, wherever it is: names are unique in the whole cloud."""
    accounts = store.list(type=ACCOUNTS)
    return next((one for one in accounts if account_name(one) == name.lower()), None)


def account_name(account: Resource) -> str:
    return account.id.rpartition("/")[2].lower()


def endpoints(name: str) -> dict[str, str]:
    """The address of each service. https://learn.microsoft.com/azure/storage/common/storage-account-overview"""
    return {service: f"https://{name}.{service}.core.windows.net/" for service in _SERVICES}


def container_id(account: Resource, container: str) -> str:
    """The id under which both planes know a container."""
    return f"{account.id}/blobServices/default/containers/{container}"
