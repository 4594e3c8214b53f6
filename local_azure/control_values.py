"""What a request to `local-azure.internal` says."""

from typing import Final

from local_azure.errors import Refusal
from local_azure.http import JsonObject, Request

LARGEST: Final = 100 * 365 * 86_400
"""Of a number: a hundred years in seconds, which no clock here passes."""


def body_of(request: Request) -> JsonObject:
    """Raises Refusal 400 for what is no JSON object."""
    try:
        return request.json()
    except ValueError as error:
        raise Refusal(400, "BadRequest", f"The body is no JSON object: {error}") from error


def number_in(body: JsonObject, key: str, otherwise: float | None = None) -> float:
    """Raises Refusal 400 for what is no number from 0 to LARGEST."""
    value = body.get(key, otherwise)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= LARGEST:
        raise Refusal(400, "BadRequest", f"`{key}` is a number from 0 to {LARGEST}, not {value!r}.")
    return value


def text_in(body: JsonObject, key: str) -> str:
    """Raises Refusal 400 for what is no text, or an empty one."""
    value = body.get(key)
    if not isinstance(value, str) or not value:
        raise Refusal(400, "BadRequest", f"`{key}` is a text, not {value!r}.")
    return value
