"""A connection to a server by its name, through the proxy that the environment names for it.

Clients of databases know no proxy. The local Azure is behind one, and so are some networks.
"""

import socket
import urllib.request
from typing import Final
from urllib.parse import urlsplit

_PATIENCE: Final = 30.0
"""Seconds for a connection, and for each answer while it is made."""
_LARGEST: Final = 8192
"""Bytes of a proxy's answer."""


def connected(host: str, port: int) -> socket.socket:
    """Where a proxy is named and does not lead there, straight. Raises OSError."""
    proxy = urllib.request.getproxies_environment().get("https")
    if proxy and not urllib.request.proxy_bypass(host):
        at = urlsplit(proxy)
        if at.scheme == "http" and at.hostname:
            found = _through((at.hostname, at.port or 80), f"{host}:{port}")
            if found is not None:
                return found
    return socket.create_connection((host, port), timeout=_PATIENCE)


def _through(proxy: tuple[str, int], address: str) -> socket.socket | None:
    """None where the proxy does not lead there."""
    tunnel = socket.create_connection(proxy, timeout=_PATIENCE)
    try:
        tunnel.sendall(f"CONNECT {address} HTTP/1.1\r\nHost: {address}\r\n\r\n".encode("ascii"))
        answer = b""
        while not answer.endswith(b"\r\n\r\n") and len(answer) < _LARGEST:
            # A byte at a time: what comes after the answer is the server's, which may speak first.
            piece = tunnel.recv(1)
            if not piece:
                break
            answer += piece
        if answer.split(b" ", 2)[1:2] == [b"200"]:
            return tunnel
    except BaseException:
        tunnel.close()
        raise
    tunnel.close()
    return None
