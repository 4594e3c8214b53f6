"""The arguments of a Service Bus namespace: what to create or to adopt, and who is let in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NotRequired

import pulumi

from ..arguments import Arguments
from ..deployer import Elsewhere, read_elsewhere
from ..diagnostics import DiagnosticsArgs, read_diagnostics
from ..locks import LockArgs, read_lock
from ..names import MESSAGE_QUEUE, SERVICE_BUS, TOPIC_SUBSCRIPTION
from ..naming import read_name
from ..placement import Placement, adopt_or_create, read_placement
from ..references import SERVICE_BUS as NAMESPACE
from ..references import id_form
from ..tags import ForeignTagsArgs, read_foreign_tags
from .groups import Groups, read_groups
from .messaging import read_parts_of
from .messaging_network import NamespaceNetworkArgs, NamespaceNetworkChoices, read_namespace_network
from .messaging_tier import MessagingTier

_WITH_NETWORKS: Final = (MessagingTier.PREMIUM,)


class ServiceBusArgs(NamespaceNetworkArgs, DiagnosticsArgs, ForeignTagsArgs, LockArgs):
    """Arguments of ServiceBus: either what to create, or `existing_id`; and the people who are let in."""

    resource_group_name: NotRequired[pulumi.Input[str]]
    """The resource group to create the namespace in; required unless existing_id is given."""
    location: NotRequired[pulumi.Input[str]]
    """Azure region; left out, the resource group's."""
    namespace_name: NotRequired[pulumi.Input[str]]
    """Globally unique name of the namespace, 6 to 50 characters; left out, sbns-<name>-<stack>-<random>."""
    existing_id: NotRequired[pulumi.Input[str]]
    """Full id of a namespace to adopt: nothing is created, its address is read; left out, one is."""
    tier: NotRequired[MessagingTier]
    """What it can do and costs; left out, standard. Azure refuses to change it to premium, or from it."""
    queues: NotRequired[Sequence[str]]
    """Names of the queues to create, plain; left out, none."""
    topics: NotRequired[Sequence[str]]
    """Names of the topics to create, plain; left out, none."""
    subscriptions: NotRequired[Sequence[str]]
    """Subscriptions to create, plain, each as <topic>/<subscription>; left out, none."""
    message_senders: NotRequired[Mapping[str, pulumi.Input[str]]]
    """Entra groups whose members may send messages, as display name to object id; left out, none."""
    message_receivers: NotRequired[Mapping[str, pulumi.Input[str]]]
    """Entra groups whose members may receive messages, as display name to object id; left out, none."""
    tags: NotRequired[pulumi.Input[Mapping[str, pulumi.Input[str]]]]
    """Tags of the namespace; left out, none."""


_FOR_BOTH: Final = frozenset({"existing_id", "message_senders", "message_receivers"})
"""Arguments that a namespace takes that exists already; the others shape one that is created."""


@dataclass(frozen=True)
class ServiceBusChoices:
    """The arguments of a namespace, read and checked. `subscriptions` are pairs of topic and name."""

    place: Placement
    elsewhere: Elsewhere
    existing_id: pulumi.Output[str] | None
    name: pulumi.Output[str] | None
    tier: MessagingTier
    queues: Sequence[str]
    topics: Sequence[str]
    subscriptions: Sequence[tuple[str, str]]
    senders: Groups
    receivers: Groups
    network: NamespaceNetworkChoices
    diagnostics_workspace_id: pulumi.Output[str] | None
    is_locked: bool
    foreign_tags: tuple[str, ...]


def read_service_bus(arguments: Arguments) -> ServiceBusChoices:
    """Problems are noted in `arguments`."""
    creating = tuple(key for key in ServiceBusArgs.__annotations__ if key not in _FOR_BOTH)
    adopt_or_create(arguments, creating, "a namespace is adopted or created")
    tier = arguments.choice("tier", MessagingTier, MessagingTier.STANDARD)
    queues = arguments.plain_names("queues", MESSAGE_QUEUE.form)
    topics = arguments.plain_names("topics", MESSAGE_QUEUE.form)
    _check_topics(arguments, tier, queues, topics)
    return ServiceBusChoices(
        place=read_placement(arguments),
        elsewhere=read_elsewhere(arguments, ServiceBusArgs),
        existing_id=arguments.text("existing_id", id_form(NAMESPACE)),
        name=read_name(arguments, "namespace_name", SERVICE_BUS),
        tier=tier,
        queues=queues,
        topics=topics,
        subscriptions=read_parts_of(
            arguments, "subscriptions", ("topics", MESSAGE_QUEUE), topics, TOPIC_SUBSCRIPTION
        ),
        senders=read_groups(arguments, "message_senders"),
        receivers=read_groups(arguments, "message_receivers"),
        network=read_namespace_network(arguments, NAMESPACE, tier, _WITH_NETWORKS),
        diagnostics_workspace_id=read_diagnostics(arguments),
        is_locked=read_lock(arguments),
        foreign_tags=read_foreign_tags(arguments),
    )


def _check_topics(
    arguments: Arguments, tier: MessagingTier, queues: Sequence[str], topics: Sequence[str]
) -> None:
    if topics and tier is MessagingTier.BASIC:
        step = "set tier to standard, or take topics out"
        arguments.refuse("tier and topics", "basic, with topics", "a tier that has topics", step)
    both = [topic for topic in topics if topic.lower() in {queue.lower() for queue in queues}]
    if both:
        expected = "names that a namespace gives once, to a queue or to a topic"
        arguments.refuse(
            "queues and topics", "one name in both", expected, "give one of the two another name"
        )
