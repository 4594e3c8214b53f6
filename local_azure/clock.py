"""The one clock of a local Azure. Tests move it; nothing sleeps for Azure's minutes and hours."""

import time

from local_azure.store import Store
from local_azure.told import Told


class Clock:
    """Real time plus an offset that is kept in the store, so that it survives a restart."""

    def __init__(self, store: Store) -> None:
        self._settings = store.documents("clock")
        self.moved = Told[float]()
        """Tells the new time, in seconds since the epoch, after each `advance`."""

    def now(self) -> float:
        """Seconds since the epoch, moved by every `advance`."""
        return time.time() + self._offset()

    def advance(self, seconds: float) -> float:
        """Move the clock forward by `seconds` (0 or more) and return the new time."""
        if seconds < 0:
            raise ValueError(f"the clock only moves forward, not by {seconds} seconds")
        self._settings.put("offset", {"seconds": self._offset() + seconds})
        self.moved.tell(self.now())
        return self.now()

    def _offset(self) -> float:
        document = self._settings.get("offset")
        return float(document["seconds"]) if document else 0.0
