"""Reading the tokens of a query one after another, and refusing what is not there."""

import json
from collections.abc import Mapping
from typing import Any, Final

from local_azure.cosmos_db.query_tokens import NotServedError, tokens
from local_azure.cosmos_db.query_values import AGGREGATES

WORDS: Final = frozenset(
    ["AND", "AS", "ASC", "BETWEEN", "BY", "DESC", "FROM", "IN", "LIMIT", "NOT", "OFFSET", "OR", "ORDER",
     "SELECT", "TOP", "VALUE", "WHERE"]
)  # fmt: skip


class TokenReader:
    """The tokens of a query, and how far they are read. `parameters` are values by their names."""

    def __init__(self, text: str, parameters: Mapping[str, Any]) -> None:
        self.parameters = parameters
        self._tokens = list(tokens(text))
        self._place = 0

    def kind(self) -> str:
        """Of the next token; empty at the end."""
        return self._tokens[self._place][0] if self._place < len(self._tokens) else ""

    def peek(self) -> str:
        """The next token, a word of SQL in capitals; empty at the end."""
        if self._place >= len(self._tokens):
            return ""
        kind, text = self._tokens[self._place]
        known = text.upper() in WORDS or text.upper() in AGGREGATES
        return text.upper() if kind == "word" and known else text

    def after(self) -> str:
        """The token behind the next one; empty where there is none."""
        return self._tokens[self._place + 1][1] if self._place + 1 < len(self._tokens) else ""

    def next(self) -> str:
        """Take the next token, whatever it is. Raises NotServedError at the end."""
        text = self.peek()
        if not text:
            raise NotServedError("its end, where more is expected")
        self._place += 1
        return text

    def name(self) -> str:
        """A name as it was written, though it may be a word of SQL elsewhere."""
        if self.kind() != "word":
            raise NotServedError(f"{self.peek()!r} in the place of a name")
        self._place += 1
        return self._tokens[self._place - 1][1]

    def take(self, text: str) -> bool:
        """Take the next token if it is this one; whether it was."""
        if self.peek() != text or self.kind() == "string":
            return False
        self._place += 1
        return True

    def need(self, text: str) -> None:
        """Take this token. Raises NotServedError for another."""
        if not self.take(text):
            raise NotServedError(f"{self.peek()!r} in the place of {text}")

    def skip_to(self, text: str) -> None:
        """Take all tokens before this one."""
        while self.peek() != text:
            self.next()

    def number(self) -> int | float:
        """Raises NotServedError for what is none."""
        if self.kind() != "number":
            raise NotServedError(f"{self.peek()!r} in the place of a number")
        return json.loads(self.next())

    def whole_number(self) -> int:
        """A number, or a parameter that is one."""
        is_given = self.peek() in self.parameters
        found = self.parameters[self.next()] if is_given else self.number()
        if not isinstance(found, int) or isinstance(found, bool) or found < 0:
            raise NotServedError(f"{found!r} in the place of a whole number")
        return found
