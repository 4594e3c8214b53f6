"""Namespaces of Service Bus and Event Hubs, as Resource Manager sees them: what both have in common.

https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules#microsoftservicebus
"""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import ClassVar, Final

from local_azure.amqp.encryption import require_key
from local_azure.amqp.kinds import SUFFIX
from local_azure.amqp.network import RULE_SETS
from local_azure.arm import ResourceId, ResourceType
from local_azure.bodies import items, located, properties_of, section
from local_azure.errors import Refusal
from local_azure.ground import Ground
from local_azure.http import JsonObject, Request, Response
from local_azure.key_vault.customer_keys import CustomerKeys, attached
from local_azure.name_availability import ACTION, availability
from local_azure.network.acls import public_range
from local_azure.network.references import SUBNETS
from local_azure.rules import Rule
from local_azure.store import Store

SERVICE_BUS: Final = "Microsoft.ServiceBus/namespaces"
EVENT_HUBS: Final = "Microsoft.EventHub/namespaces"
FOREIGN_NAMES: Final = "namespace-names-of-others"
"""Names that namespaces of other tenants hold; tests put some."""
TIERS: Final = ("Basic", "Standard", "Premium")
_NAME: Final = re.compile(r"[A-Za-z](?:-?[0-9A-Za-z]){5,49}")
_TLS: Final = ("1.0", "1.1", "1.2", "1.3")

RULES: Final = [
    Rule(
        "M5",
        "assumed",
        "A namespace's name has 6-50 letters, digits and single hyphens, begins with a letter and ends "
        "neither with a hyphen nor with -sb or -mgmt: 400.",
        held_by="m5_an_impossible_name_of_a_namespace_is_refused",
        source="https://learn.microsoft.com/rest/api/servicebus/create-namespace",
    ),
    Rule(
        "M5",
        "assumed",
        "A namespace's name is unique in the whole cloud, among Service Bus and Event Hubs: 409 Conflict.",
        held_by="m5_a_name_that_anybody_has_is_taken_in_both_services",
        source="https://learn.microsoft.com/rest/api/servicebus/create-namespace",
    ),
    Rule(
        "M6",
        "assumed",
        "A namespace of Service Bus moves neither to the Premium tier nor out of it: 400.",
        held_by="m6_a_namespace_does_not_become_premium",
        source="https://learn.microsoft.com/azure/service-bus-messaging/service-bus-migrate-standard-premium",
    ),
    Rule(
        "M6",
        "behaviour",
        "Addresses and subnets, and private endpoints, are for Service Bus's Premium tier, and for Event "
        "Hubs' tiers other than Basic: 400 otherwise.",
        held_by="m6_networks_are_ruled_in_the_tiers_that_can",
        source="https://learn.microsoft.com/azure/service-bus-messaging/network-security "
        "https://learn.microsoft.com/azure/event-hubs/compare-tiers",
    ),
]


class MessagingNamespace(ResourceType):
    """A namespace. Its name is its address."""

    networks_from: ClassVar[tuple[str, ...]]
    """The tiers that have rules for networks and private endpoints."""

    def put(self, id: ResourceId, old: JsonObject | None, new: JsonObject, request: Request) -> JsonObject:
        require_name(id.name)
        location, tier = located(new), str(section(new, "sku").get("name"))
        if old is None:
            _require_free(self.ground.store, id.name)
        if tier not in TIERS:
            raise _bad(f"The SKU '{tier}' is not one of Basic, Standard and Premium.")
        if old is not None:
            self.check_change(str(section(old, "sku")["name"]), tier)
        given = {key: value for key, value in properties_of(new).items() if value is not None}
        if str(given.get("minimumTlsVersion", "1.2")) not in _TLS:
            raise _bad(f"minimumTlsVersion is one of {', '.join(_TLS)}.")
        properties = {**(properties_of(old) or self._new(id)), **given, "updatedAt": now(self.ground)}
        capacity = section(new, "sku").get("capacity") or (1 if tier == "Premium" else None)
        written: JsonObject = {
            "identity": attached(self.ground, new.get("identity") or (old or {}).get("identity")),
            "location": location,
            "properties": properties,
            "sku": {"name": tier, "tier": tier, **({"capacity": capacity} if capacity else {})},
            "tags": new.get("tags") or {},
        }
        is_empty = not [one for one in self.ground.store.list(under=id.text) if _holds_data(one.type)]
        require_key(CustomerKeys(self.ground), old, written, tier, is_empty=is_empty)
        return written

    def check_change(self, before: str, tier: str) -> None:
        """Raises Refusal where the namespace cannot go from the one tier to the other."""

    def private_link_groups(self, id: str, body: JsonObject) -> Sequence[str]:
        has = str(section(body, "sku").get("name")) in self.networks_from
        return super().private_link_groups(id, body) if has else ()

    def provider_action(self, scope: str, name: str, request: Request) -> Response | None:
        if name.lower() != ACTION:
            return None
        return availability(
            request,
            require_name,
            lambda wanted: _require_free(self.ground.store, wanted),
            free={"reason": "None", "message": ""},
            invalid="InvalidName",
            taken="NameInUse",
        )

    def _new(self, id: ResourceId) -> JsonObject:
        """What a new namespace has where nothing is said: its keys open it."""
        host = f"{id.name}{SUFFIX}"
        return {
            "createdAt": now(self.ground),
            "disableLocalAuth": False,
            "metricId": f"{id.subscription_id}:{id.name.lower()}",
            "minimumTlsVersion": "1.2",
            "provisioningState": "Succeeded",
            "publicNetworkAccess": "Enabled",
            "serviceBusEndpoint": f"https://{host}:443/",
            "status": "Active",
        }


class NetworkRuleSet(ResourceType):
    """The one set of rules for networks that a namespace has from the start."""

    networks_from: ClassVar[tuple[str, ...]]

    def get(self, id: ResourceId, request: Request) -> JsonObject | None:
        if self.ground.store.get(id.parent) is None or id.name.lower() != "default":
            return None
        stored = self.ground.store.get(id.text)
        everybody: JsonObject = {"defaultAction": "Allow", "ipRules": [], "publicNetworkAccess": "Enabled"}
        return stored.body if stored else {"properties": {**everybody, "virtualNetworkRules": []}}

    def put(self, id: ResourceId, old: JsonObject | None, new: JsonObject, request: Request) -> JsonObject:
        if id.name.lower() != "default":
            raise _bad("The one set of network rules is named default.")
        namespace = self.ground.store.get(id.parent)
        assert namespace is not None
        given = {key: value for key, value in properties_of(new).items() if value is not None}
        rules = [*items(given, "ipRules"), *items(given, "virtualNetworkRules")]
        is_closed = str(given.get("defaultAction", "Allow")).lower() == "deny"
        if (rules or is_closed) and section(namespace.body, "sku")["name"] not in self.networks_from:
            names = " and ".join(self.networks_from)
            raise _bad(f"Rules for networks are for the tier {names}.")
        for rule in items(given, "ipRules"):
            if public_range(str(rule.get("ipMask"))) is None:
                raise _bad(f"The value {rule.get('ipMask')!r} of ipMask is no public IPv4 address or range.")
        for rule in items(given, "virtualNetworkRules"):
            subnet = self.ground.store.get(str(section(rule, "subnet").get("id")))
            if subnet is None or subnet.type != SUBNETS:
                raise _bad("A subnet of a network rule was not found.")
        return {"properties": {"defaultAction": "Allow", "publicNetworkAccess": "Enabled", **given}}

    def before_delete(self, id: ResourceId, body: JsonObject, request: Request) -> None:
        """It goes with its namespace."""


def rule_sets_of(namespaces: str) -> str:
    return f"{namespaces}/{RULE_SETS}"


def now(ground: Ground) -> str:
    return datetime.fromtimestamp(ground.clock.now(), UTC).isoformat()


def _holds_data(type_: str) -> bool:
    return type_.rpartition("/")[2].lower() in ("queues", "topics", "eventhubs")


def require_name(name: str) -> None:
    """Raises Refusal 400 for a name that no namespace can have."""
    if _NAME.fullmatch(name) is None or len(name) > 50 or re.search(r"(-sb|-mgmt)$", name.lower()):
        raise _bad(f"The specified service namespace '{name}' is invalid.")


def _require_free(store: Store, name: str) -> None:
    taken = store.documents(FOREIGN_NAMES).get(name.lower()) is not None
    here = [one for type_ in (SERVICE_BUS, EVENT_HUBS) for one in store.list(type=type_)]
    if taken or any(one.id.rpartition("/")[2].lower() == name.lower() for one in here):
        raise Refusal(409, "Conflict", f"The specified service namespace '{name}' is not available.")


def _bad(message: str) -> Refusal:
    return Refusal(400, "BadRequest", message)
