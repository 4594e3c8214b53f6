"""The arguments of a Service Bus namespace: what to create or to adopt, and who is let in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NotRequired

import pulumi

from ..arguments import Arguments
from ..contract import SERVICE_BUS as SERVICE_BUS_TOKEN
from ..encryption import CustomerKey, EncryptionArgs, read_encryption
from ..names.messages import MESSAGE_QUEUE, SERVICE_BUS, TOPIC_SUBSCRIPTION
from ..references import SERVICE_BUS as NAMESPACE
from ..roles import Role
from .messaging import read_parts_of
from .messaging_namespace import NamespaceChoices
from .messaging_network import GROUP_ID, NamespaceNetworkArgs, read_namespace_network
from .messaging_tier import MessagingTier
from .target_arguments import TargetArgs, TargetKind, read_target

_WITH_NETWORKS: Final = (MessagingTier.PREMIUM,)


class ServiceBusArgs(EncryptionArgs, NamespaceNetworkArgs, TargetArgs):
    """Arguments of ServiceBus: either what to create, or `existing_id`; and the people who are let in."""

    namespace_name: NotRequired[pulumi.Input[str]]
    """Globally unique name of the namespace, 6 to 50 characters; left out, sbns-<name>-<stack>-<random>."""
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


KIND: Final = TargetKind(
    component="ServiceBus",
    token=SERVICE_BUS_TOKEN,
    type_=NAMESPACE,
    what="the namespace",
    name_key="namespace_name",
    name_rule=SERVICE_BUS,
    group_id=GROUP_ID,
    people={
        "message_senders": ("sender", Role.SERVICE_BUS_DATA_SENDER),
        "message_receivers": ("receiver", Role.SERVICE_BUS_DATA_RECEIVER),
    },
)


@dataclass(frozen=True)
class ServiceBusChoices(NamespaceChoices):
    """The arguments of a namespace, read and checked. `subscriptions` are pairs of topic and name."""

    encryption: CustomerKey | None
    queues: Sequence[str]
    topics: Sequence[str]
    subscriptions: Sequence[tuple[str, str]]


def read_service_bus(arguments: Arguments) -> ServiceBusChoices:
    """Problems are noted in `arguments`."""
    tier = arguments.choice("tier", MessagingTier, MessagingTier.STANDARD)
    network = read_namespace_network(arguments, NAMESPACE, tier, _WITH_NETWORKS)
    queues = arguments.plain_names("queues", MESSAGE_QUEUE.form)
    topics = arguments.plain_names("topics", MESSAGE_QUEUE.form)
    _check_topics(arguments, tier, queues, topics)
    return ServiceBusChoices(
        target=read_target(arguments, ServiceBusArgs, KIND, network),
        network=network,
        tier=tier,
        encryption=_read_encryption(arguments, tier),
        queues=queues,
        topics=topics,
        subscriptions=read_parts_of(
            arguments, "subscriptions", ("topics", MESSAGE_QUEUE), topics, TOPIC_SUBSCRIPTION
        ),
    )


def _read_encryption(arguments: Arguments, tier: MessagingTier) -> CustomerKey | None:
    """https://learn.microsoft.com/azure/service-bus-messaging/configure-customer-managed-key"""
    refused = "" if tier is MessagingTier.PREMIUM else f"in the tier {tier.value}"
    return read_encryption(arguments, refused, "set tier to premium, or take encryption out")


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
