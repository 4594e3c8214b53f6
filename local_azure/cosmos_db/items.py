"""Where the items of every container are kept."""

import hashlib
import json
import uuid
from collections.abc import Sequence
from typing import Any

from local_azure.ground import Ground
from local_azure.http import JsonObject
from local_azure.store import Documents

Key = Sequence[Any]
"""The values of an item's partition key, one for each path."""


class ItemStore:
    """Items by the id of their container, their partition key and their id. Ids differ in case."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground

    def find(self, container: str, key: Key, id: str) -> JsonObject | None:
        found = self._documents(container).get(_name(key, id))
        return found["item"] if found else None

    def every(self, container: str, key: Key | None = None) -> list[JsonObject]:
        """In the order in which they were made; those of one partition key where one is given."""
        found = [one for _, one in self._documents(container).items()]
        mine = [one for one in found if key is None or one["key"] == list(key)]
        return [one["item"] for one in sorted(mine, key=lambda one: one["number"])]

    def put(self, container: str, key: Key, item: JsonObject) -> JsonObject:
        """The item as it is kept, with what the service adds to it."""
        documents, id = self._documents(container), str(item["id"])
        before = documents.get(_name(key, id))
        every = [one["number"] for _, one in documents.items()]
        number = before["number"] if before else 1 + max(every, default=0)
        rid = hashlib.sha256(f"{container.lower()}/{number}".encode()).hexdigest()[:16]
        kept = {
            **item,
            "_rid": rid,
            "_self": f"dbs/{rid[:4]}/colls/{rid[:8]}/docs/{rid}/",
            "_etag": f'"{uuid.uuid4()}"',
            "_attachments": "attachments/",
            "_ts": int(self._ground.clock.now()),
        }
        documents.put(_name(key, id), {"key": list(key), "number": number, "item": kept})
        return kept

    def delete(self, container: str, key: Key, id: str) -> None:
        self._documents(container).delete(_name(key, id))

    def forget(self, container: str) -> None:
        """A container is gone; one made again is empty."""
        documents = self._documents(container)
        for name, _ in documents.items():
            documents.delete(name)

    def _documents(self, container: str) -> Documents:
        return self._ground.store.documents(f"cosmos-items {container.lower()}")


def _name(key: Key, id: str) -> str:
    # The store's keys do not tell case apart, and ids do.
    return hashlib.sha256(json.dumps([list(key), id]).encode()).hexdigest()
