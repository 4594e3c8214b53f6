"""Expressions of the workflow definition language: read when a workflow is written, evaluated in a run.

https://learn.microsoft.com/azure/logic-apps/workflow-definition-language-functions-reference
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, cast

from local_azure.errors import not_served
from local_azure.logic.functions import FUNCTIONS, ExpressionError, text_of

_TOKEN: Final = re.compile(
    r"\s*(?:(?P<text>'(?:[^']|'')*')|(?P<number>-?\d+(?:\.\d+)?)|(?P<name>[A-Za-z_$][\w$]*)|"
    r"(?P<mark>\?\[|\?\.|[\[\](),.]))"
)
_PIECE: Final = re.compile(r"@\{((?:[^{}']|'(?:[^']|'')*')*)\}")
_CONSTANTS: Final[Mapping[str, Any]] = {"true": True, "false": False, "null": None}
OF_RUN: Final = frozenset(
    {
        "actionbody", "actionoutputs", "actions", "body", "item", "items", "outputs", "parameters",
        "trigger", "triggerbody", "triggeroutputs", "variables", "workflow",
    }
)  # fmt: skip
"""Functions that read the run."""
_CHOICE: Final = "if"
"""The function that evaluates one of its two values alone."""

Node = tuple[Any, ...]
Reads = Callable[[str, list[Any]], Any]
"""What a function of `OF_RUN` gives, by its name in lower case and its arguments."""


@dataclass
class _Parser:
    """One expression, from its first token on."""

    tokens: list[tuple[str, str]]
    at: int = 0

    def value(self) -> Node:
        node = self._primary()
        while (mark := self._peek()[1]) in (".", "?.", "[", "?["):
            self.at += 1
            if mark.endswith("["):
                key = self.value()
                self._expect("]")
            else:
                key = ("constant", self._take("name"))
            node = ("member", node, key, mark.startswith("?"))
        return node

    def _primary(self) -> Node:
        kind, text = self._peek()
        self.at += 1
        if kind == "text":
            return ("constant", text[1:-1].replace("''", "'"))
        if kind == "number":
            return ("constant", float(text) if "." in text else int(text))
        if kind != "name":
            raise ExpressionError(f"'{text or 'the end'}' is not expected there")
        if self._peek()[1] != "(":
            if text.lower() in _CONSTANTS:
                return ("constant", _CONSTANTS[text.lower()])
            raise ExpressionError(f"'{text}' is no function that is called")
        self.at += 1
        arguments: list[Node] = []
        while self._peek()[1] != ")":
            arguments.append(self.value())
            if self._peek()[1] == ",":
                self.at += 1
        self._expect(")")
        return ("call", text, arguments)

    def _peek(self) -> tuple[str, str]:
        return self.tokens[self.at] if self.at < len(self.tokens) else ("", "")

    def _take(self, kind: str) -> str:
        found, text = self._peek()
        if found != kind:
            raise ExpressionError(f"'{text or 'the end'}' is not expected there")
        self.at += 1
        return text

    def _expect(self, mark: str) -> None:
        if self._peek()[1] != mark:
            raise ExpressionError(f"'{mark}' is missing")
        self.at += 1


def parsed(expression: str) -> Node:
    """Raises ExpressionError for what is none."""
    tokens: list[tuple[str, str]] = []
    at = 0
    while at < len(expression.rstrip()):
        found = _TOKEN.match(expression, at)
        if found is None:
            raise ExpressionError(f"the character '{expression[at:].lstrip()[:1]}' is not expected there")
        kind = str(found.lastgroup)
        tokens.append((kind, found[kind]))
        at = found.end()
    parser = _Parser(tokens)
    node = parser.value()
    if parser.at != len(tokens):
        raise ExpressionError(f"'{tokens[parser.at][1]}' is not expected there")
    return node


def expressions_in(value: Any) -> Iterator[str]:
    """Every expression of a part of a definition, without its `@`."""
    if isinstance(value, str):
        if value.startswith("@") and not value.startswith(("@@", "@{")):
            yield value[1:]
        else:
            yield from _PIECE.findall(value)
    elif isinstance(value, list):
        for one in cast(list[Any], value):
            yield from expressions_in(one)
    elif isinstance(value, Mapping):
        for key, one in cast(Mapping[str, Any], value).items():
            yield from expressions_in(key)
            yield from expressions_in(one)


def require_served(node: Node) -> None:
    """Raises Refusal 501 for a function that Azure has and the local one has not."""
    kind, *rest = node
    if kind == "call":
        name, arguments = rest
        if name.lower() not in (*FUNCTIONS, *OF_RUN, _CHOICE):
            raise not_served(f"the function {name}() of workflows")
        for one in arguments:
            require_served(one)
    elif kind == "member":
        require_served(rest[0])
        require_served(rest[1])


def evaluated(value: Any, reads: Reads) -> Any:
    """A part of a definition with every expression in it evaluated. Raises ExpressionError."""
    if isinstance(value, str):
        return _text(value, reads)
    if isinstance(value, list):
        return [evaluated(one, reads) for one in cast(list[Any], value)]
    if isinstance(value, Mapping):
        given = cast(Mapping[str, Any], value)
        return {str(_text(key, reads)): evaluated(one, reads) for key, one in given.items()}
    return value


def _text(text: str, reads: Reads) -> Any:
    if text.startswith("@@"):
        return text[1:]
    if text.startswith("@") and not text.startswith("@{"):
        return _value(parsed(text[1:]), reads)
    whole = _PIECE.fullmatch(text)
    if whole is None and "@{" not in text:
        return text
    return _PIECE.sub(lambda found: text_of(_value(parsed(found[1]), reads)), text)


def _value(node: Node, reads: Reads) -> Any:
    kind, *rest = node
    if kind == "constant":
        return rest[0]
    if kind == "member":
        of, key, is_lenient = _value(rest[0], reads), _value(rest[1], reads), rest[2]
        return _member(of, key, is_lenient=is_lenient)
    name, arguments = rest[0].lower(), rest[1]
    if name == _CHOICE:
        chosen = 1 if _value(arguments[0], reads) else 2
        return _value(arguments[chosen], reads)
    given = [_value(one, reads) for one in arguments]
    if name in OF_RUN:
        return reads(name, given)
    try:
        return FUNCTIONS[name](*given)
    except (TypeError, ValueError, AttributeError, IndexError, KeyError) as error:
        raise ExpressionError(f"the function '{rest[0]}' was given what it does not take: {error}") from None


def _member(of: Any, key: Any, *, is_lenient: bool) -> Any:
    if isinstance(of, Mapping) and isinstance(key, str):
        found = cast(Mapping[str, Any], of)
        for name, value in found.items():
            if name.lower() == key.lower():
                return value
    elif isinstance(of, list) and isinstance(key, int):
        items = cast(list[Any], of)
        if -1 < key < len(items):
            return items[key]
    if is_lenient:
        return None
    raise ExpressionError(f"the property '{key}' is not there")
