"""The gate before the data: TLS under a cache's name, the token that is given as a password, for as long as
it is good, and then Redis' commands.
"""

import asyncio
import contextlib
import socket
import ssl
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Final

from typing_extensions import override

from local_azure.certificates import host_asked_for
from local_azure.database_servers.gate import PATIENCE, Gate, streams
from local_azure.ground import Ground
from local_azure.managed_redis.admission import Admission, Admitted, UnreachableError, wrong_password
from local_azure.managed_redis.resp import NoCommandError, RedisRefusal, read_command, reply

if TYPE_CHECKING:
    from local_azure.managed_redis.data import Data, Session

BLOCKED: Final = frozenset(
    {
        *("ACL", "BGREWRITEAOF", "BGSAVE", "CONFIG", "DEBUG", "FAILOVER", "MIGRATE", "PSYNC", "REPLCONF"),
        *("REPLICAOF", "SAVE", "SHUTDOWN", "SLAVEOF", "SYNC"),
    }
)
"""What nobody may ask of a Managed Redis.
https://learn.microsoft.com/azure/redis/best-practices-client-libraries#blocked-commands"""
_OF_A_STRANGER: Final = 64 * 1024
_OF_A_CALLER: Final = 64 * 1024 * 1024
"""Bytes of one command."""
_FAREWELL: Final = 1.0
"""Seconds that a client may take to end its TLS."""
_EVERY: Final = 0.2
"""Seconds between looks at what was published, and at whether a token is still good."""


class RedisGate(Gate):
    """Talks to clients of Redis."""

    def __init__(self, ground: Ground, admission: Admission, data: "Callable[[], Data]") -> None:
        """`data` is asked for who is let in."""
        super().__init__(ground, "managed-redis")
        self._clock, self._admission, self._data = ground.clock, admission, data

    @override
    async def talk(self, connection: socket.socket, tls: ssl.SSLContext) -> None:
        async with asyncio.timeout(PATIENCE):
            reader, writer = await streams(connection, tls)
        client = _Client(self, host_asked_for(writer.get_extra_info("ssl_object")) or "", writer)
        gone = asyncio.create_task(_closed(writer))
        try:
            with contextlib.suppress(NoCommandError, UnreachableError):
                await client.served(reader, gone)
        finally:
            try:
                await client.end()
                writer.close()
                await asyncio.wait([gone], timeout=_FAREWELL)
            finally:
                # Whatever else ends here: a loop that ends before the connection leaves its client waiting.
                writer.transport.abort()

    def is_over(self, admitted: Admitted) -> bool:
        return self._clock.now() >= admitted.until

    async def let_in(self, host: str, user: str, token: str) -> Admitted:
        """Raises RedisRefusal and UnreachableError."""
        try:
            admitted = await asyncio.to_thread(self._admission.decide, host, user, token)
        except (RedisRefusal, UnreachableError) as refused:
            await asyncio.to_thread(self.note, host, "", None, f"refused: {refused or 'unreachable'}")
            raise
        await asyncio.to_thread(self.note, host, "", admitted.who, "allowed")
        return admitted

    def session(self, admitted: Admitted) -> "Session":
        return self._data().session(admitted.cluster_id)

    def has(self, session: "Session") -> bool:
        return self._data().has(session)


class _Client:
    """One connection. Its commands run one after the other in a thread of its own, as some of them wait."""

    def __init__(self, gate: RedisGate, host: str, writer: asyncio.StreamWriter) -> None:
        self._gate, self._host, self._writer = gate, host, writer
        self._version, self._listens = 2, False
        self._admitted: Admitted | None = None
        self._session: Session | None = None
        self._thread = ThreadPoolExecutor(1, "managed-redis-client")

    async def served(self, reader: asyncio.StreamReader, gone: asyncio.Task[None]) -> None:
        """Until the client goes away, which ends `gone`, its token ends or its cache does; whatever it waits
        for then is left to others.
        """
        tasks = [asyncio.create_task(one) for one in (self._talk(reader), self._hand_on(), self._last())]
        try:
            ended, _ = await asyncio.wait([*tasks, gone], return_when=asyncio.FIRST_COMPLETED)
            for one in ended:
                one.result()
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def end(self) -> None:
        """Leave no thread behind."""
        self._thread.shutdown(wait=False, cancel_futures=True)
        await self._leave()

    async def _leave(self) -> None:
        session, self._session = self._session, None
        if session is not None:
            await asyncio.to_thread(session.close)

    async def _talk(self, reader: asyncio.StreamReader) -> None:
        while True:
            async with asyncio.timeout(PATIENCE if self._session is None else None):
                limit = _OF_A_STRANGER if self._session is None else _OF_A_CALLER
                command = await read_command(reader, limit)
            if self._is_over():
                return
            if command:
                self._writer.write(await self._answer(command))
                await self._writer.drain()
            if command and command[0].upper() == b"QUIT":
                return

    async def _answer(self, command: Sequence[bytes]) -> bytes:
        name = command[0].upper()
        try:
            if name == b"AUTH":
                await self._sign_in(command[1:])
                return b"+OK\r\n"
            if name == b"HELLO":
                return reply(await self._hello(command[1:]), self._version)
            if name == b"RESET":
                await self._leave()
                self._version, self._listens, self._admitted = 2, False, None
                return b"+RESET\r\n"
            if self._session is None:
                if name == b"QUIT":
                    return b"+OK\r\n"
                raise RedisRefusal("NOAUTH", "Authentication required.")
            if name.decode("ascii", "replace") in BLOCKED:
                raise RedisRefusal("ERR", f"unknown command '{name.decode('ascii', 'replace')}'")
        except RedisRefusal as refused:
            return refused.sent()
        self._listens = self._listens or name.endswith(b"SUBSCRIBE")
        session = self._session
        return await self._replies(lambda: session.execute(command))

    async def _replies(self, asked: Callable[[], Iterable[object]]) -> bytes:
        replies = await asyncio.get_running_loop().run_in_executor(self._thread, lambda: list(asked()))
        return b"".join(reply(one, self._version) for one in replies)

    async def _hello(self, rest: Sequence[bytes]) -> object:
        """Raises RedisRefusal and UnreachableError."""
        version = rest[0] if rest else b"%d" % self._version
        if version not in (b"2", b"3"):
            raise RedisRefusal("NOPROTO", "unsupported protocol version")
        options = [one.upper() for one in rest[1:]]
        if b"AUTH" in options:
            at = options.index(b"AUTH") + 2
            await self._sign_in(rest[at : at + 2])
        if self._session is None:
            raise RedisRefusal("NOAUTH", "HELLO must be called with the client already authenticated.")
        self._version = int(version)
        return self._session.speak(self._version)

    async def _sign_in(self, given: Sequence[bytes]) -> None:
        if len(given) != 2:
            raise wrong_password()  # a password alone is an access key
        user, token = (one.decode("utf-8", "replace") for one in given)
        self._admitted = await self._gate.let_in(self._host, user, token)
        if self._session is None:
            self._session = self._gate.session(self._admitted)

    def _is_over(self) -> bool:
        if self._admitted is None or self._session is None:
            return False
        return self._gate.is_over(self._admitted) or not self._gate.has(self._session)

    async def _last(self) -> None:
        while not self._is_over():
            await asyncio.sleep(_EVERY)

    async def _hand_on(self) -> None:
        """What was published."""
        while True:
            await asyncio.sleep(_EVERY)
            if self._listens and self._session is not None:
                self._writer.write(await self._replies(self._session.waiting))


async def _closed(writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        await writer.wait_closed()
