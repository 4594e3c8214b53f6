"""Redis' wire: commands as clients write them, and replies in the version that a client asked for.

https://redis.io/docs/latest/develop/reference/protocol-spec/
"""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Final, cast

_LONGEST_LINE: Final = 64 * 1024
_STATUS: Final = frozenset({b"OK", b"PONG", b"QUEUED", b"RESET"})
_PUSHED: Final = frozenset({b"message", b"pmessage", b"smessage", b"invalidate"})
_SUBSCRIBED: Final = frozenset(
    one + word for one in (b"", b"p", b"s") for word in (b"subscribe", b"unsubscribe")
)


class NoCommandError(Exception):
    """What came is no command of Redis', or larger than what is read of whoever sent it."""


class RedisRefusal(Exception):
    """What a client is told in place of being let in: Redis' code and its words."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code} {message}")
        self.code, self.message = code, message

    def sent(self) -> bytes:
        return f"-{self.code} {self.message}\r\n".encode()


async def read_command(reader: asyncio.StreamReader, limit: int) -> list[bytes]:
    """The next command, of `limit` bytes at most; empty for an empty line. Raises NoCommandError, and
    EOFError where the client goes away."""
    line = await _line(reader)
    if not line.startswith(b"*"):
        return line.split()  # as people type it
    fields: list[bytes] = []
    for _ in range(_number(line, limit)):
        length = _number(await _line(reader, b"$"), limit)
        limit -= length
        fields.append((await reader.readexactly(length + 2))[:-2])
    return fields


def as_sent(fields: Sequence[bytes]) -> bytes:
    """A command as it goes over the wire."""
    return b"*%d\r\n" % len(fields) + b"".join(_bulk(field) for field in fields)


def reply(value: object, version: int) -> bytes:
    """One reply. What only version 3 has a form for is written in version 2 as that has it."""
    if version == 3 and isinstance(value, list) and _is_pushed(cast(Sequence[object], value)):
        return b">" + _written(cast(object, value), version)[1:]
    if isinstance(value, bytes) and value in _STATUS:
        return b"+%s\r\n" % value
    return _written(cast(object, value), version)


def _is_pushed(items: Sequence[object]) -> bool:
    return bool(items) and items[0] in _PUSHED | _SUBSCRIBED


def _written(value: object, version: int) -> bytes:
    match value:
        case None:
            return b"_\r\n" if version == 3 else b"$-1\r\n"
        case bool():
            return (b"#t\r\n" if value else b"#f\r\n") if version == 3 else b":%d\r\n" % value
        case int():
            return b":%d\r\n" % value
        case float():
            text = f"{value:.17g}".encode()
            return b",%s\r\n" % text if version == 3 else _bulk(text)
        case bytes():
            return _bulk(value)
        case str():
            return _bulk(value.encode())
        case Exception():
            return f"-{_line_of(value)}\r\n".encode()
        case dict():
            pairs = list(cast(Mapping[object, object], value).items())
            head = b"%%%d\r\n" % len(pairs) if version == 3 else b"*%d\r\n" % (2 * len(pairs))
            return head + b"".join(_written(one, version) for pair in pairs for one in pair)
        case set() | frozenset():
            every = list(cast("set[object]", value))
            head = b"~%d\r\n" if version == 3 else b"*%d\r\n"
            return head % len(every) + b"".join(_written(one, version) for one in every)
        case list() | tuple():
            items = list(cast(Sequence[object], value))
            return b"*%d\r\n" % len(items) + b"".join(_written(one, version) for one in items)
        case _:
            raise TypeError(f"no reply of Redis' is a {type(value).__name__}")


def _bulk(data: bytes) -> bytes:
    return b"$%d\r\n%s\r\n" % (len(data), data)


def _line_of(error: Exception) -> str:
    """What a client made an exception of, as the line that it was."""
    text = " ".join(str(error).split())
    code = text.partition(" ")[0]
    return text if code.isupper() and code.isalpha() else f"ERR {text}"


async def _line(reader: asyncio.StreamReader, begins: bytes = b"") -> bytes:
    try:
        line = await reader.readuntil(b"\n")
    except asyncio.LimitOverrunError:
        raise NoCommandError from None
    if len(line) > _LONGEST_LINE or not line.startswith(begins):
        raise NoCommandError
    return line.rstrip(b"\r\n")


def _number(line: bytes, limit: int) -> int:
    try:
        number = int(line[1:])
    except ValueError:
        raise NoCommandError from None
    if not 0 <= number <= limit:
        raise NoCommandError
    return number
