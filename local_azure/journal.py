"""The request log: who was let in where, and who was not. It holds no body, no token and no query string."""

from datetime import UTC, datetime

from local_azure.clock import Clock
from local_azure.http import JsonObject
from local_azure.store import Store

KEPT = 10_000
_COLUMNS = ("time", "principal", "method", "host", "path", "status", "decision")


class Journal:
    """Kept in the store; the oldest entries beyond `KEPT` are dropped."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        store.execute(
            "CREATE TABLE IF NOT EXISTS journal (number INTEGER PRIMARY KEY AUTOINCREMENT, time TEXT,"
            " principal TEXT, method TEXT, host TEXT, path TEXT, status TEXT, decision TEXT)"
        )

    def record(
        self, host: str, method: str, path: str, status: int, principal: str | None, decision: str
    ) -> None:
        """Add one request. `principal` is a name (None when nobody was recognised), `decision` says
        `allowed`, or `refused` and Azure's code for why. A query string in `path` is dropped."""
        time = datetime.fromtimestamp(self._clock.now(), UTC).isoformat(timespec="milliseconds")
        path = path.partition("?")[0]
        with self._store.lock:
            self._store.execute(
                f"INSERT INTO journal ({', '.join(_COLUMNS)}) VALUES (?,?,?,?,?,?,?)",
                *(time, principal or "", method, host, path, str(status), decision),
            )
            self._store.execute(
                "DELETE FROM journal WHERE number <= (SELECT MAX(number) FROM journal) - ?", str(KEPT)
            )

    def entries(self, last: int = 100) -> list[JsonObject]:
        """The newest `last` requests, oldest first."""
        rows = self._store.rows(
            f"SELECT {', '.join(_COLUMNS)} FROM journal ORDER BY number DESC LIMIT ?", str(last)
        )
        return [
            {**dict(zip(_COLUMNS, row, strict=True)), "principal": row[1] or None, "status": int(row[5])}
            for row in reversed(rows)
        ]
