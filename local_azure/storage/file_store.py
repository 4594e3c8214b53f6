"""Where files and directories of shares are kept.

https://learn.microsoft.com/rest/api/storageservices/file-service-concepts
"""

import base64
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from local_azure.ground import Ground
from local_azure.http import JsonObject
from local_azure.store import Documents


@dataclass(frozen=True)
class Item:
    """A file, or a directory, whose `content` is None. `path` is as it was first written, without a slash at
    either end; the share's root has none. Times in seconds since the epoch."""

    path: str
    content: bytes | None
    content_type: str
    created: float
    modified: float
    metadata: Mapping[str, str] = field(default_factory=dict[str, str])
    id: str = ""

    @property
    def name(self) -> str:
        return self.path.rpartition("/")[2]

    @property
    def etag(self) -> str:
        return f'"0x{uuid.uuid5(uuid.NAMESPACE_OID, f"{self.id}{self.modified!r}").hex[:15].upper()}"'


class FileStore:
    """What is in every share, by account and share. Names are kept in their case and compared without."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground

    def find(self, account: str, share: str, path: str) -> Item | None:
        document = self._documents(account, share).get(_key(path))
        return _read(document) if document else None

    def below(self, account: str, share: str, directory: str) -> list[Item]:
        """What is directly in a directory, or in the root where `directory` is empty, by name."""
        start = _key(f"{directory}/" if directory else "")
        found = self._documents(account, share).items()
        items = [_read(document) for key, document in found if key.startswith(start) and key != start]
        depth = directory.count("/") + 1 if directory else 0
        return sorted(
            (one for one in items if one.path.count("/") == depth), key=lambda one: one.name.lower()
        )

    def make(
        self, account: str, share: str, path: str, content: bytes | None, content_type: str = ""
    ) -> Item:
        """A new file or directory, in place of a file that was there."""
        now = self._ground.clock.now()
        item = Item(path, content, content_type, now, now, id=str(uuid.uuid4().int >> 72))
        self._write(account, share, item)
        return item

    def change(
        self,
        account: str,
        share: str,
        item: Item,
        *,
        content: bytes | None = None,
        content_type: str | None = None,
        metadata: Mapping[str, str] | None = None,
    ) -> Item:
        """The item with what is given instead of what it had."""
        changed = replace(
            item,
            content=item.content if content is None else content,
            content_type=item.content_type if content_type is None else content_type,
            metadata=item.metadata if metadata is None else metadata,
            modified=self._ground.clock.now(),
        )
        self._write(account, share, changed)
        return changed

    def delete(self, account: str, share: str, item: Item) -> None:
        self._documents(account, share).delete(_key(item.path))

    def clear(self, account: str, share: str) -> None:
        """Forget all that is in a share."""
        documents = self._documents(account, share)
        for key, _ in documents.items():
            documents.delete(key)

    def _write(self, account: str, share: str, item: Item) -> None:
        document: JsonObject = {
            "path": item.path,
            "content": None if item.content is None else base64.b64encode(item.content).decode(),
            "content_type": item.content_type,
            "created": item.created,
            "modified": item.modified,
            "metadata": dict(item.metadata),
            "id": item.id,
        }
        self._documents(account, share).put(_key(item.path), document)

    def _documents(self, account: str, share: str) -> Documents:
        return self._ground.store.documents(f"share-files/{account}/{share}".lower())


def _key(path: str) -> str:
    return path.lower()


def _read(document: JsonObject) -> Item:
    content = document["content"]
    fields: JsonObject = {**document, "content": None if content is None else base64.b64decode(content)}
    return Item(**fields)
