"""What soft delete keeps of vaults: each holds its name, and its secrets, until it is recovered or purged, or
its retention ends.

https://learn.microsoft.com/azure/key-vault/general/soft-delete-overview
"""

from typing import Final

from local_azure.arm import ResourceId
from local_azure.ground import Ground
from local_azure.http import JsonObject
from local_azure.key_vault.secret_versions import VaultSecrets

DELETED_VAULTS: Final = "deleted-vaults"
"""The kind of document that keeps them, by the name they hold."""
_DAY: Final = 86_400


class SoftDelete:
    """The deleted vaults, each as {id, body, deleted, scheduled_purge}; times in seconds since the epoch."""

    def __init__(self, ground: Ground, secrets: VaultSecrets) -> None:
        self._clock = ground.clock
        self._deleted = ground.store.documents(DELETED_VAULTS)
        self._secrets = secrets

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
        """Free the name for the vault that comes back; its secrets wait for it."""
        self._deleted.delete(name)

    def purge(self, name: str) -> None:
        """Remove the vault and its secrets for good."""
        self._deleted.delete(name)
        self._secrets.forget_vault(name)
