"""How much of a body is read, and from whom: nobody fills the memory of this machine without signing in."""

import asyncio
import contextlib
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request as HttpRequest
from starlette.responses import Response as HttpResponse
from starlette.types import Receive, Send

from local_azure.errors import Refusal
from local_azure.http import Request
from local_azure.planes import HttpPlane, Plane
from local_azure.rules import Rule

FROM_ANYBODY: Final = 1024 * 1024
"""Bytes of a body that is read before anybody is authenticated."""
_DROPPED: Final = 64 * 1024 * 1024
_PATIENCE: Final = 2.0
"""A client that is still sending would miss its answer when the connection ends: that many bytes more, and
seconds, it is let finish."""

RULES: Final = [
    Rule(
        "G10",
        "assumed",
        "A body of more than 1 MiB is refused (413) before anybody signs in, but for packages, blobs, parts "
        "of files and transactions of tables; Azure says RequestContentTooLarge above 4 MB.",
        held_by="g10_no_plane_reads_more_than_a_mebibyte_of_a_stranger",
        source="Azure/azure-resource-manager-rpc#138 Azure/avdaccelerator#632",
    ),
]


async def read_body(plane: Plane | None, head: Request, incoming: HttpRequest) -> bytes:
    """The body of the request whose head is `head`. Raises Refusal 413 in the plane's envelope for one of
    more than FROM_ANYBODY, or, when the plane takes large ones and admits the head, than it takes."""
    declared = head.headers.get("content-length", "")
    limit = FROM_ANYBODY
    if declared.isdecimal() and int(declared) > limit:
        limit = await _limit_beyond(plane, head)
        if int(declared) > limit:
            raise _too_large(plane, limit)
    chunks: list[bytes] = []
    read = 0
    async for chunk in incoming.stream():
        read += len(chunk)
        if read > FROM_ANYBODY and limit == FROM_ANYBODY:
            limit = await _limit_beyond(plane, head)
        if read > limit:
            raise _too_large(plane, limit)
        chunks.append(chunk)
    return b"".join(chunks)


async def answer_unread(answer: HttpResponse, receive: Receive, send: Send) -> None:
    """Answer at once a request whose body was not read to its end, and end the connection."""
    headers = [*answer.raw_headers, (b"connection", b"close")]
    await send({"type": "http.response.start", "status": answer.status_code, "headers": headers})
    await send({"type": "http.response.body", "body": answer.body, "more_body": True})
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(_PATIENCE):
            await _drop(receive)
    await send({"type": "http.response.body", "body": b""})


async def _limit_beyond(plane: Plane | None, head: Request) -> int:
    """What is read of a larger body than FROM_ANYBODY. Raises what the plane refuses the head with."""
    if not isinstance(plane, HttpPlane) or plane.large is None:
        return FROM_ANYBODY
    admitted = await run_in_threadpool(plane.large.admits, head)
    return plane.large.limit if admitted else FROM_ANYBODY


def _too_large(plane: Plane | None, limit: int) -> Refusal:
    envelope = plane.envelope if plane else "arm"
    code = "RequestBodyTooLarge" if envelope in ("storage", "table") else "RequestContentTooLarge"
    return Refusal(
        413, code, f"The request content size exceeds the maximum size of {limit} bytes.", envelope
    )


async def _drop(receive: Receive) -> None:
    dropped = 0
    while dropped < _DROPPED:
        message = await receive()
        if message["type"] == "http.disconnect" or not message.get("more_body"):
            return
        dropped += len(message["body"])
