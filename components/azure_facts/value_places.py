"""Where azure-native's types carry values that may be secret: settings, connection strings, passwords.

Source: https://www.pulumi.com/registry/packages/azure-native/api-docs/
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, cast

from .data import read

_SLOT = "Slot"


@dataclass(frozen=True)
class Place:
    """A property that carries values. `at` is its path, with `[]` after a list; with `name` it is a list of
    entries that have these fields, with `value` alone a map of such, of which an empty one is the value.
    """

    at: str
    name: str | None = None
    value: str | None = None
    is_kept: bool = False
    """Whether it is made for secrets, and whoever reads it has to be let in."""


@dataclass(frozen=True)
class Carried:
    """One value. `name` is the setting's, or the property's where there is one value only."""

    place: Place
    name: str
    value: Any


def value_places(type: str) -> Sequence[Place]:
    """Of a type such as `web:WebApp`; those of a slot are those of its app."""
    found = _places()
    return found.get(type) or found.get(type.removesuffix(_SLOT), ())


def types_with_values() -> tuple[str, ...]:
    """All types that have such a place, without slots."""
    return tuple(_places())


def carried(type: str, inputs: Mapping[str, Any]) -> Iterator[Carried]:
    """The values that a resource's inputs carry. Where a list or a map is something else, such as not known
    yet, it is one value under its own path.
    """
    for place in value_places(type):
        for holder in _at(inputs, place.at.split(".")):
            yield from _of(place, holder)


def _of(place: Place, holder: Any) -> Iterable[Carried]:
    if place.value is None:
        yield Carried(place, place.at.rpartition(".")[2], holder)
        return
    for name, entry in _entries(place, holder):
        value = _field(entry, place.value)
        if value is not None:
            yield Carried(place, name, value)


def _entries(place: Place, holder: Any) -> Iterable[tuple[str, Any]]:
    if place.name is not None and isinstance(holder, list):
        return [(str(_field(one, place.name)), one) for one in cast(list[Any], holder)]
    if place.name is None and isinstance(holder, Mapping):
        return [(str(name), one) for name, one in cast(Mapping[Any, Any], holder).items()]
    return [(place.at, holder)]


def _field(entry: Any, name: str) -> Any:
    """Of an entry that is no map, the entry: it is not known yet."""
    return cast(Mapping[str, Any], entry).get(name) if name and isinstance(entry, Mapping) else entry


def _at(holder: Any, path: Sequence[str]) -> Iterator[Any]:
    if not path:
        yield holder
    elif not isinstance(holder, Mapping):
        yield holder  # what holds it is not known yet
    else:
        name = path[0].removesuffix("[]")
        inner = cast(Mapping[str, Any], holder).get(name)
        if inner is None:
            return
        if path[0].endswith("[]") and isinstance(inner, list):
            for one in cast(list[Any], inner):
                yield from _at(one, path[1:])
        else:
            yield from _at(inner, path[1:])


@cache
def _places() -> Mapping[str, tuple[Place, ...]]:
    return {
        type_: tuple(
            Place(one["at"], one.get("name"), one.get("value"), bool(one.get("kept"))) for one in places
        )
        for type_, places in read("value_places").items()
    }
