"""What a role lets its holder do, in a few words that follow from its actions and not from its name."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final

from .actions import Named, any_contains, contains, covered, named_by
from .data import read
from .roles import Permissions
from .words import plural, types_in_words, word

_MOST: Final = 3
"""Phrases in one sentence; what is left is `more`."""
_QUIET: Final = (
    "*/read",
    "Microsoft.Insights/alertRules/*",
    "Microsoft.Resources/deployments/*",
    "Microsoft.Support/*",
    "*/register/action",
    "Microsoft.Storage/storageAccounts/*/generateUserDelegationKey/action",
    "Microsoft.Storage/storageAccounts/blobServices/containers/*",
    "Microsoft.Storage/storageAccounts/queueServices/queues/*",
    "Microsoft.Storage/storageAccounts/tableServices/tables/*",
)
"""On resources themselves: so common, or so near to what is told anyway, that a sentence does without."""
_MORE: Final = "more"


@dataclass(frozen=True)
class _Phrase:
    """`may` is said of who is allowed all `actions`; `besides` are actions that it tells too."""

    may: str
    data: bool
    actions: tuple[str, ...]
    besides: tuple[str, ...]
    always: bool
    """Whether it is told though something wider is."""


@lru_cache(maxsize=2_000)
def may(permissions: tuple[Permissions, ...]) -> str | None:
    """What completes "the identity may …", such as `read the values of secrets`; None where there are no
    words for it, and the name of the role has to do.
    """
    phrases = [*_told(permissions, data=False), *_told(permissions, data=True)]
    told = list(dict.fromkeys(phrase for phrase in phrases if phrase != _MORE))
    if not told:
        return None
    if _MORE in phrases or len(told) > _MOST:
        told = [*told[: _MOST - 1], _MORE]
    first, last = told[:-1], told[-1]
    return f"{', '.join(first)}, and {last}" if first else last


def _told(permissions: Sequence[Permissions], *, data: bool) -> Iterator[str]:
    """Phrases from the widest on; one that tells nothing new is left out."""
    allowed = [named_by(block, data=data) for block in permissions]
    at_once = [named_by(block, data=data) for block in permissions if block.condition is None]
    left = [pattern for one in allowed for pattern in one.patterns]
    left = [pattern for pattern in left if data or not _in(pattern, _QUIET[1:])]
    said: list[str] = []
    for phrase in _phrases():
        explains = [pattern for pattern in left if _in(pattern, (*phrase.actions, *phrase.besides))]
        is_new = explains or (phrase.always and not all(_in(action, said) for action in phrase.actions))
        if phrase.data is data and is_new and _all(phrase.actions, allowed):
            yield phrase.may + ("" if _all(phrase.actions, at_once) else " under a condition")
            left = [pattern for pattern in left if pattern not in explains]
            said += phrase.actions
    if not data:
        managed = {pattern: _managed(pattern, allowed) for pattern in left}
        yield from dict.fromkeys(f"manage {noun}" for noun in managed.values() if noun)
        left = [pattern for pattern, noun in managed.items() if not noun and not _in(pattern, _QUIET)]
    if left:
        yield _MORE


def _managed(pattern: str, allowed: Sequence[Named]) -> str | None:
    """What of resources the pattern allows everything with, in the plural."""
    for type_ in types_in_words():
        if contains(f"{type_}/*", pattern) and covered(f"{type_}/*", allowed):
            noun = word(type_)
            return plural(noun) if noun else None
    inner = [type_ for type_ in types_in_words() if contains(pattern, f"{type_}/*")]
    noun = word(min(inner, key=len)) if inner else None
    return plural(noun) if noun else None


def _in(pattern: str, wide: Iterable[str]) -> bool:
    return any_contains(wide, pattern)


def _all(actions: Iterable[str], allowed: Sequence[Named]) -> bool:
    # No role but Owner has all of `*`: Contributor has it with exceptions, which its phrase says.
    everything = any("*" in one.patterns for one in allowed)
    return all(everything if action == "*" else covered(action, allowed) for action in actions)


@cache
def _phrases() -> tuple[_Phrase, ...]:
    return tuple(
        _Phrase(
            row["may"],
            "data" in row,
            tuple(row.get("data") or row["control"]),
            tuple(row.get("besides", ())),
            bool(row.get("always")),
        )
        for row in read("role_words")
    )
