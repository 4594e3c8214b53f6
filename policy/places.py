"""Where azure-native's resources carry settings and secrets, and what stands there.

`places.json` has the types. Of each place `at` is the path to it (`policy/paths.py`); `name` and `value` are
the properties of an item, where the entry of a map has its name; `secret` says that whatever stands there is
one; in a `tree` every text is judged under the nearest name.
"""

import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, cast

from access_report.resources import UNKNOWN, Resource
from policy.app_settings import Setting
from policy.paths import part_of, reached

_DEEPEST: Final = 60
"""How deep a tree is read: Resource Manager takes no template that is deeper."""


@cache
def places() -> Mapping[str, tuple[Mapping[str, Any], ...]]:
    """The places of each type, such as `app:ContainerApp`."""
    data = json.loads(Path(__file__).with_name("places.json").read_text(encoding="utf-8"))
    return MappingProxyType({type_: tuple(found) for type_, found in data.items()})


def settings_of(resource: Resource) -> Iterator[Setting]:
    """All that one resource carries, in the order of the table; nothing of a whole that is not known yet."""
    for place in places().get(resource.native_type, ()):
        yield from _in_place(resource.inputs, place)


def _in_place(values: Mapping[str, Any], place: Mapping[str, Any]) -> Iterator[Setting]:
    kind, secret = place["kind"], bool(place.get("secret"))
    for key, found in reached(values, place["at"], ""):
        if place.get("tree"):
            for name, text in _texts(found, key, 0):
                yield Setting(name, text, kind)
        elif place.get("name"):
            if (value := part_of(found, place["value"])) is not None:
                yield Setting(str(part_of(found, place["name"])), _text(value), kind, secret)
        else:
            value = part_of(found, place.get("value", ""))
            # A map's value may be written without what it is wrapped in.
            value = found if value is None and isinstance(found, str) else value
            if value is not None:
                yield Setting(key, _text(value), kind, secret)


def _texts(value: Any, name: str, depth: int) -> Iterator[tuple[str, str]]:
    """Every text under the nearest name: an item with a `name` and a `value` has its own."""
    if depth > _DEEPEST or value == UNKNOWN:
        return
    if isinstance(value, str):
        yield name, value
    elif isinstance(value, list):
        for item in cast(list[Any], value):
            yield from _texts(item, name, depth + 1)
    elif isinstance(value, Mapping):
        inside = cast(Mapping[str, Any], value)
        given = inside.get("name")
        for key, item in inside.items():
            # `value` and its like say nothing of what they hold.
            called = str(given) if isinstance(given, str) and "value" in inside else name
            is_holder = key.lower() in ("value", "defaultvalue", "connectionstring")
            yield from _texts(item, called if is_holder else key, depth + 1)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)
