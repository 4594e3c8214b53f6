"""`$management` of a queue or subscription: what is asked about messages beside giving them out.

https://learn.microsoft.com/azure/service-bus-messaging/service-bus-amqp-request-response
"""

import uuid
from typing import Any, Final

from local_azure.amqp.kinds import Answered
from local_azure.amqp.link import AmqpError
from local_azure.amqp.messages import Message
from local_azure.amqp.values import Int, Raw, Symbol, Timestamp, as_map
from local_azure.service_bus.queue import LOCK_LOST, Queue

_PREFIX: Final = "com.microsoft:"
_OUTCOMES: Final = {"completed": "accepted", "abandoned": "modified", "suspended": "rejected"}


def answered(queue: Queue, request: Message) -> Answered:
    """The operations that are served; any other is refused with its name."""
    operation = str(request.application.get("operation")).removeprefix(_PREFIX)
    asked = as_map(request.value)
    try:
        match operation:
            case "peek-message":
                return _peeked(queue, asked)
            case "renew-lock":
                tokens = [_token(one) for one in _listed(asked.get("lock-tokens"))]
                ends = [Timestamp(queue.renew(token) * 1000) for token in tokens]
                return _status(200, "OK"), {"expirations": ends}
            case "update-disposition":
                _settled(queue, asked)
                return _status(200, "OK"), None
            case "receive-by-sequence-number":
                return _deferred(queue, asked)
            case _:
                return _status(501, f"The local Azure does not serve {operation}.", "not-implemented"), None
    except AmqpError as refusal:
        return _status(410, refusal.description, refusal.condition.removeprefix(_PREFIX)), None


def _peeked(queue: Queue, asked: dict[Any, Any]) -> Answered:
    first, most = int(asked.get("from-sequence-number") or 0), int(asked.get("message-count") or 1)
    found = [{"message": one.written()} for one in queue.peek(first, most)]
    if not found:
        return _status(204, "NoContent"), None
    return _status(200, "OK"), {"messages": found}


def _deferred(queue: Queue, asked: dict[Any, Any]) -> Answered:
    numbers = [int(one) for one in _listed(asked.get("sequence-numbers"))]
    found = [queue.deferred(number) for number in numbers]
    if None in found:
        text = "Failed to lock one or more specified messages. The message does not exist."
        return _status(404, text, "message-not-found"), None
    given = [{"lock-token": one.token, "message": one.written()} for one in found if one is not None]
    return _status(200, "OK"), {"messages": given}


def _settled(queue: Queue, asked: dict[Any, Any]) -> None:
    status = str(asked.get("disposition-status"))
    said = {
        "DeadLetterReason": asked.get("deadletter-reason"),
        "DeadLetterErrorDescription": asked.get("deadletter-description"),
    }
    given = {"undeliverable_here": True} if status == "defered" else said
    for one in _listed(asked.get("lock-tokens")):
        queue.settle(_token(one).bytes_le, _OUTCOMES.get(status, "modified"), given)


def _listed(value: Any) -> list[Any]:
    """The items of an array of 8-byte numbers or of UUIDs, or of a list."""
    if isinstance(value, list | tuple):
        return list(value)  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]
    if not isinstance(value, Raw):
        return []
    wide = value.data[0] == 0xF0
    at = 9 if wide else 3
    kind, body = value.data[at], value.data[at + 1 :]
    if kind == 0x98:
        return [uuid.UUID(bytes=body[n : n + 16]) for n in range(0, len(body), 16)]
    if kind == 0x81:
        return [int.from_bytes(body[n : n + 8], "big", signed=True) for n in range(0, len(body), 8)]
    if kind == 0x55:
        return [int.from_bytes(body[n : n + 1], "big", signed=True) for n in range(len(body))]
    return []


def _token(value: Any) -> uuid.UUID:
    if not isinstance(value, uuid.UUID):
        raise AmqpError(LOCK_LOST, "The lock supplied is invalid.")
    return value


def _status(code: int, description: str, condition: str = "") -> dict[str, Any]:
    said: dict[str, Any] = {"statusCode": Int(code), "statusDescription": description}
    return {**said, "errorCondition": Symbol(f"{_PREFIX}{condition}")} if condition else said
