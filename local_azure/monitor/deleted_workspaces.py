"""What soft delete keeps of Log Analytics workspaces, for 14 days.

https://learn.microsoft.com/azure/azure-monitor/logs/delete-workspace
"""

from typing import Final

from local_azure.ground import Ground
from local_azure.http import JsonObject

KEPT_SECONDS: Final = 14 * 86_400
_DOCUMENTS: Final = "deleted-workspaces"


class DeletedWorkspaces:
    """Each as {id, body, deleted}, by its id; the time is in seconds since the epoch."""

    def __init__(self, ground: Ground) -> None:
        self._clock = ground.clock
        self._documents = ground.store.documents(_DOCUMENTS)

    def keep(self, id: str, body: JsonObject) -> None:
        self._documents.put(id, {"id": id, "body": body, "deleted": self._clock.now()})

    def find(self, id: str) -> JsonObject | None:
        """The deleted workspace with that id; after its 14 days it is gone."""
        kept = self._documents.get(id)
        if kept is not None and kept["deleted"] + KEPT_SECONDS <= self._clock.now():
            self.release(id)
            return None
        return kept

    def every(self) -> list[JsonObject]:
        return [kept for id, _ in self._documents.items() if (kept := self.find(id))]

    def release(self, id: str) -> None:
        """It came back, or its time is over."""
        self._documents.delete(id)
