"""Event Hubs' data plane: what is at a path of a namespace, and what goes in and out there.

https://learn.microsoft.com/azure/event-hubs/event-hubs-amqp-troubleshoot
"""

import zlib
from collections.abc import Callable, Collection
from datetime import datetime
from typing import Any, Final

from components.azure_facts.audiences import Service as Of
from components.azure_facts.audiences import audience
from local_azure.amqp.frames import Performative
from local_azure.amqp.kinds import Answered, Claim, Entity
from local_azure.amqp.link import NOT_ALLOWED, NOT_FOUND, AmqpError, Link
from local_azure.amqp.messages import Message, messages_in
from local_azure.amqp.namespaces import EVENT_HUBS
from local_azure.amqp.values import Int, Timestamp
from local_azure.bodies import properties_of
from local_azure.event_hubs.hubs import DEFAULT, GROUPS
from local_azure.event_hubs.partition import Partition
from local_azure.ground import Ground
from local_azure.http import JsonObject
from local_azure.rules import Rule
from local_azure.store import Resource

_OPERATIONS: Final = "Microsoft.EventHub/namespaces/messages"
_KEY: Final = "x-opt-partition-key"

RULES: Final = [
    Rule(
        "M12",
        "behaviour",
        "Events of one partition key are in one partition, in their order.",
        held_by="m12_events_of_one_key_stay_together",
        source="https://learn.microsoft.com/azure/event-hubs/event-hubs-features",
    ),
    Rule(
        "M12",
        "assumed",
        "Whoever may send to a hub, or receive from it as any of its consumer groups, may ask which "
        "partitions it has, as Microsoft's client always does.",
        held_by="m12_a_role_on_a_consumer_group_reads_as_that_group_alone",
    ),
]


class EventHubsBroker:
    """Every namespace's event hubs."""

    namespaces = EVENT_HUBS
    audiences: Collection[str] = (audience(Of.EVENT_HUBS),)

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._hubs: dict[str, tuple[str, list[Partition]]] = {}
        self._turn = 0
        self.actions: dict[Claim, str] = {
            "Send": f"{_OPERATIONS}/send/action",
            "Listen": f"{_OPERATIONS}/receive/action",
        }

    def entity(self, namespace: Resource, path: str, link: Link) -> Entity:
        name, *rest = path.split("/")
        hub = self._ground.store.get(f"{namespace.id}/eventhubs/{name}")
        if hub is None:
            raise self._not_found(link, path)
        lowered = [part.lower() for part in rest]
        match lowered:
            case ["$management"]:
                claims: tuple[Claim, ...] = ("Listen", "Send")
                groups = tuple(f"{hub.id}/consumergroups/{name}" for name in self._groups(hub))
                return Entity(
                    hub.id, answers=lambda one: self._answered(hub, one), claims=claims, parts=groups
                )
            case [] if not link.is_sender:
                return Entity(hub.id, lambda _: _Writer(lambda one: self._spread(hub, one)))
            case ["partitions", number] if not link.is_sender:
                partition = self._partition(hub, number, link, path)
                return Entity(hub.id, lambda _: _Writer(partition.put))
            case ["consumergroups", group, "partitions", number] if link.is_sender:
                partition = self._partition(hub, number, link, path)
                scope = f"{hub.id}/consumergroups/{rest[1]}"
                if group != DEFAULT.lower() and self._ground.store.get(scope) is None:
                    raise self._not_found(link, path)
                return Entity(scope, lambda one: _Reading(partition, one, group))
            case _:
                raise AmqpError(NOT_ALLOWED, "Events go to a hub, and are read of a partition of it.")

    def tick(self) -> None:
        """Nothing is locked here."""

    def _spread(self, hub: Resource, message: Message) -> None:
        """To the partition of its key, or to each in turn."""
        partitions, key = self._partitions(hub), message.annotations.get(_KEY)
        self._turn += 1
        number = self._turn if key is None else zlib.crc32(str(key).encode())
        partitions[number % len(partitions)].put(message)

    def _answered(self, hub: Resource, request: Message) -> Answered:
        """What a hub or a partition is like: `READ`, the one operation that there is."""
        asked, properties = request.application, properties_of(hub.body)
        name, partitions = hub.id.rpartition("/")[2], self._partitions(hub)
        if asked.get("type") == "com.microsoft:partition":
            number = str(asked.get("partition"))
            if not number.isdecimal() or int(number) >= len(partitions):
                return {"status-code": Int(404), "status-description": "There is no such partition."}, None
            return _ok(_of_partition(name, number, partitions[int(number)]))
        return _ok(
            {
                "name": name,
                "type": "com.microsoft:eventhub",
                "created_at": _time(properties),
                "partition_count": Int(len(partitions)),
                "partition_ids": [str(number) for number in range(len(partitions))],
            }
        )

    def _partition(self, hub: Resource, number: str, link: Link, path: str) -> Partition:
        partitions = self._partitions(hub)
        if not number.isdecimal() or int(number) >= len(partitions):
            raise self._not_found(link, path)
        return partitions[int(number)]

    def _partitions(self, hub: Resource) -> list[Partition]:
        """Its partitions; empty ones where it was made again since events came."""
        properties = properties_of(hub.body)
        key, made, count = hub.id.lower(), str(properties["createdAt"]), int(properties["partitionCount"])
        known = self._hubs.get(key)
        if known is None or known[0] != made:
            known = self._hubs[key] = (made, [])
        while len(known[1]) < count:
            known[1].append(Partition(self._ground.clock.now))
        return known[1]

    def _groups(self, hub: Resource) -> list[str]:
        made = self._ground.store.list(under=hub.id, type=GROUPS)
        return [DEFAULT, *(one.id.rpartition("/")[2] for one in made)]

    def _not_found(self, link: Link, path: str) -> AmqpError:
        text = f"The messaging entity 'sb://{link.host}/{path}' could not be found."
        return AmqpError(NOT_FOUND, text)


def _of_partition(hub: str, number: str, partition: Partition) -> dict[str, Any]:
    last = partition.last
    return {
        "name": hub,
        "type": "com.microsoft:partition",
        "partition": number,
        "begin_sequence_number": partition.events[0].number if partition.events else 0,
        "last_enqueued_sequence_number": -1 if last is None else last.number,
        "last_enqueued_offset": "-1" if last is None else str(last.offset),
        "last_enqueued_time_utc": Timestamp(0 if last is None else last.enqueued * 1000),
        "is_partition_empty": last is None,
    }


def _ok(value: dict[str, Any]) -> Answered:
    return {"status-code": Int(200), "status-description": "OK"}, value


def _time(properties: JsonObject) -> Timestamp:
    return Timestamp(datetime.fromisoformat(str(properties["createdAt"])).timestamp() * 1000)


class _Writer:
    """Where events are sent to."""

    def __init__(self, put: Callable[[Message], None]) -> None:
        self._put = put

    def received(self, link: Link, message: bytes, is_batch: bool) -> None:
        key = Message.read(message).annotations.get(_KEY)
        for one in list(messages_in(message, is_batch=is_batch)):
            if key is not None:
                one.annotations.setdefault(_KEY, key)
            self._put(one)

    def credited(self, link: Link) -> None:
        """Nothing is given out here."""

    def settled(self, link: Link, tag: bytes, outcome: Performative) -> None:
        """Nothing is given out here."""

    def closed(self, link: Link) -> None:
        """What was sent stays."""


class _Reading:
    """Where events are read; a reader says by itself how far it came."""

    def __init__(self, partition: Partition, link: Link, group: str) -> None:
        self._partition = partition
        partition.open(link, group)

    def received(self, link: Link, message: bytes, is_batch: bool) -> None:
        raise AmqpError(NOT_ALLOWED, "Nothing is taken in on a link that gives out.")

    def credited(self, link: Link) -> None:
        self._partition.credited(link)

    def settled(self, link: Link, tag: bytes, outcome: Performative) -> None:
        """An event stays where it is."""

    def closed(self, link: Link) -> None:
        self._partition.close(link)
