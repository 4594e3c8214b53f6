"""The map: principals on the left with what each of them may do, what they reach on the right, and a wire
from every grant to the box that it reaches.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from access_report.comparison import Change, Changed
from access_report.grants import Who
from access_report.report import Report
from access_report.safety import visible
from access_report.scopes import Where

_MARKS: Final = {
    Change.ADDED: "+",
    Change.REMOVED: "−",
    Change.WIDENED: "▲",
    Change.NARROWED: "▼",
    Change.RECREATED: "↻",
    Change.SAME: "•",
}


@dataclass(frozen=True)
class Wire:
    """A grant. `who` and `where` are ids of its boxes; `told` is the whole of it in one sentence."""

    who: str
    where: str
    tone: str
    """The name of the style in which it is drawn, by which it can be hidden."""
    word: str
    """What is with it, in a word or two."""
    mark: str
    may: str
    role: str
    on: str
    was: str
    because: str
    told: str
    secrets: str

    @property
    def text(self) -> str:
        """What a search looks through."""
        return f"{self.told} {self.secrets}".lower()


@dataclass(frozen=True)
class Box:
    """A principal, whose `wires` are its grants; or what is reached, with the secrets that settings carry
    from it.
    """

    id: str
    kind: str
    name: str
    wires: list[Wire]
    secrets: list[str]


@dataclass(frozen=True)
class Map:
    """Both columns from top to bottom: what changes first, and little for a wire to cross."""

    principals: list[Box]
    places: list[Box]

    @property
    def wires(self) -> list[Wire]:
        return [wire for box in self.principals for wire in box.wires]

    def tones(self) -> Mapping[str, tuple[str, int]]:
        """Each tone with its word, and how many have it, in the order in which they come."""
        found: dict[str, tuple[str, int]] = {}
        for wire in self.wires:
            found[wire.tone] = (wire.word, found.get(wire.tone, ("", 0))[1] + 1)
        return found


def draw(report: Report) -> Map:
    whos = _in_order(report.grants)
    place_of = {changed.grant.where.key: changed.grant.where for changed in report.grants}
    wheres = {
        key: f"b{n}" for n, key in enumerate(near([c.grant.where.key for c in given] for _, given in whos))
    }
    secrets = {key: _secrets(report, where) for key, where in place_of.items()}
    principals = [
        Box(
            f"a{n}",
            visible(who.kind),
            visible(who.name),
            [_wire(f"a{n}", wheres[c.grant.where.key], c, secrets[c.grant.where.key]) for c in given],
            [],
        )
        for n, (who, given) in enumerate(whos)
    ]
    wires = [wire for box in principals for wire in box.wires]
    places = [
        Box(
            id,
            visible(place_of[key].kind),
            visible(place_of[key].name),
            [wire for wire in wires if wire.where == id],
            secrets[key],
        )
        for key, id in wheres.items()
    ]
    return Map(principals, places)


def _wire(who: str, where: str, changed: Changed, secrets: Iterable[str]) -> Wire:
    grant = changed.grant
    because = visible(grant.why) if grant.why else ""
    told = f"{grant.who} can {grant.may} on {grant.where} ({grant.role}): {changed.change}"
    return Wire(
        who=who,
        where=where,
        tone=changed.change.name.lower(),
        word=changed.change.value,
        mark=_MARKS[changed.change],
        may=grant.may,
        role=visible(grant.role),
        on=visible(str(grant.where)),
        was=_was(changed),
        because=because,
        told=visible(told, longest=len(told) * 10) + (f", because of {because}" if because else ""),
        secrets=" ".join(secrets),
    )


def _was(changed: Changed) -> str:
    """What a grant that widens or narrows was before; empty for every other one."""
    if changed.change not in (Change.WIDENED, Change.NARROWED) or changed.before is None:
        return ""
    old, new = changed.before, changed.grant
    role = visible(old.role) if old.role != new.role else ""
    place = f"on {visible(str(old.where))}" if old.where.key != new.where.key else ""
    return " ".join(part for part in (role, place) if part)


def _in_order(grants: Iterable[Changed]) -> list[tuple[Who, list[Changed]]]:
    """Principals with their grants: first those of which something changes, then by kind and name."""
    found: dict[str, tuple[Who, list[Changed]]] = {}
    for changed in grants:
        found.setdefault(changed.grant.who.key, (changed.grant.who, []))[1].append(changed)

    def order(item: tuple[Who, list[Changed]]) -> tuple[bool, str, str, str]:
        who, given = item
        return all(changed.change is Change.SAME for changed in given), who.kind, who.name, who.key

    return sorted(found.values(), key=order)


def near(reached: Iterable[Iterable[str]]) -> list[str]:
    """Keys of the places that each principal reaches, as one column: each about as far down as those who
    reach it.
    """
    rows: dict[str, list[int]] = {}
    for row, keys in enumerate(reached):
        for key in keys:
            rows.setdefault(key, []).append(row)
    middle: Mapping[str, float] = {key: sum(found) / len(found) for key, found in rows.items()}
    return sorted(rows, key=lambda key: (middle[key], key))


def _secrets(report: Report, where: Where) -> list[str]:
    """Secrets that settings carry from a vault, by name."""
    now = [change.after for change in report.settings if change.after and change.after.is_reference]
    found = {setting.secret for setting in now if where.kind == "key vault" and setting.vault == where.name}
    return sorted(visible(secret) for secret in found)
