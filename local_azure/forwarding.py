"""Requests to a host behind which a program runs, handed to it as App Service's front end does."""

import ssl
from collections.abc import AsyncIterator

import httpx
from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request as HttpRequest
from starlette.responses import Response as HttpResponse
from starlette.responses import StreamingResponse

from local_azure.http import Request, Response
from local_azure.planes import ForwardedPlane
from local_azure.responses import to_http

# What concerns one connection only, https://www.rfc-editor.org/rfc/rfc9110#section-7.6.1
_HOP_BY_HOP = frozenset(
    {
        "connection",
        "keep-alive",
        "proxy-authenticate",
        "proxy-authorization",
        "proxy-connection",
        "te",
        "trailer",
    }
    | {"transfer-encoding", "upgrade"}
)
_FRONT_END = ((b"x-forwarded-proto", b"https"), (b"x-forwarded-for", b"127.0.0.1"))
"""What the front end says itself; a client that sends them is not believed."""
_IDLE_SECONDS = 230.0
"""App Service gives up on an app that is silent for this long."""


class Forwarder:
    """One pool of connections to the running apps; it knows no proxy but itself."""

    def __init__(self) -> None:
        # Programs answer on the loopback without TLS; what httpx trusts by default takes 20 ms to read.
        nothing_trusted = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        timeout = httpx.Timeout(_IDLE_SECONDS, connect=5.0)
        self._client = httpx.AsyncClient(trust_env=False, timeout=timeout, verify=nothing_trusted)

    async def close(self) -> None:
        await self._client.aclose()

    async def forward(self, plane: ForwardedPlane, host: str, incoming: HttpRequest) -> HttpResponse:
        """The program's answer, or the service's own where the program is not asked, or does not answer."""
        headers_given = {name.lower(): value for name, value in incoming.headers.items()}
        path: str = incoming.scope["path"]
        head = Request(incoming.method, host, path, headers=headers_given)
        admitted = await run_in_threadpool(plane.door, head)
        if isinstance(admitted, Response):
            return to_http(admitted)
        target = await run_in_threadpool(plane.target, host)
        if target is None:
            return to_http(await run_in_threadpool(plane.page, host))
        query = incoming.scope["query_string"]
        raw_path: bytes = incoming.scope.get("raw_path") or path.encode()
        url = httpx.URL(target).copy_with(raw_path=raw_path + (b"?" + query if query else b""))
        dropped = _HOP_BY_HOP | {name.decode() for name, _ in _FRONT_END}
        sent = [(name.decode("latin-1"), value) for name, value in incoming.headers.raw]
        headers = [
            (name.encode("latin-1"), value)
            for name, value in sent
            if name not in dropped and not name.startswith(admitted.withheld)
        ]
        headers += [(name.encode(), value.encode()) for name, value in admitted.said.items()]
        headers += _FRONT_END
        has_body = "content-length" in incoming.headers or "transfer-encoding" in incoming.headers
        content: AsyncIterator[bytes] | None = incoming.stream() if has_body else None
        try:
            request = self._client.build_request(incoming.method, url, headers=headers, content=content)
            answer = await self._client.send(request, stream=True)
        except httpx.HTTPError:
            return to_http(await run_in_threadpool(plane.page, host))
        forwarded = StreamingResponse(
            answer.aiter_raw(), status_code=answer.status_code, background=BackgroundTask(answer.aclose)
        )
        forwarded.raw_headers = [
            (name.lower(), value)
            for name, value in answer.headers.raw
            if name.decode().lower() not in _HOP_BY_HOP
        ]
        return forwarded
