"""Every target, what is claimed of it, and the test that holds each claim."""

import re
from collections.abc import Iterator
from typing import Final

from tests.matrix.row import COLUMNS, Cell, Row, rows
from tests.unit.reference.markdown import table, words

_INTRODUCTION: Final = """
What workloads reach, and what is claimed of each target. A ✓ stands where tests hold the claim, which are
named below: without one nothing is claimed. A – is a column in which nothing is claimed, with the reason
below. What tests hold here they hold against the local Azure; [its rules](rules.md) say which only Azure can
prove.
""".strip()


def matrix_page() -> str:
    columns = table(("column", "claims that"), [(name, words(claim)) for name, claim in COLUMNS.items()])
    matrix = table(("target", *COLUMNS), [_line(row) for row in rows()])
    sections = [_section(row) for row in rows()]
    return "\n\n".join(["# Targets", _INTRODUCTION, columns, matrix, *sections]) + "\n"


def sentence(node: str) -> str:
    """The name of a test, read as what it says."""
    name = node.rpartition("::")[2].partition("[")[0]
    return name.removeprefix("test_").replace("_", " ")


def _line(row: Row) -> tuple[str, ...]:
    shown = ["✓" if row.cells[column].held_by else "–" for column in COLUMNS]
    return f"[{row.target}](#{_anchor(row.target)})", *shown


def _section(row: Row) -> str:
    page = row.docs.removeprefix("docs/")
    lines = [(column, "<br>".join(_held(row.cells[column]))) for column in COLUMNS]
    return f"## {row.target}\n\n[{page}](../{page})\n\n{table(('column', 'held by'), lines)}"


def _held(cell: Cell) -> Iterator[str]:
    if cell.reason:
        yield f"– {words(cell.reason)}"
    for node in cell.held_by:
        yield f"[{sentence(node)}](../../{node.partition('::')[0]})"


def _anchor(heading: str) -> str:
    """As GitHub makes it of a heading."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
