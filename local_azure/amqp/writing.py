"""AMQP 1.0's types as bytes: each value as it came, or as its type says.

http://docs.oasis-open.org/amqp/core/v1.0/os/amqp-core-types-v1.0-os.html
"""

import struct
import uuid
from collections.abc import Mapping
from typing import Any, cast

from local_azure.amqp.values import (
    Byte,
    Described,
    Int,
    Raw,
    Short,
    Single,
    Symbol,
    Symbols,
    Timestamp,
    Ubyte,
    Uint,
    Ulong,
    Ushort,
)


def written(value: Any) -> bytes:
    """The bytes of a value. Of a map, the keys keep their order."""
    match value:
        case None:
            return b"\x40"
        case bool():
            return b"\x41" if value else b"\x42"
        case Raw():
            return value.data
        case Described():
            descriptor = value.descriptor
            named = Symbol(descriptor) if isinstance(descriptor, str) else Ulong(descriptor)
            return b"\x00" + written(named) + written(value.value)
        case int():
            return _integer(value)
        case Single():
            return b"\x72" + struct.pack(">f", value)
        case float():
            return b"\x82" + struct.pack(">d", value)
        case uuid.UUID():
            return b"\x98" + value.bytes
        case bytes():
            return _variable(0xA0, value)
        case Symbol():
            return _variable(0xA3, value.encode("ascii"))
        case str():
            return _variable(0xA1, value.encode())
        case Symbols():
            inner = b"\xb3" + b"".join(struct.pack(">I", len(one)) + one.encode("ascii") for one in value)
            return _compound(0xF0, len(value), inner)
        case Mapping():
            items = cast(Mapping[Any, Any], value).items()
            inner = b"".join(written(key) + written(one) for key, one in items)
            return _compound(0xD1, 2 * len(items), inner)
        case list() | tuple():
            items = cast(list[Any], value)
            return _compound(0xD0, len(items), b"".join(map(written, items)))
        case _:
            raise TypeError(f"AMQP has no type for {type(value).__name__}")


def _integer(value: int) -> bytes:
    match value:
        case Ubyte():
            return b"\x50" + struct.pack(">B", value)
        case Byte():
            return b"\x51" + struct.pack(">b", value)
        case Ushort():
            return b"\x60" + struct.pack(">H", value)
        case Short():
            return b"\x61" + struct.pack(">h", value)
        case Uint():
            return b"\x70" + struct.pack(">I", value)
        case Int():
            return b"\x71" + struct.pack(">i", value)
        case Ulong():
            return b"\x53" + bytes([value]) if value < 256 else b"\x80" + struct.pack(">Q", value)
        case Timestamp():
            return b"\x83" + struct.pack(">q", value)
        case _:
            return b"\x81" + struct.pack(">q", value)


def _variable(code: int, data: bytes) -> bytes:
    if len(data) < 256:
        return bytes([code, len(data)]) + data
    return bytes([code + 0x10]) + struct.pack(">I", len(data)) + data


def _compound(code: int, count: int, inner: bytes) -> bytes:
    return bytes([code]) + struct.pack(">II", len(inner) + 4, count) + inner
