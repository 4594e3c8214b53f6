"""SQLite behind two small interfaces: resources by id, and documents by kind and key.

Ids and types are compared without case, as Resource Manager does; the stored spelling is what was first
written. Everything else in the local Azure keeps its state here, so that a second `make up` finds what the
first one made.
"""

import json
import sqlite3
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from local_azure.http import JsonObject


@dataclass(frozen=True)
class Resource:
    """What Resource Manager keeps of a resource: its id, its type (`Microsoft.KeyVault/vaults`) and its
    body."""

    id: str
    type: str
    body: JsonObject


class Documents:
    """A persistent map of JSON objects of one kind, for what is not an ARM resource (principals, versions,
    …)."""

    def __init__(self, store: "Store", kind: str) -> None:
        self._store = store
        self._kind = kind

    def get(self, key: str) -> JsonObject | None:
        row = self._store.row("SELECT body FROM documents WHERE kind=? AND key=?", self._kind, key.lower())
        return json.loads(row[0]) if row else None

    def put(self, key: str, document: JsonObject) -> None:
        self._store.execute(
            "INSERT OR REPLACE INTO documents VALUES (?,?,?)", self._kind, key.lower(), json.dumps(document)
        )

    def delete(self, key: str) -> None:
        self._store.execute("DELETE FROM documents WHERE kind=? AND key=?", self._kind, key.lower())

    def items(self) -> list[tuple[str, JsonObject]]:
        """Every (lower-cased key, document), ordered by key."""
        rows = self._store.rows("SELECT key, body FROM documents WHERE kind=? ORDER BY key", self._kind)
        return [(key, json.loads(body)) for key, body in rows]


class Store:
    """One SQLite file (or `:memory:`). Calls may come from any thread; `lock` makes several of them one
    step."""

    def __init__(self, path: Path | str) -> None:
        self._connection = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self.lock = threading.RLock()
        self._after_commit: list[Callable[[], object]] = []
        self._connection.execute("PRAGMA journal_mode=WAL")
        # A killed process loses nothing either way; only a power cut could, not worth a sync each.
        self._connection.execute("PRAGMA synchronous=NORMAL")
        self._connection.execute(
            "CREATE TABLE IF NOT EXISTS resources"
            " (key TEXT PRIMARY KEY, id TEXT, type TEXT COLLATE NOCASE, body TEXT)"
        )
        self._connection.execute(
            "CREATE TABLE IF NOT EXISTS documents (kind TEXT, key TEXT, body TEXT, PRIMARY KEY (kind, key))"
        )

    def close(self) -> None:
        with self.lock:
            self._connection.close()

    @contextmanager
    def transaction(self) -> Generator[None]:
        """All or nothing: what a request wrote is undone when it ends in a refusal or the process is
        killed."""
        with self.lock:
            if self._connection.in_transaction:
                yield
                return
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._after_commit.clear()
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")
            callbacks, self._after_commit = self._after_commit, []
        for callback in callbacks:
            callback()

    def after_commit(self, callback: Callable[[], object]) -> None:
        """Call `callback` once the running transaction is committed and its lock is free, never if it is
        rolled back; outside a transaction, now. It is for what reaches beyond the store: processes to start
        or stop."""
        with self.lock:
            if self._connection.in_transaction:
                self._after_commit.append(callback)
                return
        callback()

    def get(self, resource_id: str) -> Resource | None:
        row = self.row("SELECT id, type, body FROM resources WHERE key=?", _key(resource_id))
        return Resource(row[0], row[1], json.loads(row[2])) if row else None

    def put(self, resource: Resource) -> None:
        """Create or overwrite; an overwrite keeps the spelling of the id under which it was created."""
        known = self.get(resource.id)
        self.execute(
            "INSERT OR REPLACE INTO resources VALUES (?,?,?,?)",
            _key(resource.id),
            known.id if known else resource.id.rstrip("/"),
            resource.type,
            json.dumps(resource.body),
        )

    def delete(self, resource_id: str) -> None:
        self.execute("DELETE FROM resources WHERE key=?", _key(resource_id))

    def documents(self, kind: str) -> Documents:
        return Documents(self, kind)

    def execute(self, sql: str, *values: str) -> None:
        with self.lock:
            self._connection.execute(sql, values)

    def row(self, sql: str, *values: str) -> tuple[str, ...] | None:
        with self.lock:
            return self._connection.execute(sql, values).fetchone()

    def rows(self, sql: str, *values: str) -> list[tuple[str, ...]]:
        with self.lock:
            return self._connection.execute(sql, values).fetchall()

    # Last in its class: the annotations above it mean the builtin.
    def list(self, *, under: str = "", type: str | None = None) -> list[Resource]:
        """Resources whose id lies strictly below `under` ("" for all), of one type or of every type, by
        id."""
        prefix = _key(under) + "/"
        rows = self.rows("SELECT key, id, type, body FROM resources ORDER BY key")
        return [
            Resource(id_, type_, json.loads(body))
            for key, id_, type_, body in rows
            if key.startswith(prefix) and (type is None or type_.lower() == type.lower())
        ]


def _key(resource_id: str) -> str:
    return resource_id.rstrip("/").lower()
