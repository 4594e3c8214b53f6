"""`$filter`: which entities a query asks for.

https://learn.microsoft.com/rest/api/storageservices/querying-tables-and-entities
"""

import base64
import operator
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final, Protocol

from local_azure.rules import Rule
from local_azure.storage.refusals import refusal
from local_azure.storage.table_values import (
    BINARY,
    BOOLEAN,
    DATETIME,
    DOUBLE,
    GUID,
    INT32,
    INT64,
    STRING,
    Value,
    invalid_input,
    read_value,
)

_TOKEN: Final = re.compile(
    r"""\s*(?:
        (?P<typed>datetime|guid|binary|X)'(?P<of>[^']*)'
      | '(?P<text>(?:[^']|'')*)'
      | (?P<number>-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)(?P<long>[lL])?(?![\w.])
      | (?P<name>[^\W\d]\w*)
      | (?P<sign>[(),])
    )""",
    re.VERBOSE,
)
_OPERATORS: Final[Mapping[str, Callable[[Any, Any], bool]]] = {
    "eq": operator.eq,
    "ne": operator.ne,
    "gt": operator.gt,
    "ge": operator.ge,
    "lt": operator.lt,
    "le": operator.le,
}
_MIRRORED: Final = {"gt": "lt", "ge": "le", "lt": "gt", "le": "ge"}
_LONGEST_INT32: Final = len(str(-(2**31)))
_MOST_COMPARISONS: Final = 15
_DEEPEST: Final = 50
"""Parentheses and `not` in each other: more than fifteen comparisons have use for."""

RULES: Final = [
    Rule(
        "I14",
        "refusal",
        "A filter compares properties with values, with and, or, not and parentheses; a function in it is "
        "refused (501 NotImplemented), and so is what cannot be read (400 InvalidInput).",
        held_by="i14_a_filter_that_the_service_does_not_know_is_refused",
    ),
    Rule(
        "I14",
        "assumed",
        "A filter has at most 15 comparisons: 400 InvalidInput. The page gives the number, not the code.",
        held_by="i14_a_filter_that_the_service_does_not_know_is_refused",
    ),
    Rule(
        "I14",
        "assumed",
        "What is compared has the same type, but for numbers, or it does not match.",
        held_by="i14_a_query_finds_what_its_filter_says",
    ),
]


class Compared(Protocol):
    """What has properties that a filter looks at."""

    def value(self, name: str, /) -> Value | None:
        """Of the property of that name, None where there is none."""
        ...


Filter = Callable[[Compared], bool]


def read_filter(text: str) -> Filter:
    """The filter that a query says; all match an empty one. Raises Refusal 400 or 501."""
    if not text.strip():
        return lambda _: True
    tokens = list(_tokens(text))
    if sum(token in _OPERATORS for token in tokens) > _MOST_COMPARISONS:
        raise invalid_input()
    reader = _Reader(tokens)
    found = reader.either()
    if reader.rest:
        raise invalid_input()
    return found


def _tokens(text: str) -> Iterator[str | Value]:
    """Names, words and signs as they are, literals as values."""
    text, at = text.strip(), 0
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None:
            raise invalid_input()
        at = found.end()
        yield _literal(found) if found["name"] is None and found["sign"] is None else found[0].strip()


def _literal(found: re.Match[str]) -> Value:
    if found["text"] is not None:
        return Value(STRING, found["text"].replace("''", "'"))
    if found["typed"] is not None:
        return _typed(found["typed"], found["of"])
    number = found["number"]
    whole = number.lstrip("-").isdecimal()
    if found["long"]:
        return read_value(number, INT64)
    if whole and len(number) <= _LONGEST_INT32 and -(2**31) <= int(number) < 2**31:
        return read_value(number, INT32)
    return read_value(number, INT64 if whole else DOUBLE)


def _typed(word: str, text: str) -> Value:
    match word:
        case "datetime":
            return read_value(text, DATETIME)
        case "guid":
            return read_value(text, GUID)
        case _:
            try:
                plain = bytes.fromhex(text)
            except ValueError:
                raise invalid_input() from None
            return Value(BINARY, base64.b64encode(plain).decode())


class _Reader:
    """Reads `either`, a filter whose parts are joined by `or`, and below it what binds more closely."""

    def __init__(self, tokens: Sequence[str | Value]) -> None:
        self.rest = list(tokens)
        self._depth = 0

    def either(self) -> Filter:
        parts = [self._both()]
        while self._takes("or"):
            parts.append(self._both())
        return lambda one: any(part(one) for part in parts)

    def _both(self) -> Filter:
        parts = [self._not()]
        while self._takes("and"):
            parts.append(self._not())
        return lambda one: all(part(one) for part in parts)

    def _not(self) -> Filter:
        if self.rest[:1] not in (["not"], ["("]):
            return self._comparison()
        self._depth += 1
        if self._depth > _DEEPEST:
            raise invalid_input()
        if self._takes("not"):
            found = _negated(self._not())
        else:
            self._takes("(")
            found = self.either()
            if not self._takes(")"):
                raise invalid_input()
        self._depth -= 1
        return found

    def _comparison(self) -> Filter:
        left = self._operand()
        if not self.rest or self.rest[0] not in _OPERATORS:
            return _is_true(left)
        word = str(self.rest.pop(0))
        right = self._operand()
        if isinstance(left, Value) and isinstance(right, str):
            left, right, word = right, left, _MIRRORED.get(word, word)
        if isinstance(left, Value) or isinstance(right, str):
            raise invalid_input()
        return _compares(left, _OPERATORS[word], right)

    def _operand(self) -> str | Value:
        """The name of a property, or a value."""
        if not self.rest:
            raise invalid_input()
        token = self.rest.pop(0)
        if token in ("true", "false"):
            return Value(BOOLEAN, token == "true")
        if isinstance(token, str) and self.rest[:1] == ["("] and token != ")":
            text = "The requested operation is not implemented on the specified resource."
            raise refusal(501, "NotImplemented", text)
        if token in ("(", ")", ",", "and", "or", "not", *_OPERATORS):
            raise invalid_input()
        return token

    def _takes(self, word: str) -> bool:
        if self.rest[:1] == [word]:
            self.rest.pop(0)
            return True
        return False


def _negated(inner: Filter) -> Filter:
    return lambda one: not inner(one)


def _is_true(operand: str | Value) -> Filter:
    """A property that is a boolean stands for itself."""
    if isinstance(operand, Value):
        raise invalid_input()
    return _compares(operand, operator.eq, Value(BOOLEAN, True))


def _compares(name: str, compare: Callable[[Any, Any], bool], wanted: Value) -> Filter:
    kind, value = wanted.compared()

    def matches(one: Compared) -> bool:
        found = one.value(name)
        if found is None:
            return False
        own_kind, own = found.compared()
        return own_kind == kind and compare(own, value)

    return matches
