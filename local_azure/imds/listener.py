"""One listener of the instance metadata service: who reaches it is the instance.

In Azure it is at http://169.254.169.254, which each instance alone reaches. Here each instance has a port of
the loopback, and Microsoft's clients are led there by AZURE_POD_IDENTITY_AUTHORITY_HOST.
"""

import json
import logging
import socket
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final
from urllib.parse import parse_qsl, unquote, urlsplit

from typing_extensions import override

from local_azure.defects import where
from local_azure.http import Request, Response

_LOG = logging.getLogger(__name__)
ADDRESS: Final = "AZURE_POD_IDENTITY_AUTHORITY_HOST"
"""The variable that azure-identity and MSAL read for where the service is."""
_OFTEN: Final = 0.02


class Listener:
    """Answers with `handle` until `close`. `late` is how many seconds its port refuses connections first."""

    def __init__(self, handle: Callable[[Request], Response], late: float) -> None:
        self._handle = handle
        self._socket = socket.socket()
        self._socket.bind(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self._server: _Server | None = None
        self._lock = threading.Lock()
        self.is_closed = False
        self._timer = threading.Timer(late, self._listen)
        self._timer.daemon = True
        if late:
            self._timer.start()
        else:
            self._listen()

    def environment(self) -> dict[str, str]:
        """What leads the instance's programs to it, and to no other instance's."""
        return {ADDRESS: self.address}

    def close(self) -> None:
        """Answer nobody any more. May be called twice."""
        self._timer.cancel()
        with self._lock:
            if self.is_closed:
                return
            self.is_closed = True
        if self._server:
            self._server.shutdown()
            self._server.server_close()
        self._socket.close()

    def _listen(self) -> None:
        with self._lock:
            if self.is_closed:
                return
            self._socket.listen(16)
            self._server = _Server(self._socket, self._handle)
            run = threading.Thread(
                target=self._server.serve_forever, args=(_OFTEN,), name="imds", daemon=True
            )
            run.start()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, listening: socket.socket, handle: Callable[[Request], Response]) -> None:
        super().__init__(listening.getsockname(), _Handler, bind_and_activate=False)
        self.socket.close()
        self.socket = listening
        self.handle = handle


class _Handler(BaseHTTPRequestHandler):
    """Any method is answered; the library looks for a `do_` of its name."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    timeout = 60

    def _answer(self) -> None:
        assert isinstance(self.server, _Server)
        try:
            response = self.server.handle(self._request())
        except Exception as error:
            _LOG.error("the metadata service failed: %s", where(error))
            response = Response(500, {"error": "unknown", "error_description": "Failed to retrieve token"})
        body, kind = response.body, "application/json; charset=utf-8"
        sent = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(response.status)
        for name, value in {"Content-Type": kind, **response.headers, "Server": "IMDS/local"}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(sent)))
        if int(self.headers.get("Content-Length") or 0) or "Transfer-Encoding" in self.headers:
            self.send_header("Connection", "close")  # what was sent stays unread
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(sent)

    def __getattr__(self, name: str) -> Callable[[], None]:
        if name.startswith("do_"):
            return self._answer
        raise AttributeError(name)

    def _request(self) -> Request:
        url = urlsplit(self.path)
        pairs = parse_qsl(url.query, keep_blank_values=True)
        headers = {name.lower(): value for name, value in self.headers.items()}
        host = headers.get("host", "").rpartition(":")[0].lower()
        return Request(self.command, host, unquote(url.path), dict(pairs), headers, pairs=pairs)

    @override
    def send_response(self, code: int, message: str | None = None) -> None:
        self.send_response_only(code, message)

    @override
    def log_message(self, format: str, *args: Any) -> None:
        """What matters is in the journal."""
