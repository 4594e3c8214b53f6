"""What is in the stores: key values by key and label, and the revisions that they had.

https://learn.microsoft.com/azure/azure-app-configuration/concept-key-value
"""

import base64
import uuid
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from typing import Final

from local_azure.ground import Ground
from local_azure.http import JsonObject

KEY_VALUES: Final = "app-configuration-key-values"
_REVISIONS: Final = "app-configuration-revisions"


@dataclass(frozen=True)
class KeyValue:
    """One key value; `modified` in seconds since the epoch."""

    key: str
    label: str | None
    value: str | None
    content_type: str | None
    tags: Mapping[str, str] = field(default_factory=dict[str, str])
    locked: bool = False
    etag: str = ""
    modified: float = 0.0

    @property
    def last_modified(self) -> str:
        return date(self.modified)

    def shown(self) -> JsonObject:
        """As the data plane answers it."""
        return {
            "etag": self.etag,
            "key": self.key,
            "label": self.label,
            "content_type": self.content_type,
            "value": self.value,
            "tags": dict(self.tags),
            "locked": self.locked,
            "last_modified": self.last_modified,
        }


class KeyValues:
    """Those of every store. Names of stores are in lower case; keys and labels differ in case."""

    def __init__(self, ground: Ground) -> None:
        self._clock = ground.clock
        self._documents = ground.store.documents(KEY_VALUES)
        self._revisions = ground.store.documents(_REVISIONS)

    def find(self, store: str, key: str, label: str | None) -> KeyValue | None:
        document = self._documents.get(_place(store, key, label))
        return KeyValue(**document) if document else None

    def every(self, store: str) -> list[KeyValue]:
        """By key and label."""
        beginning = f"{store}/"
        found = [KeyValue(**one) for at, one in self._documents.items() if at.startswith(beginning)]
        return sorted(found, key=lambda one: (one.key, one.label or ""))

    def revisions(self, store: str) -> list[KeyValue]:
        """Newest first; what was deleted, too."""
        beginning = f"{store}/"
        found = [KeyValue(**one) for at, one in self._revisions.items() if at.startswith(beginning)]
        return found[::-1]

    def write(self, store: str, written: KeyValue) -> KeyValue:
        """Keep it with a new etag."""
        now = self._clock.now()
        etag = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
        kept = replace(written, etag=etag, modified=now)
        self._documents.put(_place(store, kept.key, kept.label), asdict(kept))
        number = len(self._revisions.items())
        self._revisions.put(f"{store}/{number:010}", asdict(kept))
        return kept

    def delete(self, store: str, gone: KeyValue) -> None:
        self._documents.delete(_place(store, gone.key, gone.label))

    def forget(self, store: str) -> None:
        """The store is gone for good."""
        for documents in (self._documents, self._revisions):
            for at, _ in documents.items():
                if at.startswith(f"{store}/"):
                    documents.delete(at)


def date(seconds: float) -> str:
    """As the service writes times; from seconds since the epoch."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")


def _place(store: str, key: str, label: str | None) -> str:
    # The ground's keys do not tell case apart, and these do.
    return f"{store}/{key.encode().hex()}/{(label or '').encode().hex()}"
