"""Microsoft.KeyVault/vaults/keys: a key that the vault makes when Resource Manager asks for it.

https://learn.microsoft.com/rest/api/keyvault/keyvault/keys/create-if-not-exist
"""

from collections.abc import Sequence
from typing import Final

from local_azure.arm import ResourceId, ResourceType
from local_azure.errors import Refusal
from local_azure.ground import Ground
from local_azure.http import JsonObject, Request
from local_azure.key_vault.answers import VAULTS, require_name
from local_azure.key_vault.key_versions import KeyVersion, VaultKeys
from local_azure.rules import Rule

_SHOWN: Final = {"kty": "kty", "keySize": "key_size", "curveName": "crv", "keyOps": "key_ops"}
"""What Resource Manager calls it, to what the vault does."""

RULES: Final = [
    Rule(
        "C5",
        "refusal",
        "Resource Manager makes the first version of a key and changes nothing of one that exists: 400 "
        "KeyCreationParametersDidNotMatchExistingKey.",
        held_by="c5_resource_manager_makes_a_key_once_and_never_changes_it",
        source="Azure/bicep#8283 https://learn.microsoft.com/rest/api/keyvault/keyvault/keys/create-if-not-exist",
    ),
    Rule(
        "C5",
        "behaviour",
        "A key is deleted at the vault, never through Resource Manager.",
        held_by="c5_a_key_is_deleted_at_its_vault_alone",
        source="https://learn.microsoft.com/rest/api/keyvault/keyvault/keys",
    ),
]


class VaultKey(ResourceType):
    """The newest version of a key; it is the vault that keeps it."""

    type = "Microsoft.KeyVault/vaults/keys"

    def __init__(self, ground: Ground, keys: VaultKeys) -> None:
        super().__init__(ground)
        self._keys = keys

    def get(self, id: ResourceId, request: Request) -> JsonObject | None:
        found = self._keys.find(_vault(id), id.name, None)
        return self._body(id, found) if found else None

    def put(self, id: ResourceId, old: JsonObject | None, new: JsonObject, request: Request) -> JsonObject:
        given: JsonObject = new.get("properties") or {}
        try:
            require_name(id.name, "key")
            found = self._keys.find(_vault(id), id.name, None)
            if found is None:
                found = self._make(_vault(id), id.name, new, given)
            else:
                self._require_same(id.name, found, given)
        except Refusal as refusal:
            raise Refusal(refusal.status, refusal.inner_code or refusal.code, refusal.message) from refusal
        return self._body(id, found)

    def created_status(self) -> int:
        return 200

    def before_delete(self, id: ResourceId, body: JsonObject, request: Request) -> None:
        if ResourceId.parse(request.path).key == id.key:
            raise Refusal(
                405, "MethodNotAllowed", "A key is deleted at its vault, not through Resource Manager."
            )

    def list_in_scope(self, scope: str, request: Request) -> Sequence[JsonObject]:
        found: list[JsonObject] = []
        for name in self._keys.names(scope.rpartition("/")[2]):
            id = ResourceId.parse(f"{scope}/keys/{name}")
            found.append({"id": id.text, "name": name, "type": self.type, **(self.get(id, request) or {})})
        return found

    def _make(self, vault: str, name: str, new: JsonObject, given: JsonObject) -> KeyVersion:
        wanted = {theirs: given[ours] for ours, theirs in _SHOWN.items() if given.get(ours) is not None}
        said: JsonObject = {"attributes": given.get("attributes") or {}, "tags": new.get("tags")}
        made = self._keys.create(vault, name, {**wanted, **said})
        if policy := given.get("rotationPolicy"):
            self._keys.set_policy(vault, name, policy)
        return made

    def _require_same(self, name: str, found: KeyVersion, given: JsonObject) -> None:
        """Raises Refusal 400 (C5)."""
        has = _shown(found)
        for what, value in has.items():
            wanted = given.get(what)
            if wanted is not None and wanted != value:
                raise Refusal(
                    400, "KeyCreationParametersDidNotMatchExistingKey",
                    f"The key '{name}' already exists, but the specified key creation parameters did not "
                    f"match that of the existing key (The existing key has {what} '{value}', which doesn't "
                    f"match the given '{wanted}'.). This API can only be used for creating the first version "
                    "of a new key (no subsequent versions can be created, and existing keys cannot be "
                    "updated).",
                )  # fmt: skip

    def _body(self, id: ResourceId, key: KeyVersion) -> JsonObject:
        vault = self.ground.store.get(id.parent)
        uri = f"https://{_vault(id)}{VAULTS}/keys/{key.name}"
        return {
            "location": vault.body["location"] if vault else None,
            "tags": key.tags,
            "properties": {
                **_shown(key),
                "attributes": {**key.attributes, "exportable": False},
                "rotationPolicy": self._keys.policy(_vault(id), key.name),
                "keyUri": uri,
                "keyUriWithVersion": f"{uri}/{key.version}",
            },
        }


def _shown(key: KeyVersion) -> JsonObject:
    shown: JsonObject = {"kty": key.public["kty"], "keyOps": key.operations}
    return shown | ({"curveName": key.curve} if key.curve else {"keySize": key.size})


def _vault(id: ResourceId) -> str:
    return id.parent.rpartition("/")[2].lower()
