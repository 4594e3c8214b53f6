"""`$filter` of Graph, as far as names and ids are asked for.

https://learn.microsoft.com/graph/filter-query-parameter
"""

import re
from typing import Any, Final

from local_azure.errors import Refusal
from local_azure.http import JsonObject

_TEXT: Final = r"'((?:[^']|'')*)'"
_EQUAL: Final = re.compile(rf"(\w+)\s+eq\s+{_TEXT}")
_STARTS: Final = re.compile(rf"startswith\((\w+)\s*,\s*{_TEXT}\)", re.IGNORECASE)
_ANY: Final = re.compile(rf"(\w+)/any\((\w+)\s*:\s*\2\s+eq\s+{_TEXT}\)", re.IGNORECASE)
_AND: Final = re.compile(r"\s+and\s+(?=(?:[^']*'[^']*')*[^']*$)", re.IGNORECASE)
"""Between two clauses: an even number of quotes follows, and inside a text an odd one."""


def matches(document: JsonObject, text: str) -> bool:
    """Whether a filter holds: `x eq 'a'`, `startswith(x,'a')`, `xs/any(x:x eq 'a')`, and these with `and`.
    Texts are compared without case, as Graph does. Raises Refusal 400 for any other filter."""
    return all(_holds(document, part.strip()) for part in _AND.split(text))


def _holds(document: JsonObject, text: str) -> bool:
    if found := _EQUAL.fullmatch(text):
        return _plain(_value(document, found[1])) == _plain(_unquoted(found[2]))
    if found := _STARTS.fullmatch(text):
        return _plain(_value(document, found[1])).startswith(_plain(_unquoted(found[2])))
    if found := _ANY.fullmatch(text):
        return _plain(_unquoted(found[3])) in [_plain(one) for one in _value(document, found[1]) or ()]
    raise Refusal(400, "Request_UnsupportedQuery", f"Unsupported or invalid query filter clause: {text}.")


def _value(document: JsonObject, name: str) -> Any:
    if name not in document:
        raise Refusal(400, "BadRequest", f"Could not find a property named '{name}'.")
    return document[name]


def _plain(value: object) -> str:
    return "" if value is None else str(value).lower()


def _unquoted(text: str) -> str:
    return text.replace("''", "'")
