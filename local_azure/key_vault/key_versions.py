"""Where a vault's keys are kept, and how they come to be.

https://learn.microsoft.com/azure/key-vault/keys/about-keys
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from local_azure.ground import Ground
from local_azure.http import JsonObject
from local_azure.key_vault import key_material, rotation
from local_azure.key_vault.answers import refusal
from local_azure.key_vault.key_material import CURVES, EC, OPERATIONS, RSA, SIZES, PrivateKey
from local_azure.key_vault.vault_objects import VaultObjects, Version
from local_azure.rules import Rule

_POLICY: Final = "rotationPolicy"

RULES: Final = [
    Rule(
        "C2",
        "assumed",
        "A vault of the standard tier makes RSA keys of 2048, 3072 and 4096 bits and EC keys on four curves; "
        "keys in hardware and symmetric ones are 400 BadParameter.",
        held_by="c2_a_key_of_a_kind_that_no_standard_vault_has_is_refused",
        source="https://learn.microsoft.com/azure/key-vault/keys/about-keys",
    ),
]


@dataclass(frozen=True)
class KeyVersion(Version):
    """One version of a key."""

    @property
    def key(self) -> PrivateKey:
        return _taken(self.body["key"])

    @property
    def operations(self) -> list[str]:
        return self.body["key_ops"]

    @property
    def curve(self) -> str | None:
        return self.public.get("crv")

    @property
    def size(self) -> int:
        return self.key.key_size

    @property
    def public(self) -> JsonObject:
        return key_material.public_part(self.key)


class VaultKeys(VaultObjects[KeyVersion]):
    """The keys of every vault."""

    def __init__(self, ground: Ground) -> None:
        super().__init__(ground, "keys", "Key", KeyVersion)

    def create(self, vault: str, name: str, given: JsonObject) -> KeyVersion:
        """A new version, made by the vault. Raises Refusal 400, and 409 while a deleted key holds the
        name."""
        kind, size, curve = _kind(given)
        self.require_free(vault, name)
        operations = _operations(kind, given.get("key_ops"))
        return self.keep_new(vault, name, key_material.made(kind, size, curve), operations, given)

    def keep_new(
        self,
        vault: str,
        name: str,
        key: PrivateKey,
        operations: list[str],
        given: JsonObject,
        version: str | None = None,
    ) -> KeyVersion:
        """With a `version` it is the key of a certificate's version of that name."""
        own: JsonObject = {
            "key": key_material.kept(key),
            "key_ops": operations,
            "managed": version is not None,
        }
        return self.add(vault, name, given, own, version)

    def rotate(self, vault: str, name: str, newest: KeyVersion) -> KeyVersion:
        """A new version like the newest one."""
        key = key_material.made(newest.public["kty"], newest.size, newest.curve or "")
        made = self.keep_new(vault, name, key, newest.operations, {"tags": newest.tags})
        ends = rotation.expiry(self.policy(vault, name), made.attributes["created"])
        return self.update(vault, made, {"attributes": ends}, {})

    def find(self, vault: str, name: str, version: str | None) -> KeyVersion | None:
        self._rotate_when_due(vault, name)
        return super().find(vault, name, version)

    def change(self, vault: str, found: KeyVersion, change: JsonObject) -> KeyVersion:
        """Change a version's attributes, tags or operations. Raises Refusal 400."""
        wanted = change.get("key_ops")
        operations = None if wanted is None else _operations(found.public["kty"], wanted)
        return self.update(vault, found, change, {"key_ops": operations})

    def policy(self, vault: str, name: str) -> JsonObject:
        """When the key is rotated."""
        return self.kept(vault, name, _POLICY) or rotation.default()

    def set_policy(self, vault: str, name: str, policy: JsonObject) -> JsonObject:
        """Raises Refusal 400 (C4). No actions at all is the default again."""
        wanted = rotation.checked(policy)
        now = int(self.ground.clock.now())
        before = self.policy(vault, name)["attributes"].get("created", now)
        kept = wanted if wanted["lifetimeActions"] else rotation.default()
        kept["attributes"] |= {"created": before, "updated": now}
        self.keep(vault, name, _POLICY, kept)
        return kept

    def _rotate_when_due(self, vault: str, name: str) -> None:
        """Nobody waits for the day: whoever looks later finds what would have been made by then."""
        newest = super().find(vault, name, None)
        if newest is not None and newest.attributes["enabled"] and not newest.managed:
            due = rotation.due(self.policy(vault, name), newest.attributes)
            if due is not None and due <= self.ground.clock.now():
                self.rotate(vault, name, newest)


@lru_cache(256)
def _taken(text: str) -> PrivateKey:
    return key_material.taken(text)


def _kind(given: JsonObject) -> tuple[str, int, str]:
    """Type, bits and curve of what is wanted. Raises Refusal 400 (C2)."""
    kind = given.get("kty")
    size, curve = given.get("key_size") or SIZES[0], given.get("crv") or CURVES[0]
    if kind not in (RSA, EC):
        raise _bad("kty", kind)
    if kind == RSA and size not in SIZES:
        raise _bad("key_size", size)
    if kind == EC and curve not in CURVES:
        raise _bad("crv", curve)
    return kind, int(size), str(curve)


def _operations(kind: str, wanted: list[str] | None) -> list[str]:
    if wanted is None:
        return list(OPERATIONS[kind])
    for one in wanted:
        if one not in OPERATIONS[kind]:
            raise _bad("key_ops", one)
    return wanted


def _bad(name: str, value: object) -> Exception:
    return refusal(400, "BadParameter", f"Property {name} has invalid value {value}.")
