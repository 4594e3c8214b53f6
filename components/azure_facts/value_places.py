"""Where azure-native's types carry values that may be secret: settings, connection strings, passwords.

Source: https://www.pulumi.com/registry/packages/azure-native/api-docs/
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any, Final, cast

from .data import read
from .encoded_documents import written_in
from .key_value_names import key_and_label
from .paths import part_of, reached_within

_SLOT: Final = "Slot"
_WITH_SLOTS: Final = "web:WebApp"
_HOLDERS: Final = ("value", "defaultvalue", "connectionstring")
"""Names, in lower case, that say nothing of what they hold."""
_DEEPEST: Final = 60
"""How deep a tree is read: Resource Manager takes no template that is deeper."""


@dataclass(frozen=True)
class Place:
    """A place that carries values. `at` is the path to it, as `paths.py` reads them."""

    at: str
    kind: str
    """What stands there, as a sentence calls it: setting, connection string, property."""
    name: str = ""
    """The property of an item that has its name; empty where a map's entry or the place itself has it."""
    value: str = ""
    """The path in an item to its value; empty where the item is the value."""
    is_encoded: bool = False
    """Whether the name is written as Resource Manager writes keys of a store: the key in it is the name."""
    is_secret: bool = False
    """Whether whatever stands there is a secret, however it is called."""
    is_tree: bool = False
    """Whether every text below is a value, under the nearest name."""
    is_kept: bool = False
    """Whether it is made for secrets, and whoever reads it has to be let in."""
    is_base64: bool = False
    """Whether what stands there is a document in Base64: what is in it is what is read."""

    @property
    def is_shown(self) -> bool:
        """Whether Azure shows what stands there to whoever reads the resource: it answers no password."""
        is_password = self.kind == "property" and (self.is_secret or self.is_tree)
        return not self.is_kept and not is_password

    @property
    def property(self) -> str:
        """The property with all of it: what stands before the first list or map."""
        return re.split(r"\[\]|\{\}", self.at)[0]


@dataclass(frozen=True)
class Carried:
    """One value. `name` is the setting's, or the property's where there is one value only."""

    place: Place
    name: str
    value: Any
    within: tuple[str, ...] = ()
    """The names of the items that it lies in, such as its container."""

    @property
    def text(self) -> str:
        """The value as a setting has it."""
        text = self.value if isinstance(self.value, str) else json.dumps(self.value)
        return written_in(text) if self.place.is_base64 else text


def value_places(type: str) -> Sequence[Place]:
    """Of a type such as `web:WebApp`; those of a slot are those of its app."""
    found = _places()
    return found.get(type) or found.get(type.removesuffix(_SLOT), ())


@cache
def types_with_values() -> tuple[str, ...]:
    """All types that have such a place, slots too."""
    return tuple(
        one
        for type_ in _places()
        for one in ((type_, f"{type_}{_SLOT}") if type_.startswith(_WITH_SLOTS) else (type_,))
    )


def carried(type: str, inputs: Mapping[str, Any]) -> Iterator[Carried]:
    """The values that a resource's inputs carry. Where a list or a map is something else, such as not known
    yet, it is one value under its own path.
    """
    for place in value_places(type):
        for within, key, found in reached_within(inputs, place.at):
            if not key and place.at:
                yield Carried(place, place.at.removesuffix("[]").removesuffix("{}"), found, within)
            elif place.is_tree:
                yield from (Carried(place, name, text, within) for name, text in _texts(found, key, 0))
            elif (value := part_of(found, place.value)) is not None:
                yield Carried(place, _name(place, key, found), value, within)


def _name(place: Place, key: str, found: Any) -> str:
    given = part_of(found, place.name) if place.name and isinstance(found, Mapping) else None
    if isinstance(given, str):
        return key_and_label(given)[0] if place.is_encoded else given
    return key or place.value


def _texts(value: Any, name: str, depth: int) -> Iterator[tuple[str, str]]:
    """Every text under the nearest name: an item with a `name` and a `value` has its own."""
    if depth > _DEEPEST:
        return
    if isinstance(value, str):
        yield name, value
    elif isinstance(value, list):
        for item in cast(list[Any], value):
            yield from _texts(item, name, depth + 1)
    elif isinstance(value, Mapping):
        inside = cast(Mapping[str, Any], value)
        given = inside.get("name")
        called = given if isinstance(given, str) and "value" in inside else name
        for key, item in inside.items():
            yield from _texts(item, called if key.lower() in _HOLDERS else key, depth + 1)


@cache
def _places() -> Mapping[str, tuple[Place, ...]]:
    return MappingProxyType({type_: tuple(map(_place, rows)) for type_, rows in read("value_places").items()})


def _place(row: Mapping[str, Any]) -> Place:
    return Place(
        row["at"],
        row["kind"],
        name=row.get("name", ""),
        value=row.get("value", ""),
        is_encoded=row.get("encoded", False),
        is_secret=row.get("secret", False),
        is_tree=row.get("tree", False),
        is_kept=row.get("kept", False),
        is_base64=row.get("base64", False),
    )
