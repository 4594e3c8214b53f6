"""The events of one partition, in their order: each reader reads them from where it says.

They are in memory alone, and gone when the local Azure stops.
https://learn.microsoft.com/azure/event-hubs/event-hubs-features
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from local_azure.amqp.link import AmqpError, Link
from local_azure.amqp.messages import Message
from local_azure.amqp.values import Timestamp, as_map
from local_azure.rules import Rule

KEPT: Final = 10_000
"""Events of a partition; older ones are dropped, as Azure drops them by their age."""
STOLEN: Final = "amqp:link:stolen"
_SELECTOR: Final = "apache.org:selector-filter:string"
_POSITION: Final = re.compile(r"amqp\.annotation\.x-opt-([a-z-]+) (>=?) '([^']*)'")
_LATEST: Final = "@latest"
_EVENT_BYTES: Final = 64

RULES: Final = [
    Rule(
        "M11",
        "behaviour",
        "A reader begins at an offset, a sequence number or a time; events stay for every other reader.",
        held_by="m11_every_consumer_group_reads_all_events_from_where_it_says",
        source="https://learn.microsoft.com/azure/event-hubs/event-hubs-features",
    ),
    Rule(
        "M11",
        "behaviour",
        "A reader with an owner level ends those with a lower one, or with none, of its group and partition.",
        held_by="m11_a_reader_with_a_higher_owner_level_takes_over",
        source="https://learn.microsoft.com/azure/event-hubs/event-hubs-event-processor-host",
    ),
]


@dataclass(frozen=True)
class Event:
    """One event, where it is and since when. `offset` is in bytes, as far as anybody may tell."""

    number: int
    offset: int
    enqueued: float
    message: Message

    def written(self) -> bytes:
        return self.message.written(
            more={
                "x-opt-sequence-number": self.number,
                "x-opt-offset": str(self.offset),
                "x-opt-enqueued-time": Timestamp(self.enqueued * 1000),
            }
        )


@dataclass
class Reader:
    """One open link, what it was given last, and its owner level; None where it has none."""

    link: Link
    group: str
    next: int
    epoch: int | None


@dataclass
class Partition:
    """Events since `first`."""

    now: Callable[[], float]
    events: list[Event] = field(default_factory=list[Event])
    readers: list[Reader] = field(default_factory=list[Reader])
    _offset: int = 0
    _next: int = 0

    @property
    def last(self) -> Event | None:
        return self.events[-1] if self.events else None

    def put(self, message: Message) -> None:
        self.events.append(Event(self._next, self._offset, self.now(), message))
        self._next += 1
        self._offset += _EVENT_BYTES + len(message.body)
        del self.events[:-KEPT]
        for reader in self.readers:
            self.give(reader)

    def open(self, link: Link, group: str) -> None:
        """Let a link read. Raises AmqpError where another one has a higher owner level."""
        given = link.properties.get("com.microsoft:epoch")
        epoch = int(given) if isinstance(given, int) else None
        others = [one for one in self.readers if one.group == group]
        highest = max((one.epoch for one in others if one.epoch is not None), default=None)
        if highest is not None and (epoch is None or epoch < highest):
            text = f"A receiver with a higher epoch '{highest}' already exists. A new receiver with epoch "
            raise AmqpError(STOLEN, f"{text}'{'none' if epoch is None else epoch}' cannot be created.")
        if epoch is not None:
            for one in others:
                text = f"New receiver with higher epoch of '{epoch}' is created hence current receiver with "
                said = f"{text}epoch '{'none' if one.epoch is None else one.epoch}' is getting disconnected."
                one.link.refuse(AmqpError(STOLEN, said))
        self.readers.append(Reader(link, group, self._begin(link), epoch))

    def close(self, link: Link) -> None:
        self.readers = [one for one in self.readers if one.link is not link]

    def credited(self, link: Link) -> None:
        for reader in self.readers:
            if reader.link is link:
                self.give(reader)

    def give(self, reader: Reader) -> None:
        for event in self.events:
            if not reader.link.takes:
                return
            if event.number >= reader.next:
                reader.next = event.number + 1
                reader.link.send(event.written(), str(event.number).encode())

    def _begin(self, link: Link) -> int:
        """The number of the first event that the link asks for; of the next one where it asks for none."""
        asked = as_map(link.terminus["filter"]).get(_SELECTOR)
        found = _POSITION.fullmatch(str(getattr(asked, "value", asked)))
        if found is None or found[3] == _LATEST:
            return self._next
        what, is_inclusive = found[1], found[2] == ">="
        try:
            at = int(found[3])
        except ValueError:
            raise AmqpError("amqp:invalid-field", f"The position '{found[3]}' is no number.") from None

        def value(event: Event) -> float:
            match what:
                case "sequence-number":
                    return event.number
                case "offset":
                    return event.offset
                case _:
                    return event.enqueued * 1000

        after = (one for one in self.events if value(one) > at or (is_inclusive and value(one) == at))
        first = next(after, None)
        return self._next if first is None else first.number
