"""Messages: their sections, of which only those are read that a broker writes or answers.

http://docs.oasis-open.org/amqp/core/v1.0/os/amqp-core-messaging-v1.0-os.html
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from local_azure.amqp.reading import Malformed, read
from local_azure.amqp.values import Described, Symbol, as_list, as_map
from local_azure.amqp.writing import written

BATCH: Final = 0x80013700
"""The format of a transfer that holds whole messages as its data: vendor 0x8001, Microsoft.
https://learn.microsoft.com/azure/service-bus-messaging/service-bus-amqp-protocol-guide"""
_HEADER, _DELIVERY, _ANNOTATIONS, _PROPERTIES, _APPLICATION, _DATA, _SEQUENCE, _VALUE = range(0x70, 0x78)
_FIELDS: Final = (
    "message_id",
    "user_id",
    "to",
    "subject",
    "reply_to",
    "correlation_id",
    "content_type",
    "content_encoding",
    "absolute_expiry_time",
    "creation_time",
    "group_id",
    "group_sequence",
    "reply_to_group_id",
)


@dataclass
class Message:
    """`annotations` are the broker's and the sender's, `body` is every section after them as it came."""

    header: list[Any] = field(default_factory=list[Any])
    annotations: dict[Any, Any] = field(default_factory=dict[Any, Any])
    properties: list[Any] = field(default_factory=list[Any])
    application: dict[Any, Any] = field(default_factory=dict[Any, Any])
    body: bytes = b""
    value: Any = None
    data: list[bytes] = field(default_factory=list[bytes])

    @classmethod
    def read(cls, data: bytes) -> "Message":
        """Raises Malformed."""
        found, at = cls(), 0
        while at < len(data):
            section, end = read(data, at)
            if not isinstance(section, Described):
                raise Malformed("a message without sections")
            found._take(section, data[at:end])
            at = end
        return found

    def _take(self, section: Described, raw: bytes) -> None:
        given = section.value
        match section.descriptor:
            case 0x70:
                self.header = as_list(given)
            case 0x71:
                pass  # from hop to hop, and this is the last one
            case 0x72:
                self.annotations = as_map(given)
            case 0x73:
                self.properties = as_list(given)
            case 0x74:
                self.application = as_map(given)
            case 0x75 if isinstance(given, bytes):
                self.data.append(given)
                self.body += raw
            case 0x77:
                self.value = given
                self.body += raw
            case _:
                self.body += raw

    def property(self, name: str) -> Any:
        """One of AMQP's own properties, such as `message_id`; None where it was not given."""
        at = _FIELDS.index(name)
        return self.properties[at] if at < len(self.properties) else None

    def written(self, *, header: list[Any] | None = None, more: Mapping[str, Any] | None = None) -> bytes:
        """As it is given out, with annotations of the broker's."""
        extra = {Symbol(name): value for name, value in (more or {}).items()}
        sections = [
            (_HEADER, self.header if header is None else header),
            (_ANNOTATIONS, {**self.annotations, **extra}),
            (_PROPERTIES, self.properties),
            (_APPLICATION, self.application),
        ]
        return b"".join(written(Described(code, one)) for code, one in sections if one) + self.body


def messages_in(data: bytes, *, is_batch: bool) -> Iterator[Message]:
    """What one transfer holds. Raises Malformed."""
    outer = Message.read(data)
    if not is_batch:
        yield outer
        return
    for one in outer.data:
        yield Message.read(one)


def answer(to: Message, application: Mapping[str, Any], value: Any = None) -> bytes:
    """The answer to a request, which names it as the client finds it again."""
    properties = [None] * _FIELDS.index("correlation_id") + [to.property("message_id")]
    sections = (
        Described(_PROPERTIES, properties),
        Described(_APPLICATION, dict(application)),
        Described(_VALUE, value),
    )
    return b"".join(map(written, sections))
