"""Namespaces of Service Bus and Event Hubs: no keys, no network without a reason."""

from collections.abc import Iterator
from typing import Final

from pulumi_policy import EnforcementLevel

from access_report.following import EVENT_HUBS, SERVICE_BUS
from access_report.resources import UNKNOWN, Resource
from policy.reading import at, truth
from policy.rule import Options, ResourceRule, Rule

_DISABLE: Final = "https://learn.microsoft.com/azure/service-bus-messaging/disable-local-authentication"


def _keys(resource: Resource, _: Options) -> Iterator[str]:
    given = at(resource, "disableLocalAuth")
    if given != UNKNOWN and not truth(given):
        yield f"namespace {resource.name} is opened by its keys: disableLocalAuth is not true"


def _public(resource: Resource, _: Options) -> Iterator[str]:
    """Its rules are a resource of their own; the namespace itself says whether it is public at all."""
    given = at(resource, "publicNetworkAccess")
    if given != UNKNOWN and str(given).lower() not in ("disabled", "securedbyperimeter"):
        yield f"namespace {resource.name} answers every network that its rules do not keep out"


RULES: Final[tuple[Rule, ...]] = (
    ResourceRule(
        id="namespace-no-keys",
        what="A namespace of Service Bus or Event Hubs is opened by roles alone, and by none of its keys.",
        why="A key opens all of it to anybody who has it, and where nothing is said it does.",
        source=_DISABLE,
        step="Set disableLocalAuth to true, and assign roles such as Azure Service Bus Data Sender.",
        types=(SERVICE_BUS, EVENT_HUBS),
        judge=_keys,
    ),
    ResourceRule(
        id="namespace-network-closed",
        what="A namespace of Service Bus or Event Hubs answers chosen networks only.",
        why="A stolen token is worth nothing where its thief's network is not let in; of Service Bus only "
        "the Premium tier can refuse.",
        source="https://learn.microsoft.com/azure/service-bus-messaging/network-security",
        step="Set publicNetworkAccess to Disabled with a private endpoint, or waive this one with a reason.",
        level=EnforcementLevel.ADVISORY,
        types=(SERVICE_BUS, EVENT_HUBS),
        judge=_public,
    ),
)
