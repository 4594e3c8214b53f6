"""What the database of each Managed Redis holds: in memory, as a cache's, and gone when the local Azure ends.

The commands are `fakeredis`'. What is not Redis' own here is before it, in the gate.
"""

import threading
from collections.abc import Iterator, Sequence
from typing import Any, Final

import fakeredis

from local_azure.managed_redis.resp import as_sent

_AGAIN: Final = 0.02
"""Seconds between two attempts to wake what waits."""


class Data:
    """By the ids of clusters."""

    def __init__(self) -> None:
        self._servers: dict[str, fakeredis.FakeServer] = {}
        self._lock = threading.Lock()

    def session(self, cluster_id: str) -> "Session":
        with self._lock:
            return Session(self._servers.setdefault(cluster_id.lower(), fakeredis.FakeServer()))

    def has(self, session: "Session") -> bool:
        """Whether what a session is about is there: a cluster that is gone took it along."""
        with self._lock:
            return any(one is session.server for one in self._servers.values())

    def forget(self, cluster_id: str) -> None:
        with self._lock:
            self._servers.pop(cluster_id.lower(), None)


class Session:
    """One client's connection to the data, in version 2 of the protocol until told. Used by one thread, but
    for `close`.
    """

    def __init__(self, server: fakeredis.FakeServer) -> None:
        self.server = server
        self._connection: Any = fakeredis.FakeRedisConnection(server=server, protocol=2)
        self._socket = self._connection.get_socket()
        self._busy, self._is_ended = threading.Lock(), False
        (self._id,) = self.execute([b"CLIENT", b"ID"])

    def speak(self, version: int) -> object:
        """From now on this version; what the client is told of the server."""
        (answer,) = self.execute([b"HELLO", b"%d" % version])
        return answer

    def execute(self, command: Sequence[bytes]) -> list[object]:
        """The replies to a command: none, one, or several of one that subscribes. Waits as long as that."""
        with self._busy:
            if self._is_ended:
                return []
            self._socket.sendall(as_sent(command))
            return list(self._replies())

    def waiting(self) -> list[object]:
        """What was published to the client, or is left to be read."""
        with self._busy:
            return [] if self._is_ended else list(self._replies())

    def close(self) -> None:
        """Ends what waits, too: the thread of a client that is gone would wait for ever, and take what
        somebody else waits for. Returns when nothing is executed any more.
        """
        self._is_ended = True
        other: Any = fakeredis.FakeRedisConnection(server=self.server, protocol=2)
        # Once is not enough: a command that is about to wait does not hear it.
        while not self._busy.acquire(timeout=_AGAIN):
            other.get_socket().sendall(as_sent([b"CLIENT", b"UNBLOCK", f"{self._id}".encode()]))
        other.disconnect()
        self._connection.disconnect()
        self._busy.release()

    def _replies(self) -> Iterator[object]:
        while self._connection.can_read(0):
            try:
                yield self._connection.read_response(disable_decoding=True)
            except Exception as refused:  # an error is a reply, whatever a client makes of it
                yield refused
