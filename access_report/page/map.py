"""The map: principals on the left, what they reach on the right, a line for each grant."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from access_report.comparison import Change
from access_report.grants import Grant
from access_report.report import Report
from access_report.safety import visible

ROW: Final = 64
BOX: Final = 48
WIDTH: Final = 340
GAP: Final = 360
LABEL: Final = 170
MARGIN: Final = 16
_MARKS: Final = {
    Change.ADDED: "+",
    Change.REMOVED: "−",
    Change.WIDENED: "▲",
    Change.NARROWED: "▼",
    Change.RECREATED: "↻",
    Change.SAME: "",
}


@dataclass(frozen=True)
class Node:
    """A box, `x` and `y` its upper left corner in pixels."""

    id: str
    kind: str
    name: str
    x: int
    y: int


@dataclass(frozen=True)
class Line:
    """A grant, drawn as `path` from one box to the other; `told` is read out and shown."""

    who: str
    where: str
    change: str
    mark: str
    role: str
    told: str
    path: str
    label: tuple[int, int]


@dataclass(frozen=True)
class Map:
    """What is drawn, and how large it is."""

    width: int
    height: int
    nodes: list[Node]
    lines: list[Line]


def draw(report: Report) -> Map:
    right = MARGIN + WIDTH + GAP
    ends = [(changed.grant.who, changed.grant.where) for changed in report.grants]
    whos = _column("a", MARGIN, ((who.key, who.kind, who.name) for who, _ in ends))
    wheres = _column("b", right, ((where.key, where.kind, where.name) for _, where in ends))
    lines: list[Line] = []
    between: dict[tuple[str, str], int] = {}
    for changed in report.grants:
        grant = changed.grant
        who, where = whos[grant.who.key], wheres[grant.where.key]
        nth = between[who.id, where.id] = between.get((who.id, where.id), -1) + 1
        start, end = (who.x + WIDTH, who.y + BOX // 2), (where.x, where.y + BOX // 2)
        middle = start[0] + (GAP + LABEL) // 2
        bend = (nth + 1) // 2 * 26 * (-1 if nth % 2 else 1)
        lines.append(
            Line(
                who=who.id,
                where=where.id,
                change=changed.change.name.lower(),
                mark=_MARKS[changed.change],
                role=visible(grant.role),
                told=visible(f"{grant.who} can {_may(grant)}{grant.where} ({grant.role}): {changed.change}"),
                path=f"M{start[0]} {start[1]} h{LABEL} C{middle} {start[1] + bend} "
                f"{middle} {end[1] + bend} {end[0]} {end[1]}",
                label=(start[0] + 14, start[1] - 7 + nth * 15),
            )
        )
    nodes = [*whos.values(), *wheres.values()]
    height = max((node.y + BOX for node in nodes), default=0) + MARGIN
    return Map(right + WIDTH + MARGIN, height, nodes, lines)


def _may(grant: Grant) -> str:
    return f"{grant.facts.may} in " if grant.facts else "act on "


def _column(prefix: str, x: int, found: Iterable[tuple[str, str, str]]) -> dict[str, Node]:
    distinct = {key: (kind, name) for key, kind, name in found}
    ordered = sorted(distinct.items(), key=lambda item: (item[1], item[0]))
    return {
        key: Node(f"{prefix}{row}", visible(kind), visible(name), x, MARGIN + row * ROW)
        for row, (key, (kind, name)) in enumerate(ordered)
    }
