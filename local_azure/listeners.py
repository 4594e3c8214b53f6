"""Sockets of TCP whose small pieces are sent and acknowledged at once.

Two habits of TCP meet in a conversation of small pieces, and cost 40 milliseconds each time: a second piece
waits until the first is acknowledged (RFC 896), and who received it waits with that (RFC 1122, 4.2.3.2).
"""

import socket
from collections.abc import Callable


def listener(last: str | None = None) -> socket.socket:
    """One on the loopback, on the port of the address `last` if nobody has taken it. What it accepts sends at
    once: asyncio sees to that only where a socket says that it is TCP's, which a `create_server` does not.
    """
    try:
        listening = socket.create_server(("127.0.0.1", int(last.rpartition(":")[2]) if last else 0))
    except OSError:
        if not last:
            raise
        listening = socket.create_server(("127.0.0.1", 0))
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listening


def acknowledging(connection: socket.socket) -> Callable[[], None]:
    """What has the system acknowledge at once what comes on `connection` next, where it can: on Linux.

    For clients that wait for it: urllib3 sends the head and the body of a request apart and, where there is a
    proxy, without TCP_NODELAY (https://github.com/urllib3/urllib3/blob/main/src/urllib3/poolmanager.py).
    """
    option = getattr(socket, "TCP_QUICKACK", None)

    def acknowledge() -> None:
        if option is not None:
            connection.setsockopt(socket.IPPROTO_TCP, option, 1)

    return acknowledge
