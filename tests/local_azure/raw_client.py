"""A client that says what no proper one would: its own headers, its own lengths, half a body."""

import socket
import ssl
from collections.abc import Generator
from contextlib import contextmanager
from urllib.parse import urlsplit

import h11

from local_azure.server import LocalAzure
from tests.patience import PATIENCE


@contextmanager
def line_to(cloud: LocalAzure, host: str) -> Generator[ssl.SSLSocket]:
    """A TLS connection to one of the local Azure's names, through its proxy."""
    proxy = urlsplit(cloud.proxy_url)
    context = ssl.create_default_context(cafile=cloud.addresses.authority)
    with socket.create_connection((str(proxy.hostname), int(proxy.port or 0)), timeout=PATIENCE) as plain:
        plain.sendall(f"CONNECT {host}:443 HTTP/1.1\r\n\r\n".encode())
        answer = b""
        while not answer.endswith(b"\r\n\r\n"):
            answer += plain.recv(1)
        assert answer.startswith(b"HTTP/1.1 200 "), answer
        with context.wrap_socket(plain, server_hostname=host) as line:
            yield line


def answer_on(line: socket.socket) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body of what the other side says, without its closing the connection."""
    parser = h11.Connection(h11.CLIENT)
    parser.send(h11.Request(method="POST", target="/", headers=[("host", "any")]))
    head: h11.Response | None = None
    body = b""
    while True:
        event = parser.next_event()
        if event is h11.NEED_DATA:
            parser.receive_data(line.recv(65_536))
        elif isinstance(event, h11.Response):
            head = event
        elif isinstance(event, h11.Data):
            body += event.data
        elif isinstance(event, h11.EndOfMessage):
            assert head is not None
            return head.status_code, {k.decode(): v.decode() for k, v in head.headers}, body


def head_of(host: str, *headers: str, target: str = "/", method: str = "POST") -> bytes:
    return "\r\n".join([f"{method} {target} HTTP/1.1", f"Host: {host}", *headers, "", ""]).encode()
