"""The stores that soft delete keeps: what is kept, found, given back and purged.

https://learn.microsoft.com/azure/azure-app-configuration/concept-soft-delete
"""

from collections.abc import Sequence
from typing import Final

from typing_extensions import override

from local_azure.app_configuration.key_values import KeyValues, date
from local_azure.arm import ResourceId, ResourceType
from local_azure.bodies import properties_of, section
from local_azure.errors import Refusal
from local_azure.ground import Ground
from local_azure.http import JsonObject, Request, Response
from local_azure.rules import Rule
from local_azure.subscriptions import subscription_of

KEEPING_TIERS: Final = ("standard", "premium")
"""Of a deleted store of the others nothing is kept."""
_DELETED: Final = "app-configuration-deleted"
_DAY: Final = 86_400

RULES: Final = [
    Rule(
        "V8",
        "assumed",
        "A store of the tiers standard and premium is kept when it is deleted, and comes back with all that "
        "was in it; with purge protection it cannot be purged. The other tiers keep nothing.",
        held_by="v8_a_deleted_store_comes_back_with_what_was_in_it",
    ),
]


class SoftDeletedStores:
    """The deleted stores, each as {id, body, deleted, scheduled_purge}; times in seconds since the epoch."""

    def __init__(self, ground: Ground, key_values: KeyValues) -> None:
        self._clock = ground.clock
        self._deleted = ground.store.documents(_DELETED)
        self._key_values = key_values

    def keep(self, id: ResourceId, body: JsonObject) -> None:
        if str(section(body, "sku").get("name")).lower() not in KEEPING_TIERS:
            self._key_values.forget(id.name.lower())
            return
        now, days = self._clock.now(), int(properties_of(body)["softDeleteRetentionInDays"])
        kept = {"id": id.text, "body": body, "deleted": now, "scheduled_purge": now + days * _DAY}
        self._deleted.put(id.name, kept)

    def find(self, name: str) -> JsonObject | None:
        document = self._deleted.get(name)
        if document and document["scheduled_purge"] <= self._clock.now():
            self.purge(name)
            return None
        return document

    def every(self) -> list[tuple[str, JsonObject]]:
        return [(name, kept) for name, _ in self._deleted.items() if (kept := self.find(name))]

    def release(self, name: str) -> None:
        self._deleted.delete(name)

    def purge(self, name: str) -> None:
        self._deleted.delete(name)
        self._key_values.forget(name.lower())


class _OfSoftDelete(ResourceType):
    has_parent = False

    def __init__(self, ground: Ground, deleted: SoftDeletedStores) -> None:
        super().__init__(ground)
        self._deleted = deleted


class DeletedStore(_OfSoftDelete):
    """A deleted store, by its location."""

    type = "Microsoft.AppConfiguration/locations/deletedConfigurationStores"

    @override
    def get(self, id: ResourceId, request: Request) -> JsonObject | None:
        kept = self._deleted.find(id.name)
        if kept is None or subscription_of(kept["id"]) != subscription_of(id.text):
            return None
        here = id.parent.rpartition("/")[2].lower() == kept["body"]["location"]
        return _body(kept) if here else None

    @override
    def action(self, id: ResourceId, body: JsonObject, name: str, request: Request) -> Response | None:
        if name != "purge":
            return None
        if body["properties"]["purgeProtectionEnabled"]:
            text = (
                f"The store '{id.name}' has purge protection, and cannot be purged before its retention ends."
            )
            raise Refusal(409, "Conflict", text)
        self._deleted.purge(id.name)
        return Response(200)


class DeletedStores(_OfSoftDelete):
    """The list of the subscription's deleted stores."""

    type = "Microsoft.AppConfiguration/deletedConfigurationStores"

    @override
    def list_in_scope(self, scope: str, request: Request) -> Sequence[JsonObject]:
        return [
            {
                "id": f"{scope}/providers/Microsoft.AppConfiguration/locations/{kept['body']['location']}"
                f"/deletedConfigurationStores/{name}",
                "name": name,
                "type": self.type,
                **_body(kept),
            }
            for name, kept in self._deleted.every()
            if subscription_of(kept["id"]) == subscription_of(scope)
        ]


def _body(kept: JsonObject) -> JsonObject:
    store = kept["body"]
    return {
        "properties": {
            "configurationStoreId": kept["id"],
            "deletionDate": date(kept["deleted"]),
            "location": store["location"],
            "purgeProtectionEnabled": store["properties"]["enablePurgeProtection"],
            "scheduledPurgeDate": date(kept["scheduled_purge"]),
            "tags": store["tags"],
        }
    }
