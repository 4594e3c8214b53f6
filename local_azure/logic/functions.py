"""The functions of expressions that read nothing of a run.

https://learn.microsoft.com/azure/logic-apps/workflow-definition-language-functions-reference
"""

import base64
import json
import math
import operator
import uuid
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import quote, unquote

_UNRESERVED: Final = "!'()*"


class ExpressionError(Exception):
    """An expression is none, or what it reads is not there."""


def text_of(value: Any) -> str:
    """A value inside of a text."""
    if value is None or isinstance(value, bool):
        return "" if value is None else str(value)
    return value if isinstance(value, str) else json.dumps(value)


def condition_holds(expression: Any) -> bool:
    """A condition as the designer writes it: and, or, not around comparisons; or one value."""
    if not isinstance(expression, Mapping):
        return bool(expression)
    for name, given in expression.items():  # pyright: ignore[reportUnknownVariableType] - JSON
        if name == "not":
            return not condition_holds(given)
        if name in ("and", "or"):
            parts: list[bool] = [condition_holds(one) for one in given]  # pyright: ignore[reportUnknownVariableType]
            return all(parts) if name == "and" else any(parts)
        return bool(FUNCTIONS[str(name).lower()](*given))  # pyright: ignore[reportUnknownArgumentType]
    return False


def _and(*given: Any) -> bool:
    return all(given)


def _or(*given: Any) -> bool:
    return any(given)


def _array(*given: Any) -> list[Any]:
    return list(given)


def _base64(value: Any) -> str:
    return base64.b64encode(text_of(value).encode()).decode()


def _from_base64(text: str) -> str:
    return base64.b64decode(text).decode()


def _bool(value: Any) -> bool:
    return str(value).lower() in ("true", "1")


def _coalesce(*given: Any) -> Any:
    return next((one for one in given if one is not None), None)


def _concat(*given: Any) -> str:
    return "".join(map(text_of, given))


def _contains(of: Any, wanted: Any) -> bool:
    return wanted in of


def _div(one: Any, other: Any) -> Any:
    return one // other if isinstance(one, int) and isinstance(other, int) else one / other


def _empty(value: Any) -> bool:
    return value is None or value in ("", [], {})


def _encoded(text: str) -> str:
    return quote(text, safe=_UNRESERVED)


def _ends_with(text: str, end: str) -> bool:
    return text.lower().endswith(end.lower())


def _first(of: Sequence[Any]) -> Any:
    return of[0] if of else None


def _guid(*_: Any) -> str:
    return str(uuid.uuid4())


def _int(value: Any) -> int:
    return math.trunc(float(value))


def _join(of: Sequence[Any], mark: str) -> str:
    return mark.join(map(text_of, of))


def _json(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value


def _last(of: Sequence[Any]) -> Any:
    return of[-1] if of else None


def _starts_with(text: str, start: str) -> bool:
    return text.lower().startswith(start.lower())


def _substring(text: str, start: int, *length: int) -> str:
    rest = text[start:]
    return rest[: length[0]] if length else rest


def _utc_now(*_: Any) -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f0Z")


FUNCTIONS: Final[Mapping[str, Callable[..., Any]]] = {
    "add": operator.add,
    "and": _and,
    "base64": _base64,
    "base64tostring": _from_base64,
    "bool": _bool,
    "coalesce": _coalesce,
    "concat": _concat,
    "contains": _contains,
    "createarray": _array,
    "div": _div,
    "empty": _empty,
    "encodeuricomponent": _encoded,
    "endswith": _ends_with,
    "equals": operator.eq,
    "first": _first,
    "float": float,
    "greater": operator.gt,
    "greaterorequals": operator.ge,
    "guid": _guid,
    "int": _int,
    "join": _join,
    "json": _json,
    "last": _last,
    "length": len,
    "less": operator.lt,
    "lessorequals": operator.le,
    "mod": operator.mod,
    "mul": operator.mul,
    "not": operator.not_,
    "or": _or,
    "replace": str.replace,
    "split": str.split,
    "startswith": _starts_with,
    "string": text_of,
    "sub": operator.sub,
    "substring": _substring,
    "tolower": str.lower,
    "toupper": str.upper,
    "trim": str.strip,
    "uricomponent": _encoded,
    "uricomponenttostring": unquote,
    "utcnow": _utc_now,
}
"""By their names in lower case."""
