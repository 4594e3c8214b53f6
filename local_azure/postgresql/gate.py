"""The gate before PostgreSQL: TLS under the servers' names, the token that is given as a password, and then
the connection as it is, to the cluster of the server that was asked for.
"""

import asyncio
import contextlib
import socket
import ssl
import threading
from concurrent.futures import Future
from typing import Final

import psycopg

from local_azure.certificates import host_asked_for
from local_azure.ground import Ground
from local_azure.listeners import listener
from local_azure.postgresql.admission import Admission, Admitted, no_entry
from local_azure.postgresql.cluster import ClusterError
from local_azure.postgresql.clusters import Clusters, NoServerError
from local_azure.postgresql.programs import INSTALL
from local_azure.postgresql.server_names import SUFFIX
from local_azure.postgresql.wire import (
    ASK_FOR_PASSWORD,
    CANCEL,
    ENCRYPT,
    ENCRYPT_BY_KERBEROS,
    First,
    NoMessageError,
    PostgresRefusal,
    read_first,
    read_password,
)
from local_azure.proxy import both_ways

_PATIENCE: Final = 30.0
"""Seconds that a client may take to say who it is."""
_CANNOT_CONNECT: Final = "08001"


class Gate:
    """Listens on the loopback from `start` to `close`, in an event loop and a thread of its own."""

    def __init__(self, ground: Ground, admission: Admission, clusters: Clusters) -> None:
        self._ground, self._admission, self._clusters = ground, admission, clusters
        self._loop: asyncio.AbstractEventLoop | None = None
        self._ended: asyncio.Event | None = None
        self._thread: threading.Thread | None = None
        self._address: tuple[str, int] | None = None
        self._connections: set[asyncio.Task[None]] = set()

    @property
    def address(self) -> tuple[str, int]:
        assert self._address is not None, "the gate does not listen"
        return self._address

    def start(self, tls: ssl.SSLContext) -> None:
        """Returns when it listens: on the port of the last run, if that is free, which a shell may know."""
        kept = self._ground.store.documents("postgresql-gate")
        last = kept.get("listener")
        listening = listener(str(last["address"]) if last else None)
        self._address = ("127.0.0.1", listening.getsockname()[1])
        kept.put("listener", {"address": "{}:{}".format(*self._address)})
        started: Future[None] = Future()
        self._thread = threading.Thread(
            target=asyncio.run, args=(self._serve(listening, tls, started),), name="postgresql", daemon=True
        )
        self._thread.start()
        started.result()

    def close(self) -> None:
        if self._thread and self._loop and self._ended:
            self._loop.call_soon_threadsafe(self._ended.set)
            self._thread.join()
        self._thread = self._loop = self._ended = None

    async def _serve(self, listening: socket.socket, tls: ssl.SSLContext, started: Future[None]) -> None:
        self._loop, self._ended = asyncio.get_running_loop(), asyncio.Event()

        def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            task = asyncio.create_task(self._connected(reader, writer, tls))
            self._connections.add(task)
            task.add_done_callback(self._connections.discard)

        server = await asyncio.start_server(accept, sock=listening)
        started.set_result(None)
        await self._ended.wait()
        server.close()
        for task in self._connections:
            task.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)

    async def _connected(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, tls: ssl.SSLContext
    ) -> None:
        try:
            # A client may go away at any point; that is its right, and no error of ours.
            with contextlib.suppress(OSError, EOFError, NoMessageError, TimeoutError):
                await self._talk(reader, writer, tls)
        finally:
            writer.close()

    async def _talk(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, tls: ssl.SSLContext
    ) -> None:
        async with asyncio.timeout(_PATIENCE):
            first = await _encrypted(reader, writer, tls)
        if first.code == CANCEL:
            await self._pass_on_cancel(first)
            return
        user = first.parameters.get("user", "")
        database = first.parameters.get("database") or user
        host = host_asked_for(writer.get_extra_info("ssl_object"))
        try:
            if writer.get_extra_info("ssl_object") is None:
                raise no_entry("127.0.0.1", user, database, "no encryption")
            if host is None:
                words = f"The client names no server in TLS (SNI), such as <name>{SUFFIX}; connect by name."
                raise PostgresRefusal(_CANNOT_CONNECT, words)
            writer.write(ASK_FOR_PASSWORD)
            async with asyncio.timeout(_PATIENCE):
                password = await read_password(reader)
            admitted = await asyncio.to_thread(self._decide, host, user, database, password)
        except PostgresRefusal as refusal:
            await asyncio.to_thread(self._note, host, database, None, f"refused: {refusal.message}")
            writer.write(refusal.sent())
            await writer.drain()
            return
        await asyncio.to_thread(self._note, host, database, admitted.who, "allowed")
        inner_reader, inner_writer = await asyncio.open_unix_connection(admitted.socket)
        try:
            inner_writer.write(first.whole)
            await both_ways((reader, inner_writer, _nothing), (inner_reader, writer, _nothing))
        finally:
            inner_writer.close()

    def _decide(self, host: str, user: str, database: str, password: str) -> Admitted:
        try:
            return self._admission.decide(host, user, database, password)
        except NoServerError:
            raise PostgresRefusal(_CANNOT_CONNECT, f"{host} cannot be reached: {INSTALL}.") from None
        except (ClusterError, psycopg.Error) as error:
            raise PostgresRefusal(_CANNOT_CONNECT, f"{host} cannot be reached: {error}") from error

    async def _pass_on_cancel(self, first: First) -> None:
        """To each: it has a key that only the connection's own server knows."""
        for path in await asyncio.to_thread(self._clusters.sockets):
            _, writer = await asyncio.open_unix_connection(path)
            writer.write(first.whole)
            await writer.drain()
            writer.close()

    def _note(self, host: str | None, database: str, who: str | None, decision: str) -> None:
        status = 200 if decision == "allowed" else 403
        self._ground.journal.record(host or "(no name)", "CONNECT", f"/{database}", status, who, decision)


async def _encrypted(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, tls: ssl.SSLContext
) -> First:
    """The start itself, after what is settled before it."""
    answers = {ENCRYPT: b"S", ENCRYPT_BY_KERBEROS: b"N"}
    first = await read_first(reader)
    while first.code in answers:
        writer.write(answers[first.code])
        await writer.drain()
        if first.code == ENCRYPT:
            await writer.start_tls(tls)
        first = await read_first(reader)
    return first


def _nothing() -> None:
    """After each chunk."""
