"""The report on a terminal."""

import io
from collections.abc import Iterable
from typing import Final

from rich.console import Console
from rich.table import Table
from rich.text import Text

from access_report.report import Report
from access_report.safety import in_terminal
from access_report.sentences import Section, headline, sections

MOST: Final = 100
"""Rows of one table; who wants more reads the page."""
_STYLES = {"added": "green", "widened": "red", "opened": "red", "weakened": "red", "removed": "yellow"}


def terminal(report: Report, *, width: int = 110, color: bool = False) -> str:
    """Tables in a given width; `color` for a terminal that shows it."""
    told = sections(report, in_terminal)
    return printed(f"{in_terminal(report.stack)}: {headline(report)}", told, width=width, color=color)


def printed(head: str, told: Iterable[Section], *, width: int = 110, color: bool = False) -> str:
    """A first line, and a table for each section, whose names are made harmless already."""
    out = io.StringIO()
    console = Console(file=out, width=width, force_terminal=color, no_color=not color, highlight=False)
    console.print(Text(head, style="bold"))
    for section in told:
        table = Table(
            title=section.title, title_justify="left", title_style="bold", box=None, padding=(0, 2, 0, 0)
        )
        for column in section.columns:
            table.add_column(column, overflow="fold")
        for row in section.rows[:MOST]:
            table.add_row(*(Text(cell, style=_STYLES.get(cell, "")) for cell in row))
        console.print()
        console.print(table)
        if len(section.rows) > MOST:
            console.print(
                Text(f"… and {len(section.rows) - MOST} more: the page and the JSON have all of them")
            )
        if section.note:
            console.print(Text(section.note, style="dim"))
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines()) + "\n"
