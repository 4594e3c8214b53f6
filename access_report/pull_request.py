"""The one comment on a pull request: what it changes in every stack, rolled up by who, can and on."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from access_report.cutting import lines_within
from access_report.graph import mermaid
from access_report.mark import Moment, mark
from access_report.markdown import GRAPH, assembled
from access_report.report import Report
from access_report.run import UNFINISHED, Run, notes_of_findings
from access_report.safety import in_markdown
from access_report.sentences import Section, headline, sections

LONGEST_STACKS: Final = 12_000
"""Characters of the lines that tell of each stack; the rest is counted."""
NOTHING: Final = "Nothing is known of what would change."
_GRANTS: Final = ("", "who", "can", "on")
_ALL: Final = "all"


@dataclass(frozen=True)
class Previewed:
    """What is known of one stack: the report on its preview and how that went, or why there is none."""

    stack: str
    report: Report | None = None
    run: Run | None = None
    failure: str = ""
    """In Markdown."""


def begun(project: str, moment: Moment, link: str) -> str:
    """What stands in the comment from the start of a run until its end."""
    title = f"### {in_markdown(project)}: commit {in_markdown(moment.commit[:12])} is being previewed"
    what = f"{NOTHING} What stood here spoke of an earlier commit or run, and is out of date."
    return f"{mark(project, moment)}\n{title}\n\n{what} The run: {link}\n"


def told(
    project: str, moment: Moment, stacks: Sequence[Previewed], *, link: str = "", notes: str = ""
) -> str:
    """At most 64,000 characters, what a reviewer needs first at the top. `notes`, of at most a few thousand
    characters, stand below the first lines and are never cut.
    """
    reports = {one.stack: one.report for one in stacks if one.report}
    runs = {one.stack: one.run for one in stacks if one.run}
    whose = f"Of commit {in_markdown(moment.commit[:12])}{f', previewed by {link}' if link else ''}.\n"
    unfinished = f"{UNFINISHED}\n" if any(not run.succeeded for run in runs.values()) else ""
    parts = [_first_lines(project, stacks), whose, unfinished, notes, notes_of_findings(runs)]
    head = "\n".join([mark(project, moment), *(part for part in parts if part)])
    graphs = {_graph(stack, reports): mermaid(report) for stack, report in reports.items()}
    return assembled(head, rolled_up(reports), graphs, link)


def _graph(stack: str, reports: Mapping[str, Report]) -> str:
    return GRAPH if len(reports) == 1 else f"{GRAPH}: {in_markdown(stack)}"


def _first_lines(project: str, stacks: Sequence[Previewed]) -> str:
    """One stack is the title; several share one, with a line for those that have the same to tell."""
    if len(stacks) == 1:
        return f"### {in_markdown(stacks[0].stack)}: {_sentence(stacks[0])}\n"
    same: dict[str, list[str]] = {}
    for one in stacks:
        same.setdefault(_sentence(one), []).append(in_markdown(one.stack))
    lines = [f"- {', '.join(names)}: {sentence}" for sentence, names in same.items()]
    # What has no report comes first: a reader must not take the others for all.
    failed = {f"- {', '.join(same[_sentence(one)])}: {_sentence(one)}" for one in stacks if not one.report}
    lines.sort(key=lambda line: line not in failed)
    title = f"### {in_markdown(project)}: what would change in {len(stacks)} stacks"
    if failed:
        title += f", of which {sum(not one.report for one in stacks)} could not be previewed"
    return f"{title}\n\n{lines_within(lines, LONGEST_STACKS)}"


def _sentence(one: Previewed) -> str:
    if one.report is None:
        return f"{one.failure} {NOTHING}"
    far = "" if one.run and one.run.succeeded else "as far as the preview came: "
    return f"{far}{headline(one.report)}"


def rolled_up(reports: Mapping[str, Report]) -> list[Section]:
    """The sections of all reports. A row that several stacks have is one, and says which; so are grants that
    differ in nothing but their reason.
    """
    found: dict[str, list[tuple[str, Section]]] = {}
    order: list[str] = []
    for stack, report in reports.items():
        place = 0
        for section in sections(report, in_markdown):
            if section.title not in found:
                order.insert(place, section.title)
            place = order.index(section.title) + 1
            found.setdefault(section.title, []).append((stack, section))
    return [_one_section(found[title], list(reports)) for title in order]


def _one_section(parts: Sequence[tuple[str, Section]], stacks: Sequence[str]) -> Section:
    (_, first), *_ = parts
    width = len(_GRANTS) if tuple(first.columns[: len(_GRANTS)]) == _GRANTS else len(first.columns)
    rows: dict[tuple[str, ...], tuple[list[str], list[Sequence[str]]]] = {}
    for stack, section in parts:
        for row in section.rows:
            where, further = rows.setdefault(tuple(row[:width]), ([], []))
            where.append(stack)
            further.append(row[width:])
    several = len(stacks) > 1
    told = [
        [*_counted(key, where), *_joined(further), *([_where(where, stacks)] if several else [])]
        for key, (where, further) in rows.items()
    ]
    columns = [*first.columns, *(["in"] if several else [])]
    if several and len(first.columns) == 1:  # a list becomes a table, and its one column has no name
        columns = ["what", "in"]
    note = next((section.note for _, section in parts if section.note), "")
    return Section(first.title, columns, told, note)


def _joined(further: Sequence[Sequence[str]]) -> Iterator[str]:
    """Column by column, each text once."""
    for column in zip(*further, strict=True):
        yield ", ".join(dict.fromkeys(text for text in column if text))


def _counted(key: Sequence[str], where: Sequence[str]) -> Sequence[str]:
    """The same words are not the same thing: what a stack has several times is told with how often."""
    times = max(Counter(where).values())
    return [f"{key[0]} ({times} times)", *key[1:]] if times > 1 else key


def _where(where: Sequence[str], every: Sequence[str]) -> str:
    stacks = list(dict.fromkeys(where))
    return _ALL if len(stacks) == len(every) else ", ".join(map(in_markdown, stacks))
