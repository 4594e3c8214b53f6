"""Where blobs are kept, and for how long those that were deleted can be restored.

https://learn.microsoft.com/azure/storage/blobs/soft-delete-blob-overview
"""

import base64
import hashlib
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from local_azure.ground import Ground
from local_azure.http import JsonObject

BLOBS: Final = "blobs"
_DAY: Final = 86_400


@dataclass(frozen=True)
class Blob:
    """A block blob; times in seconds since the epoch. `kept_until` only of one that was deleted, `lease_…` of
    one that was leased: `lease_until` is None for a lease without an end.
    """

    name: str
    content: bytes
    content_type: str
    created: float
    modified: float
    etag: str
    kept_until: float | None = None
    lease_id: str | None = None
    lease_until: float | None = None
    lease_seconds: int = 0
    metadata: Mapping[str, str] = field(default_factory=dict[str, str])

    @property
    def md5(self) -> str:
        return base64.b64encode(hashlib.md5(self.content, usedforsecurity=False).digest()).decode()


class BlobStore:
    """The blobs of every account, by account, container and name. Names differ in case; hosts do not."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._documents = ground.store.documents(BLOBS)

    def put(
        self,
        account: str,
        container: str,
        name: str,
        content: bytes,
        content_type: str,
        metadata: Mapping[str, str] | None = None,
    ) -> Blob:
        now = self._ground.clock.now()
        before = self.find(account, container, name)
        etag = f'"0x{uuid.uuid4().hex[:15].upper()}"'
        created = before.created if before else now
        blob = Blob(name, content, content_type, created, now, etag, metadata=dict(metadata or {}))
        if before:
            blob = replace(
                blob,
                lease_id=before.lease_id,
                lease_until=before.lease_until,
                lease_seconds=before.lease_seconds,
            )
        self._write(account, container, blob)
        return blob

    def keep(self, account: str, container: str, blob: Blob) -> None:
        """A blob whose lease changed, and nothing else."""
        self._write(account, container, blob)

    def find(self, account: str, container: str, name: str, *, deleted: bool = False) -> Blob | None:
        """The blob, or the deleted one of that name while it is kept."""
        document = self._documents.get(_key(account, container, name))
        blob = _read(document) if document else None
        if blob is None or not self._is_kept(blob):
            return None
        return blob if (blob.kept_until is not None) == deleted else None

    def every(self, account: str, container: str, *, deleted: bool = False) -> list[Blob]:
        """By name; with those that were deleted if they are wanted, too."""
        prefix = _key(account, container, "")
        found = [_read(document) for key, document in self._documents.items() if key.startswith(prefix)]
        kept = [blob for blob in found if self._is_kept(blob) and (deleted or blob.kept_until is None)]
        return sorted(kept, key=lambda blob: blob.name)

    def delete(self, account: str, container: str, blob: Blob, days: int) -> None:
        """Keep it for `days` in which it can be restored, or for none."""
        if days:
            until = self._ground.clock.now() + days * _DAY
            gone = replace(blob, kept_until=until, lease_id=None, lease_until=None)
            self._write(account, container, gone)
        else:
            self._documents.delete(_key(account, container, blob.name))

    def restore(self, account: str, container: str, blob: Blob) -> None:
        self._write(account, container, replace(blob, kept_until=None))

    def forget_container(self, account: str, container: str) -> None:
        self._forget(f"{account}/{container}/")

    def forget_account(self, account: str) -> None:
        self._forget(f"{account}/")

    def _forget(self, prefix: str) -> None:
        for key, _ in self._documents.items():
            if key.startswith(prefix.lower()):
                self._documents.delete(key)

    def _is_kept(self, blob: Blob) -> bool:
        return blob.kept_until is None or blob.kept_until > self._ground.clock.now()

    def _write(self, account: str, container: str, blob: Blob) -> None:
        document: JsonObject = {
            "name": blob.name,
            "content": base64.b64encode(blob.content).decode(),
            "content_type": blob.content_type,
            "created": blob.created,
            "modified": blob.modified,
            "etag": blob.etag,
            "kept_until": blob.kept_until,
            "lease_id": blob.lease_id,
            "lease_until": blob.lease_until,
            "lease_seconds": blob.lease_seconds,
            "metadata": dict(blob.metadata),
        }
        self._documents.put(_key(account, container, blob.name), document)


def _key(account: str, container: str, name: str) -> str:
    # The store's keys do not tell case apart, and blobs' names do.
    return f"{account}/{container}/{name.encode().hex()}".lower()


def _read(document: JsonObject) -> Blob:
    fields: JsonObject = {**document, "content": base64.b64decode(document["content"])}
    return Blob(**fields)
