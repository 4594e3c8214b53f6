"""What every part needs to know of a storage account: its name in the whole cloud and its addresses."""

import re
from typing import Final

from local_azure.store import Resource, Store

ACCOUNTS: Final = "Microsoft.Storage/storageAccounts"
CONTAINERS: Final = f"{ACCOUNTS}/blobServices/containers"
QUEUES: Final = f"{ACCOUNTS}/queueServices/queues"
TABLES: Final = f"{ACCOUNTS}/tableServices/tables"
FILES: Final = f"{ACCOUNTS}/fileServices"
SHARES: Final = f"{FILES}/shares"
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
    return {service: f"https://{name}{host_suffix(service)}/" for service in _SERVICES}


def is_dashed_name(name: str) -> bool:
    """Whether a container, a queue or a share can be called that."""
    return 3 <= len(name) <= 63 and re.fullmatch(r"[a-z0-9](?:-?[a-z0-9])*", name) is not None


def is_table_name(name: str) -> bool:
    return re.fullmatch(r"[A-Za-z][0-9A-Za-z]{2,62}", name) is not None and name.lower() != "tables"


def host_suffix(service: str) -> str:
    """What the hosts of a service end with."""
    return f".{service}.core.windows.net"


def container_id(account: Resource, container: str) -> str:
    """The id under which both planes know a container."""
    return f"{account.id}/blobServices/default/containers/{container}"


def queue_id(account: Resource, queue: str) -> str:
    """The id under which both planes know a queue."""
    return f"{account.id}/queueServices/default/queues/{queue}"


def table_id(account: Resource, table: str) -> str:
    """The id under which both planes know a table."""
    return f"{account.id}/tableServices/default/tables/{table}"


def share_id(account: Resource, share: str) -> str:
    """The id under which both planes know a share."""
    return f"{account.id}/fileServices/default/shares/{share}"


def share_scope(account: Resource, share: str) -> str:
    """Where a role on what is in a share is assigned, which is not the share's id.

    https://learn.microsoft.com/azure/storage/files/storage-files-identity-assign-share-level-permissions
    """
    return f"{account.id}/fileServices/default/fileshares/{share}"
