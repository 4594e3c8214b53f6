"""What a search's `filter` lets through: comparisons with `and` between them.

https://learn.microsoft.com/azure/search/search-query-odata-filter
"""

import json
import re
from collections.abc import Callable
from typing import Any, Final

from local_azure.ai_search.access import refusal
from local_azure.ai_search.fields import TYPES, Fields, is_of, not_served, require
from local_azure.http import JsonObject

Test = Callable[[JsonObject], bool]
_CLAUSE: Final = re.compile(
    r"\s*(?P<field>\w+)\s+(?P<verb>eq|ne|gt|ge|lt|le)\s+"
    r"(?P<value>'(?:[^']|'')*'|true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?)\s*"
)
_AND: Final = re.compile(r"\s+and\s+(?=(?:[^']*'[^']*')*[^']*$)")


def read_filter(text: str, fields: Fields) -> Test:
    """Raises Refusal 400 for what the index does not allow, 501 for what is not served here."""
    tests: list[Test] = []
    for clause in _AND.split(text):
        found = _CLAUSE.fullmatch(clause)
        if found is None:
            raise not_served(f"the filter '{clause.strip()}'")
        require(fields, found["field"], "filterable", "$filter")
        value = _value(found["value"])
        _require_type(fields[found["field"]], value)
        tests.append(_comparison(found["field"], found["verb"], value))
    return lambda document: all(test(document) for test in tests)


def _require_type(field: JsonObject, value: Any) -> None:
    type_ = str(field["type"])
    is_list = type_.startswith("Collection(")
    if not is_list and type_ not in TYPES:
        raise not_served(f"comparisons with fields of the type {type_}")
    if is_list or not (value is None or is_of(type_, value)):
        raise refusal(
            400,
            "Invalid expression: A binary operator with incompatible types was detected, for the field "
            f"'{field['name']}' of the type {type_}.\r\nParameter name: $filter",
        )


def _comparison(field: str, verb: str, value: Any) -> Test:
    def test(document: JsonObject) -> bool:
        there: Any = document.get(field)
        if verb in ("eq", "ne"):
            return (there == value) is (verb == "eq")
        if there is None or value is None:
            return False
        return {"gt": there > value, "ge": there >= value, "lt": there < value, "le": there <= value}[verb]

    return test


def _value(text: str) -> Any:
    return text[1:-1].replace("''", "'") if text.startswith("'") else json.loads(text)
