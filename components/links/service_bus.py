"""The link to queues and topics of Service Bus."""

from enum import StrEnum
from typing import Final, NotRequired, TypedDict

import pulumi

from ..names.messages import MESSAGE_QUEUE, TOPIC_SUBSCRIPTION
from ..references import SERVICE_BUS
from ..roles import Role
from .link import Link
from .messaging import Part, read_messaging_link
from .record import Record

QUEUE: Final = Part("queue", MESSAGE_QUEUE, "queues")
TOPIC: Final = Part("topic", MESSAGE_QUEUE, "topics")
SUBSCRIPTION: Final = Part("subscription", TOPIC_SUBSCRIPTION, "subscriptions")


class MessageAccess(StrEnum):
    """What an app may do with messages of Service Bus."""

    SEND = "send"
    """Put messages into queues and topics."""
    RECEIVE = "receive"
    """Look at messages of queues and subscriptions, take them and settle them."""

    @property
    def role(self) -> Role:
        return {
            MessageAccess.SEND: Role.SERVICE_BUS_DATA_SENDER,
            MessageAccess.RECEIVE: Role.SERVICE_BUS_DATA_RECEIVER,
        }[self]


class ServiceBusLinkArgs(TypedDict):
    """A queue or topic of Service Bus. Code is told `_HOST`, and `_QUEUE` or `_TOPIC` and `_SUBSCRIPTION`."""

    id: pulumi.Input[str]
    """Resource id of the namespace, as a ServiceBus outputs it."""
    endpoint: pulumi.Input[str]
    """Address of the namespace, https://sbns-team.servicebus.windows.net/."""
    queue: NotRequired[pulumi.Input[str]]
    """The one queue that the link is for; left out, a topic, or else all of the namespace's."""
    topic: NotRequired[pulumi.Input[str]]
    """The one topic that the link is for; left out, a queue, or else all of the namespace's."""
    subscription: NotRequired[pulumi.Input[str]]
    """The one subscription of the topic that code receives from; left out, all of the topic's."""
    access: MessageAccess
    """What code may do with messages: send or receive, of which neither is less than the other."""


def read_link(record: Record) -> Link:
    """https://learn.microsoft.com/azure/service-bus-messaging/service-bus-managed-service-identity"""
    arguments = record.arguments
    arguments.require("access", "send or receive: there is no role that only reads")
    verb = arguments.choice("access", MessageAccess, MessageAccess.RECEIVE)
    has_queue, has_topic = arguments.has("queue"), arguments.has("topic")
    if has_queue and has_topic:
        step = "give each a link of its own"
        arguments.refuse(
            f"{arguments.at('queue')} and {arguments.at('topic')}", "both", "one of the two", step
        )
    if arguments.has("subscription") and not has_topic:
        step = "name the topic that the subscription is in"
        arguments.refuse(arguments.at("subscription"), "a subscription alone", "its topic with it", step)
    elif arguments.has("subscription") and verb is MessageAccess.SEND:
        subject = f"{arguments.at('subscription')} and {arguments.at('access')}"
        step = "take the subscription out: what is sent goes to the topic, which gives it to all of them"
        arguments.refuse(subject, "send, with a subscription", "nothing is sent to a subscription", step)
    parts = [QUEUE] if has_queue else [TOPIC, SUBSCRIPTION]
    return read_messaging_link(record, SERVICE_BUS, verb.role, parts)
