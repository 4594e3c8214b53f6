"""The server below the local Azure ends when it is told to, and answers before what it was asked before."""

import asyncio
import socket
from collections.abc import Awaitable, Callable

import pytest
import uvicorn
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from local_azure import prompt_server
from local_azure.prompt_server import PromptServer
from tests.patience import LONGER

Asked = Callable[[asyncio.StreamReader, asyncio.StreamWriter, PromptServer, asyncio.Event], Awaitable[bytes]]


def served(asked: Asked, grace: int) -> bytes:
    """What `asked` returns of a server that answers as soon as its event is set."""

    async def main() -> bytes:
        let, began = asyncio.Event(), asyncio.Event()

        async def application(scope: Scope, receive: Receive, send: Send) -> None:
            began.set()
            await let.wait()
            await PlainTextResponse(Request(scope).url.path)(scope, receive, send)

        config = uvicorn.Config(
            application, lifespan="off", log_config=None, ws="none", timeout_graceful_shutdown=grace
        )
        server, listener = PromptServer(config), socket.create_server(("127.0.0.1", 0))
        address = listener.getsockname()
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        while not server.started:
            await asyncio.sleep(0)
        reader, writer = await asyncio.open_connection(*address)
        writer.write(b"GET /asked HTTP/1.1\r\nHost: x\r\n\r\n")
        await began.wait()
        answer = await asked(reader, writer, server, let)
        writer.close()
        await serving
        with pytest.raises(ConnectionRefusedError):
            await asyncio.open_connection(*address)
        return answer

    return asyncio.run(main())


@pytest.fixture(autouse=True)
def no_look_by_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prompt_server, "_TICK", LONGER)


def test_what_is_being_answered_is_answered_whole_before_it_ends() -> None:
    async def asked(
        reader: asyncio.StreamReader, _: asyncio.StreamWriter, server: PromptServer, let: asyncio.Event
    ) -> bytes:
        server.end()
        await asyncio.sleep(0)
        let.set()
        return await reader.read()

    assert served(asked, LONGER).endswith(b"\r\n\r\n/asked")


def test_a_connection_that_only_stays_open_is_closed() -> None:
    async def asked(
        reader: asyncio.StreamReader, _: asyncio.StreamWriter, server: PromptServer, let: asyncio.Event
    ) -> bytes:
        let.set()
        answer = await reader.readuntil(b"/asked")
        server.end()
        return answer + await reader.read()

    assert served(asked, LONGER).endswith(b"\r\n\r\n/asked")


def test_what_is_never_answered_does_not_keep_it() -> None:
    async def asked(
        reader: asyncio.StreamReader, _: asyncio.StreamWriter, server: PromptServer, let: asyncio.Event
    ) -> bytes:
        del let
        server.end()
        return await reader.read()

    assert b"/asked" not in served(asked, 0)
