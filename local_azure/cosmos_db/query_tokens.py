"""A query of Cosmos DB in its tokens."""

import re
from collections.abc import Iterator
from typing import Final

_TOKEN: Final = re.compile(
    r"""\s*(?:(?P<string>'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*")|(?P<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)"""
    r"""|(?P<word>@?[A-Za-z_]\w*)|(?P<sign><>|!=|<=|>=|[-=<>(),.*\[\]]))"""
)


class NotServedError(ValueError):
    """What a query has that is not served here, or no query of Azure's either."""


def tokens(text: str) -> Iterator[tuple[str, str]]:
    """Each with its kind: string, number, word or sign. Raises NotServedError."""
    text = text.strip()
    place = 0
    while place < len(text):
        found = _TOKEN.match(text, place)
        if found is None:
            raise NotServedError(f"{text[place : place + 10]!r}")
        yield str(found.lastgroup), found[str(found.lastgroup)]
        place = found.end()


def unquoted(text: str) -> str:
    """The text that a token of kind string stands for."""
    inside = text[1:-1]
    return re.sub(r"\\(.)", lambda found: {"n": "\n", "t": "\t", "r": "\r"}.get(found[1], found[1]), inside)
