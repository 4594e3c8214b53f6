"""Microsoft.Search/searchServices.

https://learn.microsoft.com/rest/api/searchmanagement/services
"""

import re
from collections.abc import Sequence
from typing import Final

from typing_extensions import override

from local_azure.ai_search.access import SERVICES
from local_azure.ai_search.data import SERVICE_TYPE
from local_azure.ai_search.indexes import Indexes
from local_azure.arm import ResourceId, ResourceType
from local_azure.bodies import items, located, properties_of, section
from local_azure.errors import Refusal, not_served
from local_azure.ground import Ground
from local_azure.http import JsonObject, Request, Response
from local_azure.name_availability import ACTION, availability
from local_azure.network.acls import public_range
from local_azure.rules import Rule

FOREIGN_NAMES: Final = "search-names-of-others"
"""Names that services of other tenants hold; tests put some."""
_NAME: Final = re.compile(r"(?!.*--)[0-9a-z][0-9a-z](?:[0-9a-z-]{0,57}[0-9a-z])?")
_MOST: Final = {
    "free": 1,
    "basic": 3,
    **dict.fromkeys(
        ("standard", "standard2", "standard3", "storage_optimized_l1", "storage_optimized_l2"), 12
    ),
}
_PARTITIONS: Final = (1, 2, 3, 4, 6, 12)
_KEYS: Final = ("listadminkeys", "listquerykeys", "regenerateadminkey", "createquerykey")

RULES: Final = [
    Rule(
        "X7",
        "assumed",
        "A service's name has 2-60 lower-case letters, digits and single hyphens (400) and is unique in the "
        "whole cloud (409).",
        held_by="x7_a_services_name_is_checked_and_unique",
        source="https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules"
        "#microsoftsearch",
    ),
    Rule(
        "X8",
        "assumed",
        "authOptions are refused where local authentication is off: 400.",
        held_by="x8_no_options_let_keys_in_where_they_are_off",
        source="https://learn.microsoft.com/rest/api/searchmanagement/services/create-or-update",
    ),
    Rule(
        "X9",
        "assumed",
        "A tier has its most replicas and partitions, and the free one neither rules for networks nor "
        "private endpoints: 400.",
        held_by="x9_a_tier_has_what_it_has",
        source="https://learn.microsoft.com/azure/search/search-limits-quotas-capacity",
    ),
]


class SearchServiceType(ResourceType):
    """A service. Where nothing is said its keys open it."""

    type = SERVICE_TYPE

    def __init__(self, ground: Ground, indexes: Indexes) -> None:
        super().__init__(ground)
        self._indexes = indexes

    @override
    def put(self, id: ResourceId, old: JsonObject | None, new: JsonObject, request: Request) -> JsonObject:
        if _NAME.fullmatch(id.name) is None:
            raise _bad("InvalidServiceName", f"The service name '{id.name}' is invalid.")
        location = located(new)
        tier = str(section(new, "sku").get("name") or section(old, "sku").get("name")).lower()
        if tier not in _MOST:
            raise _bad("InvalidSku", f"The SKU '{tier}' is not one of {', '.join(_MOST)}.")
        if old is None:
            self._require_free(id.name)
        given = {key: value for key, value in properties_of(new).items() if value is not None}
        properties = {**(properties_of(old) or self._new(id)), **given}
        _check(tier, properties)
        if properties["disableLocalAuth"] is True:
            if given.get("authOptions") is not None:
                text = "authOptions cannot be set when disableLocalAuth is true."
                raise _bad("BadRequest", text)
            properties["authOptions"] = None
        return {
            "identity": new.get("identity") or (old or {}).get("identity"),
            "location": location,
            "properties": properties,
            "sku": {"name": tier},
            "tags": new.get("tags") or {},
        }

    @override
    def before_delete(self, id: ResourceId, body: JsonObject, request: Request) -> None:
        self._indexes.forget(id.name.lower())

    @override
    def private_link_groups(self, id: str, body: JsonObject) -> Sequence[str]:
        return () if section(body, "sku").get("name") == "free" else super().private_link_groups(id, body)

    @override
    def action(self, id: ResourceId, body: JsonObject, name: str, request: Request) -> Response | None:
        if name.lower().partition("/")[0] not in _KEYS:
            return None
        if properties_of(body).get("disableLocalAuth") is True:
            text = "Listing and changing API keys is not allowed: local authentication is disabled."
            raise Refusal(403, "Forbidden", text)
        raise not_served("keys of search services")

    @override
    def provider_action(self, scope: str, name: str, request: Request) -> Response | None:
        if name.lower() != ACTION:
            return None
        return availability(request, self._require_free, free={"reason": "", "message": ""})

    def _require_free(self, name: str) -> None:
        here = (one.id.rpartition("/")[2].lower() for one in self.ground.store.list(type=self.type))
        if name.lower() in here or self.ground.store.documents(FOREIGN_NAMES).get(name) is not None:
            raise Refusal(409, "ServiceNameUnavailable", f"Service name '{name}' is already in use.")

    def _new(self, id: ResourceId) -> JsonObject:
        return {
            "authOptions": {"apiKeyOnly": {}},
            "disableLocalAuth": False,
            "endpoint": f"https://{id.name}{SERVICES}",
            "hostingMode": "Default",
            "networkRuleSet": {"bypass": "None", "ipRules": []},
            "partitionCount": 1,
            "provisioningState": "succeeded",
            "publicNetworkAccess": "Enabled",
            "replicaCount": 1,
            "status": "running",
            "statusDetails": "",
        }


def _check(tier: str, properties: JsonObject) -> None:
    replicas, partitions = int(properties["replicaCount"]), int(properties["partitionCount"])
    if not 1 <= replicas <= _MOST[tier] or partitions not in _PARTITIONS or partitions > _MOST[tier]:
        raise _bad(
            "InvalidCapacity", f"The tier {tier} has no {replicas} replicas and {partitions} partitions."
        )
    ranges = items(section(properties, "networkRuleSet"), "ipRules")
    closed = str(properties["publicNetworkAccess"]).lower() != "enabled"
    if tier == "free" and (ranges or closed):
        raise _bad("BadRequest", "Rules for networks are not available in the tier free.")
    for rule in ranges:
        if public_range(str(rule.get("value"))) is None:
            text = f"The value {rule.get('value')!r} of an IP rule is no public IPv4 address or range."
            raise _bad("BadRequest", text)


def _bad(code: str, message: str) -> Refusal:
    return Refusal(400, code, message)
