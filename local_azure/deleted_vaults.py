"""What soft delete keeps of vaults: each holds its name, and its secrets, until it is recovered or purged, or
its retention ends.

https://learn.microsoft.com/azure/key-vault/general/soft-delete-overview
"""

from typing import TYPE_CHECKING, Final

from local_azure.arm import ResourceId
from local_azure.http import JsonObject

if TYPE_CHECKING:
    from local_azure.azure import Azure

DELETED_VAULTS: Final = "deleted-vaults"
_DAY: Final = 86_400


def keep(azure: "Azure", id: ResourceId, body: JsonObject) -> None:
    """Put a vault that is being deleted among the deleted ones."""
    now = azure.clock.now()
    ends = now + int(body["properties"]["softDeleteRetentionInDays"]) * _DAY
    document = {"id": id.text, "body": body, "deleted": now, "scheduled_purge": ends}
    azure.store.documents(DELETED_VAULTS).put(id.name, document)


def find(azure: "Azure", name: str) -> JsonObject | None:
    """{id, body, deleted, scheduled_purge} of the deleted vault that holds `name`; times in seconds since the
    epoch."""
    document = azure.store.documents(DELETED_VAULTS).get(name)
    if document and document["scheduled_purge"] <= azure.clock.now():
        purge(azure, name)
        return None
    return document


def every(azure: "Azure") -> list[tuple[str, JsonObject]]:
    """Each deleted vault by the name that it holds."""
    names = [name for name, _ in azure.store.documents(DELETED_VAULTS).items()]
    return [(name, document) for name in names if (document := find(azure, name))]


def release(azure: "Azure", name: str) -> None:
    """Free the name for the vault that comes back; its secrets wait for it."""
    azure.store.documents(DELETED_VAULTS).delete(name)


def purge(azure: "Azure", name: str) -> None:
    """Remove the vault and its secrets for good."""
    azure.store.documents(DELETED_VAULTS).delete(name)
    azure.key_vault_data.secrets.forget_vault(name)
