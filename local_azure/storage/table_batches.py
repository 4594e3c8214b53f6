"""`$batch`: several changes to one partition of a table, all or none.

https://learn.microsoft.com/rest/api/storageservices/performing-entity-group-transactions
"""

import json
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from email.message import Message
from email.parser import BytesParser
from email.policy import compat32
from typing import Final
from urllib.parse import parse_qsl, unquote, urlsplit

from local_azure.errors import Refusal
from local_azure.http import Request, Response
from local_azure.rules import Rule
from local_azure.storage.refusals import refusal
from local_azure.storage.table_paths import Entities, addressed
from local_azure.storage.table_values import invalid_input

_MOST: Final = 100

RULES: Final = [
    Rule(
        "I14",
        "refusal",
        "A transaction is for one table and one partition, names each entity once, and has at most 100 "
        "changes; when one of them is refused, none is made, and the refusal says which.",
        held_by="i14_a_transaction_is_made_whole_or_not_at_all",
    ),
]


@dataclass(frozen=True)
class Change:
    """One request of a batch, and what it names."""

    request: Request
    asked: Entities


def changes_of(request: Request) -> Sequence[Change]:
    """The requests in the one change set of a batch. Raises Refusal 400."""
    head = f"Content-Type: {request.headers.get('content-type', '')}\r\n\r\n".encode()
    whole = BytesParser(policy=compat32).parsebytes(head + request.body)
    sets = [part for part in whole.walk() if part.get_content_type() == "application/http"]
    changes = [_change(part, request) for part in sets]
    if not changes or any(one.request.method == "GET" for one in changes):
        raise invalid_input()
    return changes


def answer_of(changes: Sequence[Change], answer: Callable[[Change], Response]) -> Sequence[Response]:
    """The answers to all changes. Raises Refusal for the first that is refused, whose message begins with its
    number."""
    if len(changes) > _MOST:
        text = "The batch request operation exceeds the maximum 100 changes per change set."
        raise refusal(400, "InvalidInput", f"{_MOST}:{text}")
    seen: set[tuple[str, str, str]] = set()
    first: tuple[str, str] | None = None
    answers: list[Response] = []
    for number, change in enumerate(changes):
        try:
            table, partition, row = _named(change)
            first = first or (table, partition)
            if first != (table, partition):
                text = "All commands in a batch must operate on same entity group."
                raise refusal(400, "CommandsInBatchActOnDifferentPartitions", text)
            if (table, partition, row) in seen:
                text = (
                    "The batch request contains multiple changes with same row key. An entity can appear only"
                    " once in a batch request."
                )
                raise refusal(400, "InvalidDuplicateRow", text)
            seen.add((table, partition, row))
            answers.append(answer(change))
        except Refusal as refused:
            refused.message = f"{number}:{refused.message}"
            raise
    return answers


def batch_answer(answers: Sequence[Response]) -> Response:
    """What a batch is answered with: each part a whole answer of its own."""
    batch, changes = (f"{word}_{uuid.uuid4()}" for word in ("batchresponse", "changesetresponse"))
    lines = [f"--{batch}", f"Content-Type: multipart/mixed; boundary={changes}", ""]
    for one in answers:
        lines += [f"--{changes}", "Content-Type: application/http", "Content-Transfer-Encoding: binary", ""]
        lines += [f"HTTP/1.1 {one.status} -", *(f"{key}: {value}" for key, value in one.headers.items()), ""]
        lines += [json.dumps(one.body) if one.body is not None else ""]
    lines += [f"--{changes}--", f"--{batch}--", ""]
    lacking = next((one.lacking for one in answers if one.lacking), None)
    headers = {"content-type": f"multipart/mixed; boundary={batch}"}
    return Response(202, "\r\n".join(lines).encode(), headers, lacking)


def _change(part: Message, outer: Request) -> Change:
    """The request that a part of a batch is."""
    payload = part.get_payload(decode=True)
    first, _, rest = (payload if isinstance(payload, bytes) else b"").partition(b"\r\n")
    headers, _, body = rest.partition(b"\r\n\r\n")
    words = first.decode("latin-1").split(" ")
    if len(words) != 3:
        raise invalid_input()
    try:
        url = urlsplit(words[1])
    except ValueError:  # brackets without an address of version 6
        raise invalid_input() from None
    path = unquote(url.path)
    asked = addressed(path)
    if not isinstance(asked, Entities):
        raise invalid_input()
    named = BytesParser(policy=compat32).parsebytes(headers + b"\r\n\r\n")
    request = Request(
        method=words[0],
        host=outer.host,
        path=path,
        query=dict(parse_qsl(url.query, keep_blank_values=True)),
        headers={key.lower(): str(value) for key, value in named.items()},
        body=body.rstrip(b"\r\n"),
    )
    return Change(request, asked)


def _named(change: Change) -> tuple[str, str, str]:
    """Table, partition and row of what is changed."""
    if change.asked.keys is not None:
        return change.asked.table.lower(), *change.asked.keys
    try:
        body = change.request.json()
    except ValueError:
        raise invalid_input() from None
    return change.asked.table.lower(), str(body.get("PartitionKey")), str(body.get("RowKey"))
