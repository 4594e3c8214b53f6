"""How two values of a property are compared: whether the later one lets in, or gives away, more."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from access_report.resources import entries, items
from access_report.roles import role_of
from access_report.weighing.networks import allowed, denied, is_within, networks_in

_NOBODY: Final = frozenset({"", "None"})
"""Entries of a list of words that let nobody in."""


@dataclass(frozen=True)
class Judge:
    """`opens` compares two values, `is_open` says whether a new resource that has the value is told, and
    `told_as` is what of a value is shown. With `beside` a value is two: the property's own, and the one
    there.
    """

    opens: Callable[[Any, Any], bool]
    is_open: Callable[[Any], bool]
    told_as: Callable[[Any], Any]
    how: str
    """In words, what opens."""
    beside: str = ""
    only_kept: bool = False
    """Whether of a list only those items count that were there and stay: others are told by another part."""


def judge(row: Mapping[str, Any]) -> Judge:
    """The judge that a row of the data names."""
    if "ranks" in row:
        return _ranks(row["ranks"], row.get("from", row["ranks"][0]))
    name = next(name for name in _JUDGES if name in row)
    return _JUDGES[name](row[name])


def each(of_one: Judge, *, only_kept: bool = False, needed: bool = False) -> Judge:
    """Of a property that each item of a list has: values are maps of an item's name to the item's own, None
    where it has none. What goes with its item lets nobody in; what an item loses does where it is `needed`.
    """

    def opens(was: Any, will: Any) -> bool:
        before = entries(was)
        changed = [(before.get(name), value) for name, value in entries(will).items()]
        return any(
            needed if new is None else of_one.opens(old, new) or (old is None and of_one.is_open(new))
            for old, new in changed
            if old != new
        )

    def told_as(value: Any) -> Any:
        given = {name: own for name, own in sorted(entries(value).items()) if own is not None}
        words = {name: told(of_one.told_as(own)) for name, own in given.items()}
        if len(words) == 1:
            return next(iter(words.values()))
        return ", ".join(f"{name}: {word}" for name, word in words.items()) or None

    return Judge(
        opens,
        lambda will: any(of_one.is_open(own) for own in entries(will).values() if own is not None),
        told_as,
        f"{of_one.how}, or that an item has it no more" if needed else of_one.how,
        only_kept=only_kept,
    )


def _ranked(rank: Callable[[Any], float], how: str, least: float = 0) -> Judge:
    return Judge(
        lambda was, will: rank(will) > rank(was), lambda will: rank(will) > least, lambda value: value, how
    )


def _closed(values: Sequence[Any]) -> Judge:
    """Closed with one of these values, open with any other one, new ones included."""
    return _ranked(
        lambda given: 0.0 if _word(given) in map(_word, values) else 1.0,
        f"any value but {' or '.join(map(told, values))}",
    )


def _ranks(values: Sequence[Any], least: Any) -> Judge:
    """From the most closed to the most open; what is not among them is more open than all. A new resource is
    told from beyond `least` on.
    """
    words = [_word(value) for value in values]
    return _ranked(
        lambda given: float(words.index(_word(given)) if _word(given) in words else len(words)),
        f"later in {', '.join(map(told, values))}",
        words.index(_word(least)),
    )


def _less(_: Any) -> Judge:
    return Judge(lambda was, will: _number(will) < _number(was), lambda _: False, lambda value: value, "less")


def _more(_: Any) -> Judge:
    return Judge(
        lambda was, will: _number(will) > _number(was),
        lambda will: _number(will) > 0,
        lambda value: value,
        "more",
    )


def _networks(field: str) -> Judge:
    """A list of entries, each with a network or a subnet that is let in."""

    def names(value: Any) -> list[str]:
        return networks_in(value, field)

    return Judge(
        lambda was, will: not is_within(names(will), names(was)),
        lambda will: bool(names(will)),
        lambda value: sorted(names(value)),
        "a network that was kept out",
    )


def _restrictions(default: str) -> Judge:
    """A site's rules by priority, of which the first that fits counts; `default` is the path of what happens
    to whom none fits.
    """
    return Judge(
        lambda was, will: (
            not is_within(allowed(*will), allowed(*was)) or bool(denied(was[0]) - denied(will[0]))
        ),
        lambda _: False,
        lambda value: sorted(allowed(*value)),
        "an address that was kept out",
        default,
    )


def _additions(_: Any) -> Judge:
    def words(value: Any) -> set[str]:
        return {
            str(entry).strip() for entry in (value.split(",") if isinstance(value, str) else items(value))
        }

    return Judge(
        lambda was, will: bool(words(will) - words(was) - _NOBODY),
        lambda will: bool(words(will) - _NOBODY),
        lambda value: sorted(words(value)),
        "an entry that was not in it",
    )


def _any(_: Any) -> Judge:
    """Which way it goes cannot be said, so every change counts."""
    return Judge(lambda _, __: True, lambda will: will is not None, _shown, "any change")


def _later(_: Any) -> Judge:
    """The same, but for what a new resource begins with."""
    return Judge(lambda _, __: True, lambda _: False, _shown, "any later change")


def _moves(_: Any) -> Judge:
    """The same, but for a first value, whenever it is given."""
    return Judge(lambda was, _: was is not None, lambda _: False, _shown, "any change after the first value")


def _unread(_: Any) -> Judge:
    """The same as any change, of what may hold anything: only that it is there is told."""
    return Judge(
        lambda _, __: True,
        lambda will: will is not None,
        lambda value: None if value is None else "given",
        "any change",
    )


def _permissions(_: Any) -> Judge:
    """What a role allows. Whoever has the role has what it allows from then on."""

    def opens(was: Any, will: Any) -> bool:
        before, after = role_of(was), role_of(will)
        return before is None or after is None or not before.covers(after)

    return Judge(opens, lambda _: False, _in_words, "an action that it did not allow")


_JUDGES: Final[Mapping[str, Callable[[Any], Judge]]] = {
    "closed": _closed,
    "less": _less,
    "more": _more,
    "networks": _networks,
    "restrictions": _restrictions,
    "additions": _additions,
    "any": _any,
    "later": _later,
    "moves": _moves,
    "permissions": _permissions,
    "unread": _unread,
}


def told(value: Any) -> str:
    """A value in words."""
    if isinstance(value, bool):
        return "on" if value else "off"
    if value is None:
        return "none"
    if isinstance(value, list):
        return ", ".join(map(str, items(value))) or "none"
    return str(value)


def _shown(value: Any) -> Any:
    """Of what has parts only that it is there: they can hold anything."""
    if isinstance(value, Mapping | list):
        count = len(entries(value)) or len(items(value))
        return f"{count} given" if count else None
    return value


def _in_words(permissions: Any) -> Any:
    role = role_of(permissions)
    if role is None:
        return _shown(permissions)
    count = sum(len((*block.actions, *block.data_actions)) for block in role.permissions)
    return role.may or (f"{count} action{'' if count == 1 else 's'}" if count else None)


def _word(value: Any) -> str:
    return str(value).lower()


def _number(value: Any) -> float:
    try:
        return float(value)
    except (TypeError, ValueError, OverflowError):
        return float("inf")
