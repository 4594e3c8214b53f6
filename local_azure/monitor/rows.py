"""The rows of every workspace's tables: kept until their table or the workspace is deleted."""

from typing import Final

from local_azure.clock import Clock
from local_azure.http import JsonObject
from local_azure.rules import Rule
from local_azure.store import Store

_MOST: Final = 10_000
"""Rows of one table. Older ones are dropped."""
_BEFORE: Final = "workspace-rows"
"""Where an earlier version kept them, in batches."""

RULES: Final = [
    Rule(
        "O10",
        "behaviour",
        "A row is found by queries some time after what it tells of: seconds to minutes.",
        held_by="o10_a_row_is_found_once_its_ingestion_is_over",
        source="https://learn.microsoft.com/azure/azure-monitor/logs/data-ingestion-time",
    ),
]


class WorkspaceRows:
    """Each sealed, in the order in which they came."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store, self._clock = store, clock
        self._delay = store.documents("ingestion")
        store.execute(
            "CREATE TABLE IF NOT EXISTS workspace_rows (number INTEGER PRIMARY KEY AUTOINCREMENT,"
            " workspace TEXT, name TEXT, seen REAL, body TEXT)"
        )
        store.execute("CREATE INDEX IF NOT EXISTS rows_of_table ON workspace_rows (workspace, name, number)")
        self._move_older()

    def delay(self, seconds: float) -> None:
        """How long from now on a row takes from its event until queries find it; none from the start."""
        self._delay.put("delay", {"seconds": seconds})

    def add(self, workspace_id: str, table: str, rows: list[JsonObject]) -> None:
        """Rows that came just now."""
        delay = (self._delay.get("delay") or {"seconds": 0})["seconds"]
        with self._store.transaction():
            self._add(workspace_id.lower(), table.lower(), self._clock.now() + delay, rows)

    def of(self, workspace_id: str, table: str) -> list[JsonObject]:
        """The rows of a table that queries find by now, in the order in which they came."""
        found = self._store.rows(
            "SELECT body FROM workspace_rows WHERE workspace=? AND name=? AND seen <= CAST(? AS REAL)"
            " ORDER BY number",
            workspace_id.lower(), table.lower(), repr(self._clock.now()),
        )  # fmt: skip
        return [self._store.seal.opened(body) for (body,) in found]

    def forget(self, workspace_id: str, table: str = "") -> None:
        """A table is gone, or all of a workspace's."""
        where, values = ("AND name=?", (table.lower(),)) if table else ("", ())
        self._store.execute(
            f"DELETE FROM workspace_rows WHERE workspace=? {where}", workspace_id.lower(), *values
        )

    def _add(self, workspace: str, table: str, seen: float, rows: list[JsonObject]) -> None:
        for row in rows:
            self._store.execute(
                "INSERT INTO workspace_rows (workspace, name, seen, body) VALUES (?,?,CAST(? AS REAL),?)",
                workspace, table, repr(seen), self._store.seal.closed(row),
            )  # fmt: skip
        self._store.execute(
            "DELETE FROM workspace_rows WHERE workspace=?1 AND name=?2 AND number <= (SELECT number FROM"
            f" workspace_rows WHERE workspace=?1 AND name=?2 ORDER BY number DESC LIMIT 1 OFFSET {_MOST})",
            workspace, table,
        )  # fmt: skip

    def _move_older(self) -> None:
        older = self._store.documents(_BEFORE)
        with self._store.transaction():
            for key, batch in older.items():
                workspace, table, _ = key.split("|")
                self._add(workspace, table, 0.0, batch["rows"])
                older.delete(key)
