"""A part of Cosmos DB's SQL, read into functions: SELECT, FROM one container, WHERE, ORDER BY, OFFSET, LIMIT.

https://learn.microsoft.com/azure/cosmos-db/nosql/query/
"""

import inspect
import json
import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from local_azure.cosmos_db.query_tokens import NotServedError, tokens, unquoted
from local_azure.cosmos_db.query_values import (
    AGGREGATES,
    FUNCTIONS,
    UNDEFINED,
    Value,
    at,
    constant,
    equal,
    joined,
    opposite,
    ordered,
)

_ORDERS: Final[Mapping[str, Callable[[Any, Any], bool]]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip
_WORDS: Final = frozenset(
    ["AND", "AS", "ASC", "BETWEEN", "BY", "DESC", "FROM", "IN", "LIMIT", "NOT", "OFFSET", "OR", "ORDER",
     "SELECT", "TOP", "VALUE", "WHERE"]
)  # fmt: skip


@dataclass
class Query:
    """`columns` is None for whole items; with `value` there is one column, whose value is the result."""

    columns: Sequence[tuple[str, Value]] | None = None
    value: bool = False
    aggregate: Callable[[list[Any]], Any] | None = None
    where: Value | None = None
    order: Sequence[tuple[Value, bool]] = ()
    """Each with whether it descends."""
    offset: int = 0
    limit: int | None = None


def parse(text: str, parameters: Mapping[str, Any]) -> Query:
    """Raises NotServedError."""
    return _Parser(text, parameters).query()


class _Parser:
    def __init__(self, text: str, parameters: Mapping[str, Any]) -> None:
        self._parameters = parameters
        self._tokens = list(tokens(text))
        self._place = 0
        self._alias = "c"

    def query(self) -> Query:
        found = Query()
        self._need("SELECT")
        if self._take("TOP"):
            found.limit = self._whole_number()
        selected = self._place
        self._skip_to("FROM")
        self._from()
        ending, self._place = self._place, selected
        self._select(found)
        if self._peek() != "FROM":
            raise NotServedError(f"{self._peek()!r} in the SELECT clause")
        self._place = ending
        if self._take("WHERE"):
            found.where = self._either()
        if self._take("ORDER"):
            self._need("BY")
            found.order = self._orders()
        if self._take("OFFSET"):
            if found.limit is not None or found.aggregate is not None:
                raise NotServedError("OFFSET beside TOP or an aggregate")
            found.offset = self._whole_number()
            self._need("LIMIT")
            found.limit = self._whole_number()
        if self._peek():
            raise NotServedError(f"{self._peek()!r} at its end")
        return found

    def _from(self) -> None:
        self._need("FROM")
        self._alias = self._name()
        self._take("AS")
        if self._kind() == "word" and self._peek() not in _WORDS:
            self._alias = self._name()

    def _select(self, found: Query) -> None:
        if self._take("*"):
            return
        found.value = self._take("VALUE")
        if found.value and self._peek() in AGGREGATES and self._after() == "(":
            found.aggregate = AGGREGATES[self._next()]
            self._need("(")
            found.columns = [("$1", self._either())]
            self._need(")")
            return
        columns: list[tuple[str, Value]] = []
        while True:
            column, name = self._either(), self._named()
            name = self._name() if self._take("AS") else name
            columns.append((name or f"${len(columns) + 1}", column))
            if found.value or not self._take(","):
                break
        if not found.value and len(columns) == 1 and columns[0][0] == self._alias:
            raise NotServedError("an item under its container's own name; write SELECT *")
        found.columns = columns

    def _named(self) -> str:
        """What the column that was just read is called by itself: by the last name of its path."""
        *_, before, last = [("", ""), *self._tokens[: self._place]]
        if last[0] == "word":
            return last[1]
        return unquoted(before[1]) if last[1] == "]" and before[0] == "string" else ""

    def _orders(self) -> list[tuple[Value, bool]]:
        orders: list[tuple[Value, bool]] = []
        while True:
            by = self._either()
            descends = self._take("DESC")
            orders.append((by, descends or (self._take("ASC") and False)))
            if not self._take(","):
                return orders

    def _either(self) -> Value:
        left = self._both()
        while self._take("OR"):
            left = joined(left, self._both(), decides=True)
        return left

    def _both(self) -> Value:
        left = self._negated()
        while self._take("AND"):
            left = joined(left, self._negated(), decides=False)
        return left

    def _negated(self) -> Value:
        if self._take("NOT"):
            return opposite(self._negated())
        return self._compared()

    def _compared(self) -> Value:
        left = self._one()
        if self._take("="):
            right = self._one()
            return lambda item: equal(left(item), right(item))
        if self._take("!=") or self._take("<>"):
            right = self._one()
            return opposite(lambda item: equal(left(item), right(item)))
        if (sign := self._peek()) in _ORDERS:
            self._next()
            right = self._one()
            return lambda item: ordered(left(item), right(item), _ORDERS[sign])
        if self._take("BETWEEN"):
            low = self._one()
            self._need("AND")
            high = self._one()
            least: Value = lambda item: ordered(left(item), low(item), operator.ge)  # noqa: E731
            most: Value = lambda item: ordered(left(item), high(item), operator.le)  # noqa: E731
            return joined(least, most, decides=False)
        negated = self._take("NOT")
        if self._take("IN"):
            among = self._arguments()
            inside: Value = lambda item: any(equal(left(item), one(item)) is True for one in among)  # noqa: E731
            return opposite(inside) if negated else inside
        if negated:
            raise NotServedError("NOT before something else than IN")
        return left

    def _one(self) -> Value:
        kind, text = self._kind(), self._peek()
        if self._take("("):
            inside = self._either()
            self._need(")")
            return inside
        if self._take("-"):
            return constant(-self._number())
        if kind == "string":
            self._next()
            return constant(unquoted(text))
        if kind == "number":
            return constant(self._number())
        if kind != "word":
            raise NotServedError(f"{text!r} in the place of a value")
        name = self._name()
        if name.startswith("@"):
            if name not in self._parameters:
                raise NotServedError(f"no value for {name}")
            return self._path(constant(self._parameters[name]))
        if self._peek() == "(":
            return self._function(name)
        if name in ("true", "false", "null", "undefined"):
            return constant({"true": True, "false": False, "null": None, "undefined": UNDEFINED}[name])
        if name != self._alias:
            raise NotServedError(f"{name!r}, which is not {self._alias!r}")
        return self._path(lambda item: item)

    def _function(self, name: str) -> Value:
        function, arguments = FUNCTIONS.get(name.upper()), self._arguments()
        if function is None:
            raise NotServedError(f"the function {name}")

        try:
            inspect.signature(function).bind(*arguments)
        except TypeError:
            raise NotServedError(f"the function {name} with {len(arguments)} arguments") from None
        return lambda item: function(*(one(item) for one in arguments))

    def _arguments(self) -> list[Value]:
        self._need("(")
        found = [self._either()]
        while self._take(","):
            found.append(self._either())
        self._need(")")
        return found

    def _path(self, of: Value) -> Value:
        path: list[str | int] = []
        while True:
            if self._take("."):
                path.append(self._name())
            elif self._take("["):
                kind, text = self._kind(), self._next()
                path.append(unquoted(text) if kind == "string" else int(text) if text.isdecimal() else text)
                self._need("]")
            else:
                return (lambda item: at(of(item), path)) if path else of

    def _kind(self) -> str:
        return self._tokens[self._place][0] if self._place < len(self._tokens) else ""

    def _peek(self) -> str:
        """The next token, a word of SQL in capitals; empty at the end."""
        if self._place >= len(self._tokens):
            return ""
        kind, text = self._tokens[self._place]
        known = text.upper() in _WORDS or text.upper() in AGGREGATES
        return text.upper() if kind == "word" and known else text

    def _after(self) -> str:
        return self._tokens[self._place + 1][1] if self._place + 1 < len(self._tokens) else ""

    def _next(self) -> str:
        text = self._peek()
        if not text:
            raise NotServedError("its end, where more is expected")
        self._place += 1
        return text

    def _name(self) -> str:
        """A name as it was written, though it may be a word of SQL elsewhere."""
        if self._kind() != "word":
            raise NotServedError(f"{self._peek()!r} in the place of a name")
        self._place += 1
        return self._tokens[self._place - 1][1]

    def _take(self, text: str) -> bool:
        if self._peek() != text or self._kind() == "string":
            return False
        self._place += 1
        return True

    def _need(self, text: str) -> None:
        if not self._take(text):
            raise NotServedError(f"{self._peek()!r} in the place of {text}")

    def _skip_to(self, text: str) -> None:
        while self._peek() != text:
            self._next()

    def _number(self) -> int | float:
        if self._kind() != "number":
            raise NotServedError(f"{self._peek()!r} in the place of a number")
        return json.loads(self._next())

    def _whole_number(self) -> int:
        """A number, or a parameter that is one."""
        is_given = self._peek() in self._parameters
        found = self._parameters[self._next()] if is_given else self._number()
        if not isinstance(found, int) or isinstance(found, bool) or found < 0:
            raise NotServedError(f"{found!r} in the place of a whole number")
        return found
