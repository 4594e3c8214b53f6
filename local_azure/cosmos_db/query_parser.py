"""A part of Cosmos DB's SQL, read into functions: SELECT, FROM one container, WHERE, ORDER BY, OFFSET, LIMIT.

https://learn.microsoft.com/azure/cosmos-db/nosql/query/
"""

import inspect
import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from local_azure.cosmos_db.query_reader import WORDS, TokenReader
from local_azure.cosmos_db.query_tokens import NotServedError, unquoted
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


class _Parser(TokenReader):
    def __init__(self, text: str, parameters: Mapping[str, Any]) -> None:
        super().__init__(text, parameters)
        self._alias = "c"

    def query(self) -> Query:
        found = Query()
        self.need("SELECT")
        if self.take("TOP"):
            found.limit = self.whole_number()
        selected = self._place
        self.skip_to("FROM")
        self._from()
        ending, self._place = self._place, selected
        self._select(found)
        if self.peek() != "FROM":
            raise NotServedError(f"{self.peek()!r} in the SELECT clause")
        self._place = ending
        if self.take("WHERE"):
            found.where = self._either()
        if self.take("ORDER"):
            self.need("BY")
            found.order = self._orders()
        if self.take("OFFSET"):
            if found.limit is not None or found.aggregate is not None:
                raise NotServedError("OFFSET beside TOP or an aggregate")
            found.offset = self.whole_number()
            self.need("LIMIT")
            found.limit = self.whole_number()
        if self.peek():
            raise NotServedError(f"{self.peek()!r} at its end")
        return found

    def _from(self) -> None:
        self.need("FROM")
        self._alias = self.name()
        self.take("AS")
        if self.kind() == "word" and self.peek() not in WORDS:
            self._alias = self.name()

    def _select(self, found: Query) -> None:
        if self.take("*"):
            return
        found.value = self.take("VALUE")
        if found.value and self.peek() in AGGREGATES and self.after() == "(":
            found.aggregate = AGGREGATES[self.next()]
            self.need("(")
            found.columns = [("$1", self._either())]
            self.need(")")
            return
        columns: list[tuple[str, Value]] = []
        while True:
            column, name = self._either(), self._named()
            name = self.name() if self.take("AS") else name
            columns.append((name or f"${len(columns) + 1}", column))
            if found.value or not self.take(","):
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
            descends = self.take("DESC")
            orders.append((by, descends or (self.take("ASC") and False)))
            if not self.take(","):
                return orders

    def _either(self) -> Value:
        left = self._both()
        while self.take("OR"):
            left = joined(left, self._both(), decides=True)
        return left

    def _both(self) -> Value:
        left = self._negated()
        while self.take("AND"):
            left = joined(left, self._negated(), decides=False)
        return left

    def _negated(self) -> Value:
        if self.take("NOT"):
            return opposite(self._negated())
        return self._compared()

    def _compared(self) -> Value:
        left = self._one()
        if self.take("="):
            right = self._one()
            return lambda item: equal(left(item), right(item))
        if self.take("!=") or self.take("<>"):
            right = self._one()
            return opposite(lambda item: equal(left(item), right(item)))
        if (sign := self.peek()) in _ORDERS:
            self.next()
            right = self._one()
            return lambda item: ordered(left(item), right(item), _ORDERS[sign])
        if self.take("BETWEEN"):
            low = self._one()
            self.need("AND")
            high = self._one()
            least: Value = lambda item: ordered(left(item), low(item), operator.ge)  # noqa: E731
            most: Value = lambda item: ordered(left(item), high(item), operator.le)  # noqa: E731
            return joined(least, most, decides=False)
        negated = self.take("NOT")
        if self.take("IN"):
            among = self._arguments()
            inside: Value = lambda item: any(equal(left(item), one(item)) is True for one in among)  # noqa: E731
            return opposite(inside) if negated else inside
        if negated:
            raise NotServedError("NOT before something else than IN")
        return left

    def _one(self) -> Value:
        kind, text = self.kind(), self.peek()
        if self.take("("):
            inside = self._either()
            self.need(")")
            return inside
        if self.take("-"):
            return constant(-self.number())
        if kind == "string":
            self.next()
            return constant(unquoted(text))
        if kind == "number":
            return constant(self.number())
        if kind != "word":
            raise NotServedError(f"{text!r} in the place of a value")
        name = self.name()
        if name.startswith("@"):
            if name not in self.parameters:
                raise NotServedError(f"no value for {name}")
            return self._path(constant(self.parameters[name]))
        if self.peek() == "(":
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
        self.need("(")
        found = [self._either()]
        while self.take(","):
            found.append(self._either())
        self.need(")")
        return found

    def _path(self, of: Value) -> Value:
        path: list[str | int] = []
        while True:
            if self.take("."):
                path.append(self.name())
            elif self.take("["):
                kind, text = self.kind(), self.next()
                path.append(unquoted(text) if kind == "string" else int(text) if text.isdecimal() else text)
                self.need("]")
            else:
                return (lambda item: at(of(item), path)) if path else of
