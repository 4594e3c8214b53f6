"""Packets of the Tabular Data Stream, and TLS inside of them and around them.

Until TLS stands, its messages travel in packets of the pre-login; from then on packets travel in TLS.
https://learn.microsoft.com/openspecs/windows_protocols/ms-tds
"""

import selectors
import socket
import ssl
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

BATCH: Final = 1
RPC: Final = 3
REPLY: Final = 4
ATTENTION: Final = 6
TRANSACTION: Final = 14
LOGIN: Final = 16
PRELOGIN: Final = 18
_HEADER: Final = struct.Struct(">BBHHBB")
_LAST: Final = 1
_SIZE: Final = 4096
"""Bytes of a packet, its header included: what every client takes."""
_LARGEST: Final = 16 * 1024 * 1024
_CHUNK: Final = 65536
_TLS_HANDSHAKE: Final = b"\x16"
TlsFor = Callable[[ssl.MemoryBIO, ssl.MemoryBIO], ssl.SSLObject]
"""The server's end of TLS, between what comes and what goes."""

VERSION: Final = 0
ENCRYPTION: Final = 1
INSTANCE: Final = 2
MARS: Final = 4
FEDERATED: Final = 6
_END: Final = 0xFF
_ENCRYPTED, _CANNOT_ENCRYPT, _REQUIRED = b"\1", b"\2", b"\3"


class NoMessageError(Exception):
    """What came is no message of TDS, or too large for one."""


@dataclass(frozen=True)
class Message:
    """All packets of one message, as one."""

    kind: int
    body: bytes


class Channel:
    """One client's connection, blocking. Raises OSError and EOFError where the client goes away."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._incoming, self._outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self.tls: ssl.SSLObject | None = None
        self._plain = b""

    @property
    def begins_with_tls(self) -> bool:
        """Whether a client of TDS 8 is there, which says nothing before TLS stands."""
        self._plain = self._plain or self._received()
        return self._plain[:1] == _TLS_HANDSHAKE

    def is_called(self) -> bool:
        """Whether the client says something while it waits for an answer, which can only be that it waits no
        more; or went away."""
        with selectors.DefaultSelector() as selector:
            selector.register(self._connection, selectors.EVENT_READ)
            return bool(selector.select(0))

    def encrypt(self, tls_for: TlsFor, *, in_packets: bool) -> ssl.SSLObject:
        """The handshake: in packets of the pre-login, or before it."""
        tls = tls_for(self._incoming, self._outgoing)
        while True:
            try:
                tls.do_handshake()
                break
            except ssl.SSLWantReadError:
                self._say(in_packets=in_packets)
                self._incoming.write(self._heard(in_packets=in_packets))
        self._say(in_packets=in_packets)
        self.tls = tls
        return tls

    def _say(self, *, in_packets: bool) -> None:
        if said := self._outgoing.read():
            self._connection.sendall(_packed(PRELOGIN, said) if in_packets else said)

    def _heard(self, *, in_packets: bool) -> bytes:
        if not in_packets:
            found, self._plain = self._plain, b""
            return found or self._received()
        message = self.receive()
        if message.kind != PRELOGIN:
            raise NoMessageError
        return message.body

    def receive(self) -> Message:
        """Raises NoMessageError, too."""
        body, kind = bytearray(), 0
        while True:
            kind, status, length, *_ = _HEADER.unpack(self._exactly(_HEADER.size))
            if length < _HEADER.size or len(body) + length > _LARGEST:
                raise NoMessageError
            body += self._exactly(length - _HEADER.size)
            if status & _LAST:
                return Message(kind, bytes(body))

    def send(self, body: bytes) -> None:
        """An answer."""
        packed = _packed(REPLY, body)
        if self.tls is not None:
            self.tls.write(packed)
            packed = self._outgoing.read()
        self._connection.sendall(packed)

    def _exactly(self, count: int) -> bytes:
        while len(self._plain) < count:
            self._plain += self._some()
        found, self._plain = self._plain[:count], self._plain[count:]
        return found

    def _some(self) -> bytes:
        while self.tls is not None:
            try:
                found = self.tls.read(_CHUNK)
            except ssl.SSLWantReadError:
                self._incoming.write(self._received())
            else:
                if not found:
                    raise EOFError
                return found
        return self._received()

    def _received(self) -> bytes:
        found = self._connection.recv(_CHUNK)
        if not found:
            raise EOFError
        return found


def _packed(kind: int, body: bytes) -> bytes:
    return b"".join(_packets(kind, body))


def _packets(kind: int, body: bytes) -> Iterator[bytes]:
    room = _SIZE - _HEADER.size
    pieces = [body[start : start + room] for start in range(0, len(body), room)] or [b""]
    for number, piece in enumerate(pieces, 1):
        status = _LAST if number == len(pieces) else 0
        yield _HEADER.pack(kind, status, len(piece) + _HEADER.size, 0, number % 256, 0) + piece


def read_prelogin(body: bytes) -> dict[int, bytes]:
    """The options of a pre-login, by their numbers. Raises NoMessageError."""
    found: dict[int, bytes] = {}
    try:
        for start in range(0, len(body), 5):
            if body[start] == _END:
                return found
            token, offset, length = struct.unpack_from(">BHH", body, start)
            found[token] = body[offset : offset + length]
    except (struct.error, IndexError):
        pass
    raise NoMessageError


def can_encrypt(options: dict[int, bytes]) -> bool:
    return options.get(ENCRYPTION, _CANNOT_ENCRYPT)[:1] != _CANNOT_ENCRYPT


def written_prelogin(asked: dict[int, bytes], *, is_strict: bool) -> bytes:
    """The answer: this server encrypts everything, and who did not ask for that hears that it is required.
    Where TLS stands already there is nothing more to encrypt."""
    wants = asked.get(ENCRYPTION, _CANNOT_ENCRYPT)[:1] in (_ENCRYPTED, _REQUIRED)
    encryption = _CANNOT_ENCRYPT if is_strict else _ENCRYPTED if wants else _REQUIRED
    options = {VERSION: b"\x0c\x00\x07\xd0\x00\x00", ENCRYPTION: encryption, INSTANCE: b"\0", MARS: b"\0"}
    if FEDERATED in asked:
        options[FEDERATED] = b"\x01"
    table, data, offset = b"", b"", 5 * len(options) + 1
    for token, value in options.items():
        table += struct.pack(">BHH", token, offset + len(data), len(value))
        data += value
    return table + bytes([_END]) + data
