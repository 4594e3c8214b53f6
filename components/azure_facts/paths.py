"""Paths through the properties of a resource, as the tables of places write them.

`[]` stands for every item of a list, `{}` for every entry of a map: `template.containers[].env[]`.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final, cast

_STEPS: Final = ("[]", "{}")


def reached(found: Any, path: str, key: str = "") -> Iterator[tuple[str, Any]]:
    """What a path leads to, with the name it has there: that of its property, or of the entry of a map.

    What stands on the way in place of a list or a map, such as what is not known yet, is what it leads to;
    that has no name.
    """
    if not path:
        yield key, found
        return
    if not isinstance(found, Mapping):
        yield "", found
        return
    head, _, rest = path.partition(".")
    step = head[-2:] if head.endswith(_STEPS) else ""
    name = head.removesuffix(step)
    inner = cast(Mapping[str, Any], found).get(name)
    if inner is None:
        return
    if not step:
        yield from reached(inner, rest, name)
    elif step == "[]" and isinstance(inner, list):
        for item in cast(list[Any], inner):
            yield from reached(item, rest, name)
    elif step == "{}" and isinstance(inner, Mapping):
        for entry, item in cast(Mapping[Any, Any], inner).items():
            yield from reached(item, rest, str(entry))
    else:
        yield "", inner


def part_of(found: Any, path: str) -> Any:
    """A part by its path of names; None where there is none, and what stands there in place of a map."""
    for name in path.split(".") if path else ():
        if not isinstance(found, Mapping):
            return found
        found = cast(Mapping[str, Any], found).get(name)
    return found
