"""The report as a comment on a pull request."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from access_report.graph import mermaid
from access_report.report import Report
from access_report.safety import in_markdown
from access_report.sentences import STAYS, Section, headline, sections

LONGEST: Final = 64_000
"""Characters of a comment; GitHub takes 65,535."""
_RESERVED: Final = 1_000
"""Of these for saying what was left out."""
_LEAST: Final = 3_000
"""Of these for each section, so that a long one leaves the short ones after it in."""
GRAPH: Final = "Who reaches what, as a graph"
_CUT: Final = "… and"


def marker(stack: str) -> str:
    """What a comment of this stack begins with, by which the next run finds it. No name in it can end it."""
    return f"<!-- keyless access report: {stack.encode().hex()} -->"


def comment(report: Report, full_report: str = "", notes: str = "", *, whole: bool = True) -> str:
    """At most 64,000 characters, grants first. What does not fit is cut at whole rows, with a count; sections
    for which nothing is left are named; `full_report` says where all of it is. `notes`, of at most a few
    thousand characters, stand below the first line and are never cut. With `whole` false the preview did not
    come to its end, and the first line says so.
    """
    far = "" if whole else "as far as the preview came: "
    head = f"{marker(report.stack)}\n### {in_markdown(report.stack)}: {far}{headline(report)}\n"
    head += f"\n{notes}" if notes else ""
    return assembled(head, list(sections(report, in_markdown)), {GRAPH: mermaid(report)}, full_report)


def assembled(head: str, told: Sequence[Section], graphs: Mapping[str, str], full_report: str = "") -> str:
    """A comment of these sections below its head, with as much of each as fits, and the graphs by title."""
    where = f" The full report: {full_report}" if full_report else ""
    parts, left_out = [head], list[Section]()
    room = LONGEST - len(head) - _RESERVED - len(where)
    for number, section in enumerate(told):
        later = sum(min(_LEAST, len(_section(one)) + 1) for one in told[number + 1 :] if one.title != STAYS)
        text = _fitting(section, room - later)
        if text:
            parts.append(text)
            room -= len(text) + 1
        else:
            left_out.append(section)
    for title, graph in graphs.items():
        drawn = f"<details><summary>{title}</summary>\n\n{graph}\n</details>\n"
        if graph and len(drawn) <= room:
            parts.append(drawn)
            room -= len(drawn) + 1
    if left_out:
        names = ", ".join(f"{section.title} ({len(section.rows)})" for section in left_out)
        parts.append(f"Too long for a comment and left out: {names}.\n")
    if left_out or any(_CUT in part for part in parts):
        parts.append(f"This comment was cut.{where}\n")
    return "\n".join(parts)


def _fitting(section: Section, room: int) -> str:
    """The section with as many rows as fit, and the number of the others; empty where not even one does."""
    whole = _section(section)
    if len(whole) <= room:
        return whole
    room -= len(_section(replace(section, rows=()), more=len(section.rows)))
    shown = 0
    while shown < len(section.rows) and len(_row(section, section.rows[shown])) < room:
        room -= len(_row(section, section.rows[shown])) + 1
        shown += 1
    more = len(section.rows) - shown
    return _section(replace(section, rows=section.rows[:shown]), more) if shown else ""


def _section(section: Section, more: int = 0) -> str:
    lines = [_row(section, row) for row in section.rows]
    if len(section.columns) > 1:
        lines = [_line(section.columns), _line(["---"] * len(section.columns)), *lines]
    note = f"\n{section.note}\n" if section.note else ""
    table = "\n".join(lines)
    if more:
        table += f"\n\n{_CUT} {more} more.\n"
    if section.title == STAYS:
        count = len(section.rows) + more
        return f"<details><summary>{section.title} ({count})</summary>\n\n{table}\n</details>\n"
    return f"**{section.title}**\n\n{table}\n{note}"


def _row(section: Section, row: Sequence[str]) -> str:
    return _line(row) if len(section.columns) > 1 else f"- {row[0]}"


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
