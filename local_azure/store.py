"""SQLite behind two small interfaces: resources by id, and documents by kind and key.

Ids and types are compared without case, as Resource Manager does; the stored spelling is what was first
written. Everything else in the local Azure keeps its state here, so that a second `make up` finds what the
first one made. Every body lies there encrypted.
"""

import sqlite3
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from local_azure.http import JsonObject
from local_azure.store_seal import KEY_FILE, Seal

FORM: Final = 1
"""What SQLite's `user_version` says of a store in which every body is encrypted."""


class StoreNotReadableError(RuntimeError):
    """The store's key is another one, or the store is of a later version than this program, or damaged."""


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
        return self._store.seal.opened(row[0]) if row else None

    def put(self, key: str, document: JsonObject) -> None:
        body = self._store.seal.closed(document)
        self._store.execute("INSERT OR REPLACE INTO documents VALUES (?,?,?)", self._kind, key.lower(), body)

    def delete(self, key: str) -> None:
        self._store.execute("DELETE FROM documents WHERE kind=? AND key=?", self._kind, key.lower())

    def items(self) -> list[tuple[str, JsonObject]]:
        """Every (lower-cased key, document), ordered by key."""
        rows = self._store.rows("SELECT key, body FROM documents WHERE kind=? ORDER BY key", self._kind)
        return [(key, self._store.seal.opened(body)) for key, body in rows]


class Store:
    """One SQLite file, whose bodies `seal` encrypts. Calls may come from any thread; `lock` makes several of
    them one step. Raises StoreNotReadableError."""

    def __init__(self, path: Path, seal: Seal) -> None:
        path.touch(0o600)  # its write-ahead log gets the same mode
        self.seal = seal
        self._connection = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self.lock = threading.RLock()
        self._after_commit: list[Callable[[], object]] = []
        try:
            # A killed process loses nothing, and a stand-in need not outlive a power cut: its syncs are most
            # of what a start and a stop would wait for. Said before the first write, or that is synced.
            self._connection.execute("PRAGMA synchronous=OFF")
            self._connection.execute("PRAGMA journal_mode=WAL")
            create_tables(self._connection)
            self._require_readable(path)
        except BaseException:
            self._connection.close()
            raise

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
        return Resource(row[0], row[1], self.seal.opened(row[2])) if row else None

    def put(self, resource: Resource) -> None:
        """Create or overwrite; an overwrite keeps the spelling of the id under which it was created."""
        known = self.get(resource.id)
        self.execute(
            "INSERT OR REPLACE INTO resources VALUES (?,?,?,?)",
            _key(resource.id),
            known.id if known else resource.id.rstrip("/"),
            resource.type,
            self.seal.closed(resource.body),
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
            Resource(id_, type_, self.seal.opened(body))
            for key, id_, type_, body in rows
            if key.startswith(prefix) and (type is None or type_.lower() == type.lower())
        ]

    def _require_readable(self, path: Path) -> None:
        some = self.row("SELECT body FROM documents UNION ALL SELECT body FROM resources LIMIT 1")
        if form_of(self._connection) > FORM:
            raise StoreNotReadableError(
                f"{path} is of a later version of Keyless. Expected one that this version knows: use that"
                f" version, or remove {path.parent} and all that was deployed there"
            )
        if some and not self.seal.fits(some[0]):
            raise StoreNotReadableError(
                f"{path} was encrypted with another key than {path.with_name(KEY_FILE)} holds. Expected the"
                f" key of its first start: put it back, or remove {path.parent} and all that was deployed"
                " there"
            )
        self._connection.execute(f"PRAGMA user_version={FORM}")


def create_tables(connection: sqlite3.Connection) -> None:
    """Those that are not there."""
    connection.execute(
        "CREATE TABLE IF NOT EXISTS resources"
        " (key TEXT PRIMARY KEY, id TEXT, type TEXT COLLATE NOCASE, body TEXT)"
    )
    connection.execute(
        "CREATE TABLE IF NOT EXISTS documents (kind TEXT, key TEXT, body TEXT, PRIMARY KEY (kind, key))"
    )


def form_of(connection: sqlite3.Connection) -> int:
    """Which form a database has; 0 before anything was encrypted."""
    return connection.execute("PRAGMA user_version").fetchone()[0]


def _key(resource_id: str) -> str:
    return resource_id.rstrip("/").lower()
