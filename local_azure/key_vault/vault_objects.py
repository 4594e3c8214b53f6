"""Where a vault keeps what it holds: versions under a name, and what soft delete keeps of them.

https://learn.microsoft.com/azure/key-vault/general/about-keys-secrets-certificates
"""

import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

from local_azure.errors import Refusal
from local_azure.ground import Ground
from local_azure.http import JsonObject

DAY: Final = 86_400


@dataclass(frozen=True)
class Version:
    """One version of a secret, a key or a certificate: what `body` says of it, as it is kept."""

    name: str
    body: JsonObject

    @property
    def version(self) -> str:
        return str(self.body["version"])

    @property
    def attributes(self) -> JsonObject:
        """`enabled`, `created`, `updated`, and `exp` and `nbf` when given; times in seconds."""
        return self.body["attributes"]

    @property
    def tags(self) -> JsonObject:
        return self.body["tags"]

    @property
    def managed(self) -> bool:
        """Whether it is part of a certificate, and lives as long as that."""
        return bool(self.body.get("managed"))

    def require_unmanaged(self, noun: str) -> None:
        """Raises Refusal 403 for a part of a certificate (C7)."""
        if self.managed:
            text = (
                f"The {noun.lower()} {self.name} belongs to a certificate: it comes and goes with that alone."
            )
            raise Refusal(403, "Forbidden", text, "key-vault")


V = TypeVar("V", bound=Version)


@dataclass(frozen=True)
class Deleted(Generic[V]):
    """The newest version of what was soft-deleted; times in seconds since the epoch."""

    newest: V
    deleted: int
    scheduled_purge: int


class VaultObjects(Generic[V]):
    """All of one kind (`secrets`) in every vault. A vault is named by the first label of its host, in lower
    case. `noun` is what refusals call one of them."""

    def __init__(self, ground: Ground, kind: str, noun: str, opened: Callable[[str, JsonObject], V]) -> None:
        self.ground = ground
        self.kind = kind
        self.noun = noun
        self._opened = opened
        self._active = ground.store.documents(kind)
        self._deleted = ground.store.documents(f"deleted-{kind}")

    def add(self, vault: str, name: str, given: JsonObject, own: JsonObject, version: str | None = None) -> V:
        """Write a new version: `given` has the attributes and tags that a client may say, `own` what only
        this kind has; with a `version` it is a certificate's part. Raises Refusal 409 while something deleted
        holds the name (S1), and 403 where a certificate does (C7)."""
        self.require_free(vault, name)
        if version is None and (before := self.versions(vault, name)):
            before[-1].require_unmanaged(self.noun)
        now = int(self.ground.clock.now())
        wanted: JsonObject = given.get("attributes") or {}
        body: JsonObject = {
            **own,
            "version": version or uuid.uuid4().hex,
            "attributes": {"enabled": True, **_settable(wanted), "created": now, "updated": now},
            "tags": given.get("tags") or {},
        }
        document = self._active.get(_key(vault, name)) or {"name": name, "versions": []}
        self._active.put(_key(vault, name), {**document, "versions": [*document["versions"], body]})
        return self._opened(str(document["name"]), body)

    def require_free(self, vault: str, name: str) -> None:
        """Raises Refusal 409 while something deleted holds the name (S1)."""
        if self.deleted(vault, name):
            raise Refusal(
                409, "Conflict",
                f"{self.noun} {name} is currently in a deleted but recoverable state, and its name cannot be "
                f"reused; in this state, the {self.noun.lower()} can only be recovered or purged.",
                "key-vault", "ObjectIsDeletedButRecoverable",
            )  # fmt: skip

    def find(self, vault: str, name: str, version: str | None) -> V | None:
        """A version, or the newest one; None when there is none."""
        found = [one for one in self.versions(vault, name) if version in (None, one.version)]
        return found[-1] if found else None

    def versions(self, vault: str, name: str) -> list[V]:
        """Every version, the oldest first."""
        document = self._active.get(_key(vault, name))
        return [self._opened(document["name"], one) for one in document["versions"]] if document else []

    def newest(self) -> Iterator[tuple[str, V]]:
        """The newest version of each, with the name of its vault."""
        for key, document in self._active.items():
            yield key.partition("/")[0], self._opened(document["name"], document["versions"][-1])

    def update(self, vault: str, found: V, change: JsonObject, own: Mapping[str, Any]) -> V:
        """Change a version's attributes and tags, and what only this kind has; None in `own` changes
        nothing."""
        document = self._active.get(_key(vault, found.name))
        assert document is not None
        for one in document["versions"]:
            if one["version"] == found.version:
                one["attributes"] |= _settable(change.get("attributes") or {})
                one["attributes"]["updated"] = int(self.ground.clock.now())
                for key, value in {**own, "tags": change.get("tags")}.items():
                    if value is not None:
                        one[key] = value
        self._active.put(_key(vault, found.name), document)
        return self.find(vault, found.name, found.version) or found

    def kept(self, vault: str, name: str, what: str) -> JsonObject | None:
        """What is kept of all versions together, such as a policy."""
        document = self._active.get(_key(vault, name))
        return document.get(what) if document else None

    def keep(self, vault: str, name: str, what: str, value: JsonObject) -> None:
        document = self._active.get(_key(vault, name))
        assert document is not None
        self._active.put(_key(vault, name), {**document, what: value})

    def names(self, vault: str, *, deleted: bool = False) -> list[str]:
        """The names of what is in the vault, or of what soft delete keeps."""
        found = [document["name"] for _, document in self._of(vault, deleted)]
        return [name for name in found if not deleted or self.deleted(vault, name)]

    def delete(self, vault: str, name: str, days: int) -> None:
        """Soft-delete: the versions stay and the name is held for `days`."""
        document = self._active.get(_key(vault, name))
        assert document is not None
        self._active.delete(_key(vault, name))
        now = int(self.ground.clock.now())
        self._deleted.put(_key(vault, name), {**document, "deleted": now, "purged": now + days * DAY})

    def deleted(self, vault: str, name: str) -> Deleted[V] | None:
        """What was soft-deleted and holds `name`; it is gone for good when its retention ends."""
        document = self._deleted.get(_key(vault, name))
        if document is None:
            return None
        if document["purged"] <= self.ground.clock.now():
            self.purge(vault, name)
            return None
        newest = self._opened(document["name"], document["versions"][-1])
        return Deleted(newest, document["deleted"], document["purged"])

    def recover(self, vault: str, name: str) -> None:
        document = self._deleted.get(_key(vault, name))
        assert document is not None
        self._deleted.delete(_key(vault, name))
        kept = {key: value for key, value in document.items() if key not in ("deleted", "purged")}
        self._active.put(_key(vault, name), kept)

    def purge(self, vault: str, name: str) -> None:
        self._deleted.delete(_key(vault, name))

    def forget_vault(self, vault: str) -> None:
        """A purged vault takes all with it."""
        for documents, deleted in ((self._active, False), (self._deleted, True)):
            for key, _ in list(self._of(vault, deleted)):
                documents.delete(key)

    def _of(self, vault: str, deleted: bool) -> Iterator[tuple[str, JsonObject]]:
        documents = self._deleted if deleted else self._active
        return ((key, one) for key, one in documents.items() if key.startswith(f"{vault.lower()}/"))


def _settable(attributes: JsonObject) -> JsonObject:
    """Those attributes that a client may give."""
    wanted = {key: attributes[key] for key in ("enabled", "exp", "nbf") if key in attributes}
    return {key: value for key, value in wanted.items() if value is not None}


def _key(vault: str, name: str) -> str:
    return f"{vault}/{name}".lower()
