"""Paths through the properties of a resource, as the tables of places write them.

`[]` stands for every item of a list, `{}` for every entry of a map: `template.containers[].env[]`.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final, cast

_STEPS: Final = ("[]", "{}")


def reached(found: Any, path: str) -> Iterator[tuple[str, Any]]:
    """What a path leads to, with the name it has there: that of its property, or of the entry of a map.

    What stands on the way in place of a list or a map, such as what is not known yet, is what it leads to;
    that has no name.
    """
    return ((key, one) for _, key, one in reached_within(found, path))


def reached_within(
    found: Any, path: str, within: tuple[str, ...] = (), key: str = ""
) -> Iterator[tuple[tuple[str, ...], str, Any]]:
    """The same, with the names of the items and entries that it lies in, as far as they have one."""
    if not path:
        yield within, key, found
        return
    if not isinstance(found, Mapping):
        yield within, "", found
        return
    head, _, rest = path.partition(".")
    step = head[-2:] if head.endswith(_STEPS) else ""
    name = head.removesuffix(step)
    inner = cast(Mapping[str, Any], found).get(name)
    if inner is None:
        return
    if not step:
        yield from reached_within(inner, rest, within, name)
    elif step == "[]" and isinstance(inner, list):
        for item in cast(list[Any], inner):
            yield from reached_within(item, rest, _below(within, name_of(item), rest), name)
    elif step == "{}" and isinstance(inner, Mapping):
        for entry, item in cast(Mapping[Any, Any], inner).items():
            yield from reached_within(item, rest, _below(within, str(entry), rest), str(entry))
    else:
        yield within, "", inner


def name_of(item: Any) -> str:
    """An item's own name; empty where it has none."""
    name = cast(Mapping[str, Any], item).get("name") if isinstance(item, Mapping) else None
    return name if isinstance(name, str) else ""


def _below(within: tuple[str, ...], name: str, rest: str) -> tuple[str, ...]:
    """What is the end of a path lies in no item but those before it."""
    return (*within, name) if rest and name else within


def part_of(found: Any, path: str) -> Any:
    """A part by its path of names; None where there is none, and what stands there in place of a map."""
    for name in path.split(".") if path else ():
        if not isinstance(found, Mapping):
            return found
        found = cast(Mapping[str, Any], found).get(name)
    return found
