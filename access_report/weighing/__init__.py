"""Which class a change is in: *weighed*, *harmless* with the reason, or neither, and so not weighed.

The data is in `types/`, a file for each module of azure-native and one for other packages. What no row names
is not weighed. A path covers all below it, and the longest one counts. `containers[].image` is a property of
each item of a list: items are told apart by their names. With `only_kept` those that come or go are told by
another part, and with `needed` an item opens that does not have it any more.

    {"keyvault:Vault": {
      "weighed": {"properties.enablePurgeProtection": {"what": "purge protection", "closed": [true]}},
      "told": {"grants": ["properties.accessPolicies"]},
      "harmless": {"price": ["properties.sku"]},
      "deleted": "events"}}

`weighed` names a judge of `judges.py`. `told` names the part of the report that compares a property. The keys
of `harmless` are in `reasons.json`. `deleted` is the part that tells of a deletion, or why none has to be;
without it a deletion is not weighed. `then` says what follows from one, and `owner` which property names what
it is a part of and goes with. With `"like": {"type": …}` a type has the rows of another one, too; with
`"below"`, those below that property, and not those `"without"`. Of `elsewhere`, only packages of one
api-version have the type.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Final

from access_report.resources import EACH, Resource
from access_report.weighing.judges import Judge, each, judge

_FOLDER: Final = Path(__file__).parent
EVERY_TYPE: Final = "azure-native:*"
"""The rows that hold for every type of azure-native, unless its own rows say otherwise."""


class Concern(StrEnum):
    """What a setting is about."""

    EXPOSURE = "exposure"
    PROTECTION = "protection"
    CODE = "code"
    """What runs with the access of an identity, and who can change that."""


class Part(StrEnum):
    """The part of the report that compares what a row alone cannot judge."""

    GRANTS = "grants"
    SETTINGS = "settings"
    EVENTS = "events"
    PROTECTIONS = "protections"


@dataclass(frozen=True)
class Weighed:
    """A property that is judged by itself. `absent` is what Azure takes when nothing is said, `only_where`
    what other properties have to be for it to count.
    """

    path: str
    what: str
    judge: Judge
    absent: Any = None
    concern: Concern = Concern.EXPOSURE
    only_where: Mapping[str, Any] | None = None

    @cached_property
    def properties(self) -> frozenset[str]:
        """The outermost properties that the judge is given something of."""
        return frozenset(outermost(path) for path in (self.path, self.judge.beside) if path)


@dataclass(frozen=True)
class Told:
    """A property, or a deletion, that another part of the report compares."""

    path: str
    by: Part


@dataclass(frozen=True)
class Harmless:
    """A property, or a deletion, that changes nobody's access, and why."""

    path: str
    reason: str


Row = Weighed | Told | Harmless
DELETED: Final = "deleted"


@dataclass(frozen=True)
class Weighing:
    """What is known of one type."""

    type: str
    rows: Mapping[str, Row]
    """By path; the empty one stands for all properties."""
    deleted: Told | Harmless | None = None
    then: Mapping[str, str] = field(default_factory=dict[str, str])
    """What follows from its being `deleted` or `replaced`; a replacement without is told by what differs."""
    owner: str = ""
    """The property that names what it is a part of, and goes with."""
    is_elsewhere: bool = False
    """Whether only packages of single api-versions have the type."""
    is_listed: bool = True
    """Whether the data has the type: of any other, only what every type has is known."""

    def row(self, path: str) -> Row | None:
        """The row that covers a property; None where none does."""
        while path:
            if path in self.rows:
                return self.rows[path]
            path = path.removesuffix(EACH) if path.endswith(EACH) else path.rpartition(".")[0]
        return self.rows.get("")

    @cached_property
    def lists(self) -> frozenset[str]:
        """Paths of the lists whose items have rows of their own."""
        return frozenset(path[: one.start()] for path in self.rows for one in re.finditer(r"\[\]", path))

    @cached_property
    def weighed(self) -> tuple[Weighed, ...]:
        return tuple(row for row in self.rows.values() if isinstance(row, Weighed))

    @cached_property
    def exposing(self) -> tuple[Weighed, ...]:
        """What counts of a new resource."""
        return tuple(row for row in self.weighed if row.concern is Concern.EXPOSURE)


def outermost(path: str) -> str:
    """The name with which a path begins."""
    return path.partition(".")[0].removesuffix(EACH)


def weighing_of(resource: Resource) -> Weighing:
    """What is known of a resource's type."""
    known = weighings().get(resource.key_of_type)
    if known is not None:
        return known
    rows = weighings()[EVERY_TYPE].rows if resource.native_type else dict[str, Row]()
    return Weighing(resource.key_of_type, rows, is_listed=False)


@cache
def weighings() -> Mapping[str, Weighing]:
    """All types of the data by key; `EVERY_TYPE` is one of them."""
    given: dict[str, Any] = {}
    for file in sorted((_FOLDER / "types").glob("*.json")):
        given |= _read(file)
    everywhere = _rows(given[EVERY_TYPE])
    return {
        type_: Weighing(
            type_,
            # Packages other than azure-native have a longer token.
            {**(everywhere if type_.count(":") == 1 else {}), **_own_rows(given, one)},
            _deleted(one.get(DELETED)),
            one.get("then", {}),
            one.get("owner", ""),
            is_elsewhere=bool(one.get("elsewhere")),
        )
        for type_, one in given.items()
    }


def _own_rows(given: Mapping[str, Any], one: Mapping[str, Any]) -> Mapping[str, Row]:
    """A type's rows, over those of the type that it is like, or those below one of its properties."""
    like, rows = one.get("like"), _rows(one)
    if like is None:
        return rows
    below = f"{like['below']}." if "below" in like else ""
    theirs = {
        path.removeprefix(below): replace(row, path=path.removeprefix(below))
        for path, row in _own_rows(given, given[like["type"]]).items()
        if path.startswith(below)
        and not any(f"{path}.".startswith(f"{below}{other}.") for other in like.get("without", ()))
    }
    return {**theirs, **rows}


@cache
def reasons() -> Mapping[str, str]:
    """Why something is harmless, by the word that the data has for it."""
    return _read(_FOLDER / "reasons.json")


def _rows(given: Mapping[str, Any]) -> dict[str, Row]:
    rows: dict[str, Row] = {}
    for path, row in given.get("weighed", {}).items():
        rows[path] = Weighed(
            path,
            row["what"],
            _judge(path, row),
            row.get("absent"),
            Concern(row.get("concern", Concern.EXPOSURE)),
            row.get("only_where"),
        )
    for part, paths in given.get("told", {}).items():
        rows |= {path: Told(path, Part(part)) for path in paths}
    for reason, paths in given.get("harmless", {}).items():
        rows |= {path: Harmless(path, reasons()[reason]) for path in paths}
    return rows


def _judge(path: str, row: Mapping[str, Any]) -> Judge:
    if EACH not in path:
        return judge(row)
    return each(judge(row), only_kept=bool(row.get("only_kept")), needed=bool(row.get("needed")))


def _deleted(word: str | None) -> Told | Harmless | None:
    if word is None:
        return None
    return Told(DELETED, Part(word)) if word in set(Part) else Harmless(DELETED, reasons()[word])


def _read(file: Path) -> Any:
    return json.loads(file.read_text(encoding="utf-8"))
