"""What soft delete keeps of vaults: each holds its name, and what is in it, until it is recovered or purged,
or its retention ends.

https://learn.microsoft.com/azure/key-vault/general/soft-delete-overview
"""

from collections.abc import Sequence
from typing import Any, Final

from local_azure.arm import ResourceId
from local_azure.ground import Ground
from local_azure.http import JsonObject
from local_azure.key_vault.vault_objects import VaultObjects

DELETED_VAULTS: Final = "deleted-vaults"
"""The kind of document that keeps them, by the name they hold."""
_DAY: Final = 86_400


class SoftDelete:
    """The deleted vaults, each as {id, body, deleted, scheduled_purge}; times in seconds since the epoch."""

    def __init__(self, ground: Ground, held: Sequence[VaultObjects[Any]]) -> None:
        self._clock = ground.clock
        self._deleted = ground.store.documents(DELETED_VAULTS)
        self._held = held

    def keep(self, id: ResourceId, body: JsonObject) -> None:
        """Put a vault that is being deleted among the deleted ones."""
        now = self._clock.now()
        ends = now + int(body["properties"]["softDeleteRetentionInDays"]) * _DAY
        self._deleted.put(id.name, {"id": id.text, "body": body, "deleted": now, "scheduled_purge": ends})

    def find(self, name: str) -> JsonObject | None:
        """The deleted vault that holds `name`."""
        document = self._deleted.get(name)
        if document and document["scheduled_purge"] <= self._clock.now():
            self.purge(name)
            return None
        return document

    def every(self) -> list[tuple[str, JsonObject]]:
        """Each deleted vault by the name that it holds."""
        names = [name for name, _ in self._deleted.items()]
        return [(name, document) for name in names if (document := self.find(name))]

    def release(self, name: str) -> None:
        """Free the name for the vault that comes back; what it held waits for it."""
        self._deleted.delete(name)

    def purge(self, name: str) -> None:
        """Remove the vault and all that it held for good."""
        self._deleted.delete(name)
        for objects in self._held:
            objects.forget_vault(name)
