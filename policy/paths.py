"""Paths through the properties of a resource, as the tables beside this file write them.

`[]` stands for every item of a list, `{}` for every entry of a map: `template.containers[].env[]`.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final, cast

from access_report.resources import UNKNOWN

_STEPS: Final = ("[]", "{}")


def reached(found: Any, path: str, key: str = "") -> Iterator[tuple[str, Any]]:
    """What a path leads to, with the name it has there: that of its property, or of the entry of a map."""
    if not path:
        yield key, found
        return
    head, _, rest = path.partition(".")
    step = head[-2:] if head.endswith(_STEPS) else ""
    name = head.removesuffix(step) if step else head
    inner = _map(found).get(name)
    if step == "[]" and isinstance(inner, list):
        for item in cast(list[Any], inner):
            yield from reached(item, rest, name)
    elif step == "{}":
        for entry, item in _map(inner).items():
            yield from reached(item, rest, entry)
    elif not step and inner is not None:
        yield from reached(inner, rest, name)


def part_of(found: Any, path: str) -> Any:
    """A part by its path of names; UNKNOWN where it is not known yet, None where there is none."""
    for name in path.split(".") if path else ():
        if found == UNKNOWN:
            return UNKNOWN
        found = _map(found).get(name)
    return found


def _map(value: Any) -> Mapping[str, Any]:
    return cast(Mapping[str, Any], value) if isinstance(value, Mapping) else {}
