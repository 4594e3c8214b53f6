"""What is claimed of each target, and the tests that hold it: one file in `rows/` for each."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

ROWS: Final = Path(__file__).parent / "rows"
COLUMNS: Final[Mapping[str, str]] = {
    "created": "a component makes it without keys or passwords",
    "adopted": "one that exists is linked by its id",
    "verbs": "each verb gives the least role that Azure has for it",
    "scopes": "the grant is on no more than was named; a local server holds it beside a neighbour",
    "network": "private endpoint and network rules",
    "people": "Entra groups are let in",
    "local server": "the local Azure serves its data, and asks who calls",
    "official client": "Microsoft's own client, unmodified, is the judge",
    "policy": "the policy pack refuses a keyless switch that is put off",
    "report": "the access report tells its grants in words",
}
"""The columns, in their order, with what a cell claims."""


@dataclass(frozen=True)
class Cell:
    """Node ids of the tests that hold the cell; or, where nothing is claimed, the reason."""

    held_by: Sequence[str]
    reason: str = ""


@dataclass(frozen=True)
class Row:
    """A target. `links` are the fields of `LinkArgs` that reach it."""

    file: Path
    target: str
    docs: str
    links: Sequence[str]
    cells: Mapping[str, Cell]


@cache
def rows() -> Sequence[Row]:
    """All targets, by name."""
    return sorted((_read(file) for file in ROWS.glob("*.json")), key=lambda row: row.target)


def _read(file: Path) -> Row:
    """A row that names no `links` is that of the link which is called like its file."""
    data = json.loads(file.read_text())
    cells = {column: _cell(cell) for column, cell in data["cells"].items()}
    return Row(file, data["target"], data["docs"], data.get("links", [file.stem]), cells)


def _cell(data: Sequence[str] | Mapping[str, str]) -> Cell:
    return Cell((), data["none"]) if isinstance(data, Mapping) else Cell(data)
