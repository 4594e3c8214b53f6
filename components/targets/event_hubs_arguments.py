"""The arguments of an Event Hubs namespace: what to create or to adopt, and who is let in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NotRequired

import pulumi

from ..arguments import Arguments
from ..deployer import Elsewhere, read_elsewhere
from ..diagnostics import DiagnosticsArgs, read_diagnostics
from ..locks import LockArgs, read_lock
from ..names import CONSUMER_GROUP, EVENT_HUB, EVENT_HUBS
from ..naming import read_name
from ..placement import Placement, adopt_or_create, read_placement
from ..references import EVENT_HUBS as NAMESPACE
from ..references import id_form
from ..tags import ForeignTagsArgs, read_foreign_tags
from .groups import Groups, read_groups
from .messaging import read_parts_of
from .messaging_network import NamespaceNetworkArgs, NamespaceNetworkChoices, read_namespace_network
from .messaging_tier import MessagingTier

_WITH_NETWORKS: Final = (MessagingTier.STANDARD, MessagingTier.PREMIUM)


class EventHubsArgs(NamespaceNetworkArgs, DiagnosticsArgs, ForeignTagsArgs, LockArgs):
    """Arguments of EventHubs: either what to create, or `existing_id`; and the people who are let in."""

    resource_group_name: NotRequired[pulumi.Input[str]]
    """The resource group to create the namespace in; required unless existing_id is given."""
    location: NotRequired[pulumi.Input[str]]
    """Azure region; left out, the resource group's."""
    namespace_name: NotRequired[pulumi.Input[str]]
    """Globally unique name of the namespace, 6 to 50 characters; left out, evhns-<name>-<stack>-<random>."""
    existing_id: NotRequired[pulumi.Input[str]]
    """Full id of a namespace to adopt: nothing is created, its address is read; left out, one is."""
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
    tags: NotRequired[pulumi.Input[Mapping[str, pulumi.Input[str]]]]
    """Tags of the namespace; left out, none."""


_FOR_BOTH: Final = frozenset({"existing_id", "event_senders", "event_receivers"})
"""Arguments that a namespace takes that exists already; the others shape one that is created."""


@dataclass(frozen=True)
class EventHubsChoices:
    """The arguments of a namespace, read and checked. `consumer_groups` are pairs of hub and name."""

    place: Placement
    elsewhere: Elsewhere
    existing_id: pulumi.Output[str] | None
    name: pulumi.Output[str] | None
    tier: MessagingTier
    hubs: Sequence[str]
    partitions: int
    consumer_groups: Sequence[tuple[str, str]]
    senders: Groups
    receivers: Groups
    network: NamespaceNetworkChoices
    diagnostics_workspace_id: pulumi.Output[str] | None
    is_locked: bool
    foreign_tags: tuple[str, ...]


def read_event_hubs(arguments: Arguments) -> EventHubsChoices:
    """Problems are noted in `arguments`."""
    creating = tuple(key for key in EventHubsArgs.__annotations__ if key not in _FOR_BOTH)
    adopt_or_create(arguments, creating, "a namespace is adopted or created")
    tier = arguments.choice("tier", MessagingTier, MessagingTier.STANDARD)
    hubs = arguments.plain_names("hubs", EVENT_HUB.form)
    groups = read_parts_of(arguments, "consumer_groups", ("hubs", EVENT_HUB), hubs, CONSUMER_GROUP)
    if groups and tier is MessagingTier.BASIC:
        step = "set tier to standard, or take consumer_groups out"
        expected = "a tier that has consumer groups besides $Default"
        arguments.refuse("tier and consumer_groups", "basic, with consumer_groups", expected, step)
    return EventHubsChoices(
        place=read_placement(arguments),
        elsewhere=read_elsewhere(arguments, EventHubsArgs),
        existing_id=arguments.text("existing_id", id_form(NAMESPACE)),
        name=read_name(arguments, "namespace_name", EVENT_HUBS),
        tier=tier,
        hubs=hubs,
        partitions=arguments.whole_number("partitions", 4, lowest=1, highest=32),
        consumer_groups=groups,
        senders=read_groups(arguments, "event_senders"),
        receivers=read_groups(arguments, "event_receivers"),
        network=read_namespace_network(arguments, NAMESPACE, tier, _WITH_NETWORKS),
        diagnostics_workspace_id=read_diagnostics(arguments),
        is_locked=read_lock(arguments),
        foreign_tags=read_foreign_tags(arguments),
    )
