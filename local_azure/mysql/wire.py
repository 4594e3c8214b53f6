"""The first packets of a connection, before MySQL itself is asked.

https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_connection_phase.html
"""

import secrets
import struct
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

Read = Callable[[int], Awaitable[bytes]]
"""Exactly so many bytes of a connection. Raises EOFError."""

LARGEST: Final = 64 * 1024
"""Bytes of a first packet; a token's has a few thousand."""
VERSION: Final = b"5.7.44-keyless"
"""What a client is told before it has said which server it wants. Clients choose by it what they ask for,
such as collations: MariaDB has those of MySQL 5.7, and not those of 8.
"""

CONNECT_WITH_DB: Final = 1 << 3
PROTOCOL_41: Final = 1 << 9
SSL: Final = 1 << 11
SECURE_CONNECTION: Final = 1 << 15
PLUGIN_AUTH: Final = 1 << 19
CONNECT_ATTRS: Final = 1 << 20
PLUGIN_AUTH_LENENC: Final = 1 << 21
# Long passwords and flags, found rows, no schema, ODBC, ignored spaces, interactive, transactions, several
# statements and results, session tracking, and no EOF packets: what both sides of the gate may agree on.
# Without compression, and without files of the client's.
_PLAIN: Final = 0x1 | 0x2 | 0x4 | 0x10 | 0x40 | 0x100 | 0x400 | 0x2000 | 0x70000 | 0x1800000
OFFERED: Final = (
    _PLAIN | CONNECT_WITH_DB | PROTOCOL_41 | SSL | SECURE_CONNECTION | PLUGIN_AUTH | CONNECT_ATTRS
    | PLUGIN_AUTH_LENENC
)  # fmt: skip
_UTF8MB4: Final = 45
_AUTOCOMMIT: Final = 2
_NATIVE: Final = b"mysql_native_password"
CLEAR: Final = b"mysql_clear_password"

COM_QUERY: Final = 0x03
COM_CHANGE_USER: Final = 0x11
OK: Final = 0x00
ERROR: Final = 0xFF
SWITCH: Final = 0xFE


class NoPacketError(Exception):
    """What came is no packet of MySQL's, or too large for one."""


@dataclass(frozen=True)
class MySqlRefusal(Exception):
    """What a client is told in place of being let in: MySQL's number, its SQLSTATE and its words."""

    code: int
    state: str
    message: str

    def payload(self) -> bytes:
        return struct.pack("<BH", ERROR, self.code) + b"#" + self.state.encode() + self.message.encode()


@dataclass(frozen=True)
class Login:
    """Who a client says that it is: the start of its answer to a greeting. `capabilities` are what it will
    speak by; `character_set` is a number of MySQL's.
    """

    capabilities: int
    largest_packet: int
    character_set: int
    user: str = ""
    database: str = ""

    @property
    def wants_tls(self) -> bool:
        return bool(self.capabilities & SSL)


def packet(sequence: int, payload: bytes) -> bytes:
    return struct.pack("<I", len(payload))[:3] + bytes([sequence % 256]) + payload


async def read_packet(read: Read, largest: int = LARGEST) -> tuple[int, bytes]:
    """Its sequence number and what is in it. Raises NoPacketError and EOFError."""
    head = await read(4)
    length = int.from_bytes(head[:3], "little")
    if not 0 < length <= largest:
        raise NoPacketError
    return head[3], await read(length)


def greeting(connection_id: int) -> bytes:
    """The first packet of all. What scrambles a password here is not used: a token is sent as it is."""
    scramble = bytes(secrets.choice(range(33, 126)) for _ in range(20))
    return (
        b"\x0a" + VERSION + b"\0" + struct.pack("<I", connection_id) + scramble[:8] + b"\0"
        + struct.pack("<HBHH", OFFERED & 0xFFFF, _UTF8MB4, _AUTOCOMMIT, OFFERED >> 16)
        + bytes([len(scramble) + 1]) + bytes(10) + scramble[8:] + b"\0" + _NATIVE + b"\0"
    )  # fmt: skip


def read_login(payload: bytes) -> Login:
    """Of a client's answer, and of the beginning of one with which it asks for TLS. Raises NoPacketError."""
    if len(payload) < 32:
        raise NoPacketError
    capabilities, largest, character_set = struct.unpack("<IIB", payload[:9])
    if not capabilities & PROTOCOL_41:
        raise NoPacketError
    start = Login(capabilities & OFFERED, largest, character_set)
    if len(payload) == 32:
        return start
    user, rest = _until_zero(payload[32:])
    if capabilities & PLUGIN_AUTH_LENENC:
        length, rest = _length(rest)
    elif capabilities & SECURE_CONNECTION:
        length, rest = rest[0] if rest else 0, rest[1:]
    else:
        length = rest.find(b"\0") + 1
    rest = rest[length:]
    database = _until_zero(rest)[0] if capabilities & CONNECT_WITH_DB and rest else b""
    text = (user.decode("utf-8", "replace"), database.decode("utf-8", "replace"))
    return Login(start.capabilities, largest, character_set, *text)


def login(of: Login, user: str) -> bytes:
    """An answer to a server's greeting in the words of a client's, without TLS and without a password."""
    flags = (of.capabilities | SECURE_CONNECTION | PLUGIN_AUTH) & ~(SSL | CONNECT_ATTRS | PLUGIN_AUTH_LENENC)
    flags = flags | CONNECT_WITH_DB if of.database else flags & ~CONNECT_WITH_DB
    named = of.database.encode() + b"\0" if of.database else b""
    start = struct.pack("<IIB", flags, of.largest_packet, of.character_set) + bytes(23)
    return start + user.encode() + b"\0" + b"\0" + named + _NATIVE + b"\0"


def ask_for_token() -> bytes:
    return bytes([SWITCH]) + CLEAR + b"\0"


def switched_to_native(payload: bytes) -> bool:
    """Whether a server asks for a password by the old way, which an empty one has an empty answer to."""
    return payload[:1] == bytes([SWITCH]) and payload[1:].startswith(_NATIVE)


def token_of(payload: bytes) -> str:
    return payload.rstrip(b"\0").decode("utf-8", "replace")


def _until_zero(data: bytes) -> tuple[bytes, bytes]:
    value, _, rest = data.partition(b"\0")
    return value, rest


def _length(data: bytes) -> tuple[int, bytes]:
    """A number of MySQL's with as many bytes as it needs."""
    first = data[0] if data else 0
    width = {0xFC: 2, 0xFD: 3, 0xFE: 8}.get(first, 0)
    return (int.from_bytes(data[1 : 1 + width], "little") if width else first), data[1 + width :]
