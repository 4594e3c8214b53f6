"""A search among documents: a small part of what Azure finds, and none of how it weighs.

https://learn.microsoft.com/rest/api/searchservice/documents/search-post
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from local_azure.ai_search.access import refusal
from local_azure.ai_search.fields import Fields, names_in, not_served, require
from local_azure.ai_search.filters import read_filter
from local_azure.http import JsonObject
from local_azure.rules import Rule

Document = JsonObject
_SERVED: Final = frozenset(
    {
        "count",
        "filter",
        "orderby",
        "queryType",
        "search",
        "searchFields",
        "searchMode",
        "select",
        "skip",
        "top",
    }
)
_MOST: Final = 1000
_FURTHEST: Final = 100_000
"""How many hits can be skipped."""

RULES: Final = [
    Rule(
        "X6",
        "behaviour",
        "Words are found in the searchable fields, whole and in any case; all or any of them. A filter "
        "compares filterable fields, and orders go by sortable ones. How hits are weighed is not Azure's.",
        held_by="x6_words_are_found_and_filters_hold",
    ),
]


@dataclass(frozen=True)
class Found:
    """Documents with how often the words were found in each, and how many there are in all."""

    hits: Sequence[tuple[Document, float]]
    count: int


def search(fields: Sequence[JsonObject], documents: Sequence[Document], asked: JsonObject) -> Found:
    """Raises Refusal 400 for what the index does not allow, 501 for what is not served here."""
    given = {key: value for key, value in asked.items() if value is not None}
    unserved = sorted(set(given) - _SERVED)
    if unserved or str(given.get("queryType", "simple")) != "simple":
        what = ", ".join(unserved) or f"queryType {given['queryType']}"
        raise not_served(what)
    by_name = {str(field["name"]): field for field in fields}
    holds = read_filter(str(given["filter"]), by_name) if given.get("filter") else _everything
    words = _words(str(given.get("search") or "*"))
    inside = names_in(given.get("searchFields"))
    for name in inside:
        require(by_name, name, "searchable", "searchFields")
    inside = inside or [name for name, field in by_name.items() if field.get("searchable")]
    every = str(given.get("searchMode", "any")) == "all"
    scored = [(one, _score(one, words, inside, every=every)) for one in documents if holds(one)]
    hits = [(one, score) for one, score in scored if score > 0]
    hits.sort(key=lambda hit: -hit[1])
    for order in reversed(names_in(given.get("orderby"))):
        name, _, direction = order.partition(" ")
        if "(" in name:
            raise not_served(f"orders by {name}")
        require(by_name, name, "sortable", "$orderby")
        hits.sort(key=lambda hit: _sortable(hit[0].get(name)), reverse=direction.strip().lower() == "desc")
    start, most = _whole(given, "skip", 0, _FURTHEST), min(_whole(given, "top", 50), _MOST)
    selected = names_in(given.get("select"))
    for name in selected:
        require(by_name, name, "retrievable", "$select")
    page = [(_selected(one, selected, by_name), score) for one, score in hits[start : start + most]]
    return Found(page, len(hits))


def _whole(given: JsonObject, name: str, default: int, most: int | None = None) -> int:
    """A number as GET or POST writes it. Raises Refusal 400 for any other."""
    text = str(given.get(name, default))
    number = int(text) if text.isascii() and text.isdigit() else -1
    if number < 0 or (most is not None and number > most):
        upper = "" if most is None else f" up to {most}"
        raise refusal(400, f"Invalid expression: '{name}' must be a whole number from 0{upper}.")
    return number


def _everything(_document: Document) -> bool:
    return True


def _words(text: str) -> list[str]:
    """The words to find; none where everything is wanted."""
    if text.strip() == "*":
        return []
    if re.search(r'["+|*()~-](?=\S)|\S[*~]', text):
        raise not_served("operators")
    return re.findall(r"\w+", text.lower())


def _score(document: Document, words: Sequence[str], fields: Sequence[str], *, every: bool) -> float:
    if not words:
        return 1.0
    there = [word for name in fields for word in re.findall(r"\w+", _text(document.get(name)).lower())]
    counts = [there.count(word) for word in words]
    return 0.0 if every and not all(counts) else float(sum(counts))


def _text(value: Any) -> str:
    return " ".join(map(str, value)) if isinstance(value, list) else str(value or "")  # pyright: ignore[reportUnknownArgumentType]


def _sortable(value: Any) -> tuple[bool, Any]:
    return (value is not None, value)


def _selected(document: Document, names: Sequence[str], fields: Fields) -> Document:
    shown = {
        name: document.get(name) for name, field in fields.items() if field.get("retrievable") is not False
    }
    return {name: value for name, value in shown.items() if name in names} if names else shown
