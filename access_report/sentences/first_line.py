"""The first line: what happens to resources, to access, and to values in clear."""

from collections import Counter
from collections.abc import Iterable

from access_report.comparison import Change
from access_report.reading import FORGOTTEN
from access_report.report import Report
from access_report.sentences.exposures import CONCERNS
from access_report.sentences.grants import SHOWN
from access_report.sentences.section import counted
from access_report.values import Looks


def headline(report: Report) -> str:
    """One sentence: what happens to resources, to access, and to values in clear."""
    shown = {"replace": len(report.only_shown)}
    told = [_operation(word, count, shown.get(word, 0)) for word, count in report.counts]
    if report.left_out:
        told.append(f"{report.left_out} not made, as the run names others")
    return f"{', '.join(told) or 'no changes'}. {_access(report)}"


def _operation(word: str, count: int, only_shown: int) -> str:
    if word == FORGOTTEN:
        return f"{count} left in Azure"
    noun = {"replace": "replacement"}.get(word, word)
    note = "" if not only_shown else " (only shown)" if only_shown == count else f" ({only_shown} only shown)"
    return f"{counted(count, noun)}{note}"


def _access(report: Report) -> str:
    counts = {change: len(report.changed(change)) for change in SHOWN}
    told = [
        f"{counts[c]} {word}{' (access interrupted)' if c is Change.RECREATED else ''}"
        for c, word in SHOWN.items()
        if counts[c] or c in (Change.ADDED, Change.REMOVED)
    ]
    told_of_grants = f"Grants: {', '.join(told)}"
    if not any(counts.values()):
        told_of_grants = (
            "No grant changes" if not report.unweighed else "No grant changes in what was weighed"
        )
    return f"{'; '.join([*_unread(report), told_of_grants, *_values(report), *_warnings(report)])}."


def _unread(report: Report) -> Iterable[str]:
    """What stands before any assurance: how much of the change it does not speak of."""
    if count := len(report.unweighed):
        yield f"{counted(count, 'change')} not weighed, to be read"


def _values(report: Report) -> Iterable[str]:
    """Of secrets in clear: nothing is promised where not every place was read that can carry one."""
    looks = [one.looks for one in report.in_clear]
    turned = {(c.setting.app, c.setting.variable) for c in report.settings if c.becomes_literal}
    if clear := len(turned | {(one.owner, one.name) for one in report.secrets_in_clear}):
        yield f"{counted(clear, 'secret value')} now in clear"
    elif not report.unweighed and Looks.LATER not in looks:
        yield "no value in clear looks like a secret" if looks else "no secret value in clear"
    if later := looks.count(Looks.LATER):
        yield f"{counted(later, 'value')} known only by the update"


def _warnings(report: Report) -> Iterable[str]:
    """What else must not be missed, each kind of thing with its number."""
    if report.assignments.are_many:
        yield report.assignments.words
    if attached := len(report.attached):
        yield f"{counted(attached, 'identity')} with another host"
    if missing := len(report.uncovered):
        yield f"{counted(missing, 'reference')} without a grant"
    if moved := [change for change in report.settings if change.leads_elsewhere]:
        yield f"{counted(len(moved), 'reference')} to another vault"
    if refused := [changed for changed in report.grants if changed.collides]:
        yield f"{counted(len(refused), 'grant')} that Azure will refuse"
    for concern, (word, verb, _) in CONCERNS.items():
        if worse := [e for e in report.exposures if e.opens and e.concern is concern]:
            yield f"{counted(len(worse), word)} {verb}"
    seen = Counter((event.kind, event.short) for event in report.events)
    if seen:
        yield ", ".join(f"{counted(number, kind)} {short}" for (kind, short), number in sorted(seen.items()))
