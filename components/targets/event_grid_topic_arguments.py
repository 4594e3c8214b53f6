"""The arguments of a custom topic of Event Grid: what to create or to adopt, and who is let in."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NotRequired

import pulumi

from ..arguments import Arguments
from ..contract import EVENT_GRID_TOPIC as TOKEN
from ..names.messages import EVENT_GRID_TOPIC as NAME
from ..references import EVENT_GRID_TOPIC as TYPE
from ..roles import Role
from .target_arguments import TargetArgs, TargetChoices, TargetKind, read_target
from .target_network import TargetNetwork, TargetNetworkArgs, read_target_network


class EventSchema(StrEnum):
    """What the events of a topic look like."""

    CLOUD_EVENTS = "cloud-events"
    """CloudEvents 1.0, which many systems speak."""
    EVENT_GRID = "event-grid"
    """Event Grid's own schema."""

    @property
    def input_schema(self) -> str:
        """Azure's word for it."""
        return "CloudEventSchemaV1_0" if self is EventSchema.CLOUD_EVENTS else "EventGridSchema"


class EventGridTopicArgs(TargetNetworkArgs, TargetArgs):
    """Arguments of EventGridTopic: either what to create, or `existing_id`; and the people who are let in."""

    topic_name: NotRequired[pulumi.Input[str]]
    """Name of the topic, unique in its region, 3 to 50 characters; left out, evgt-<name>-<stack>-<random>."""
    event_schema: NotRequired[EventSchema]
    """What its events look like; left out, cloud-events. It is chosen once: Azure refuses another one."""
    event_senders: NotRequired[Mapping[str, pulumi.Input[str]]]
    """Entra groups whose members may send events, as display name to object id; left out, none."""


KIND: Final = TargetKind(
    component="EventGridTopic",
    token=TOKEN,
    type_=TYPE,
    what="the topic",
    name_key="topic_name",
    name_rule=NAME,
    group_id="topic",
    people={"event_senders": ("sender", Role.EVENT_GRID_DATA_SENDER)},
)


@dataclass(frozen=True)
class EventGridTopicChoices:
    """The arguments of a topic, read and checked."""

    target: TargetChoices
    network: TargetNetwork
    schema: EventSchema


def read_event_grid_topic(arguments: Arguments) -> EventGridTopicChoices:
    """Problems are noted in `arguments`."""
    network = read_target_network(arguments, TYPE, KIND.group_id, KIND.what)
    return EventGridTopicChoices(
        target=read_target(arguments, EventGridTopicArgs, KIND, network),
        network=network,
        schema=arguments.choice("event_schema", EventSchema, EventSchema.CLOUD_EVENTS),
    )
