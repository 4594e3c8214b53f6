"""Secrets at a vault's data plane.

https://learn.microsoft.com/rest/api/keyvault/secrets
"""

from typing import ClassVar, Final

from typing_extensions import override

from local_azure.entra.directory import Caller
from local_azure.ground import Ground
from local_azure.http import JsonObject, Request, Response
from local_azure.key_vault.answers import (
    address,
    deleted,
    described,
    existing,
    given,
    name_of,
    nothing_answers,
    refusal,
    retention,
)
from local_azure.key_vault.objects_data import ObjectsData
from local_azure.key_vault.secret_backup import backed_up, restore
from local_azure.key_vault.secret_versions import SecretVersion, VaultSecrets
from local_azure.rules import Rule
from local_azure.store import Resource

RULES: Final = [
    Rule(
        "S1",
        "refusal",
        "A deleted secret holds its name: 409 ObjectIsDeletedButRecoverable.",
        held_by="s1_a_deleted_secret_holds_its_name_until_it_is_purged",
        source="external-secrets/external-secrets#3519 pulumi/pulumi-azure-native#1174",
    ),
    Rule(
        "S3",
        "behaviour",
        "A secret is deleted at the vault, never through Resource Manager.",
        held_by="s3_resource_manager_writes_a_secret_and_cannot_delete_it",
        source="https://learn.microsoft.com/rest/api/keyvault/keyvault/secrets",
    ),
    Rule(
        "S8",
        "assumed",
        "A disabled secret is 403 SecretDisabled.",
        held_by="s8_a_disabled_secret_is_listed_and_not_read",
    ),
]


class SecretsData(ObjectsData[SecretVersion]):
    """The secrets of every vault."""

    reads: ClassVar = "readMetadata/action"

    def __init__(self, ground: Ground, secrets: VaultSecrets) -> None:
        super().__init__(ground, secrets)
        self._secrets = secrets

    def read(self, vault: Resource, name: str, version: str | None, caller: Caller) -> SecretVersion:
        """A version of a secret with its value, or its newest one. Raises Refusal 403 and 404 (S8)."""
        self.require(vault, caller, "getSecret/action", name)
        found = existing(self._secrets, vault, name, version)
        if not found.attributes["enabled"]:
            text = "Operation get is not allowed on a disabled secret."
            raise refusal(403, "Forbidden", text, "SecretDisabled")
        return found

    @override
    def answer(self, vault: Resource, request: Request, rest: list[str], caller: Caller) -> Response:
        match request.method, rest:
            case "GET", [name, *version] if len(version) < 2:
                found = self.read(vault, name, version[0] if version else None, caller)
                return Response(200, {"value": found.value, **self.item(vault, found)})
            case "POST", ["restore"]:
                self.require(vault, caller, "restore/action")
                restored = restore(self.ground, self._secrets, vault, given(request).get("value"))
                return Response(200, self.item(vault, self.newest(vault, restored)))
            case "POST", [name, "backup"]:
                self.require(vault, caller, "backup/action", name)
                self.newest(vault, name).require_unmanaged(self._secrets.noun)
                return Response(200, {"value": backed_up(self.ground, vault, name)})
            case "PUT", [name]:
                self.require(vault, caller, "setSecret/action", name)
                return self._set(vault, name, given(request))
            case "PATCH", [name, *version] if len(version) < 2:
                self.require(vault, caller, "setSecret/action", name)
                found = self.one_of(vault, name, version)
                changed = self._secrets.change(name_of(vault), found, given(request))
                return Response(200, self.item(vault, changed))
            case "DELETE", [name]:
                self.require(vault, caller, "delete", name)
                self.newest(vault, name).require_unmanaged(self._secrets.noun)
                self._secrets.delete(name_of(vault), name, retention(vault))
                self.ground.store.delete(f"{vault.id}/secrets/{name}")  # when written by Resource Manager
                found, said = deleted(self._secrets, vault, name)
                return Response(200, {**said, **self.item(vault, found.newest)})
            case method, _:
                raise nothing_answers(method, request.path)

    @override
    def item(self, vault: Resource, found: SecretVersion, *, versioned: bool = True) -> JsonObject:
        id = address(vault, self._secrets.kind, found.name, found.version if versioned else None)
        shown: JsonObject = {"id": id, **described(vault, found)}
        return shown | ({"contentType": found.content_type} if found.content_type else {})

    def _set(self, vault: Resource, name: str, wanted: JsonObject) -> Response:
        if not isinstance(wanted.get("value"), str):
            raise refusal(400, "BadParameter", "The property value is required.")
        written = self._secrets.add_version(name_of(vault), name, wanted)
        return Response(200, {"value": written.value, **self.item(vault, written)})
