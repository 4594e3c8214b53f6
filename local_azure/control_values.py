"""What a request to `local-azure.internal` says."""

from local_azure.errors import Refusal
from local_azure.http import JsonObject, Request


def body_of(request: Request) -> JsonObject:
    """Raises Refusal 400 for what is no JSON object."""
    try:
        return request.json()
    except ValueError as error:
        raise Refusal(400, "BadRequest", f"The body is no JSON object: {error}") from error


def number_in(body: JsonObject, key: str, otherwise: float | None = None) -> float:
    """Raises Refusal 400 for what is no number of 0 or more."""
    value = body.get(key, otherwise)
    if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
        raise Refusal(400, "BadRequest", f"`{key}` is a number, 0 or more, not {value!r}.")
    return value


def text_in(body: JsonObject, key: str) -> str:
    """Raises Refusal 400 for what is no text, or an empty one."""
    value = body.get(key)
    if not isinstance(value, str) or not value:
        raise Refusal(400, "BadRequest", f"`{key}` is a text, not {value!r}.")
    return value
