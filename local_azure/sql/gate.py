"""The gate of SQL: TDS under the servers' names, the token in the login, and then one statement after the
other. A thread for each connection.
"""

import contextlib
import socket
import ssl
import threading
from collections.abc import Callable
from typing import Final

from local_azure.certificates import host_asked_for
from local_azure.ground import Ground
from local_azure.listeners import listener
from local_azure.sql import tokens
from local_azure.sql.admission import Admission, Admitted
from local_azure.sql.conversation import Conversation
from local_azure.sql.login import Login, read_login
from local_azure.sql.packets import (
    FEDERATED,
    LOGIN,
    PRELOGIN,
    Channel,
    NoMessageError,
    can_encrypt,
    read_prelogin,
    written_prelogin,
)
from local_azure.sql.server_names import SUFFIX
from local_azure.sql.tokens import SqlRefusal

_STRICT: Final = "tds/8.0"
_PATIENCE: Final = 30.0
"""Seconds that a client may take to say who it is."""


class Contexts:
    """TLS for both ways in which TDS has it, made when the first client is there."""

    def __init__(self, new_tls: Callable[[], ssl.SSLContext]) -> None:
        self._new, self._made = new_tls, dict[bool, ssl.SSLContext]()
        self._lock = threading.Lock()

    def in_packets(self, incoming: ssl.MemoryBIO, outgoing: ssl.MemoryBIO) -> ssl.SSLObject:
        return self._of(is_strict=False).wrap_bio(incoming, outgoing, server_side=True)

    def strict(self, incoming: ssl.MemoryBIO, outgoing: ssl.MemoryBIO) -> ssl.SSLObject:
        return self._of(is_strict=True).wrap_bio(incoming, outgoing, server_side=True)

    def _of(self, *, is_strict: bool) -> ssl.SSLContext:
        with self._lock:
            if is_strict not in self._made:
                context = self._made[is_strict] = self._new()
                if is_strict:
                    context.set_alpn_protocols([_STRICT])
                else:
                    # In 1.3 a client's last words of the handshake come outside of packets.
                    context.maximum_version = ssl.TLSVersion.TLSv1_2
            return self._made[is_strict]


class Gate:
    """Listens on the loopback from `start` to `close`."""

    def __init__(self, ground: Ground, admission: Admission) -> None:
        self._ground, self._admission = ground, admission
        self._listening: socket.socket | None = None
        self._address: tuple[str, int] | None = None
        self._accepting: threading.Thread | None = None
        self._open: dict[socket.socket, threading.Thread] = {}
        self._lock = threading.Lock()

    @property
    def address(self) -> tuple[str, int]:
        assert self._address is not None, "the gate does not listen"
        return self._address

    def start(self, new_tls: Callable[[], ssl.SSLContext]) -> None:
        """Returns when it listens: on the port of the last run, if that is free, which a shell may know."""
        kept = self._ground.store.documents("sql-gate")
        last = kept.get("listener")
        self._listening = listener(str(last["address"]) if last else None)
        self._address = ("127.0.0.1", self._listening.getsockname()[1])
        kept.put("listener", {"address": "{}:{}".format(*self._address)})
        self._accepting = threading.Thread(
            target=self._accept, args=(self._listening, Contexts(new_tls)), name="sql", daemon=True
        )
        self._accepting.start()

    def close(self) -> None:
        """May be called twice."""
        if self._listening is None or self._accepting is None:
            return
        listening, self._listening = self._listening, None
        with contextlib.suppress(OSError):
            listening.shutdown(
                socket.SHUT_RDWR
            )  # wakes who waits for the next client, which a close does not
        listening.close()
        self._accepting.join()
        with self._lock:
            left = dict(self._open)
        for connection, thread in left.items():
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
            thread.join()

    def _accept(self, listening: socket.socket, tls: Contexts) -> None:
        while True:
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            thread = threading.Thread(
                target=self._connected, args=(connection, tls), name="sql client", daemon=True
            )
            with self._lock:
                self._open[connection] = thread
            thread.start()

    def _connected(self, connection: socket.socket, tls: Contexts) -> None:
        try:
            # A client may go away at any point; that is its right, and no error of ours.
            with contextlib.suppress(OSError, EOFError, NoMessageError, ssl.SSLError):
                connection.settimeout(_PATIENCE)
                channel = Channel(connection)
                admitted = self._admit(channel, tls)
                if admitted is not None:
                    connection.settimeout(None)
                    with contextlib.closing(admitted.engine):
                        Conversation(channel, admitted.engine).hold()
        finally:
            connection.close()
            with self._lock:
                self._open.pop(connection, None)

    def _admit(self, channel: Channel, tls: Contexts) -> Admitted | None:
        host = None
        is_strict = channel.begins_with_tls
        if is_strict:
            host = host_asked_for(channel.encrypt(tls.strict, in_packets=False))
        first = channel.receive()
        if first.kind != PRELOGIN:
            raise NoMessageError
        options = read_prelogin(first.body)
        channel.send(written_prelogin(options, is_strict=is_strict))
        if not is_strict:
            if not can_encrypt(options):
                return None
            host = host_asked_for(channel.encrypt(tls.in_packets, in_packets=True))
        message = channel.receive()
        if message.kind != LOGIN:
            raise NoMessageError
        login = read_login(message.body)
        server = _server(host, login)
        try:
            admitted = self._admission.decide(server, login)
        except SqlRefusal as refusal:
            self._note(server, login, None, f"refused: {refusal.message}")
            channel.send(tokens.refused(refusal))
            return None
        self._note(server, login, admitted.name, "allowed")
        channel.send(tokens.login_accepted(admitted.database, federated=FEDERATED in options))
        return admitted

    def _note(self, host: str, login: Login, who: str | None, decision: str) -> None:
        status = 200 if decision == "allowed" else 403
        self._ground.journal.record(host, "CONNECT", f"/{login.database}", status, who, decision)


def _server(host: str | None, login: Login) -> str:
    """The host that TLS was for; where a client names none of ours there, what it calls the server in its
    login. Nothing where both are addresses."""
    named = login.server.removeprefix("tcp:").partition(",")[0]
    return next((one.lower() for one in (host, named) if one and one.lower().endswith(SUFFIX)), "")
