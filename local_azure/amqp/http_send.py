"""A message or an event that is sent by one HTTP request, with a token, and no AMQP.

https://learn.microsoft.com/rest/api/servicebus/send-message-to-queue and https://learn.microsoft.com/rest/api/eventhub/send-event
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote, urlsplit
from xml.sax.saxutils import escape

from local_azure.amqp.frames import Performative
from local_azure.amqp.gate import Gate
from local_azure.amqp.link import NOT_FOUND, NOT_IMPLEMENTED, UNAUTHORIZED, AmqpError, Link
from local_azure.amqp.values import Described
from local_azure.amqp.writing import written
from local_azure.rules import Rule

_DATA: Final = 0x75
"""The section of a message that is bytes."""
_LARGEST: Final = 262_144
"""Bytes, in the Standard tier. https://learn.microsoft.com/azure/service-bus-messaging/service-bus-quotas"""
_MESSAGES: Final = "/messages"

RULES: Final = [
    Rule(
        "M13",
        "behaviour",
        "POST to /<queue, topic or hub>/messages with a token sends one message, by the role that AMQP "
        "takes: 201, and 401 otherwise.",
        held_by="m13_a_message_is_sent_by_one_request_with_a_token",
    ),
    Rule(
        "M13",
        "assumed",
        "What is refused there is an XML error with the words that AMQP has.",
        held_by="m13_a_message_is_sent_by_one_request_with_a_token",
    ),
]


@dataclass(frozen=True)
class Post:
    """One request to send. `token` is that of its header, empty where there is none."""

    host: str
    path: str
    token: str
    body: bytes


Posted = Callable[[Post], None]
"""Sends. Raises AmqpError for what may not be sent."""


def send(gate: Gate, post: Post) -> None:
    """Through the gate of a connection of its own. Raises AmqpError."""
    path = post.path.removesuffix(_MESSAGES).strip("/")
    if not post.path.endswith(_MESSAGES) or not path:
        raise AmqpError(NOT_IMPLEMENTED, "The local Azure takes POST /<queue, topic or hub>/messages alone.")
    if not post.token:
        raise AmqpError(UNAUTHORIZED, "MissingToken: The authorization header was not found.")
    gate.put_token(post.host, path, post.token)
    link = Link(
        name="http",
        handle=0,
        is_sender=False,
        terminus=Performative("target", {"address": path}),
        other=None,
        properties={},
        is_settled=True,
        host=post.host,
        write=lambda *_, **__: None,
        next_delivery=lambda: 0,
        has_room=lambda: True,
    )
    gate.attach(link).received(link, written(Described(_DATA, post.body)), False)


async def answer_post(reader: asyncio.StreamReader, posted: Posted) -> bytes:
    """Read a request whose method was read already, and answer it. The connection ends with it."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    target = head[0].strip().partition(" ")[0]
    fields = [line.partition(":") for line in head[1:]]
    headers = {key.strip().lower(): value.strip() for key, _, value in fields}
    given = headers.get("content-length", "0")
    length = int(given) if given.isdecimal() else -1
    if not 0 <= length <= _LARGEST:
        return _answer(
            413, "Request Entity Too Large", "The message is too large, or its length is not said."
        )
    body = await reader.readexactly(length)
    scheme, _, token = headers.get("authorization", "").partition(" ")
    is_token = scheme.lower() == "bearer"
    path = unquote(urlsplit(target).path)
    host = headers.get("host", "").partition(":")[0].lower()
    try:
        posted(Post(host, path, token.strip() if is_token else "", body))
    except AmqpError as refusal:
        known = {UNAUTHORIZED: (401, "Unauthorized"), NOT_FOUND: (404, "Not Found")}
        return _answer(*known.get(refusal.condition, (400, "Bad Request")), refusal.description)
    return _answer(201, "Created")


def _answer(status: int, phrase: str, detail: str = "") -> bytes:
    error = f"<Error><Code>{status}</Code><Detail>{escape(detail)}</Detail></Error>"
    body = error.encode() if detail else b""
    kind = "Content-Type: application/xml; charset=utf-8\r\n" if detail else ""
    head = f"HTTP/1.1 {status} {phrase}\r\n{kind}Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    return head.encode() + body
