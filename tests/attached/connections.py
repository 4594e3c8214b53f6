"""One servicer a connection: what a process of its own is to a plugin elsewhere, a connection is to one here.

The engine opens a connection for each provider and each language host that it would start, and begins each
with `Handshake`. So what one provider was configured with, and what one run cancels, no other ever sees.
"""

# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false

from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, Generic, TypeVar

import grpc

Servicer = TypeVar("Servicer")

_THREADS = 100
"""As many as calls may wait at once: a program and each of its plugins hold one as long as they live."""


class OneForEach(Generic[Servicer]):
    """A servicer that hands each call to the one that `make` made for the connection it came over."""

    def __init__(self, make: Callable[[], Servicer]) -> None:
        self._make = make
        self.made: dict[str, Servicer] = {}

    def __getattr__(self, method: str) -> Callable[[Any, grpc.ServicerContext], Any]:
        def call(request: Any, context: grpc.ServicerContext) -> Any:
            peer = context.peer()
            # Also for a peer that is known: the system gives a port that is free again to the next engine.
            if method == "Handshake":
                self.made[peer] = self._make()
            elif peer not in self.made:
                context.abort(grpc.StatusCode.FAILED_PRECONDITION, f"{method} came before Handshake")
            return getattr(self.made[peer], method)(request, context)

        return call


@contextmanager
def serving(add: Callable[[Any, grpc.Server], None], servicer: OneForEach[Any]) -> Generator[int]:
    """Serve on a free loopback port, which is what this gives; `add` is gRPC's `add_…_to_server`."""
    unlimited = [("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1)]
    with ThreadPoolExecutor(_THREADS) as threads:
        server = grpc.server(threads, options=unlimited)
        add(servicer, server)
        port = server.add_insecure_port("127.0.0.1:0")
        server.start()
        try:
            yield port
        finally:
            server.stop(None).wait()
