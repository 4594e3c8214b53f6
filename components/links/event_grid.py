"""The link to a custom topic of Event Grid."""

from enum import StrEnum
from typing import Final, NotRequired, TypedDict

import pulumi

from ..references import EVENT_GRID_TOPIC
from ..roles import Role
from .endpoint import Addressed, read_endpoint_link
from .link import Link
from .record import Record

TOPIC: Final = Addressed(
    EVENT_GRID_TOPIC,
    "eventgrid",
    "https://<topic>.<region>-1.eventgrid.azure.net/api/events",
    "the topic",
    path="/api/events",
    connection="topicEndpointUri",
)


class EventGridAccess(StrEnum):
    """What an app may do with a topic."""

    SEND = "send"
    """Put events into it."""

    @property
    def role(self) -> Role:
        return Role.EVENT_GRID_DATA_SENDER


class EventGridLinkArgs(TypedDict):
    """A custom topic of Event Grid. Code is told `_ENDPOINT`."""

    id: pulumi.Input[str]
    """Resource id of the topic, as an EventGridTopic outputs it."""
    endpoint: pulumi.Input[str]
    """Address that events are sent to, https://evgt-team.westeurope-1.eventgrid.azure.net/api/events."""
    access: NotRequired[EventGridAccess]
    """What code may do with events; left out, send, as a topic gives none out to who asks."""


def read_link(record: Record) -> Link:
    """https://learn.microsoft.com/azure/event-grid/authenticate-with-microsoft-entra-id"""
    verb = record.arguments.choice("access", EventGridAccess, EventGridAccess.SEND)
    return read_endpoint_link(record, TOPIC, verb.role)
