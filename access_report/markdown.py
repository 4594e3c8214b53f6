"""The report as a comment on a pull request."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from access_report.graph import mermaid
from access_report.report import Report
from access_report.safety import in_markdown
from access_report.sentences import Section, headline, sections

LONGEST: Final = 64_000
"""Characters of a comment; GitHub takes 65,535."""
_RESERVED: Final = 1_000
"""Of these for saying what was left out."""
_CUT: Final = "… and"


def marker(stack: str) -> str:
    """What a comment of this stack begins with, by which the next run finds it. No name in it can end it."""
    return f"<!-- keyless access report: {stack.encode().hex()} -->"


def comment(report: Report, full_report: str = "", notes: str = "", *, whole: bool = True) -> str:
    """At most 64,000 characters. What does not fit is cut at whole rows, with a count; sections for which
    nothing is left are named; `full_report` says where all of it is. `notes`, of at most a few thousand
    characters, stand below the first line and are never cut. With `whole` false the preview did not come to
    its end, and the first line says so.
    """
    far = "" if whole else "as far as the preview came: "
    head = f"{marker(report.stack)}\n### {in_markdown(report.stack)}: {far}{headline(report)}\n"
    head += f"\n{notes}" if notes else ""
    where = f" The full report: {full_report}" if full_report else ""
    parts, left_out = [head], list[Section]()
    room = LONGEST - len(head) - _RESERVED - len(where)
    for section in sections(report, in_markdown):
        text = _fitting(section, room)
        if text:
            parts.append(text)
            room -= len(text) + 1
        else:
            left_out.append(section)
    graph = mermaid(report)
    if graph and len(graph) <= room:
        parts.append(f"<details><summary>Who reaches what, as a graph</summary>\n\n{graph}\n</details>\n")
    if left_out:
        names = ", ".join(f"{section.title} ({len(section.rows)})" for section in left_out)
        parts.append(f"Too long for a comment and left out: {names}.\n")
    if left_out or any(_CUT in part for part in parts):
        parts.append(f"This comment was cut.{where}\n")
    return "\n".join(parts)


def _fitting(section: Section, room: int) -> str:
    """The section with as many rows as fit, and the number of the others; empty where not even one does."""
    for rows in (len(section.rows), *range(len(section.rows) - 1, 0, -max(1, len(section.rows) // 50))):
        text = _section(replace(section, rows=section.rows[:rows]), more=len(section.rows) - rows)
        if len(text) <= room:
            return text
    return ""


def _section(section: Section, more: int = 0) -> str:
    lines = [_line(section.columns), _line(["---"] * len(section.columns)), *map(_line, section.rows)]
    if len(section.columns) == 1:
        lines = [f"- {cell}" for (cell,) in section.rows]
    note = f"\n{section.note}\n" if section.note else ""
    table = "\n".join(lines)
    if more:
        table += f"\n\n{_CUT} {more} more.\n"
    if section.title == "Access that stays":
        count = len(section.rows) + more
        return f"<details><summary>{section.title} ({count})</summary>\n\n{table}\n</details>\n"
    return f"**{section.title}**\n\n{table}\n{note}"


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
