"""Queues, topics and subscriptions, as Resource Manager sees them.

https://learn.microsoft.com/rest/api/servicebus/controlplane-stable/queues
"""

import re
from datetime import timedelta
from typing import ClassVar, Final

from local_azure.amqp.namespaces import SERVICE_BUS, now
from local_azure.arm import ResourceId, ResourceType
from local_azure.bodies import properties_of, section
from local_azure.errors import Refusal
from local_azure.http import JsonObject, Request
from local_azure.rules import Rule

QUEUES: Final = f"{SERVICE_BUS}/queues"
TOPICS: Final = f"{SERVICE_BUS}/topics"
SUBSCRIPTIONS: Final = f"{TOPICS}/subscriptions"
_DURATION: Final = re.compile(
    r"P(?:(?P<days>\d+)D)?(?:T(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?(?:(?P<seconds>\d+(?:\.\d+)?)S)?)?"
)
_LONGEST_LOCK: Final = timedelta(minutes=5)
_FOREVER: Final = "P10675199DT2H48M5.4775807S"

RULES: Final = [
    Rule(
        "M7",
        "refusal",
        "A queue's or topic's name has 1-260 letters, digits, full stops, hyphens and underscores, a "
        "subscription's 1-50: 400.",
        held_by="m7_an_impossible_name_of_a_queue_or_a_subscription_is_refused",
        source="https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules"
        "#microsoftservicebus",
    ),
    Rule(
        "M7",
        "behaviour",
        "The Basic tier has no topics: 400.",
        held_by="m7_the_basic_tier_has_no_topics",
        source="https://learn.microsoft.com/azure/service-bus-messaging/service-bus-premium-messaging",
    ),
    Rule(
        "M7",
        "behaviour",
        "A message is locked for five minutes at most: 400.",
        held_by="m7_a_lock_that_is_too_long_is_refused",
        source="https://learn.microsoft.com/azure/service-bus-messaging/message-transfers-locks-settlement",
    ),
    Rule(
        "M7",
        "assumed",
        "Whether a queue takes sessions or finds duplicates is decided when it is made: 400.",
        held_by="m7_sessions_are_decided_when_a_queue_is_made",
    ),
]


class _Entity(ResourceType):
    """What a namespace or a topic holds."""

    pattern: ClassVar[str] = r"[0-9A-Za-z](?:[0-9A-Za-z._-]{0,258}[0-9A-Za-z_-])?"
    defaults: ClassVar[JsonObject]
    fixed: ClassVar[tuple[str, ...]] = ("requiresSession", "requiresDuplicateDetection", "enablePartitioning")

    def put(self, id: ResourceId, old: JsonObject | None, new: JsonObject, request: Request) -> JsonObject:
        if re.fullmatch(self.pattern, id.name) is None:
            raise _bad(f"The specified name '{id.name}' is not available.")
        given = {key: value for key, value in properties_of(new).items() if value is not None}
        for key in self.fixed:
            if old is not None and key in given and given[key] != properties_of(old).get(key, False):
                raise _bad(f"The value for the property '{key}' of an existing entity cannot be changed.")
        before = properties_of(old) or {**self.defaults, "createdAt": now(self.ground), "status": "Active"}
        properties = {**before, **given, "updatedAt": now(self.ground)}
        self.check(id, properties)
        return {"properties": properties}

    def check(self, id: ResourceId, properties: JsonObject) -> None:
        lock = duration(str(properties.get("lockDuration", "PT1M")))
        if lock is None or not timedelta(0) < lock <= _LONGEST_LOCK:
            raise _bad("The value of lockDuration is a duration of up to five minutes, as PT1M.")
        if not 1 <= int(properties.get("maxDeliveryCount", 10)) <= 2000:
            raise _bad("The value of maxDeliveryCount is 1 to 2000.")

    def created_status(self) -> int:
        return 200


class Queue(_Entity):
    """A queue, without its messages."""

    type = QUEUES
    defaults: ClassVar[JsonObject] = {
        "deadLetteringOnMessageExpiration": False,
        "defaultMessageTimeToLive": _FOREVER,
        "enableBatchedOperations": True,
        "lockDuration": "PT1M",
        "maxDeliveryCount": 10,
        "maxSizeInMegabytes": 1024,
        "requiresDuplicateDetection": False,
        "requiresSession": False,
    }


class Topic(_Entity):
    """A topic, without its subscriptions."""

    type = TOPICS
    defaults: ClassVar[JsonObject] = {
        "defaultMessageTimeToLive": _FOREVER,
        "enableBatchedOperations": True,
        "maxSizeInMegabytes": 1024,
        "requiresDuplicateDetection": False,
        "supportOrdering": True,
    }

    def check(self, id: ResourceId, properties: JsonObject) -> None:
        namespace = self.ground.store.get(id.parent)
        if namespace is not None and section(namespace.body, "sku")["name"] == "Basic":
            raise _bad("Topics are not in the Basic tier.")


class Subscription(_Entity):
    """What one reader of a topic is given; everything, as rules are not served here."""

    type = SUBSCRIPTIONS
    pattern = r"[0-9A-Za-z](?:[0-9A-Za-z._-]{0,48}[0-9A-Za-z_-])?"
    defaults: ClassVar[JsonObject] = {
        "deadLetteringOnFilterEvaluationExceptions": True,
        "deadLetteringOnMessageExpiration": False,
        "defaultMessageTimeToLive": _FOREVER,
        "enableBatchedOperations": True,
        "lockDuration": "PT1M",
        "maxDeliveryCount": 10,
        "requiresSession": False,
    }


def duration(text: str) -> timedelta | None:
    """An ISO 8601 duration of days and less; None for what is none."""
    found = _DURATION.fullmatch(text)
    parts = {key: float(value) for key, value in (found.groupdict() if found else {}).items() if value}
    try:
        return timedelta(**parts) if parts else None
    except OverflowError:
        return timedelta.max


def _bad(message: str) -> Refusal:
    return Refusal(400, "BadRequest", f"SubCode=40000. {message}")
