"""Keys at a vault's data plane.

https://learn.microsoft.com/rest/api/keyvault/keys
"""

from typing import Final

from local_azure.entra.directory import Caller
from local_azure.ground import Ground
from local_azure.http import JsonObject, Request, Response
from local_azure.key_vault import key_material
from local_azure.key_vault.access import require
from local_azure.key_vault.answers import (
    address,
    deleted,
    described,
    existing,
    given,
    name_of,
    nothing_answers,
    page,
    purge,
    refusal,
    require_name,
    retention,
)
from local_azure.key_vault.key_material import UnfitError, decoded, encoded
from local_azure.key_vault.key_versions import KeyVersion, VaultKeys
from local_azure.rules import Rule
from local_azure.store import Resource

_KIND: Final = "keys"
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


class KeysData:
    """The keys of every vault, behind tokens and role assignments."""

    def __init__(self, ground: Ground, keys: VaultKeys) -> None:
        self._ground = ground
        self.keys = keys

    def route(self, vault: Resource, request: Request, segments: list[str], caller: Caller) -> Response:
        """Raises Refusal."""
        if len(segments) > 1:
            require_name(segments[1], "key")
        if segments[0] != _KIND:
            return self._deleted_keys(vault, request.method, segments[1:], caller)
        match request.method, segments[1:]:
            case "GET", []:
                self._require(vault, caller, "read")
                newest = [self._newest(vault, name) for name in self.keys.names(name_of(vault))]
                return page([_item(vault, one, versioned=False) for one in newest])
            case "GET", [name, "versions"]:
                self._require(vault, caller, "read", name)
                return page([_item(vault, one) for one in self.keys.versions(name_of(vault), name)])
            case "GET" | "PUT", [name, "rotationpolicy"]:
                return self._policy(vault, name, request, caller)
            case "GET", [name, *version] if len(version) < 2:
                self._require(vault, caller, "read", name)
                return _bundle(vault, existing(self.keys, vault, name, version[0] if version else None))
            case "POST", [name, "create"]:
                self._require(vault, caller, "create/action", name)
                return _bundle(vault, self.keys.create(name_of(vault), name, given(request)))
            case "POST", [name, "rotate"]:
                self._require(vault, caller, "rotate/action", name)
                return _bundle(vault, self.keys.rotate(name_of(vault), name, self._newest(vault, name)))
            case "PATCH", [name, *version] if len(version) < 2:
                self._require(vault, caller, "update/action", name)
                found = existing(self.keys, vault, name, version[0] if version else None)
                return _bundle(vault, self.keys.change(name_of(vault), found, given(request)))
            case "DELETE", [name]:
                self._require(vault, caller, "delete", name)
                self._newest(vault, name).require_unmanaged(self.keys.noun)
                self.keys.delete(name_of(vault), name, retention(vault))
                self._ground.store.delete(f"{vault.id}/keys/{name}")  # when made by Resource Manager
                return Response(200, self._deleted(vault, name))
            case "POST", [name, *version, operation] if len(version) < 2 and operation in _ACTIONS:
                return self._operate(vault, name, version, operation, request, caller)
            case method, _:
                raise nothing_answers(method, request.path)

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
        self._require(vault, caller, action, name)
        found = existing(self.keys, vault, name, version[0] if version else None)
        self._require_usable(found, called)
        try:
            result = _result(found, operation, given(request))
        except UnfitError as error:
            raise refusal(400, "BadParameter", str(error)) from error
        kid = address(vault, _KIND, found.name, found.version)
        return Response(200, {"kid": kid, "value": result} if operation != "verify" else {"value": result})

    def _require_usable(self, found: KeyVersion, operation: str) -> None:
        """Raises Refusal 403 (C1)."""
        now, attributes = self._ground.clock.now(), found.attributes
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
        self._require(vault, caller, verb, name, of=_POLICIES)
        self._newest(vault, name)
        if verb == "read":
            policy = self.keys.policy(name_of(vault), name)
        else:
            policy = self.keys.set_policy(name_of(vault), name, given(request))
        return Response(200, {"id": f"{address(vault, _KIND, name)}/rotationpolicy", **policy})

    def _deleted_keys(self, vault: Resource, method: str, rest: list[str], caller: Caller) -> Response:
        match method, rest:
            case "GET", []:
                self._require(vault, caller, "read")
                names = self.keys.names(name_of(vault), deleted=True)
                return page([self._deleted(vault, name, listed=True) for name in names])
            case "GET", [name]:
                self._require(vault, caller, "read", name)
                return Response(200, self._deleted(vault, name))
            case "DELETE", [name]:
                self._require(vault, caller, "purge/action", name)
                return purge(self.keys, vault, name)
            case "POST", [name, "recover"]:
                self._require(vault, caller, "recover/action", name)
                deleted(self.keys, vault, name)[0].newest.require_unmanaged(self.keys.noun)
                self.keys.recover(name_of(vault), name)
                return _bundle(vault, self._newest(vault, name))
            case _:
                raise nothing_answers(method, "deleted keys")

    def _deleted(self, vault: Resource, name: str, *, listed: bool = False) -> JsonObject:
        found, said = deleted(self.keys, vault, name)
        shown = _item(vault, found.newest) if listed else _shown(vault, found.newest)
        return {**said, **shown}

    def _newest(self, vault: Resource, name: str) -> KeyVersion:
        return existing(self.keys, vault, name, None)

    def _require(
        self, vault: Resource, caller: Caller, verb: str, name: str | None = None, *, of: str = _KIND
    ) -> None:
        require(self._ground.authorizer, vault, caller, verb, name, kind=_KIND, of=of)


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


def _shown(vault: Resource, found: KeyVersion) -> JsonObject:
    kid = address(vault, _KIND, found.name, found.version)
    return {"key": {"kid": kid, "key_ops": found.operations, **found.public}, **described(vault, found)}


def _bundle(vault: Resource, found: KeyVersion) -> Response:
    return Response(200, _shown(vault, found))


def _item(vault: Resource, found: KeyVersion, *, versioned: bool = True) -> JsonObject:
    kid = address(vault, _KIND, found.name, found.version if versioned else None)
    return {"kid": kid, **described(vault, found)}
