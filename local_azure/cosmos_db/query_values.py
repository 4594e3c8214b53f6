"""Values of a query as Cosmos DB compares them: of two types they are neither equal nor in an order.

https://learn.microsoft.com/azure/cosmos-db/nosql/query/
"""

from collections.abc import Callable, Mapping, Sequence
from enum import Enum
from typing import Any, Final, cast


class Undefined(Enum):
    """The type of `UNDEFINED`: what is not there, which is not null."""

    UNDEFINED = "undefined"


UNDEFINED: Final = Undefined.UNDEFINED
Value = Callable[[Any], Any]
"""What an expression is for one item."""


def at(value: Any, path: Sequence[str | int]) -> Any:
    """What is at a path in a value; `UNDEFINED` where nothing is."""
    for part in path:
        if isinstance(value, Mapping) and part in value:
            value = cast(Mapping[Any, Any], value)[part]
        elif isinstance(value, list) and isinstance(part, int) and 0 <= part < len(cast(list[Any], value)):
            value = cast(list[Any], value)[part]
        else:
            return UNDEFINED
    return value


def equal(one: Any, other: Any) -> Any:
    if UNDEFINED in (one, other):
        return UNDEFINED
    return _kind(one) == _kind(other) and one == other


def ordered(one: Any, other: Any, holds: Callable[[Any, Any], bool]) -> Any:
    """Whether `holds` of two numbers or two texts; `UNDEFINED` of anything else."""
    if _kind(one) != _kind(other) or _kind(one) not in ("number", "string"):
        return UNDEFINED
    return holds(one, other)


def sort_key(value: Any) -> tuple[int, Any]:
    """Undefined, null, false, true, numbers, texts, and the rest as they come."""
    places = {"undefined": 0, "null": 1, "boolean": 2, "number": 3, "string": 4}
    place = places.get(_kind(value), 5)
    return place, value if place in (2, 3, 4) else 0


def constant(value: Any) -> Value:
    return lambda _: value


def opposite(of: Value) -> Value:
    def found(item: Any) -> Any:
        value = of(item)
        return not value if isinstance(value, bool) else UNDEFINED

    return found


def joined(left: Value, right: Value, *, decides: bool) -> Value:
    """AND, which a False decides, and OR, which a True decides; of the undefined the rest says nothing."""

    def found(item: Any) -> Any:
        values = (left(item), right(item))
        if decides in [one for one in values if isinstance(one, bool)]:
            return decides
        return (not decides) if all(isinstance(one, bool) for one in values) else UNDEFINED

    return found


def _kind(value: Any) -> str:
    if value is UNDEFINED:
        return "undefined"
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int | float):
        return "number"
    return "string" if isinstance(value, str) else "array" if isinstance(value, list) else "object"


def _of_texts(ask: Callable[[str, str], bool]) -> Callable[..., Any]:
    def found(one: Any, other: Any, ignore_case: Any = False) -> Any:
        if not isinstance(one, str) or not isinstance(other, str):
            return UNDEFINED
        return ask(one.lower(), other.lower()) if ignore_case is True else ask(one, other)

    return found


def _total(values: list[Any], parts: int = 1) -> Any:
    if any(_kind(one) != "number" for one in values):
        return UNDEFINED
    return sum(values) if parts == 1 else sum(values) / parts


def _array_contains(array: Any, wanted: Any) -> Any:
    if not isinstance(array, list):
        return UNDEFINED
    return any(equal(one, wanted) is True for one in cast(list[Any], array))


def _of_one_text(make: Callable[[str], str]) -> Callable[[Any], Any]:
    return lambda value: make(value) if isinstance(value, str) else UNDEFINED


def _is_defined(value: Any) -> bool:
    return value is not UNDEFINED


def _is_null(value: Any) -> bool:
    return value is None


FUNCTIONS: Final[Mapping[str, Callable[..., Any]]] = {
    "ARRAY_CONTAINS": _array_contains,
    "CONTAINS": _of_texts(lambda one, other: other in one),
    "ENDSWITH": _of_texts(str.endswith),
    "IS_DEFINED": _is_defined,
    "IS_NULL": _is_null,
    "LOWER": _of_one_text(str.lower),
    "STARTSWITH": _of_texts(str.startswith),
    "UPPER": _of_one_text(str.upper),
}
"""Those that are served, by their names."""
AGGREGATES: Final[Mapping[str, Callable[[list[Any]], Any]]] = {
    "AVG": lambda values: _total(values, len(values)) if values else UNDEFINED,
    "COUNT": len,
    "MAX": lambda values: max(values, key=sort_key, default=UNDEFINED),
    "MIN": lambda values: min(values, key=sort_key, default=UNDEFINED),
    "SUM": _total,
}
"""Of the values that are defined; a sum is of numbers alone."""
