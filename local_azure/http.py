"""A request and a response, free of any web framework, so that every rule can be called from a plain test."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NoReturn

_HALF: Final = re.compile(r"\\u[dD][89a-fA-F]")
"""One of the two escapes that make a character together."""

JsonObject = dict[str, Any]
"""A JSON object as it crosses the wire."""


@dataclass(frozen=True)
class Request:
    """One HTTP request after TLS. `host` is lower-case without a port, `path` is URL-decoded, header names
    are lower-case, and a query key that occurs twice keeps its last value; `pairs` has them all. `raw_path`
    is the path as it was sent, which signatures are made of; empty for a request that no client sent."""

    method: str
    host: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict[str, str])
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    body: bytes = b""
    raw_path: str = ""
    pairs: Sequence[tuple[str, str]] = ()

    def every(self, key: str) -> list[str]:
        """All values of a query key, in their order."""
        return [value for name, value in self.pairs if name == key]

    def json(self) -> JsonObject:
        """The body as a JSON object; an empty body is an empty object. Raises ValueError for all else, also
        for `NaN`, for half a character, which no answer could repeat, and for what is nested too deeply to
        be read."""
        if not self.body:
            return {}
        value = json_value(self.body)
        if not isinstance(value, dict):
            raise ValueError(f"expected a JSON object, got {type(value).__name__}")
        return value  # pyright: ignore[reportUnknownVariableType]

    @property
    def bearer_token(self) -> str | None:
        """The token of an `Authorization: Bearer …` header, or None."""
        scheme, _, token = self.headers.get("authorization", "").partition(" ")
        return token.strip() or None if scheme.lower() == "bearer" else None


@dataclass(frozen=True)
class Lacking:
    """What a refused caller was not given: an action, on data or not, at a scope. `condition` says whether an
    assignment would have given it, had its condition been fulfilled."""

    object_id: str
    action: str
    scope: str
    data: bool = False
    condition: bool = False


@dataclass(frozen=True)
class Response:
    """`body` is JSON when it is a dict or a list, sent as it is when it is bytes, empty when it is None.
    `lacking` is why it is a refusal, for the page; it is never sent."""

    status: int = 200
    body: JsonObject | list[Any] | bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    lacking: Lacking | None = None


def json_value(body: bytes) -> Any:
    """A body of any JSON. Raises ValueError for all else, also for `NaN`, for half a character, which no
    answer could repeat, and for what is nested too deeply to be read."""
    text = body.decode(json.detect_encoding(body))
    try:
        value = json.loads(text, parse_constant=_no_number)
        if _HALF.search(text):
            json.dumps(value, ensure_ascii=False).encode()
    except RecursionError:
        raise ValueError("nested too deeply") from None
    return value


def _no_number(word: str) -> NoReturn:
    raise ValueError(f"{word} is no number in JSON")
