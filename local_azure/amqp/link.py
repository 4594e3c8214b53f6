"""One link of a connection, and what is behind it: a node that takes messages in or gives them out."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

from local_azure.amqp.frames import Performative, error, performative
from local_azure.amqp.values import Described, Symbol

UNAUTHORIZED = "amqp:unauthorized-access"
NOT_FOUND = "amqp:not-found"
NOT_ALLOWED = "amqp:not-allowed"
NOT_IMPLEMENTED = "amqp:not-implemented"
TOO_LARGE = "amqp:link:message-size-exceeded"


@dataclass
class AmqpError(Exception):
    """What a node refuses: a link that is attached, a message, an outcome. The peer is told both."""

    condition: str
    description: str

    @property
    def described(self) -> Described:
        return error(self.condition, self.description)


class Node(Protocol):
    """What is behind a link. All is called in the event loop, and does not wait."""

    def received(self, link: "Link", message: bytes, is_batch: bool) -> None:
        """A message of the peer's, or several in one. Raises AmqpError to reject it."""
        ...

    def credited(self, link: "Link") -> None:
        """The peer takes (more) messages."""
        ...

    def settled(self, link: "Link", tag: bytes, outcome: Performative) -> None:
        """What the peer says of a message that it was given. Raises AmqpError where it may not."""
        ...

    def closed(self, link: "Link") -> None:
        """The link is gone, whoever ended it."""
        ...


@dataclass
class Link:
    """`is_sender` says who sends: true where the local Azure does. `write` hands a performative and a payload
    to the session."""

    name: str
    handle: int
    is_sender: bool
    terminus: Performative
    """The source of a sender, the target of a receiver, as the peer asked for it."""
    other: Performative | None
    """The other end, which is the peer's own."""
    properties: dict[Any, Any]
    is_settled: bool
    """Whether what is sent is settled with that: received is deleted."""
    host: str
    write: Callable[..., None]
    next_delivery: Callable[[], int]
    has_room: Callable[[], bool]
    credit: int = 0
    delivery_count: int = 0
    unsettled: dict[int, bytes] = field(default_factory=dict[int, bytes])
    node: Node | None = None

    @property
    def address(self) -> str:
        """The node's path, without the host that some clients write before it."""
        text = str(self.terminus["address"] or "")
        if "://" in text:
            text = text.partition("://")[2].partition("/")[2]
        return text.strip("/")

    @property
    def is_open(self) -> bool:
        return self.node is not None

    @property
    def takes(self) -> bool:
        """Whether the peer takes one more message now."""
        return self.is_open and self.credit > 0 and self.has_room()

    def send(self, message: bytes, tag: bytes) -> None:
        """Give the peer one message, which `takes` one."""
        self.credit -= 1
        self.delivery_count += 1
        number = self.next_delivery()
        if not self.is_settled:
            self.unsettled[number] = tag
        self.write(
            "transfer",
            message,
            delivery_id=number,
            delivery_tag=tag,
            message_format=0,
            settled=self.is_settled,
        )

    def refuse(self, refusal: AmqpError) -> None:
        """End the link and say why."""
        if self.node is None:
            return
        node, self.node = self.node, None
        self.write("detach", closed=True, error=refusal.described)
        node.closed(self)

    def ended(self) -> None:
        """The peer, or its connection, is gone."""
        node, self.node = self.node, None
        if node is not None:
            node.closed(self)


ACCEPTED = performative("accepted")


def rejected(refusal: AmqpError) -> Described:
    return performative("rejected", error=refusal.described)


def text_of(value: Any) -> str:
    """A text that a peer sent, as a string or as a symbol; empty for anything else."""
    return str(value) if isinstance(value, str | Symbol) else ""
