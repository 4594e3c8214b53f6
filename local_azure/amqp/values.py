"""AMQP 1.0's types as bytes: what a peer sent is read into Python's values, and written again as it came.

http://docs.oasis-open.org/amqp/core/v1.0/os/amqp-core-types-v1.0-os.html
"""

from dataclasses import dataclass
from typing import Any, cast


class Symbol(str):
    """A word of a protocol, as against a text of a person's."""


class Ubyte(int):
    """0 to 255."""


class Ushort(int):
    """0 to 65,535."""


class Uint(int):
    """Four bytes without a sign."""


class Ulong(int):
    """Eight bytes without a sign."""


class Byte(int):
    """-128 to 127."""


class Short(int):
    """Two bytes with a sign."""


class Int(int):
    """Four bytes with a sign. A plain `int` has eight."""


class Timestamp(int):
    """Milliseconds since the epoch."""


class Single(float):
    """Four bytes. A plain `float` has eight."""


class Symbols(tuple[Symbol, ...]):
    """An array of symbols, the one kind of array that is written here."""


@dataclass(frozen=True)
class Raw:
    """A value that is passed on as it came: its constructor and its bytes."""

    data: bytes


@dataclass(frozen=True)
class Described:
    """A value that says what it is, by a number or by a symbol."""

    descriptor: int | str
    value: Any


def as_list(value: Any) -> list[Any]:
    """A list that a peer sent; empty for anything else."""
    return cast(list[Any], value) if isinstance(value, list) else []


def as_map(value: Any) -> dict[Any, Any]:
    """A map that a peer sent; empty for anything else."""
    return cast(dict[Any, Any], value) if isinstance(value, dict) else {}
