"""From a host name to the part that answers it. The parts are plain functions in a thread; only what
services run is forwarded to."""

import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from urllib.parse import parse_qsl

from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, HTTPConnection
from starlette.requests import Request as HttpRequest
from starlette.types import Message, Receive, Scope, Send
from starlette.websockets import WebSocket

from local_azure.azure import Azure
from local_azure.body_limits import answer_unread, read_body
from local_azure.browser_pages import require_no_foreign_page
from local_azure.control import CONTROL, Control
from local_azure.defects import one_line, where
from local_azure.errors import Refusal
from local_azure.forwarding import Forwarder
from local_azure.http import JsonObject, Request, Response
from local_azure.planes import ForwardedPlane, Handler, HttpPlane, Plane
from local_azure.portal import Portal
from local_azure.responses import to_http
from local_azure.token_names import principal_name

_log = logging.getLogger("local_azure")


class AzureRouter:
    """The TLS side: Azure's own host names."""

    def __init__(self, azure: Azure, control: Control, forwarder: Forwarder) -> None:
        self._azure = azure
        self._control = control
        self._forwarder = forwarder

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            socket = WebSocket(scope, receive, send)
            host = _host(socket)
            plane = self._azure.services.plane(host)
            if isinstance(plane, HttpPlane) and plane.socket:
                await plane.socket(socket, host)
                return
            scope, receive, send = _without_socket(scope, send)
        incoming = HttpRequest(scope, receive)
        host = _host(incoming)
        try:
            plane = self._azure.services.plane(host)
            if not isinstance(plane, ForwardedPlane):
                await _answer_whole(self._azure, plane, incoming, send, self._answer)
                return
            answer = await self._forwarder.forward(plane, host, incoming)
        except ClientDisconnect:
            return
        decision = "allowed" if answer.status_code < 400 else "failed"
        path, status = incoming.scope["path"], answer.status_code
        await run_in_threadpool(
            self._azure.journal.record, host, incoming.method, path, status, None, decision
        )
        await answer(scope, receive, send)

    def _answer(self, plane: Plane | None, request: Request) -> Response:
        if request.host == CONTROL:
            response = _guarded(self._control.handle, request)
            if response.status in (401, 403):
                journal(self._azure, request, response)
            return response
        response = _guarded(plane.handle if isinstance(plane, HttpPlane) else _nobody, request)
        journal(self._azure, request, response)
        return response


class LoopbackRouter:
    """The plain side, for this machine only: what services answer for there, and the portal page. `address`
    is where it listens, such as `http://127.0.0.1:1234`."""

    def __init__(self, azure: Azure, portal: Portal, address: str) -> None:
        self._azure = azure
        self._portal = portal
        port = address.rpartition(":")[2]
        self._authorities = (f"127.0.0.1:{port}", f"localhost:{port}")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        with suppress(ClientDisconnect):
            await _answer_whole(self._azure, None, HttpRequest(scope, receive), send, self._answer)

    def _answer(self, _plane: Plane | None, request: Request) -> Response:
        handler = self._azure.services.loopback(request.path)

        def handle(request: Request) -> Response:
            require_no_foreign_page(request, self._authorities, scheme="http")
            return (handler or self._portal.handle)(request)

        response = _guarded(handle, request)
        if handler or response.status == 403:
            journal(self._azure, request, response)
        return response


async def _answer_whole(
    azure: Azure,
    plane: Plane | None,
    incoming: HttpRequest,
    send: Send,
    answer: Callable[[Plane | None, Request], Response],
) -> None:
    """Read the whole request, as far as its sender may make us read, and answer it in a thread."""
    head = _head(incoming)
    try:
        request = replace(head, body=await read_body(plane, head, incoming))
    except Refusal as refusal:
        response = refusal.response()
        await run_in_threadpool(journal, azure, head, response)
        await answer_unread(to_http(response), incoming.receive, send)
        return
    response = await run_in_threadpool(answer, plane, request)
    await to_http(response)(incoming.scope, incoming.receive, send)


def journal(azure: Azure, request: Request, response: Response) -> None:
    """Log one request: who it was, when the answer shows that a token was accepted, and how it ended."""
    decision = (
        "allowed" if response.status < 400 else "refused" if response.status in (401, 403) else "failed"
    )
    if decision != "allowed" and (code := _code(response)):
        decision += f": {code}"
    name = principal_name(azure.entra, request, response)
    path, status = request.path, response.status
    azure.journal.record(request.host, request.method, path, status, name, decision, response.lacking)


def _code(response: Response) -> str | None:
    """Azure's word for why, in whichever envelope: Key Vault's inner code says most."""
    if isinstance(response.body, bytes):  # storage's XML
        return response.headers.get("x-ms-error-code")
    body: JsonObject = response.body if isinstance(response.body, dict) else {}
    if "errors" in body:  # a registry
        return str(body["errors"][0]["code"])
    error: JsonObject | str = body.get("error") or body.get("odata.error") or body
    if isinstance(error, str):  # Entra
        return error
    return error.get("innererror", error).get("code") or error.get("Code")


def _guarded(handler: Handler, request: Request) -> Response:
    try:
        return handler(request)
    except Refusal as refusal:
        return refusal.response()
    except Exception as error:
        said = one_line(f"{request.method} {request.host}{request.path}")
        _log.error("%s failed: %s", said, where(error))
        return Refusal(
            500, "InternalServerError", "The local Azure has a defect; its log says where."
        ).response()


def _nobody(request: Request) -> Response:
    return Refusal(
        404, "NotFound", f"Nothing answers for {request.host or 'a request without a host'}."
    ).response()


def _head(incoming: HttpRequest) -> Request:
    pairs = parse_qsl(incoming.scope["query_string"].decode("latin-1"), keep_blank_values=True)
    return Request(
        method=incoming.method,
        host=_host(incoming),
        path=incoming.scope["path"],
        query=dict(pairs),
        headers=dict(incoming.headers),
        raw_path=incoming.scope["raw_path"].decode("latin-1"),
        pairs=pairs,
    )


def _without_socket(scope: Scope, send: Send) -> tuple[Scope, Receive, Send]:
    """The request for a web socket as one that knows of none sees it: a GET without a body."""

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def answer(message: Message) -> None:
        await send({**message, "type": f"websocket.{message['type']}"})

    return {**scope, "type": "http", "method": "GET", "scheme": "https"}, receive, answer


def _host(incoming: HTTPConnection) -> str:
    return incoming.headers.get("host", "").lower().partition(":")[0]
