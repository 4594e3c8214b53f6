"""AMQP 1.0's types from bytes: what a peer sent, as Python's values.

http://docs.oasis-open.org/amqp/core/v1.0/os/amqp-core-types-v1.0-os.html
"""

import struct
import uuid
from collections.abc import Callable, Mapping
from typing import Any, Final, cast

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


class Malformed(Exception):
    """Bytes that are no AMQP."""


_FIXED: Final[Mapping[int, tuple[str, Callable[[Any], Any]]]] = {
    0x50: (">B", Ubyte),
    0x51: (">b", Byte),
    0x52: (">B", Uint),
    0x53: (">B", Ulong),
    0x54: (">b", Int),
    0x55: (">b", int),
    0x56: (">B", bool),
    0x60: (">H", Ushort),
    0x61: (">h", Short),
    0x70: (">I", Uint),
    0x71: (">i", Int),
    0x72: (">f", Single),
    0x80: (">Q", Ulong),
    0x81: (">q", int),
    0x82: (">d", float),
    0x83: (">q", Timestamp),
}
_EMPTY: Final[Mapping[int, Any]] = {0x40: None, 0x41: True, 0x42: False, 0x43: Uint(0), 0x44: Ulong(0)}
_OPAQUE: Final[Mapping[int, int]] = {0x73: 4, 0x74: 4, 0x84: 8, 0x94: 16}
"""Characters and decimals, which nothing here looks at, with their lengths."""
_DEEPEST: Final = 32


def read(data: bytes, at: int = 0, depth: int = 0) -> tuple[Any, int]:
    """One value, and where the next one begins. Raises Malformed."""
    if depth > _DEEPEST:
        raise Malformed("nested too deeply")
    try:
        if data[at] == 0:
            descriptor, at = read(data, at + 1, depth + 1)
            value, at = read(data, at, depth + 1)
            return Described(descriptor, value), at
        return _read_as(data[at], data, at + 1, depth)
    except (IndexError, struct.error, UnicodeDecodeError, TypeError) as error:
        raise Malformed(str(error)) from None


def _read_as(code: int, data: bytes, at: int, depth: int) -> tuple[Any, int]:
    if code in _EMPTY:
        return _EMPTY[code], at
    if code in _FIXED:
        form, kind = _FIXED[code]
        (number,) = struct.unpack_from(form, data, at)
        return kind(number), at + struct.calcsize(form)
    if code == 0x98:
        return uuid.UUID(bytes=_piece(data, at, 16)), at + 16
    if code in _OPAQUE:
        return Raw(bytes([code]) + _piece(data, at, _OPAQUE[code])), at + _OPAQUE[code]
    if code == 0x45:
        return [], at
    if code >> 4 in (0xA, 0xC, 0xE):
        size, at = data[at], at + 1
    else:
        size, at = struct.unpack_from(">I", data, at)[0], at + 4
    piece = _piece(data, at, size)
    end = at + size
    match code:
        case 0xA0 | 0xB0:
            return piece, end
        case 0xA1 | 0xB1:
            return piece.decode(), end
        case 0xA3 | 0xB3:
            return Symbol(piece.decode("ascii")), end
        case 0xC0 | 0xD0:
            return _several(piece, code == 0xD0, depth), end
        case 0xC1 | 0xD1:
            items = _several(piece, code == 0xD1, depth)
            return dict(zip(map(_hashable, items[0::2]), items[1::2], strict=True)), end
        case 0xE0 | 0xF0:
            return _array(code, piece, depth), end
        case _:
            raise Malformed(f"no type has the code {code:#x}")


def _several(piece: bytes, is_wide: bool, depth: int) -> list[Any]:
    count, at = (struct.unpack_from(">I", piece)[0], 4) if is_wide else (piece[0], 1)
    found: list[Any] = []
    for _ in range(count):
        value, at = read(piece, at, depth + 1)
        found.append(value)
    return found


def _array(code: int, piece: bytes, depth: int) -> Any:
    """Symbols as such; any other array is passed on as it came."""
    count, at = (struct.unpack_from(">I", piece)[0], 4) if code == 0xF0 else (piece[0], 1)
    kind = piece[at]
    if kind not in (0xA3, 0xB3):
        size = struct.pack(">I", len(piece)) if code == 0xF0 else bytes([len(piece)])
        return Raw(bytes([code]) + size + piece)
    found: list[Symbol] = []
    at += 1
    for _ in range(count):
        value, at = _read_as(kind, piece, at, depth + 1)
        found.append(value)
    return Symbols(found)


def _piece(data: bytes, at: int, size: int) -> bytes:
    if at + size > len(data):
        raise Malformed("it ends too early")
    return bytes(data[at : at + size])


def _hashable(key: Any) -> Any:
    return tuple(cast(list[Any], key)) if isinstance(key, list) else key
