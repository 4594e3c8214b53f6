"""Microsoft.AppConfiguration/configurationStores.

https://learn.microsoft.com/rest/api/appconfiguration/configuration-stores
"""

import re
from collections.abc import Sequence
from typing import Final

from typing_extensions import override

from local_azure.app_configuration.access import STORES
from local_azure.app_configuration.data import STORE_TYPE, customer_key
from local_azure.app_configuration.deleted_stores import KEEPING_TIERS, SoftDeletedStores
from local_azure.app_configuration.key_values import date
from local_azure.arm import ResourceId, ResourceType
from local_azure.bodies import located, properties_of, section
from local_azure.errors import Refusal, not_served
from local_azure.ground import Ground
from local_azure.http import JsonObject, Request, Response
from local_azure.key_vault.customer_keys import CustomerKeys, attached
from local_azure.name_availability import ACTION, availability
from local_azure.rules import Rule

FOREIGN_NAMES: Final = "store-names-of-others"
"""Names that stores of other tenants hold; tests put some."""
_MOST_DAYS: Final = 7
_TIERS: Final = ("free", "developer", "standard", "premium")
_NAME: Final = re.compile(r"(?!.*---)[0-9A-Za-z][0-9A-Za-z-]{3,48}[0-9A-Za-z]")

RULES: Final = [
    Rule(
        "V7",
        "assumed",
        "A store's name has 5-50 letters, digits and hyphens: 400.",
        held_by="v7_an_impossible_name_of_a_store_is_refused",
        source="https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules"
        "#microsoftappconfiguration",
    ),
    Rule(
        "V7",
        "refusal",
        "A store's name is unique in the whole cloud, and a deleted one holds it until it is purged or its "
        "retention ends: 409 NameUnavailable.",
        held_by="v7_a_deleted_store_holds_its_name_until_it_is_purged",
        source="Azure/azure-cli#22714 hashicorp/terraform-provider-azurerm#17714",
    ),
    Rule(
        "V8",
        "assumed",
        "Purge protection cannot be switched off, and is for the tiers that keep a deleted store: 400.",
        held_by="v8_purge_protection_stays_and_is_for_the_tiers_that_keep_a_store",
    ),
    Rule(
        "C16",
        "behaviour",
        "A store takes a key in the tiers standard and premium: 400.",
        held_by="c16_a_store_takes_a_key_in_the_tiers_that_have_one",
        source="https://learn.microsoft.com/azure/azure-app-configuration/concept-customer-managed-keys",
    ),
    Rule(
        "C16",
        "assumed",
        "A store that cannot use its key is refused when it is written (400), and its data later (403).",
        held_by="c16_a_store_without_its_key_gives_no_value",
    ),
    Rule(
        "V9",
        "behaviour",
        "The free tier has no private endpoints.",
        held_by="v9_the_free_tier_has_no_private_endpoint",
        source="https://learn.microsoft.com/azure/azure-app-configuration/concept-private-endpoint",
    ),
]


class ConfigurationStore(ResourceType):
    """A store. Its name is its address; where nothing is said, its keys open it."""

    type = STORE_TYPE

    def __init__(self, ground: Ground, deleted: SoftDeletedStores) -> None:
        super().__init__(ground)
        self._deleted = deleted

    @override
    def put(self, id: ResourceId, old: JsonObject | None, new: JsonObject, request: Request) -> JsonObject:
        if _NAME.fullmatch(id.name) is None:
            raise _bad(f"The specified name '{id.name}' is invalid.")
        location, tier = located(new), str(section(new, "sku").get("name")).lower()
        given = {key: value for key, value in properties_of(new).items() if value is not None}
        if given.pop("createMode", None) == "Recover" and old is None:
            return self._recovered(id)
        if tier not in _TIERS:
            raise _bad(f"The SKU '{tier}' is not one of {', '.join(_TIERS)}.")
        if old is None:
            self._require_free(id.name)
        before = properties_of(old) or self._new(id)
        if given.get("enablePurgeProtection") is True and tier not in KEEPING_TIERS:
            raise _bad(f"Purge protection is not available in the tier {tier}.")
        if before.get("enablePurgeProtection") and given.get("enablePurgeProtection") is False:
            raise _bad("Purge protection cannot be disabled once it is enabled.")
        given["softDeleteRetentionInDays"] = _retention(tier, given, old)
        proxy = {**section(before, "dataPlaneProxy"), **section(given, "dataPlaneProxy")}
        written: JsonObject = {
            "identity": attached(self.ground, new.get("identity") or (old or {}).get("identity")),
            "location": location,
            "properties": {**before, **given, "dataPlaneProxy": proxy},
            "sku": {"name": tier},
            "tags": new.get("tags") or {},
        }
        _require_key(CustomerKeys(self.ground), written, tier)
        return written

    @override
    def before_delete(self, id: ResourceId, body: JsonObject, request: Request) -> None:
        self._deleted.keep(id, body)

    @override
    def private_link_groups(self, id: str, body: JsonObject) -> Sequence[str]:
        is_free = str(section(body, "sku").get("name")).lower() == "free"
        return () if is_free else super().private_link_groups(id, body)

    @override
    def action(self, id: ResourceId, body: JsonObject, name: str, request: Request) -> Response | None:
        if name.lower() not in ("listkeys", "regeneratekey"):
            return None
        if properties_of(body).get("disableLocalAuth") is True:
            return Response(200, {"value": []})
        raise not_served("access keys of App Configuration stores")

    @override
    def provider_action(self, scope: str, name: str, request: Request) -> Response | None:
        if name.lower() != ACTION:
            return None
        return availability(request, self._require_free, free={"message": "The specified name is available."})

    def _recovered(self, id: ResourceId) -> JsonObject:
        kept = self._deleted.find(id.name)
        if kept is None or kept["id"].lower() != id.key:
            raise Refusal(404, "EntityNotFound", f"The resource with id '{id.name}' was not found.")
        self._deleted.release(id.name)
        return kept["body"]

    def _require_free(self, name: str) -> None:
        here = (one.id.rpartition("/")[2].lower() for one in self.ground.store.list(type=self.type))
        foreign = self.ground.store.documents(FOREIGN_NAMES).get(name) is not None
        if foreign or name.lower() in here or self._deleted.find(name) is not None:
            raise Refusal(409, "NameUnavailable", "The specified name is already in use.")

    def _new(self, id: ResourceId) -> JsonObject:
        return {
            "creationDate": date(self.ground.clock.now()),
            "dataPlaneProxy": {"authenticationMode": "Local", "privateLinkDelegation": "Disabled"},
            "disableLocalAuth": False,
            "enablePurgeProtection": False,
            "encryption": {"keyVaultProperties": None},
            "endpoint": f"https://{id.name.lower()}{STORES}",
            "privateEndpointConnections": None,
            "provisioningState": "Succeeded",
            "softDeleteRetentionInDays": 7,
        }


def _require_key(keys: CustomerKeys, body: JsonObject, tier: str) -> None:
    """Raises Refusal 400 (C16)."""
    key = customer_key(body)
    if key is None:
        return
    if tier not in KEEPING_TIERS:
        raise _bad(f"Customer-managed keys are not available in the tier {tier}.")
    trouble = keys.trouble(key, body.get("identity"))
    if trouble is not None:
        text = "The identity must have get, wrapKey and unwrapKey permissions on the managed key"
        raise _bad(f"{text}: {trouble.value}.")


def _retention(tier: str, given: JsonObject, old: JsonObject | None) -> int:
    """Days, which stay as they were when the store began to have any; 0 where the tier keeps nothing."""
    if tier not in KEEPING_TIERS:
        return 0
    before = int(properties_of(old).get("softDeleteRetentionInDays", 0))
    days = int(given.get("softDeleteRetentionInDays", before)) or before or _MOST_DAYS
    if not 1 <= days <= _MOST_DAYS or (before and days != before):
        raise _bad(f"softDeleteRetentionInDays is 1 to {_MOST_DAYS}, and fixed when the store is created.")
    return days


def _bad(message: str) -> Refusal:
    return Refusal(400, "InvalidRequest", message)
