"""Microsoft.KeyVault/vaults/secrets: a secret written through Resource Manager, which never answers values.

https://learn.microsoft.com/rest/api/keyvault/keyvault/secrets/create-or-update
"""

from collections.abc import Sequence
from typing import Final

from local_azure.arm import ResourceId, ResourceType
from local_azure.errors import Refusal
from local_azure.ground import Ground
from local_azure.http import JsonObject, Request
from local_azure.key_vault.answers import VAULTS, require_name
from local_azure.key_vault.secret_versions import SecretVersion, VaultSecrets
from local_azure.rules import Rule

RULES: Final = [
    Rule(
        "S3",
        "behaviour",
        "Resource Manager writes a secret and cannot delete it.",
        held_by="s3_resource_manager_writes_a_secret_and_cannot_delete_it",
    ),
    Rule(
        "S7",
        "behaviour",
        "Resource Manager never answers a value.",
        held_by="s7_resource_manager_never_answers_a_value",
    ),
]


class VaultSecret(ResourceType):
    """The newest version of a secret; it is the vault that keeps it."""

    type = "Microsoft.KeyVault/vaults/secrets"

    def __init__(self, ground: Ground, secrets: VaultSecrets) -> None:
        super().__init__(ground)
        self._secrets = secrets

    def get(self, id: ResourceId, request: Request) -> JsonObject | None:
        found = self._secrets.find(_vault(id), id.name, None)
        return self._body(id, found) if found else None

    def put(self, id: ResourceId, old: JsonObject | None, new: JsonObject, request: Request) -> JsonObject:
        given: JsonObject = new.get("properties") or {}
        try:
            require_name(id.name)
            secrets = self._secrets
            found = secrets.find(_vault(id), id.name, None)
            if given.get("value") is not None:
                written = secrets.add_version(_vault(id), id.name, {**new, **given})
            elif old is not None and found is not None:
                written = secrets.change(_vault(id), found, {**new, **given})
            else:
                raise Refusal(400, "BadParameter", "The property value is required.")
        except Refusal as refusal:
            raise Refusal(refusal.status, refusal.code, refusal.message) from refusal
        return self._body(id, written)

    def before_delete(self, id: ResourceId, body: JsonObject, request: Request) -> None:
        if ResourceId.parse(request.path).key == id.key:
            raise Refusal(
                405, "MethodNotAllowed", "A secret is deleted at its vault, not through Resource Manager."
            )

    def list_in_scope(self, scope: str, request: Request) -> Sequence[JsonObject]:
        found: list[JsonObject] = []
        for name in self._secrets.names(scope.rpartition("/")[2]):
            id = ResourceId.parse(f"{scope}/secrets/{name}")
            found.append({"id": id.text, "name": name, "type": self.type, **(self.get(id, request) or {})})
        return found

    def _body(self, id: ResourceId, secret: SecretVersion) -> JsonObject:
        vault = self.ground.store.get(id.parent)
        uri = f"https://{_vault(id)}{VAULTS}/secrets/{secret.name}"
        return {
            "location": vault.body["location"] if vault else None,
            "tags": secret.tags,
            "properties": {
                "attributes": secret.attributes,
                "contentType": secret.content_type,
                "secretUri": uri,
                "secretUriWithVersion": f"{uri}/{secret.version}",
            },
        }


def _vault(id: ResourceId) -> str:
    return id.parent.rpartition("/")[2].lower()
