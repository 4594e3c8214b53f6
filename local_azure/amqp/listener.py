"""The listener: AMQP behind TLS, by itself or in web sockets, or one HTTP request, as the first bytes say.

https://learn.microsoft.com/azure/service-bus-messaging/service-bus-amqp-protocol-guide
"""

import asyncio
import contextlib
import logging
import ssl
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Final

from wsproto import ConnectionType, WSConnection
from wsproto.events import (
    AcceptConnection,
    BytesMessage,
    CloseConnection,
    Message,
    Ping,
    RejectConnection,
    Request,
)
from wsproto.utilities import RemoteProtocolError

from local_azure.amqp.connection import Connection
from local_azure.amqp.http_send import Posted, answer_post
from local_azure.defects import where

_log = logging.getLogger("local_azure")
_SUBPROTOCOLS: Final = ("AMQPWSB10", "amqp")
"""Microsoft's clients' own name, and the standard's."""
_PATH: Final = "/$servicebus/websocket"
_EVERY: Final = 15.0
"""Seconds between signs of life, for clients that close what is silent for a minute or more."""
_MOST: Final = 1_000

Made = Callable[[Callable[[bytes], None], Callable[[], None]], Connection]
"""A new connection, of what writes to the peer and what ends it."""


class Listener:
    """Listens on a free port of the loopback, in an event loop of its own."""

    def __init__(self, tls: ssl.SSLContext, made: Made, posted: Posted, tick: Callable[[], None]) -> None:
        """`tick` is called in the loop every second."""
        self._tls, self._made, self._posted, self._tick = tls, made, posted, tick
        self._loop = asyncio.new_event_loop()
        self._peers: set[asyncio.Task[None]] = set()
        started: Future[tuple[str, int]] = Future()
        self._stopping = asyncio.Event()
        self._thread = threading.Thread(target=self._run, args=(started,), name="amqp", daemon=True)
        self._thread.start()
        self.address = started.result()

    def close(self) -> None:
        self._loop.call_soon_threadsafe(self._stopping.set)
        self._thread.join()

    def _run(self, started: "Future[tuple[str, int]]") -> None:
        try:
            self._loop.run_until_complete(self._serve(started))
        finally:
            self._loop.close()

    async def _serve(self, started: "Future[tuple[str, int]]") -> None:
        try:
            server = await asyncio.start_server(self._accept, "127.0.0.1", 0, ssl=self._tls)
        except BaseException as error:
            started.set_exception(error)
            raise
        started.set_result(server.sockets[0].getsockname())
        self._clock = asyncio.create_task(self._ticking())
        await self._stopping.wait()
        server.close()
        # Peers, the ticking, and connections that are still at their TLS.
        rest = asyncio.all_tasks() - {asyncio.current_task()}
        for task in rest:
            task.cancel()
        await asyncio.gather(*rest, return_exceptions=True)

    async def _ticking(self) -> None:
        while True:
            await asyncio.sleep(1)
            try:
                self._tick()
            except Exception as error:
                _log.error("AMQP's clock failed: %s", where(error))

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        if len(self._peers) >= _MOST:
            writer.close()
            return
        self._peers.add(task)
        try:
            # A client may go away at any point; that is its right, and no error of ours.
            with contextlib.suppress(OSError, EOFError, asyncio.CancelledError):
                await self._talk(reader, writer)
        except Exception as error:
            _log.error("an AMQP connection failed: %s", where(error))
        finally:
            self._peers.discard(task)
            writer.close()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        first = await reader.readexactly(4)
        if first == b"POST":
            writer.write(await answer_post(reader, self._posted))
            await writer.drain()
            return
        wire = _Plain(writer) if first == b"AMQP" else _WebSocket(writer)
        ended = asyncio.Event()
        connection = self._made(wire.send, ended.set)
        beat = asyncio.create_task(_beat(connection))
        try:
            data = first
            while data and not ended.is_set():
                for piece in wire.taken(data):
                    connection.feed(piece)
                if wire.is_closed:
                    break
                await writer.drain()
                data = await reader.read(65_536)
        finally:
            beat.cancel()
            connection.gone()


async def _beat(connection: Connection) -> None:
    while True:
        await asyncio.sleep(_EVERY)
        connection.alive()


class _Plain:
    """AMQP as it is."""

    is_closed = False

    def __init__(self, writer: asyncio.StreamWriter) -> None:
        self._writer = writer

    def send(self, data: bytes) -> None:
        if not self._writer.is_closing():
            self._writer.write(data)

    def taken(self, data: bytes) -> list[bytes]:
        return [data]


class _WebSocket:
    """AMQP in the binary messages of a web socket."""

    def __init__(self, writer: asyncio.StreamWriter) -> None:
        self._writer = writer
        self._socket = WSConnection(ConnectionType.SERVER)
        self.is_closed = False

    def send(self, data: bytes) -> None:
        if not self.is_closed and not self._writer.is_closing():
            self._writer.write(self._socket.send(BytesMessage(data)))

    def taken(self, data: bytes) -> list[bytes]:
        found: list[bytes] = []
        try:
            self._socket.receive_data(data)
            for event in self._socket.events():
                if isinstance(event, BytesMessage):
                    found.append(bytes(event.data))
                else:
                    self._other(event)
        except RemoteProtocolError as error:
            if error.event_hint is not None:
                self._answer(error.event_hint)
            self.is_closed = True
        return found

    def _other(self, event: object) -> None:
        match event:
            case Request(target=target, subprotocols=subprotocols):
                asked = [name for name in subprotocols if name in _SUBPROTOCOLS]
                if target.partition("?")[0].rstrip("/").lower() == _PATH and asked:
                    self._answer(AcceptConnection(subprotocol=asked[0]))
                else:
                    self._answer(RejectConnection(status_code=404))
                    self.is_closed = True
            case Ping():
                self._answer(event.response())
            case CloseConnection():
                self._answer(event.response())
                self.is_closed = True
            case Message():
                self._answer(CloseConnection(code=1003))
                self.is_closed = True
            case _:
                pass

    def _answer(self, event: object) -> None:
        if not self._writer.is_closing():
            self._writer.write(self._socket.send(event))  # pyright: ignore[reportArgumentType]
