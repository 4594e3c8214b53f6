"""The report as a comment on a pull request."""

from collections.abc import Sequence
from typing import Final

from access_report.graph import mermaid
from access_report.report import Report
from access_report.safety import in_markdown
from access_report.sentences import Section, headline, sections

LONGEST: Final = 64_000
"""Characters of a comment; GitHub takes 65,535."""


def marker(stack: str) -> str:
    """What a comment of this stack begins with, by which the next run finds it. No name in it can end it."""
    return f"<!-- keyless access report: {stack.encode().hex()} -->"


def comment(report: Report, full_report: str = "") -> str:
    """At most 64,000 characters. Sections that do not fit are named with a count, and where they are:
    `full_report`.
    """
    parts = [f"{marker(report.stack)}\n### {in_markdown(report.stack)}: {headline(report)}\n"]
    left_out: list[Section] = []
    room = LONGEST - len(parts[0]) - 2_000  # for the note on what is left out
    graph = mermaid(report)
    for section in sections(report, in_markdown):
        text = _section(section)
        if len(text) > room:
            left_out.append(section)
            continue
        parts.append(text)
        room -= len(text)
    if graph and len(graph) <= room:
        parts.append(f"<details><summary>Who reaches what, as a graph</summary>\n\n{graph}\n</details>\n")
    if left_out:
        names = ", ".join(f"{section.title} ({len(section.rows)})" for section in left_out)
        where = f" The full report: {full_report}" if full_report else ""
        parts.append(f"Too long for a comment and left out: {names}.{where}\n")
    return "\n".join(parts)


def _section(section: Section) -> str:
    lines = [_line(section.columns), _line(["---"] * len(section.columns)), *map(_line, section.rows)]
    note = f"\n{section.note}\n" if section.note else ""
    table = "\n".join(lines)
    if section.title == "Access that stays":
        return f"<details><summary>{section.title} ({len(section.rows)})</summary>\n\n{table}\n</details>\n"
    return f"**{section.title}**\n\n{table}\n{note}"


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
