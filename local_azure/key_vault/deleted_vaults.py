"""Microsoft.KeyVault/deletedVaults: what soft delete keeps, to be recovered or purged.

https://learn.microsoft.com/rest/api/keyvault/keyvault/vaults/list-deleted
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

from local_azure.arm import ResourceId, ResourceType
from local_azure.errors import Refusal
from local_azure.ground import Ground
from local_azure.http import JsonObject, Request, Response
from local_azure.key_vault.soft_delete import SoftDelete
from local_azure.rules import Rule
from local_azure.subscriptions import subscription_of

RULES: Final = [
    Rule(
        "K18",
        "assumed",
        "A vault with purge protection cannot be purged before its retention ends.",
        held_by="k18_a_vault_with_purge_protection_cannot_be_purged",
    ),
]


class _OfSoftDelete(ResourceType):
    has_parent = False

    def __init__(self, ground: Ground, deleted: SoftDelete) -> None:
        super().__init__(ground)
        self._deleted = deleted


class DeletedVault(_OfSoftDelete):
    """A deleted vault, by its location."""

    type = "Microsoft.KeyVault/locations/deletedVaults"

    def get(self, id: ResourceId, request: Request) -> JsonObject | None:
        deleted = self._deleted.find(id.name)
        if deleted and subscription_of(deleted["id"]) != subscription_of(id.text):
            return None
        here = deleted and id.parent.rpartition("/")[2].lower() == deleted["body"]["location"]
        return _body(deleted) if deleted and here else None

    def action(self, id: ResourceId, body: JsonObject, name: str, request: Request) -> Response | None:
        if name != "purge":
            return None
        if body["properties"].get("purgeProtectionEnabled"):
            text = f"Operation 'DeletedVaultPurge' is not allowed: vault '{id.name}' has purge protection."
            raise Refusal(409, "MethodNotAllowed", text)
        self._deleted.purge(id.name)
        return Response(200)


class DeletedVaults(_OfSoftDelete):
    """The list of the subscription's deleted vaults."""

    type = "Microsoft.KeyVault/deletedVaults"

    def list_in_scope(self, scope: str, request: Request) -> Sequence[JsonObject]:
        found: list[JsonObject] = []
        for name, deleted in self._deleted.every():
            if subscription_of(deleted["id"]) != subscription_of(scope):
                continue
            place = f"{scope}/providers/Microsoft.KeyVault/locations/{deleted['body']['location']}"
            found.append(
                {"id": f"{place}/deletedVaults/{name}", "name": name, "type": self.type, **_body(deleted)}
            )
        return found


def _body(deleted: JsonObject) -> JsonObject:
    vault = deleted["body"]
    return {
        "properties": {
            "vaultId": deleted["id"],
            "location": vault["location"],
            "deletionDate": _date(deleted["deleted"]),
            "scheduledPurgeDate": _date(deleted["scheduled_purge"]),
            "tags": vault["tags"],
            "purgeProtectionEnabled": vault["properties"].get("enablePurgeProtection"),
        }
    }


def _date(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
