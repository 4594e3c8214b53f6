"""Keys at a vault's data plane.

https://learn.microsoft.com/rest/api/keyvault/keys
"""

from typing import Final

from typing_extensions import override

from local_azure.entra.directory import Caller
from local_azure.ground import Ground
from local_azure.http import JsonObject, Request, Response
from local_azure.key_vault import key_material
from local_azure.key_vault.answers import (
    address,
    deleted,
    described,
    given,
    name_of,
    nothing_answers,
    refusal,
    retention,
)
from local_azure.key_vault.key_material import UnfitError, decoded, encoded
from local_azure.key_vault.key_versions import KeyVersion, VaultKeys
from local_azure.key_vault.objects_data import ObjectsData
from local_azure.rules import Rule
from local_azure.store import Resource

_POLICIES: Final = "keyrotationpolicies"
_ACTIONS: Final = {
    "encrypt": ("encrypt", "encrypt/action"),
    "decrypt": ("decrypt", "decrypt/action"),
    "sign": ("sign", "sign/action"),
    "verify": ("verify", "verify/action"),
    "wrapkey": ("wrapKey", "wrap/action"),
    "unwrapkey": ("unwrapKey", "unwrap/action"),
}
"""How the address calls it, to what the key calls it and which action it takes."""
_STILL: Final = ("decrypt", "verify", "unwrapKey")
"""What a key that has expired is still good for."""

RULES: Final = [
    Rule(
        "C1",
        "refusal",
        "An operation that is not among the key's own is 403 KeyOperationForbidden, whatever the role.",
        held_by="c1_a_key_does_only_what_it_is_for_whatever_the_role",
        source="Azure/azure-sdk-for-net#11518",
    ),
    Rule(
        "C1",
        "assumed",
        "A disabled key does nothing, one that has expired decrypts, verifies and unwraps only.",
        held_by="c1_a_key_that_is_switched_off_or_over_does_less",
        source="https://learn.microsoft.com/azure/key-vault/keys/about-keys-details",
    ),
    Rule(
        "C3",
        "behaviour",
        "Nobody gets the private part of a key.",
        held_by="c3_the_private_part_of_a_key_is_in_no_answer",
        source="https://learn.microsoft.com/azure/key-vault/keys/about-keys-details",
    ),
]


class KeysData(ObjectsData[KeyVersion]):
    """The keys of every vault."""

    def __init__(self, ground: Ground, keys: VaultKeys) -> None:
        super().__init__(ground, keys)
        self._keys = keys

    @override
    def answer(self, vault: Resource, request: Request, rest: list[str], caller: Caller) -> Response:
        match request.method, rest:
            case "GET" | "PUT", [name, "rotationpolicy"]:
                return self._policy(vault, name, request, caller)
            case "GET", [name, *version] if len(version) < 2:
                self.require(vault, caller, "read", name)
                return Response(200, self.shown(vault, self.one_of(vault, name, version)))
            case "POST", [name, "create"]:
                self.require(vault, caller, "create/action", name)
                made = self._keys.create(name_of(vault), name, given(request))
                return Response(200, self.shown(vault, made))
            case "POST", [name, "rotate"]:
                self.require(vault, caller, "rotate/action", name)
                made = self._keys.rotate(name_of(vault), name, self.newest(vault, name))
                return Response(200, self.shown(vault, made))
            case "PATCH", [name, *version] if len(version) < 2:
                self.require(vault, caller, "update/action", name)
                found = self.one_of(vault, name, version)
                changed = self._keys.change(name_of(vault), found, given(request))
                return Response(200, self.shown(vault, changed))
            case "DELETE", [name]:
                self.require(vault, caller, "delete", name)
                self.newest(vault, name).require_unmanaged(self._keys.noun)
                self._keys.delete(name_of(vault), name, retention(vault))
                self.ground.store.delete(f"{vault.id}/keys/{name}")  # when made by Resource Manager
                found, said = deleted(self._keys, vault, name)
                return Response(200, {**said, **self.shown(vault, found.newest)})
            case "POST", [name, *version, operation] if len(version) < 2 and operation in _ACTIONS:
                return self._operate(vault, name, version, operation, request, caller)
            case method, _:
                raise nothing_answers(method, request.path)

    @override
    def item(self, vault: Resource, found: KeyVersion, *, versioned: bool = True) -> JsonObject:
        kid = address(vault, self._keys.kind, found.name, found.version if versioned else None)
        return {"kid": kid, **described(vault, found)}

    @override
    def shown(self, vault: Resource, found: KeyVersion) -> JsonObject:
        kid = address(vault, self._keys.kind, found.name, found.version)
        key = {"kid": kid, "key_ops": found.operations, **found.public}
        return {"key": key, **described(vault, found)}

    @override
    def shown_deleted(self, vault: Resource, found: KeyVersion) -> JsonObject:
        return self.shown(vault, found)

    def _operate(
        self,
        vault: Resource,
        name: str,
        version: list[str],
        operation: str,
        request: Request,
        caller: Caller,
    ) -> Response:
        called, action = _ACTIONS[operation]
        self.require(vault, caller, action, name)
        found = self.one_of(vault, name, version)
        self._require_usable(found, called)
        try:
            result = _result(found, operation, given(request))
        except UnfitError as error:
            raise refusal(400, "BadParameter", str(error)) from error
        kid = address(vault, self._keys.kind, found.name, found.version)
        return Response(200, {"kid": kid, "value": result} if operation != "verify" else {"value": result})

    def _require_usable(self, found: KeyVersion, operation: str) -> None:
        """Raises Refusal 403 (C1)."""
        now, attributes = self.ground.clock.now(), found.attributes
        if operation not in found.operations:
            text = f"Operation {operation} is not permitted on this key."
            raise refusal(403, "Forbidden", text, "KeyOperationForbidden")
        if not attributes["enabled"]:
            text = f"Operation {operation} is not allowed on a disabled key."
            raise refusal(403, "Forbidden", text, "KeyDisabled")
        if operation not in _STILL and attributes.get("exp", now + 1) <= now:
            text = f"Operation {operation} is not allowed on an expired key."
            raise refusal(403, "Forbidden", text, "KeyExpired")
        if operation not in _STILL and attributes.get("nbf", now) > now:
            text = f"Operation {operation} is not allowed on a key that is not yet valid."
            raise refusal(403, "Forbidden", text, "KeyNotYetValid")

    def _policy(self, vault: Resource, name: str, request: Request, caller: Caller) -> Response:
        verb = "read" if request.method == "GET" else "write"
        self.require(vault, caller, verb, name, of=_POLICIES)
        self.newest(vault, name)
        if verb == "read":
            policy = self._keys.policy(name_of(vault), name)
        else:
            policy = self._keys.set_policy(name_of(vault), name, given(request))
        return Response(200, {"id": f"{address(vault, self._keys.kind, name)}/rotationpolicy", **policy})


def _result(found: KeyVersion, operation: str, wanted: JsonObject) -> str | bool:
    """Raises UnfitError."""
    algorithm = str(wanted.get("alg", ""))
    value = decoded(str(wanted.get("value" if operation != "verify" else "digest", "")))
    match operation:
        case "encrypt" | "wrapkey":
            return encoded(key_material.encrypt(found.key, algorithm, value))
        case "decrypt" | "unwrapkey":
            return encoded(key_material.decrypt(found.key, algorithm, value))
        case "sign":
            return encoded(key_material.sign(found.key, algorithm, value))
        case _:
            signature = decoded(str(wanted.get("value", "")))
            return key_material.verify(found.key, algorithm, value, signature)
