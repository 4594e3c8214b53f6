"""Event hubs and consumer groups, as Resource Manager sees them.

https://learn.microsoft.com/rest/api/eventhub/event-hubs
"""

import re
from typing import Final

from local_azure.amqp.namespaces import EVENT_HUBS, now
from local_azure.arm import ResourceId, ResourceType
from local_azure.bodies import properties_of, section
from local_azure.errors import Refusal
from local_azure.http import JsonObject, Request
from local_azure.rules import Rule

HUBS: Final = f"{EVENT_HUBS}/eventhubs"
GROUPS: Final = f"{HUBS}/consumergroups"
DEFAULT: Final = "$Default"
_HUB: Final = re.compile(r"[0-9A-Za-z](?:[0-9A-Za-z._-]{0,254}[0-9A-Za-z_-])?")
_GROUP: Final = re.compile(r"\$Default|[0-9A-Za-z](?:[0-9A-Za-z._-]{0,48}[0-9A-Za-z_-])?")

RULES: Final = [
    Rule(
        "M10",
        "refusal",
        "An event hub's name has 1-256 letters, digits, full stops, hyphens and underscores, a consumer "
        "group's 1-50: 400.",
        held_by="m10_an_impossible_name_of_a_hub_or_a_group_is_refused",
        source="https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules"
        "#microsofteventhub",
    ),
    Rule(
        "M10",
        "behaviour",
        "A hub has 1 to 32 partitions, which stay as many below the Premium tier: 400.",
        held_by="m10_a_hub_keeps_the_partitions_that_it_was_made_with",
        source="https://learn.microsoft.com/azure/event-hubs/event-hubs-quotas",
    ),
    Rule(
        "M10",
        "behaviour",
        "A hub has the consumer group $Default from the start, and in the Basic tier no other: 400.",
        held_by="m10_the_basic_tier_has_one_consumer_group",
        source="https://learn.microsoft.com/azure/event-hubs/compare-tiers",
    ),
]


class EventHub(ResourceType):
    """A hub, without its events."""

    type = HUBS

    def put(self, id: ResourceId, old: JsonObject | None, new: JsonObject, request: Request) -> JsonObject:
        if _HUB.fullmatch(id.name) is None:
            raise _bad(f"The specified name '{id.name}' is not available.")
        given = {key: value for key, value in properties_of(new).items() if value is not None}
        bare: JsonObject = {"createdAt": now(self.ground), "partitionCount": 4, "status": "Active"}
        before = properties_of(old) or bare
        count = int(given.get("partitionCount", before["partitionCount"]))
        namespace = self.ground.store.get(id.parent)
        is_premium = namespace is not None and section(namespace.body, "sku")["name"] == "Premium"
        if not 1 <= count <= 32:
            raise _bad("The value of partitionCount is 1 to 32.")
        if old is not None and count != before["partitionCount"] and not (
            is_premium and count > before["partitionCount"]
        ):  # fmt: skip
            raise _bad("The number of partitions of an event hub cannot be changed.")
        of_it = {"partitionCount": count, "partitionIds": [str(number) for number in range(count)]}
        days = {"messageRetentionInDays": 1}
        return {"properties": {**days, **before, **given, **of_it, "updatedAt": now(self.ground)}}

    def created_status(self) -> int:
        return 200


class ConsumerGroup(ResourceType):
    """As whom a reader reads a hub."""

    type = GROUPS

    def get(self, id: ResourceId, request: Request) -> JsonObject | None:
        hub = self.ground.store.get(id.parent)
        if hub is not None and id.name.lower() == DEFAULT.lower():
            made = properties_of(hub.body)["createdAt"]
            return {"properties": {"createdAt": made, "updatedAt": made}}
        return super().get(id, request)

    def put(self, id: ResourceId, old: JsonObject | None, new: JsonObject, request: Request) -> JsonObject:
        if _GROUP.fullmatch(id.name) is None:
            raise _bad(f"The specified name '{id.name}' is not available.")
        namespace = self.ground.store.get(id.parent.rpartition("/eventhubs/")[0])
        is_basic = namespace is not None and section(namespace.body, "sku")["name"] == "Basic"
        if is_basic and id.name.lower() != DEFAULT.lower():
            raise _bad("Consumer groups besides $Default are not in the Basic tier.")
        given = {key: value for key, value in properties_of(new).items() if value is not None}
        made = properties_of(old).get("createdAt") or now(self.ground)
        return {"properties": {**given, "createdAt": made, "updatedAt": now(self.ground)}}

    def created_status(self) -> int:
        return 200


def _bad(message: str) -> Refusal:
    return Refusal(400, "BadRequest", f"SubCode=40000. {message}")
