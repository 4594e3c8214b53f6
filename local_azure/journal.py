"""The request log: who was let in where, who was not, and what they lacked. It holds no body, no token and no
query string."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from local_azure.clock import Clock
from local_azure.http import JsonObject, Lacking
from local_azure.store import Store

KEPT = 10_000
KEPT_REFUSALS = 20
_COLUMNS = ("time", "principal", "method", "host", "path", "status", "decision")


@dataclass(frozen=True)
class Refused:
    """A request that was refused for an action that its caller lacks. `time` is as in the log."""

    time: str
    method: str
    host: str
    path: str
    lacking: Lacking


class Journal:
    """Kept in the store; the oldest entries beyond `KEPT` are dropped, and of what was lacking those beyond
    `KEPT_REFUSALS`."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._refused = store.documents("refused")
        self._listeners: list[Callable[[JsonObject], None]] = []
        store.execute(
            "CREATE TABLE IF NOT EXISTS journal (number INTEGER PRIMARY KEY AUTOINCREMENT, time TEXT,"
            " principal TEXT, method TEXT, host TEXT, path TEXT, status TEXT, decision TEXT)"
        )

    def record(
        self,
        host: str,
        method: str,
        path: str,
        status: int,
        principal: str | None,
        decision: str,
        lacking: Lacking | None = None,
    ) -> None:
        """Add one request. `principal` is a name (None when nobody was recognised), `decision` says
        `allowed`, or `refused` and Azure's code for why, and `lacking` what for. A query string in `path` is
        dropped."""
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
            if lacking:
                self._note(Refused(time, method, host, path, lacking))
        values = (time, principal or None, method, host, path, status, decision)
        for listener in self._listeners:
            listener(dict(zip(_COLUMNS, values, strict=True)))

    def listen(self, listener: Callable[[JsonObject], None]) -> None:
        """Call it from now on with each entry, as `entries` has them."""
        self._listeners.append(listener)

    def _note(self, refused: Refused) -> None:
        kept = [key for key, _ in self._refused.items()]
        number = int(kept[-1]) + 1 if kept else 1
        self._refused.put(f"{number:09}", asdict(refused))
        for key in kept[: max(0, len(kept) + 1 - KEPT_REFUSALS)]:
            self._refused.delete(key)

    def refusals(self) -> list[Refused]:
        """The newest requests that were refused for what their callers lack, oldest first."""
        found = [refused for _, refused in self._refused.items()]
        return [
            Refused(one["time"], one["method"], one["host"], one["path"], Lacking(**one["lacking"]))
            for one in found
        ]

    def entries(self, last: int = 100) -> list[JsonObject]:
        """The newest `last` requests, oldest first."""
        rows = self._store.rows(
            f"SELECT {', '.join(_COLUMNS)} FROM journal ORDER BY number DESC LIMIT ?", str(last)
        )
        return [
            {**dict(zip(_COLUMNS, row, strict=True)), "principal": row[1] or None, "status": int(row[5])}
            for row in reversed(rows)
        ]
