"""The HTTPS proxy: CONNECT to a served name and port reaches the local Azure, any other name of Azure's
nothing, and what is not Azure's is tunnelled on."""

import asyncio
import contextlib
import re
import socket
from collections.abc import Awaitable, Callable

from local_azure.listeners import acknowledging
from local_azure.outside import INSIDE, Connection, LeadsInside, Outside, why_not

Route = Callable[[str, int], tuple[str, int] | None]
"""Where a host name (lower-case) and a port lead to, as host and port of the loopback; None for nowhere."""
Journaled = Callable[[str, str, str, int, str], Awaitable[None]]
"""Called with host, method, path, status and decision of each request that does not end here."""

_PORT = re.compile(r"[0-9]{1,5}")
_PATIENCE = 30.0
"""Seconds that a client may take to say where it wants to go."""
_LINGER = 5.0
"""Seconds that one direction of a tunnel may stay open when the other is closed."""


class Proxy:
    """Tunnels, in the event loop that calls `start`."""

    def __init__(self, route: Route, outside: Outside, journaled: Journaled) -> None:
        self._route = route
        self._outside = outside
        self._journaled = journaled
        self._tunnels: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None

    async def start(self, listener: socket.socket) -> None:
        self._server = await asyncio.start_server(self._accept, sock=listener, limit=16 * 1024)

    async def stop(self) -> None:
        """Close the listener and every tunnel."""
        if self._server:
            self._server.close()
        for tunnel in self._tunnels:
            tunnel.cancel()
        await asyncio.gather(*self._tunnels, return_exceptions=True)

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        tunnel = asyncio.create_task(self._tunnel(reader, writer))
        self._tunnels.add(tunnel)
        tunnel.add_done_callback(self._tunnels.discard)

    async def _tunnel(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            # A client may go away at any point; that is its right, and no error of ours.
            with contextlib.suppress(OSError, EOFError, asyncio.LimitOverrunError, TimeoutError):
                await self._serve(reader, writer)
        finally:
            writer.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        async with asyncio.timeout(_PATIENCE):
            head = await reader.readuntil(b"\r\n\r\n")
        method, _, rest = head.split(b"\r\n", 1)[0].decode("latin-1").partition(" ")
        target = rest.rpartition(" ")[0]
        if method != "CONNECT":
            host = _host_of(target) or "(none)"
            text = f"This proxy tunnels HTTPS only (CONNECT); {method} to {host} over plain HTTP is refused."
            await self._refuse(writer, host, method, text)
            return
        target = target.rpartition("@")[2]
        host, _, port = target.rpartition(":")
        host = host.lower()
        number = int(port) if _PORT.fullmatch(port) else 0
        leads_to = self._route(host, number) if number else None
        reason = why_not(host) if number else "has no port."
        if leads_to is None and reason:
            await self._refuse(writer, host or target, method, f"{target} {reason}")
            return
        try:
            connection = await self._connected(leads_to, host, number)
        except LeadsInside:
            await self._refuse(writer, host, method, f"{target} {INSIDE}")
            return
        if connection is None:
            writer.write(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            await writer.drain()
            return
        inner_reader, inner_writer = connection
        try:
            writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
            await writer.drain()
            at_once = acknowledging(writer.get_extra_info("socket"))
            await both_ways((reader, inner_writer, at_once), (inner_reader, writer, lambda: None))
        finally:
            inner_writer.close()

    async def _connected(self, leads_to: tuple[str, int] | None, host: str, port: int) -> Connection | None:
        """A connection to where that is here, or else to what is not Azure's; None where none is made.
        Raises LeadsInside."""
        try:
            if leads_to:
                return await asyncio.open_connection(*leads_to)
            connection = await self._outside.connect(host, port)
        except LeadsInside:
            raise
        except (OSError, UnicodeError):  # the latter from a name that is none
            if not leads_to:
                await self._journaled(host, "CONNECT", "/", 502, "failed: not Azure, not reached")
            return None
        await self._journaled(host, "CONNECT", "/", 200, "allowed: not Azure, tunnelled on")
        return connection

    async def _refuse(self, writer: asyncio.StreamWriter, host: str, method: str, text: str) -> None:
        body = f"{text}\n".encode()
        await self._journaled(host, method, "/", 403, "refused: no part of the local Azure")
        head = (
            "HTTP/1.1 403 Forbidden",
            "Content-Type: text/plain; charset=utf-8",
            f"Content-Length: {len(body)}",
            "Connection: close",
        )
        writer.write("\r\n".join((*head, "", "")).encode() + body)
        await writer.drain()


def _host_of(address: str) -> str:
    """The host in an address, which may have a user before it and, behind it, what only the host may know."""
    authority = re.split("[/?#]", address.partition("://")[2])[0]
    return authority.rpartition("@")[2].partition(":")[0]


Direction = tuple[asyncio.StreamReader, asyncio.StreamWriter, Callable[[], None]]


async def both_ways(*directions: Direction) -> None:
    """Copy in both directions until both are at their end, or one has been for `_LINGER` seconds."""
    pumps = [asyncio.create_task(_pump(*direction)) for direction in directions]
    try:
        await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
        await asyncio.wait(pumps, timeout=_LINGER)
    finally:
        for pump in pumps:
            pump.cancel()
        await asyncio.gather(*pumps, return_exceptions=True)


async def _pump(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, awaited: Callable[[], None]
) -> None:
    """Copy; `awaited` is called before each piece is waited for."""
    with contextlib.suppress(OSError):
        awaited()
        while chunk := await reader.read(65536):
            awaited()
            writer.write(chunk)
            await writer.drain()
        if writer.can_write_eof():
            writer.write_eof()
