"""The api-versions that Azure's public specifications list for the types that are served here.

`listed_versions.json` holds them; `make_listed_versions.py` makes it and says of what.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Final

_FILE: Final = Path(__file__).with_name("listed_versions.json")


@cache
def listed_versions(type_: str) -> frozenset[str]:
    """Those of the type, or of the nearest type above it that is listed; empty where none is."""
    known = _known()
    nearest = next((one.lower() for one in above(type_) if one.lower() in known), "")
    return frozenset(known.get(nearest, ()))


def above(type_: str) -> Iterator[str]:
    """The type itself, those that enclose it, the nearest first, and the namespace."""
    parts = type_.split("/")
    for length in range(len(parts), 0, -1):
        yield "/".join(parts[:length])


@cache
def _known() -> Mapping[str, Sequence[str]]:
    found: dict[str, list[str]] = json.loads(_FILE.read_text(encoding="utf-8"))
    return {type_.lower(): versions for type_, versions in found.items()}
