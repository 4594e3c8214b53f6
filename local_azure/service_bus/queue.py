"""The messages of one queue or subscription: locked for whom they are given to, until they are settled.

They are in memory alone, and gone when the local Azure stops.
https://learn.microsoft.com/azure/service-bus-messaging/message-transfers-locks-settlement
"""

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

from local_azure.amqp.link import AmqpError, Link
from local_azure.amqp.messages import Message
from local_azure.amqp.values import Int, Timestamp, Ubyte, Uint, as_map
from local_azure.rules import Rule

LOCK_LOST: Final = "com.microsoft:message-lock-lost"
DEAD_LETTERS: Final = "$deadletterqueue"
_REASON, _DESCRIPTION = "DeadLetterReason", "DeadLetterErrorDescription"
_ACTIVE, _DEFERRED = 0, 1

RULES: Final = [
    Rule(
        "M8",
        "behaviour",
        "A message that is given out is locked: nobody else gets it until its lock ends, and whoever settles "
        "it later is told that the lock is lost.",
        held_by="m8_a_lock_that_ended_is_lost_and_its_message_is_given_out_again",
        source="https://learn.microsoft.com/azure/service-bus-messaging/message-transfers-locks-settlement",
    ),
    Rule(
        "M8",
        "behaviour",
        "What was given out maxDeliveryCount times, or is rejected, goes to $DeadLetterQueue with a reason.",
        held_by="m8_what_fails_too_often_is_a_dead_letter_with_a_reason",
        source="https://learn.microsoft.com/azure/service-bus-messaging/service-bus-dead-letter-queues",
    ),
]


@dataclass
class Kept:
    """One message of a queue. `locked_until` is in seconds of the clock; 0 where nobody has it."""

    number: int
    enqueued: float
    message: Message
    deliveries: int = 0
    token: uuid.UUID | None = None
    locked_until: float = 0.0
    state: int = _ACTIVE

    def written(self) -> bytes:
        header = [*self.message.header, *[None] * 5][:5]
        header[4] = Uint(max(self.deliveries - 1, 0))
        header[0] = bool(header[0])
        header[1] = header[1] if header[1] is not None else Ubyte(4)
        more: dict[str, Any] = {
            "x-opt-enqueued-time": Timestamp(self.enqueued * 1000),
            "x-opt-sequence-number": self.number,
            "x-opt-message-state": Int(self.state),
        }
        if self.locked_until:
            more["x-opt-locked-until"] = Timestamp(self.locked_until * 1000)
        return self.message.written(header=header, more=more)


@dataclass
class Queue:
    """`rules` says how long a lock lasts and how often a message is given out, as it stands now."""

    now: Callable[[], float]
    rules: Callable[[], tuple[timedelta, int]]
    dead_letters: "Queue | None" = None
    kept: dict[int, Kept] = field(default_factory=dict[int, Kept])
    readers: list[Link] = field(default_factory=list[Link])
    _next: int = 1

    def put(self, message: Message) -> int:
        number, self._next = self._next, self._next + 1
        self.kept[number] = Kept(number, self.now(), message)
        self.give()
        return number

    def give(self) -> None:
        """To each reader in turn what is free, as long as they take it."""
        free = self._free()
        while taking := [link for link in self.readers if link.takes]:
            one = next(free, None)
            if one is None:
                return
            link = taking[0]
            self.readers.remove(link)
            self.readers.append(link)
            self._hand(one, link)

    def _hand(self, one: Kept, link: Link) -> None:
        one.deliveries += 1
        one.token = uuid.uuid4()
        if link.is_settled:
            del self.kept[one.number]
        else:
            one.locked_until = self.now() + self.rules()[0].total_seconds()
        link.send(one.written(), one.token.bytes_le)

    def unlock_what_ended(self) -> None:
        """What was not settled in its time is free again, or a dead letter."""
        for one in list(self.kept.values()):
            if one.locked_until and one.locked_until <= self.now():
                self._release(one)
        self.give()

    def settle(self, tag: bytes, outcome: str, given: dict[str, Any]) -> None:
        """What a reader says of its message: accepted, released, modified or rejected. Raises AmqpError."""
        one = self._locked(tag)
        match outcome:
            case "accepted":
                del self.kept[one.number]
            case "rejected":
                self._bury(one, given.get(_REASON), given.get(_DESCRIPTION))
            case "released":
                one.deliveries -= 1
                self._release(one)
            case _ if given.get("undeliverable_here"):
                one.locked_until, one.token, one.state = 0.0, None, _DEFERRED
            case _:
                self._release(one)
        self.give()

    def renew(self, token: uuid.UUID) -> float:
        """When the lock ends now. Raises AmqpError."""
        one = self._locked(token.bytes_le)
        one.locked_until = self.now() + self.rules()[0].total_seconds()
        return one.locked_until

    def peek(self, first: int, most: int) -> list[Kept]:
        return [one for number, one in sorted(self.kept.items()) if number >= first][:most]

    def deferred(self, number: int) -> Kept | None:
        """A message that was put aside, locked for who asks for it by its number."""
        one = self.kept.get(number)
        if one is None or one.state != _DEFERRED or one.locked_until:
            return None
        one.deliveries += 1
        one.token = uuid.uuid4()
        one.locked_until = self.now() + self.rules()[0].total_seconds()
        return one

    def _free(self) -> Iterator[Kept]:
        return (one for _, one in sorted(self.kept.items()) if not one.locked_until and one.state == _ACTIVE)

    def _locked(self, tag: bytes) -> Kept:
        for one in self.kept.values():
            if one.token is not None and one.token.bytes_le == tag and one.locked_until > self.now():
                return one
        text = (
            "The lock supplied is invalid. Either the lock expired, or the message has already been removed "
        )
        raise AmqpError(LOCK_LOST, f"{text}from the queue.")

    def _release(self, one: Kept) -> None:
        one.locked_until, one.token = 0.0, None
        most = self.rules()[1]
        if self.dead_letters is not None and one.state == _ACTIVE and one.deliveries >= most:
            text = f"Message could not be consumed after {most} delivery attempts."
            self._bury(one, "MaxDeliveryCountExceeded", text)

    def _bury(self, one: Kept, reason: Any, description: Any) -> None:
        del self.kept[one.number]
        if self.dead_letters is not None:
            said = {_REASON: reason, _DESCRIPTION: description}
            one.message.application |= {key: str(value) for key, value in said.items() if value is not None}
            self.dead_letters.put(one.message)


def said_of_rejection(info: Any) -> dict[str, Any]:
    """Reason and description, of the error of a rejected outcome."""
    return {str(key): value for key, value in as_map(info).items() if isinstance(key, str)}
