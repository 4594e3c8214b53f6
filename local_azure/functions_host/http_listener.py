"""Triggers of HTTP, below the route prefix of host.json.

https://learn.microsoft.com/azure/azure-functions/functions-bindings-http-webhook-trigger
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

import azure.functions as func

from local_azure.functions_host.http_routes import ALL, Route

LOG: Final = logging.getLogger("functions")


class Answers:
    """What the host answers. `why_not` says why no function runs, while none does."""

    def __init__(self) -> None:
        self.routes: Sequence[Route] = ()
        """By the names of their functions: the first that fits is taken."""
        self.why_not: str | None = "The function host is starting."

    def to(
        self, method: str, address: str, headers: Mapping[str, str], body: Callable[[], bytes]
    ) -> func.HttpResponse:
        url = urlsplit(address)
        if self.why_not is not None:
            return func.HttpResponse("Function host is not running.", status_code=503)
        if url.path == "/":
            return func.HttpResponse("Your Functions app is up and running.")
        found = ((one, one.fits(url.path)) for one in self.routes if method in one.methods)
        fitting = next(((one, read) for one, read in found if read is not None), None)
        if fitting is None:
            return func.HttpResponse(status_code=404)
        route, parameters = fitting
        if not route.is_open:
            # Its keys are secrets, which nothing here holds.
            LOG.warning(
                "%s wants a key of level %s, and this host has none", route.function.name, route.level
            )
            return func.HttpResponse(status_code=401)
        request = func.HttpRequest(
            method, address, headers=headers, params=dict(parse_qsl(url.query)),
            route_params=parameters, body=body(),
        )  # fmt: skip
        try:
            answer = route.function(request)
        except Exception:
            LOG.exception("%s failed", route.function.name)
            return func.HttpResponse(status_code=500)
        return answer if isinstance(answer, func.HttpResponse) else func.HttpResponse(str(answer or ""))


def http_server(port: int, answers: Answers) -> ThreadingHTTPServer:
    """Listens on loopback from now on, and answers when it is told to serve."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _answer(self) -> None:
            try:
                sent = self._body()
            except ValueError:
                self.close_connection = True
                self.send_error(400)
                return
            # The platform in front says by which scheme it was asked.
            scheme, host = self.headers.get("X-Forwarded-Proto", "http"), self.headers.get("Host", "")
            address = f"{scheme}://{host}{self.path}"
            answer = answers.to(self.command, address, dict(self.headers.items()), lambda: sent)
            content: bytes = answer.get_body()
            self.send_response(answer.status_code)
            headers: Any = answer.headers
            for name, value in headers.items():
                self.send_header(name, value)
            if "content-type" not in {name.lower() for name in headers}:
                self.send_header("Content-Type", f"{answer.mimetype}; charset={answer.charset}")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(content)

        def _body(self) -> bytes:
            """Raises ValueError for one whose length is not told."""
            if self.headers.get("Transfer-Encoding", "").lower() != "chunked":
                return self.rfile.read(int(self.headers.get("Content-Length") or 0))
            found = bytearray()
            while size := int(self.rfile.readline().partition(b";")[0], 16):
                found += self.rfile.read(size)
                self.rfile.readline()
            while self.rfile.readline().strip():
                pass  # fields that may follow the last chunk
            return bytes(found)

        def log_message(self, format: str, *args: Any) -> None:
            """The platform keeps a log of requests; this one is of the functions."""

    for method in ALL:
        setattr(Handler, f"do_{method}", Handler._answer)  # pyright: ignore[reportPrivateUsage]
    return ThreadingHTTPServer(("127.0.0.1", port), Handler)
