"""The link to event hubs."""

from enum import StrEnum
from typing import Final, NotRequired, TypedDict

import pulumi

from ..names.messages import CONSUMER_GROUP, EVENT_HUB
from ..references import EVENT_HUBS
from ..roles import Role
from .link import Link
from .messaging import Part, read_messaging_link
from .record import Record

HUB: Final = Part("hub", EVENT_HUB, "eventhubs")
GROUP: Final = Part("consumer_group", CONSUMER_GROUP, "consumergroups")


class EventAccess(StrEnum):
    """What an app may do with events."""

    SEND = "send"
    """Put events into event hubs."""
    RECEIVE = "receive"
    """Read events of event hubs, which stay there."""

    @property
    def role(self) -> Role:
        return {
            EventAccess.SEND: Role.EVENT_HUBS_DATA_SENDER,
            EventAccess.RECEIVE: Role.EVENT_HUBS_DATA_RECEIVER,
        }[self]


class EventHubsLinkArgs(TypedDict):
    """An event hub. Code is told `_HOST`, `_HUB` and `_CONSUMER_GROUP`."""

    id: pulumi.Input[str]
    """Resource id of the namespace, as an EventHubs outputs it."""
    endpoint: pulumi.Input[str]
    """Address of the namespace, https://evhns-team.servicebus.windows.net/."""
    hub: NotRequired[pulumi.Input[str]]
    """The one event hub that the link is for; left out, all of the namespace's."""
    consumer_group: NotRequired[pulumi.Input[str]]
    """The one consumer group of the hub that code receives as; left out, all of the hub's."""
    access: NotRequired[EventAccess]
    """What code may do with events; left out, receive."""


def read_link(record: Record) -> Link:
    """https://learn.microsoft.com/azure/event-hubs/authorize-access-azure-active-directory"""
    arguments = record.arguments
    verb = arguments.choice("access", EventAccess, EventAccess.RECEIVE)
    if arguments.has("consumer_group") and not arguments.has("hub"):
        step = "name the hub that the consumer group is in"
        arguments.refuse(arguments.at("consumer_group"), "a consumer group alone", "its hub with it", step)
    elif arguments.has("consumer_group") and verb is EventAccess.SEND:
        subject = f"{arguments.at('consumer_group')} and {arguments.at('access')}"
        step = "take the consumer group out: what is sent is read as all of them"
        expected = "nothing is sent to a consumer group"
        arguments.refuse(subject, "send, with a consumer group", expected, step)
    return read_messaging_link(record, EVENT_HUBS, verb.role, [HUB, GROUP])
