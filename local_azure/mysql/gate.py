"""The gate before MySQL: TLS under the servers' names, the token that is given as a password, and then the
connection as it is, to the MariaDB of the server that was asked for; but for what a flexible server alone
understands.
"""

import asyncio
import itertools
import socket
import ssl
import struct
from dataclasses import dataclass
from typing import Final

from typing_extensions import override

from local_azure.certificates import host_asked_for
from local_azure.database_servers.gate import PATIENCE, Gate, streams
from local_azure.database_servers.home import ServerError
from local_azure.ground import Ground
from local_azure.mysql import wire
from local_azure.mysql.admission import Admission, Admitted
from local_azure.mysql.entra_users import is_about_validation, new_user
from local_azure.mysql.mariadbs import MariaDbs, NoServerError
from local_azure.mysql.programs import INSTALL
from local_azure.mysql.server_names import SUFFIX
from local_azure.mysql.wire import Login, MySqlRefusal, NoPacketError, packet, read_packet

_CANNOT_CONNECT: Final = 2003
_OWN_STATEMENT: Final = 4096
"""Bytes of a statement that may be one of a flexible server's own."""
_DONE: Final = b"\0\0\0\2\0\0\0"
"""What a statement is answered with that has no rows and warns of nothing."""


@dataclass(frozen=True)
class _Open:
    """A client that is let in: its connection, and the one to the server behind."""

    user: str
    admitted: Admitted
    client: tuple[asyncio.StreamReader, asyncio.StreamWriter]
    inner: tuple[asyncio.StreamReader, asyncio.StreamWriter]


class MySqlGate(Gate):
    """Talks to MySQL's clients until they are let in, and answers what MariaDB does not understand."""

    def __init__(self, ground: Ground, admission: Admission, mariadbs: MariaDbs) -> None:
        super().__init__(ground, "mysql")
        self._admission, self._mariadbs = admission, mariadbs
        self._numbers = itertools.count(1)

    @override
    async def talk(self, connection: socket.socket, tls: ssl.SSLContext) -> None:
        try:
            reader, writer = await self._encrypted(connection, tls)
        except BaseException:
            connection.close()
            raise
        try:
            await self._talk(reader, writer)
        except NoPacketError:
            return
        finally:
            writer.close()

    async def _encrypted(
        self, connection: socket.socket, tls: ssl.SSLContext
    ) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """A client begins TLS without waiting for an answer, so not one byte more is read before it."""
        loop = asyncio.get_running_loop()

        async def read(count: int) -> bytes:
            found = b""
            while len(found) < count:
                piece = await loop.sock_recv(connection, count - len(found))
                if not piece:
                    raise EOFError
                found += piece
            return found

        async with asyncio.timeout(PATIENCE):
            await loop.sock_sendall(connection, packet(0, wire.greeting(next(self._numbers))))
            try:
                sequence, payload = await read_packet(read)
                login = wire.read_login(payload)
            except NoPacketError:
                raise EOFError from None
            if not login.wants_tls:
                words = (
                    "Connections using insecure transport are prohibited while --require_secure_transport=ON."
                )
                await loop.sock_sendall(connection, _refused(sequence, MySqlRefusal(3159, "HY000", words)))
                await asyncio.to_thread(self.note, None, login.database, None, f"refused: {words}")
                raise EOFError
            return await streams(connection, tls)

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        host = host_asked_for(writer.get_extra_info("ssl_object"))
        sequence, login = 1, Login(0, 0, 0)
        try:
            async with asyncio.timeout(PATIENCE):
                sequence, payload = await read_packet(reader.readexactly)
                login = wire.read_login(payload)
                if host is None:
                    words = f"The client names no server in TLS (SNI): connect by name, <name>{SUFFIX}"
                    raise MySqlRefusal(_CANNOT_CONNECT, "HY000", words)
                writer.write(packet(sequence + 1, wire.ask_for_token()))
                sequence, payload = await read_packet(reader.readexactly)
            admitted = await asyncio.to_thread(self._decide, host, login.user, wire.token_of(payload))
        except MySqlRefusal as refusal:
            await asyncio.to_thread(self.note, host, login.database, None, f"refused: {refusal.message}")
            writer.write(_refused(sequence, refusal))
            await writer.drain()
            return
        await asyncio.to_thread(self.note, host, login.database, admitted.who, "allowed")
        inner = await asyncio.open_unix_connection(admitted.socket)
        try:
            answer = await _signed_in(*inner, login)
            writer.write(packet(sequence + 1, answer))
            if answer[0] == wire.OK:
                await self._both_ways(_Open(login.user, admitted, (reader, writer), inner))
            await writer.drain()
        finally:
            inner[1].close()

    def _decide(self, host: str, user: str, token: str) -> Admitted:
        try:
            return self._admission.decide(host, user, token)
        except NoServerError:
            words = f"{host} cannot be reached: {INSTALL}."
            raise MySqlRefusal(_CANNOT_CONNECT, "HY000", words) from None
        except ServerError as error:
            raise MySqlRefusal(_CANNOT_CONNECT, "HY000", f"{host} cannot be reached: {error}") from error

    async def _both_ways(self, open: _Open) -> None:
        """Until one of the two is at its end."""
        pumps = [asyncio.create_task(one) for one in (_answers(open), self._questions(open))]
        try:
            await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for pump in pumps:
                pump.cancel()
            await asyncio.gather(*pumps, return_exceptions=True)

    async def _questions(self, open: _Open) -> None:
        """What the client sends, packet by packet: a command begins each count anew."""
        (reader, writer), (_, inner) = open.client, open.inner
        while True:
            head = await reader.readexactly(4)
            length = int.from_bytes(head[:3], "little")
            first = await reader.readexactly(min(length, _OWN_STATEMENT))
            if head[3] == 0 and first and (answer := await self._answered(open, first, length)):
                await reader.readexactly(length - len(first))
                writer.write(packet(1, answer))
                await writer.drain()
                continue
            inner.write(head + first)
            for size in _pieces(length - len(first)):
                inner.write(await reader.readexactly(size))
                await inner.drain()
            await inner.drain()

    async def _answered(self, open: _Open, first: bytes, length: int) -> bytes | None:
        """The answer to what is not for MariaDB; None for all else."""
        if first[0] == wire.COM_CHANGE_USER:
            # It would be taken for whoever it names: behind the gate users have no passwords.
            return MySqlRefusal(1047, "08S01", "Unknown command").payload()
        if first[0] != wire.COM_QUERY or length > _OWN_STATEMENT:
            return None
        statement = first[1:].decode("utf-8", "replace")
        if is_about_validation(statement):
            return _DONE
        asked = new_user(statement)
        if asked is None:
            return None
        try:
            await asyncio.to_thread(self._mariadbs.make_user, open.admitted.server, open.user, asked)
        except MySqlRefusal as refusal:
            return refusal.payload()
        return _DONE


async def _signed_in(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, as_: Login) -> bytes:
    """What a server says of a login: `OK`, or an error of its own."""
    sequence, first = await read_packet(reader.readexactly)
    if first[0] == wire.ERROR:
        return first
    writer.write(packet(sequence + 1, wire.login(as_, as_.user)))
    sequence, answer = await read_packet(reader.readexactly)
    if wire.switched_to_native(answer):
        # Of no password nothing is left to send.
        writer.write(struct.pack("<I", 0)[:3] + bytes([sequence + 1]))
        _, answer = await read_packet(reader.readexactly)
    return answer


async def _answers(open: _Open) -> None:
    (_, writer), (inner, _) = open.client, open.inner
    while chunk := await inner.read(65536):
        writer.write(chunk)
        await writer.drain()


def _refused(sequence: int, refusal: MySqlRefusal) -> bytes:
    return packet(sequence + 1, refusal.payload())


def _pieces(left: int) -> list[int]:
    return [min(65536, left - start) for start in range(0, left, 65536)]
