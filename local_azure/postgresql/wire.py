"""The first messages of a connection, before PostgreSQL itself is asked.

https://www.postgresql.org/docs/current/protocol-message-formats.html
"""

import asyncio
import struct
from dataclasses import dataclass
from typing import Final

CANCEL: Final = 80877102
ENCRYPT: Final = 80877103
ENCRYPT_BY_KERBEROS: Final = 80877104
_LARGEST: Final = 64 * 1024
"""Bytes of a first message; a token's has a few thousand."""

ASK_FOR_PASSWORD: Final = b"R" + struct.pack("!II", 8, 3)


class NoMessageError(Exception):
    """What came is no message of PostgreSQL's, or too large for one."""


@dataclass(frozen=True)
class PostgresRefusal(Exception):
    """What a client is told in place of being let in: its SQLSTATE and its words."""

    state: str
    message: str

    def sent(self) -> bytes:
        fields = {"S": "FATAL", "V": "FATAL", "C": self.state, "M": self.message}
        body = b"".join(f"{key}{value}".encode() + b"\0" for key, value in fields.items()) + b"\0"
        return b"E" + struct.pack("!I", len(body) + 4) + body


@dataclass(frozen=True)
class First:
    """A message without a type, with which a connection begins: what it asks for, and all of its bytes."""

    code: int
    whole: bytes

    @property
    def parameters(self) -> dict[str, str]:
        """Of a start: `user`, `database` and others."""
        words = self.whole[8:].split(b"\0")
        texts = [word.decode("utf-8", "replace") for word in words]
        return dict(zip(texts[0::2], texts[1::2], strict=False))


async def read_first(reader: asyncio.StreamReader) -> First:
    """Raises NoMessageError, and EOFError where the client goes away."""
    length = await reader.readexactly(4)
    rest = await reader.readexactly(_checked(length, 4))
    if len(rest) < 4:
        raise NoMessageError
    return First(int(struct.unpack("!I", rest[:4])[0]), length + rest)


async def read_password(reader: asyncio.StreamReader) -> str:
    """Raises as `read_first` does."""
    kind = await reader.readexactly(1)
    body = await reader.readexactly(_checked(await reader.readexactly(4), 4))
    if kind != b"p":
        raise NoMessageError
    return body.rstrip(b"\0").decode("utf-8", "replace")


def _checked(length: bytes, least: int) -> int:
    found = int(struct.unpack("!I", length)[0])
    if not least <= found <= _LARGEST:
        raise NoMessageError
    return found - 4
