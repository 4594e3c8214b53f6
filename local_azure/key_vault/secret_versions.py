"""Where a vault's secrets are kept.

https://learn.microsoft.com/azure/key-vault/secrets/about-secrets
"""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from local_azure.errors import Refusal
from local_azure.ground import Ground
from local_azure.http import JsonObject

ACTIVE: Final = "secrets"
DELETED: Final = "deleted-secrets"


@dataclass(frozen=True)
class SecretVersion:
    """One version of a secret; `attributes` are enabled, created, updated, and exp and nbf when given."""

    name: str
    version: str
    value: str
    attributes: JsonObject
    tags: JsonObject
    content_type: str | None


@dataclass(frozen=True)
class DeletedSecret:
    """The newest version of a soft-deleted secret; times in seconds since the epoch."""

    secret: SecretVersion
    deleted: int
    scheduled_purge: int


class VaultSecrets:
    """The secrets of every vault. A vault is named by the first label of its host, in lower case."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._active = ground.store.documents(ACTIVE)
        self._deleted = ground.store.documents(DELETED)

    def add_version(self, vault: str, name: str, given: JsonObject) -> SecretVersion:
        """Write a new version. Raises Refusal 409 while a deleted secret holds the name (S1)."""
        if self.deleted(vault, name):
            raise Refusal(
                409, "Conflict",
                f"Secret {name} is currently in a deleted but recoverable state, and its name cannot be "
                "reused; "
                "in this state, the secret can only be recovered or purged.",
                "key-vault", "ObjectIsDeletedButRecoverable",
            )  # fmt: skip
        now = int(self._ground.clock.now())
        wanted: JsonObject = given.get("attributes") or {}
        version: JsonObject = {
            "version": uuid.uuid4().hex,
            "value": str(given["value"]),
            "attributes": {"enabled": True, **_settable(wanted), "created": now, "updated": now},
            "tags": given.get("tags") or {},
            "contentType": given.get("contentType"),
        }
        document = self._active.get(_key(vault, name)) or {"name": name, "versions": []}
        self._active.put(_key(vault, name), {**document, "versions": [*document["versions"], version]})
        return _open(name, version)

    def find(self, vault: str, name: str, version: str | None) -> SecretVersion | None:
        """A version, or the newest one; None when there is none."""
        found = [one for one in self.versions(vault, name) if version in (None, one.version)]
        return found[-1] if found else None

    def versions(self, vault: str, name: str) -> list[SecretVersion]:
        """Every version, the oldest first."""
        document = self._active.get(_key(vault, name))
        return [_open(document["name"], one) for one in document["versions"]] if document else []

    def update(self, vault: str, found: SecretVersion, change: JsonObject) -> SecretVersion:
        """Change a version's attributes, tags or content type."""
        document = self._active.get(_key(vault, found.name))
        assert document is not None
        for one in document["versions"]:
            if one["version"] == found.version:
                one["attributes"] |= _settable(change.get("attributes") or {})
                one["attributes"]["updated"] = int(self._ground.clock.now())
                for key in ("tags", "contentType"):
                    if change.get(key) is not None:
                        one[key] = change[key]
        self._active.put(_key(vault, found.name), document)
        return self.find(vault, found.name, found.version) or found

    def names(self, vault: str, *, deleted: bool = False) -> list[str]:
        """The names of the vault's secrets, or of its soft-deleted ones."""
        found = [document["name"] for _, document in self._of(vault, deleted)]
        return [name for name in found if not deleted or self.deleted(vault, name)]

    def delete(self, vault: str, name: str, days: int) -> None:
        """Soft-delete: the versions stay and the name is held for `days`."""
        document = self._active.get(_key(vault, name))
        assert document is not None
        self._active.delete(_key(vault, name))
        now = int(self._ground.clock.now())
        self._deleted.put(_key(vault, name), {**document, "deleted": now, "purged": now + days * 86_400})

    def deleted(self, vault: str, name: str) -> DeletedSecret | None:
        """The soft-deleted secret that holds `name`; it is gone for good when its retention ends."""
        document = self._deleted.get(_key(vault, name))
        if document is None:
            return None
        if document["purged"] <= self._ground.clock.now():
            self.purge(vault, name)
            return None
        newest = _open(document["name"], document["versions"][-1])
        return DeletedSecret(newest, document["deleted"], document["purged"])

    def recover(self, vault: str, name: str) -> None:
        document = self._deleted.get(_key(vault, name))
        assert document is not None
        self._deleted.delete(_key(vault, name))
        self._active.put(_key(vault, name), {key: document[key] for key in ("name", "versions")})

    def purge(self, vault: str, name: str) -> None:
        self._deleted.delete(_key(vault, name))

    def forget_vault(self, vault: str) -> None:
        """A purged vault takes its secrets with it."""
        for documents, deleted in ((self._active, False), (self._deleted, True)):
            for key, _ in list(self._of(vault, deleted)):
                documents.delete(key)

    def _of(self, vault: str, deleted: bool) -> Iterator[tuple[str, JsonObject]]:
        documents = self._deleted if deleted else self._active
        return ((key, one) for key, one in documents.items() if key.startswith(f"{vault.lower()}/"))


def _open(name: str, version: JsonObject) -> SecretVersion:
    fields = (version[key] for key in ("version", "value", "attributes", "tags", "contentType"))
    return SecretVersion(name, *fields)


def _settable(attributes: JsonObject) -> JsonObject:
    """Those attributes that a client may give."""
    wanted = {key: attributes[key] for key in ("enabled", "exp", "nbf") if key in attributes}
    return {key: value for key, value in wanted.items() if value is not None}


def _key(vault: str, name: str) -> str:
    return f"{vault}/{name}".lower()
