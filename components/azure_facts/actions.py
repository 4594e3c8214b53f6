"""What patterns of actions name, and whether some name all that others do.

In a pattern `*` stands for any text, and case means nothing.
https://learn.microsoft.com/azure/role-based-access-control/role-definitions#actions
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from .roles import Permissions

_ANY: Final = "\0"
"""Stands for a text that no pattern spells: what matches it, matches any text in its place."""


@dataclass(frozen=True)
class Named:
    """Actions by patterns: those of `patterns` but those of `but`."""

    patterns: tuple[str, ...]
    but: tuple[str, ...] = ()


def named_by(permissions: Permissions, *, data: bool) -> Named:
    """The actions of one block of a role, on what is in resources (`data`) or on resources themselves."""
    if data:
        return Named(permissions.data_actions, permissions.not_data_actions)
    return Named(permissions.actions, permissions.not_actions)


def contains(wide: str, narrow: str) -> bool:
    """Whether the pattern `wide` names every action that `narrow` does, which may be a single action."""
    return _matches(_parts(wide), _text(narrow))


def any_contains(wide: Iterable[str], narrow: str) -> bool:
    """Whether one of the patterns `wide` names every action that `narrow` does."""
    text = _text(narrow)
    return any(_matches(_parts(one), text) for one in wide)


def covered(pattern: str, by: Sequence[Named]) -> bool:
    """Whether every action that the pattern names is among those of `by`, taken together.

    Exact for patterns with one `*`, which all of Azure's have; for others it may say no where yes is right.
    """
    for at, one in enumerate(by):
        if any_contains(one.patterns, pattern):
            # Only another can have what this one leaves out.
            others = (*by[:at], *by[at + 1 :])
            holes = [hole for narrow in one.but for hole in _both(pattern, narrow)]
            return all(covered(hole, others) for hole in holes)
    # A pattern is named by several only where one of them names all of it: each holds its texts by a `*`.
    return False


def _both(one: str, other: str) -> list[str]:
    """Patterns of what is named by both."""
    if contains(one, other):
        return [other]
    if contains(other, one):
        return [one]
    first, second = _parts(one), _parts(other)
    if len(first) == 1 or len(second) == 1:
        return []
    head, tail = max(first[0], second[0], key=len), max(first[-1], second[-1], key=len)
    if not all(head.startswith(parts[0]) and tail.endswith(parts[-1]) for parts in (first, second)):
        return []
    if len(first) > 2 or len(second) > 2:
        return [other]  # more than both name: nothing is taken for covered that is not
    least = max(len("".join(first)), len("".join(second)))
    overlaps = range(1, len(head) + len(tail) - least + 1)
    short = [head + tail[size:] for size in overlaps if head.endswith(tail[:size])]
    return [f"{head}*{tail}", *short]


@lru_cache(maxsize=20_000)
def _parts(pattern: str) -> tuple[str, ...]:
    """The texts between the `*`, in lower case."""
    first, *rest = pattern.lower().split("*")
    if not rest:
        return (first,)
    return (first, *(part for part in rest[:-1] if part), rest[-1])


@lru_cache(maxsize=20_000)
def _text(pattern: str) -> str:
    """What only that matches which names all that the pattern does."""
    return _ANY.join(_parts(pattern))


def _matches(parts: tuple[str, ...], text: str) -> bool:
    if len(parts) == 1:
        return text == parts[0]
    head, *middle, tail = parts
    at, end = len(head), len(text) - len(tail)
    if at > end or not text.startswith(head) or not text.endswith(tail):
        return False
    for part in middle:
        found = text.find(part, at, end)
        if found < 0:
            return False
        at = found + len(part)
    return True
