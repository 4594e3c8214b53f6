"""What listens before the databases' own servers, in an event loop and a thread of its own."""

import asyncio
import contextlib
import socket
import ssl
import threading
from concurrent.futures import Future

from local_azure.ground import Ground
from local_azure.listeners import listener

PATIENCE = 30.0
"""Seconds that a client may take to say who it is."""


class Gate:
    """Listens on the loopback from `start` to `close`. A class of its own says how a client is talked to."""

    def __init__(self, ground: Ground, name: str) -> None:
        self._ground, self._name = ground, name
        self._loop: asyncio.AbstractEventLoop | None = None
        self._ended: asyncio.Event | None = None
        self._thread: threading.Thread | None = None
        self._address: tuple[str, int] | None = None
        self._connections: set[asyncio.Task[None]] = set()

    async def talk(self, connection: socket.socket, tls: ssl.SSLContext) -> None:
        """Until the client or the server behind goes away; then `connection` is closed. OSError, EOFError and
        TimeoutError are no error of ours, as both may at any point.
        """
        raise NotImplementedError

    @property
    def address(self) -> tuple[str, int]:
        assert self._address is not None, "the gate does not listen"
        return self._address

    def start(self, tls: ssl.SSLContext) -> None:
        """Returns when it listens: on the port of the last run, if that is free, which a shell may know."""
        kept = self._ground.store.documents(f"{self._name}-gate")
        last = kept.get("listener")
        listening = listener(str(last["address"]) if last else None)
        self._address = ("127.0.0.1", listening.getsockname()[1])
        kept.put("listener", {"address": "{}:{}".format(*self._address)})
        started: Future[None] = Future()
        self._thread = threading.Thread(
            target=asyncio.run, args=(self._serve(listening, tls, started),), name=self._name, daemon=True
        )
        self._thread.start()
        started.result()

    def close(self) -> None:
        if self._thread and self._loop and self._ended:
            self._loop.call_soon_threadsafe(self._ended.set)
            self._thread.join()
        self._thread = self._loop = self._ended = None

    def note(self, host: str | None, database: str, who: str | None, decision: str) -> None:
        status = 200 if decision == "allowed" else 403
        self._ground.journal.record(host or "(no name)", "CONNECT", f"/{database}", status, who, decision)

    async def _serve(self, listening: socket.socket, tls: ssl.SSLContext, started: Future[None]) -> None:
        self._loop, self._ended = asyncio.get_running_loop(), asyncio.Event()
        listening.setblocking(False)
        accepting = asyncio.create_task(self._accept(listening, tls))
        started.set_result(None)
        await self._ended.wait()
        for task in (accepting, *self._connections):
            task.cancel()
        await asyncio.gather(accepting, *self._connections, return_exceptions=True)
        listening.close()

    async def _accept(self, listening: socket.socket, tls: ssl.SSLContext) -> None:
        loop = asyncio.get_running_loop()
        while True:
            connection, _ = await loop.sock_accept(listening)
            task = asyncio.create_task(self._connected(connection, tls))
            self._connections.add(task)
            task.add_done_callback(self._connections.discard)

    async def _connected(self, connection: socket.socket, tls: ssl.SSLContext) -> None:
        connection.setblocking(False)
        with contextlib.suppress(OSError, EOFError, TimeoutError):
            await self.talk(connection, tls)


async def streams(
    connection: socket.socket, tls: ssl.SSLContext | None = None
) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """A connection that was accepted as streams, which own it, where `tls` is given after its handshake."""
    loop = asyncio.get_running_loop()
    accepted: asyncio.Future[asyncio.StreamWriter] = loop.create_future()
    reader = asyncio.StreamReader()

    # Who is told of a connection is a server, and so is the side that may begin TLS on it later.
    def tell(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        accepted.set_result(writer)

    protocol = asyncio.StreamReaderProtocol(reader, tell)
    await loop.connect_accepted_socket(lambda: protocol, connection, ssl=tls)
    return reader, await accepted
