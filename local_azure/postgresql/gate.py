"""The gate before PostgreSQL: TLS under the servers' names, the token that is given as a password, and then
the connection as it is, to the cluster of the server that was asked for.
"""

import asyncio
import contextlib
import socket
import ssl
from typing import Final

from typing_extensions import override

from local_azure.certificates import host_asked_for
from local_azure.database_servers.gate import PATIENCE, Gate, streams
from local_azure.database_servers.home import ServerError
from local_azure.ground import Ground
from local_azure.postgresql.admission import Admission, Admitted, no_entry
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

_CANNOT_CONNECT: Final = "08001"


class PostgresGate(Gate):
    """Talks to libpq and its like until they are let in."""

    def __init__(self, ground: Ground, admission: Admission, clusters: Clusters) -> None:
        super().__init__(ground, "postgresql")
        self._admission, self._clusters = admission, clusters

    @override
    async def talk(self, connection: socket.socket, tls: ssl.SSLContext) -> None:
        reader, writer = await streams(connection)
        try:
            with contextlib.suppress(NoMessageError):
                await self._talk(reader, writer, tls)
        finally:
            writer.close()

    async def _talk(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, tls: ssl.SSLContext
    ) -> None:
        async with asyncio.timeout(PATIENCE):
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
            async with asyncio.timeout(PATIENCE):
                password = await read_password(reader)
            admitted = await asyncio.to_thread(self._decide, host, user, database, password)
        except PostgresRefusal as refusal:
            await asyncio.to_thread(self.note, host, database, None, f"refused: {refusal.message}")
            writer.write(refusal.sent())
            await writer.drain()
            return
        await asyncio.to_thread(self.note, host, database, admitted.who, "allowed")
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
        except ServerError as error:
            raise PostgresRefusal(_CANNOT_CONNECT, f"{host} cannot be reached: {error}") from error

    async def _pass_on_cancel(self, first: First) -> None:
        """To each: it has a key that only the connection's own server knows."""
        for cluster in await asyncio.to_thread(self._clusters.running):
            _, writer = await asyncio.open_unix_connection(cluster.socket)
            writer.write(first.whole)
            await writer.drain()
            writer.close()


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
