"""Event Grid, SignalR and Web PubSub: no keys, no network without a reason."""

from collections.abc import Iterator
from typing import Final

from pulumi_policy import EnforcementLevel

from access_report.following import EVENT_GRID_TOPIC, SIGNALR, WEB_PUBSUB
from access_report.resources import UNKNOWN, Resource
from policy.reading import at, truth
from policy.rule import Options, ResourceRule, Rule

_NOUNS: Final = {EVENT_GRID_TOPIC: "topic", SIGNALR: "SignalR service", WEB_PUBSUB: "Web PubSub service"}
_CLOSED: Final = ("disabled", "securedbyperimeter")


def _named(resource: Resource) -> str:
    return f"{_NOUNS[resource.native_type]} {resource.name}"


def _keys(resource: Resource, _: Options) -> Iterator[str]:
    given = at(resource, "disableLocalAuth")
    if given != UNKNOWN and not truth(given):
        yield f"{_named(resource)} is opened by its keys: disableLocalAuth is not true"


def _public(resource: Resource, _: Options) -> Iterator[str]:
    given = at(resource, "publicNetworkAccess")
    rules = at(resource, "inboundIpRules")
    is_limited = resource.is_of(EVENT_GRID_TOPIC) and bool(rules)  # unknown is something
    if given != UNKNOWN and str(given).lower() not in _CLOSED and not is_limited:
        yield f"{_named(resource)} answers every network"


RULES: Final[tuple[Rule, ...]] = (
    ResourceRule(
        id="topic-no-keys",
        what="A topic of Event Grid takes events of who has a role, and by none of its keys.",
        why="Who has a key sends whatever events they like, and where nothing is said keys are taken.",
        source="https://learn.microsoft.com/azure/event-grid/authenticate-with-microsoft-entra-id",
        step="Set disableLocalAuth to true, and assign EventGrid Data Sender.",
        types=(EVENT_GRID_TOPIC,),
        judge=_keys,
    ),
    ResourceRule(
        id="topic-network-closed",
        what="A topic of Event Grid answers chosen networks only.",
        why="A stolen token is worth nothing where its thief's network is not let in.",
        source="https://learn.microsoft.com/azure/event-grid/configure-firewall",
        step="Set publicNetworkAccess to Disabled with a private endpoint, or name addresses in "
        "inboundIpRules; or waive this one with the reason.",
        level=EnforcementLevel.ADVISORY,
        types=(EVENT_GRID_TOPIC,),
        judge=_public,
    ),
    ResourceRule(
        id="connections-no-keys",
        what="SignalR and Web PubSub are opened by roles alone, and by none of their keys.",
        why="Who has a key lets any client in as anybody, and where nothing is said it does.",
        source="https://learn.microsoft.com/azure/azure-web-pubsub/howto-disable-local-auth",
        step="Set disableLocalAuth to true, and assign roles such as Web PubSub Service Owner.",
        types=(SIGNALR, WEB_PUBSUB),
        judge=_keys,
    ),
    ResourceRule(
        id="connections-network-closed",
        what="SignalR and Web PubSub answer chosen networks only.",
        why="A stolen token is worth nothing where its thief's network is not let in. Where clients come "
        "from everywhere, networkACLs can leave the public network to them alone.",
        source="https://learn.microsoft.com/azure/azure-web-pubsub/howto-secure-network-access-control",
        step="Set publicNetworkAccess to Disabled with a private endpoint, or waive this one with a reason.",
        level=EnforcementLevel.ADVISORY,
        types=(SIGNALR, WEB_PUBSUB),
        judge=_public,
    ),
)
