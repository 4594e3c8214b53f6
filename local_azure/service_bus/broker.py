"""Service Bus's data plane: what is at a path of a namespace, and what goes in and out there.

https://learn.microsoft.com/azure/service-bus-messaging/service-bus-amqp-protocol-guide
"""

from collections.abc import Callable, Collection
from datetime import timedelta
from typing import Final

from components.azure_facts.audiences import Service as Of
from components.azure_facts.audiences import audience
from local_azure.amqp.frames import Performative, as_performative
from local_azure.amqp.kinds import MANAGEMENT, Claim, Entity
from local_azure.amqp.link import NOT_ALLOWED, NOT_FOUND, NOT_IMPLEMENTED, AmqpError, Link
from local_azure.amqp.messages import Message, messages_in
from local_azure.amqp.namespaces import SERVICE_BUS
from local_azure.amqp.values import as_map
from local_azure.bodies import properties_of
from local_azure.ground import Ground
from local_azure.rules import Rule
from local_azure.service_bus.entities import SUBSCRIPTIONS, duration
from local_azure.service_bus.management import answered
from local_azure.service_bus.queue import DEAD_LETTERS, Queue, said_of_rejection
from local_azure.store import Resource

_OPERATIONS: Final = "Microsoft.ServiceBus/namespaces/messages"

RULES: Final = [
    Rule(
        "M9",
        "refusal",
        "A link to what is not there is refused: amqp:not-found.",
        held_by="m9_what_is_not_there_is_not_found",
        source="https://learn.microsoft.com/azure/service-bus-messaging/service-bus-messaging-exceptions-latest",
    ),
    Rule(
        "M9",
        "refusal",
        "A queue that requires sessions gives nothing to a reader without one. Sessions themselves are not "
        "served here.",
        held_by="m9_a_queue_with_sessions_gives_nothing_to_a_reader_without_one",
        source="https://learn.microsoft.com/azure/service-bus-messaging/message-sessions",
    ),
    Rule(
        "M9",
        "behaviour",
        "A topic gives a copy of each message to each of its subscriptions.",
        held_by="m9_a_topic_gives_each_subscription_a_copy",
        source="https://learn.microsoft.com/azure/service-bus-messaging/"
        "service-bus-queues-topics-subscriptions",
    ),
]


class ServiceBusBroker:
    """Every namespace's queues, topics and subscriptions."""

    namespaces = SERVICE_BUS
    audiences: Collection[str] = (audience(Of.SERVICE_BUS),)

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._queues: dict[str, tuple[str, Queue]] = {}
        self.actions: dict[Claim, str] = {
            "Send": f"{_OPERATIONS}/send/action",
            "Listen": f"{_OPERATIONS}/receive/action",
        }

    def entity(self, namespace: Resource, path: str, link: Link) -> Entity:
        parts = path.split("/")
        is_asked = parts[-1].lower() == MANAGEMENT
        parts = parts[:-1] if is_asked else parts
        is_dead = parts[-1:] != [] and parts[-1].lower() == DEAD_LETTERS
        parts = parts[:-1] if is_dead else parts
        found, is_topic = self._resource(namespace, parts, link.host, path)
        if is_topic:
            if is_asked or is_dead or link.is_sender:
                text = "A topic is read through its subscriptions, and has no dead letters of its own."
                raise AmqpError(NOT_ALLOWED, text)
            return Entity(found.id, lambda _: _Writer(lambda message: self._spread(found.id, message)))
        queue = self._queue(found)
        queue = queue.dead_letters or queue if is_dead else queue
        if is_asked:
            return Entity(found.id, answers=lambda request: answered(queue, request))
        if not link.is_sender:
            if is_dead or found.type == SUBSCRIPTIONS:
                raise AmqpError(NOT_ALLOWED, "Nothing is sent to a subscription, or to dead letters.")
            return Entity(found.id, lambda _: _Writer(queue.put))
        _require_no_session(found, link)
        return Entity(found.id, lambda _: _Reader(queue))

    def tick(self) -> None:
        for _, queue in list(self._queues.values()):
            for one in (queue, queue.dead_letters):
                if one is not None:
                    one.unlock_what_ended()

    def _resource(self, namespace: Resource, parts: list[str], host: str, path: str) -> tuple[Resource, bool]:
        """The queue, topic or subscription of that name, and whether it is a topic."""
        store, found, is_topic = self._ground.store, None, False
        if len(parts) == 1:
            found = store.get(f"{namespace.id}/queues/{parts[0]}")
            if found is None:
                found, is_topic = store.get(f"{namespace.id}/topics/{parts[0]}"), True
        elif len(parts) == 3 and parts[1].lower() == "subscriptions":
            found = store.get(f"{namespace.id}/topics/{parts[0]}/subscriptions/{parts[2]}")
        if found is None:
            raise AmqpError(
                NOT_FOUND,
                f"The messaging entity 'sb://{host}/{path}' could not be found. To know more visit "
                "https://aka.ms/sbResourceMgrExceptions.",
            )
        return found, is_topic

    def _spread(self, topic_id: str, message: Message) -> None:
        raw = message.written()
        for one in self._ground.store.list(under=topic_id, type=SUBSCRIPTIONS):
            self._queue(one).put(Message.read(raw))

    def _queue(self, resource: Resource) -> Queue:
        """Its messages; none where it was made again since they came."""
        key, made = resource.id.lower(), str(properties_of(resource.body).get("createdAt"))
        known = self._queues.get(key)
        if known is None or known[0] != made:
            now = self._ground.clock.now

            def rules() -> tuple[timedelta, int]:
                stored = self._ground.store.get(resource.id)
                properties = properties_of(stored.body if stored else resource.body)
                lock = duration(str(properties.get("lockDuration", "PT1M"))) or timedelta(minutes=1)
                return lock, int(properties.get("maxDeliveryCount", 10))

            known = (made, Queue(now, rules, dead_letters=Queue(now, rules)))
            self._queues[key] = known
        return known[1]


def _require_no_session(resource: Resource, link: Link) -> None:
    """Raises AmqpError: a session is asked for by a filter, or required by the queue."""
    asked = as_map(link.terminus["filter"])
    if any("session-filter" in str(key) for key in asked):
        raise AmqpError(NOT_IMPLEMENTED, "The local Azure serves no sessions.")
    if properties_of(resource.body).get("requiresSession"):
        text = "It is not possible for an entity that requires sessions to create a non-sessionful message "
        raise AmqpError(NOT_ALLOWED, f"{text}receiver.")


class _Writer:
    """Where messages are sent to."""

    def __init__(self, put: Callable[[Message], object]) -> None:
        self._put = put

    def received(self, link: Link, message: bytes, is_batch: bool) -> None:
        for one in list(messages_in(message, is_batch=is_batch)):
            if "x-opt-scheduled-enqueue-time" in one.annotations:
                raise AmqpError(NOT_IMPLEMENTED, "The local Azure schedules no messages.")
            self._put(one)

    def credited(self, link: Link) -> None:
        """Nothing is given out here."""

    def settled(self, link: Link, tag: bytes, outcome: Performative) -> None:
        """Nothing is given out here."""

    def closed(self, link: Link) -> None:
        """What was sent stays."""


class _Reader:
    """Where messages are given out."""

    def __init__(self, queue: Queue) -> None:
        self._queue = queue

    def received(self, link: Link, message: bytes, is_batch: bool) -> None:
        raise AmqpError(NOT_ALLOWED, "Nothing is taken in on a link that gives out.")

    def credited(self, link: Link) -> None:
        if link not in self._queue.readers:
            self._queue.readers.append(link)
        self._queue.give()

    def settled(self, link: Link, tag: bytes, outcome: Performative) -> None:
        given = dict(outcome.fields)
        if outcome.kind == "rejected":
            error = as_performative(given.get("error"))
            given = said_of_rejection(error["info"] if error else None)
        self._queue.settle(tag, outcome.kind, given)

    def closed(self, link: Link) -> None:
        if link in self._queue.readers:
            self._queue.readers.remove(link)
