"""What serves namespaces: Service Bus and Event Hubs, which share the domain `servicebus.windows.net`."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal, Protocol

from local_azure.amqp.link import Link, Node
from local_azure.amqp.messages import Message
from local_azure.store import Resource, Store

SUFFIX: Final = ".servicebus.windows.net"
MANAGEMENT: Final = "$management"
"""The node that answers questions about an entity, or about a namespace."""
Answered = tuple[Mapping[str, Any], Any]
"""Application properties of an answer, with the status among them, and its value."""
Claim = Literal["Send", "Listen"]
"""What a link needs, in the services' own word for it."""


@dataclass(frozen=True)
class Entity:
    """What a link leads to: the id whose assignments count, and either the node, made once somebody is let
    in, or what answers requests."""

    scope: str
    node: Callable[[Link], Node] | None = None
    answers: Callable[[Message], Answered] | None = None
    claims: tuple[Claim, ...] = ()
    """Any one of these is enough; left out, the one that the direction of the link takes."""
    parts: tuple[str, ...] = ()
    """Ids of what is in it: a role on one of them is enough, too."""


class Kind(Protocol):
    """One of the two services."""

    namespaces: str
    """The type of its namespaces."""
    audiences: Collection[str]
    actions: dict[Claim, str]
    """The data action that each claim takes."""

    def entity(self, namespace: Resource, path: str, link: Link) -> Entity:
        """What is at a path of a namespace. Raises AmqpError where there is nothing, or it is not for this
        link."""
        ...

    def tick(self) -> None:
        """A second went by: what was locked may be free again."""
        ...


def find(store: Store, kinds: Sequence[Kind], host: str) -> tuple[Kind, Resource] | None:
    """The namespace behind a host: names are unique in the whole cloud, among both."""
    for kind in kinds:
        for one in store.list(type=kind.namespaces):
            if host == f"{one.id.rpartition('/')[2].lower()}{SUFFIX}":
                return kind, one
    return None
