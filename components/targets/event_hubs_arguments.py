"""The arguments of an Event Hubs namespace: what to create or to adopt, and who is let in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NotRequired

import pulumi

from ..arguments import Arguments
from ..contract import EVENT_HUBS as EVENT_HUBS_TOKEN
from ..names.messages import CONSUMER_GROUP, EVENT_HUB, EVENT_HUBS
from ..references import EVENT_HUBS as NAMESPACE
from ..roles import Role
from .messaging import read_parts_of
from .messaging_namespace import NamespaceChoices
from .messaging_network import GROUP_ID, NamespaceNetworkArgs, read_namespace_network
from .messaging_tier import MessagingTier
from .target_arguments import TargetArgs, TargetKind, read_target

_WITH_NETWORKS: Final = (MessagingTier.STANDARD, MessagingTier.PREMIUM)


class EventHubsArgs(NamespaceNetworkArgs, TargetArgs):
    """Arguments of EventHubs: either what to create, or `existing_id`; and the people who are let in."""

    namespace_name: NotRequired[pulumi.Input[str]]
    """Globally unique name of the namespace, 6 to 50 characters; left out, evhns-<name>-<stack>-<random>."""
    tier: NotRequired[MessagingTier]
    """What it can do and costs; left out, standard."""
    hubs: NotRequired[Sequence[str]]
    """Names of the event hubs to create, plain; left out, none."""
    partitions: NotRequired[int]
    """Partitions of each hub, 1 to 32, fixed at creation; left out, 4."""
    consumer_groups: NotRequired[Sequence[str]]
    """Consumer groups to create, plain, each as <hub>/<group>; left out, $Default alone."""
    event_senders: NotRequired[Mapping[str, pulumi.Input[str]]]
    """Entra groups whose members may send events, as display name to object id; left out, none."""
    event_receivers: NotRequired[Mapping[str, pulumi.Input[str]]]
    """Entra groups whose members may receive events, as display name to object id; left out, none."""


KIND: Final = TargetKind(
    component="EventHubs",
    token=EVENT_HUBS_TOKEN,
    type_=NAMESPACE,
    what="the namespace",
    name_key="namespace_name",
    name_rule=EVENT_HUBS,
    group_id=GROUP_ID,
    people={
        "event_senders": ("sender", Role.EVENT_HUBS_DATA_SENDER),
        "event_receivers": ("receiver", Role.EVENT_HUBS_DATA_RECEIVER),
    },
)


@dataclass(frozen=True)
class EventHubsChoices(NamespaceChoices):
    """The arguments of a namespace, read and checked. `consumer_groups` are pairs of hub and name."""

    hubs: Sequence[str]
    partitions: int
    consumer_groups: Sequence[tuple[str, str]]


def read_event_hubs(arguments: Arguments) -> EventHubsChoices:
    """Problems are noted in `arguments`."""
    tier = arguments.choice("tier", MessagingTier, MessagingTier.STANDARD)
    network = read_namespace_network(arguments, NAMESPACE, tier, _WITH_NETWORKS)
    hubs = arguments.plain_names("hubs", EVENT_HUB.form)
    groups = read_parts_of(arguments, "consumer_groups", ("hubs", EVENT_HUB), hubs, CONSUMER_GROUP)
    if groups and tier is MessagingTier.BASIC:
        step = "set tier to standard, or take consumer_groups out"
        expected = "a tier that has consumer groups besides $Default"
        arguments.refuse("tier and consumer_groups", "basic, with consumer_groups", expected, step)
    return EventHubsChoices(
        target=read_target(arguments, EventHubsArgs, KIND, network),
        network=network,
        tier=tier,
        hubs=hubs,
        partitions=arguments.whole_number("partitions", 4, lowest=1, highest=32),
        consumer_groups=groups,
    )
