"""A server of uvicorn that ends when it is told to. The library's own looks ten times a second whether it is
to end, and then waits a tenth more: of a local Azure that lives for one test, that is most of its stop.
"""

import asyncio
import socket
import time
from contextlib import suppress
from typing import Final

import uvicorn

_TICK: Final = 1.0
"""Seconds for which the date in answers is right."""
_LOOK: Final = 0.002


class PromptServer(uvicorn.Server):
    """As uvicorn's, without a lifespan to end."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self._told = asyncio.Event()

    def end(self) -> None:
        """Let `serve` return, when what runs is answered or `timeout_graceful_shutdown` is over."""
        self.should_exit = True
        self._told.set()

    async def main_loop(self) -> None:
        while not await self.on_tick(0):
            with suppress(TimeoutError):
                await asyncio.wait_for(self._told.wait(), _TICK)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for server in self.servers:
            server.close()
        for listener in sockets or []:
            listener.close()
        state = self.server_state
        for connection in list(state.connections):
            connection.shutdown()
        until = time.monotonic() + (self.config.timeout_graceful_shutdown or 0)
        while (state.connections or state.tasks) and time.monotonic() < until:
            await asyncio.sleep(_LOOK)
        for task in state.tasks:
            task.cancel()
