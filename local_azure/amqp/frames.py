"""AMQP 1.0's frames and the performatives in them, by the names of their fields.

http://docs.oasis-open.org/amqp/core/v1.0/os/amqp-core-transport-v1.0-os.html
"""

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, cast

from local_azure.amqp.reading import Malformed, read
from local_azure.amqp.values import Described, Symbol
from local_azure.amqp.writing import written

PLAIN: Final = b"AMQP\x00\x01\x00\x00"
SASL: Final = b"AMQP\x03\x01\x00\x00"
"""What a connection begins with, in either layer."""
LARGEST: Final = 65_536
"""Bytes that a frame may have, in either direction."""

_KINDS: Final[Mapping[str, tuple[int, str]]] = {
    "open": (0x10, "container_id hostname max_frame_size channel_max idle_time_out outgoing_locales"
             " incoming_locales offered_capabilities desired_capabilities properties"),
    "begin": (0x11, "remote_channel next_outgoing_id incoming_window outgoing_window handle_max"
              " offered_capabilities desired_capabilities properties"),
    "attach": (0x12, "name handle role snd_settle_mode rcv_settle_mode source target unsettled"
               " incomplete_unsettled initial_delivery_count max_message_size offered_capabilities"
               " desired_capabilities properties"),
    "flow": (0x13, "next_incoming_id incoming_window next_outgoing_id outgoing_window handle delivery_count"
             " link_credit available drain echo properties"),
    "transfer": (0x14, "handle delivery_id delivery_tag message_format settled more rcv_settle_mode state"
                 " resume aborted batchable"),
    "disposition": (0x15, "role first last settled state batchable"),
    "detach": (0x16, "handle closed error"),
    "end": (0x17, "error"),
    "close": (0x18, "error"),
    "error": (0x1D, "condition description info"),
    "received": (0x23, "section_number section_offset"),
    "accepted": (0x24, ""),
    "rejected": (0x25, "error"),
    "released": (0x26, ""),
    "modified": (0x27, "delivery_failed undeliverable_here message_annotations"),
    "source": (0x28, "address durable expiry_policy timeout dynamic dynamic_node_properties"
               " distribution_mode filter default_outcome outcomes capabilities"),
    "target": (0x29, "address durable expiry_policy timeout dynamic dynamic_node_properties capabilities"),
    "sasl_mechanisms": (0x40, "sasl_server_mechanisms"),
    "sasl_init": (0x41, "mechanism initial_response hostname"),
    "sasl_outcome": (0x44, "code additional_data"),
}  # fmt: skip
_BY_CODE: Final = {code: (name, fields.split()) for name, (code, fields) in _KINDS.items()}
_BY_SYMBOL: Final = {f"amqp:{name.replace('_', '-')}:list": code for name, (code, _) in _KINDS.items()}


@dataclass(frozen=True)
class Performative:
    """One of the kinds above, with those of its fields that were given."""

    kind: str
    fields: Mapping[str, Any]

    def __getitem__(self, field: str) -> Any:
        """None where it was not given, as AMQP has it."""
        return self.fields.get(field)


def performative(kind: str, **fields: Any) -> Described:
    """One to be written. Each field stands at its place, with nulls to the end: clients read by position."""
    code, names = _KINDS[kind]
    given = [fields.pop(name, None) for name in names.split()]
    assert not fields, f"{kind} has no {', '.join(fields)}"
    return Described(code, given)


def error(condition: str, description: str) -> Described:
    return performative("error", condition=Symbol(condition), description=description)


def as_performative(value: Any) -> Performative | None:
    """What a described list is, also inside of another; None for what is none of these."""
    if not isinstance(value, Described):
        return None
    code = _BY_SYMBOL.get(value.descriptor, -1) if isinstance(value.descriptor, str) else value.descriptor
    given: Any = value.value
    if code not in _BY_CODE or not isinstance(given, list):
        return None
    kind, names = _BY_CODE[code]
    return Performative(kind, dict(zip(names, cast(list[Any], given), strict=False)))


def frame(
    channel: int, body: Described | None = None, payload: bytes = b"", *, is_sasl: bool = False
) -> bytes:
    """One frame; without a body, the one that says that somebody is still there."""
    inner = b"" if body is None else written(body) + payload
    return struct.pack(">IBBH", len(inner) + 8, 2, 1 if is_sasl else 0, channel) + inner


def taken_apart(data: bytes) -> tuple[int, Performative | None, bytes]:
    """Channel, performative and payload of a whole frame. Raises Malformed."""
    offset, channel = data[4] * 4, struct.unpack_from(">H", data, 6)[0]
    if not 8 <= offset <= len(data):
        raise Malformed("a frame without a head")
    if offset == len(data):
        return channel, None, b""
    value, end = read(data, offset)
    found = as_performative(value)
    if found is None:
        raise Malformed("a frame that no version of AMQP has")
    return channel, found, data[end:]
