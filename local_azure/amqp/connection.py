"""One AMQP connection as its server sees it: bytes in, bytes out, and links to nodes. It knows no socket.

http://docs.oasis-open.org/amqp/core/v1.0/os/amqp-core-transport-v1.0-os.html
"""

import struct
from collections.abc import Callable
from typing import Final

from local_azure.amqp.frames import LARGEST, PLAIN, SASL, Performative, frame, performative, taken_apart
from local_azure.amqp.link import AmqpError, Link, Node
from local_azure.amqp.reading import Malformed
from local_azure.amqp.session import Session
from local_azure.amqp.values import Symbol, Symbols, Ubyte, Uint, Ushort

_MECHANISMS: Final = Symbols(Symbol(name) for name in ("MSSBCBS", "ANONYMOUS", "EXTERNAL"))
"""Who is anonymous here says with a token, on the node `$cbs`, who they are."""
_CHANNELS: Final = 255


class Connection:
    """`write` sends bytes to the peer, `attach` finds the node behind a link that the peer asks for, or
    raises AmqpError; `end` is called when the connection is to be closed."""

    def __init__(
        self, write: Callable[[bytes], None], attach: Callable[[Link], Node], end: Callable[[], None]
    ) -> None:
        self._write, self._attach, self._end = write, attach, end
        self._buffer = b""
        self._sessions: dict[int, Session] = {}
        self._is_open = False
        self._peers_largest = 512
        self._wants_signs = False
        self.host = ""

    def feed(self, data: bytes) -> None:
        """What the peer sent, in any pieces."""
        self._buffer += data
        try:
            while self._one():
                pass
        except Malformed as malformed:
            self._buffer = b""
            self._close(AmqpError("amqp:decode-error", str(malformed)))

    def alive(self) -> None:
        """Tell a peer that asked for it that somebody is still here."""
        if self._is_open and self._wants_signs:
            self._write(frame(0))

    def gone(self) -> None:
        """The peer is gone: so are its links."""
        self._is_open = False
        for session in self._sessions.values():
            session.ended()
        self._sessions.clear()

    def _one(self) -> bool:
        """Read one header or frame of what has come; whether there was one."""
        if len(self._buffer) < 8:
            return False
        if self._buffer.startswith(b"AMQP"):
            head, self._buffer = self._buffer[:8], self._buffer[8:]
            self._greeted(head)
            return True
        (size,) = struct.unpack_from(">I", self._buffer)
        if not 8 <= size <= LARGEST:
            raise Malformed(f"a frame of {size} bytes")
        if len(self._buffer) < size:
            return False
        one, self._buffer = self._buffer[:size], self._buffer[size:]
        channel, found, payload = taken_apart(one)
        if found is not None:
            self._performed(channel, found, payload)
        return True

    def _greeted(self, head: bytes) -> None:
        if head == SASL:
            offered = performative("sasl_mechanisms", sasl_server_mechanisms=_MECHANISMS)
            self._write(SASL + frame(0, offered, is_sasl=True))
        else:
            self._write(PLAIN)
            if head != PLAIN:
                self._end()

    def _performed(self, channel: int, found: Performative, payload: bytes) -> None:
        match found.kind:
            case "sasl_init":
                self._write(frame(0, performative("sasl_outcome", code=Ubyte(0)), is_sasl=True))
            case "open":
                self._opened(found)
            case "close":
                self._write(frame(0, performative("close")))
                self.gone()
                self._end()
            case "begin":
                self._begun(channel, found)
            case "end":
                session = self._sessions.pop(channel, None)
                if session is not None:
                    session.ended()
                    self._write(frame(channel, performative("end")))
            case _:
                session = self._sessions.get(channel)
                if session is None:
                    raise Malformed(f"{found.kind} without a session")
                session.performed(found, payload)

    def _opened(self, found: Performative) -> None:
        self.host = str(found["hostname"] or "").lower().partition(":")[0]
        self._peers_largest = min(int(found["max_frame_size"] or LARGEST), LARGEST)
        self._wants_signs = bool(found["idle_time_out"])
        self._is_open = True
        answer = performative(
            "open",
            container_id="local-azure",
            max_frame_size=Uint(LARGEST),
            channel_max=Ushort(_CHANNELS),
        )
        self._write(frame(0, answer))

    def _begun(self, channel: int, found: Performative) -> None:
        if channel in self._sessions or not self._is_open:
            raise Malformed("a session that cannot begin")
        session = Session(channel, found, self._peers_largest, self._write, self._attach, lambda: self.host)
        self._sessions[channel] = session
        self._write(frame(channel, session.begins()))

    def _close(self, refusal: AmqpError) -> None:
        if self._is_open:
            self._write(frame(0, performative("close", error=refusal.described)))
        self.gone()
        self._end()
