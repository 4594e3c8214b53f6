"""What can fail a pipeline, and why it does."""

from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from typing import Final

from access_report.comparison import Change
from access_report.exposure import Exposed
from access_report.report import Report
from access_report.weighing import Concern


class Condition(StrEnum):
    """What `--fail-on` takes."""

    WIDER_ACCESS = "wider-access"
    """A grant is added or widened, an identity gets another host, or an app reads its secrets as another."""
    PUBLIC_EXPOSURE = "public-exposure"
    """A setting is opened: a network, a protocol, a way to sign in, or a reference turned to clear text."""
    REMOVED_PROTECTION = "removed-protection"
    """A lock or a protection is taken away, or a vault, an identity or an app is deleted or replaced."""
    REFERENCE_WITHOUT_GRANT = "reference-without-grant"
    """A reference that the app's identity may not read after the update."""
    CHANGED_CODE = "changed-code"
    """What runs with the access of an app's identity changes, or where that comes from."""
    NOT_WEIGHED = "not-weighed"
    """A change that this report cannot judge."""


def reasons(report: Report, condition: Condition) -> list[str]:
    """Why the condition holds, one plain sentence each, with names as the program gives them; else none."""
    return list(_REASONS[condition](report))


def _wider(report: Report) -> Iterable[str]:
    for changed in report.grants:
        # What a component claims of a role or a scope may be less than what the update will write.
        is_claimed = changed.after is not None and changed.after.is_claimed
        if changed.change in (Change.ADDED, Change.WIDENED) or is_claimed:
            claim = ", as the component says" if is_claimed else ""
            yield f"{changed.grant.sentence} ({changed.change}{claim})"
    for one in report.attached:
        yield f"{one.kind} {one.host} runs as identity {one.identity}, too"
    for event in report.events:
        if event.widens:
            yield f"{event.kind} {event.name} {event.text}"


def _became(exposed: Exposed) -> str:
    was = "" if exposed.before is None else f" instead of {exposed.before}"
    return f"{exposed.kind} {exposed.name}: {exposed.words} is {exposed.after}{was}"


def _exposure(report: Report) -> Iterable[str]:
    for exposed in report.exposures:
        if exposed.opens and exposed.concern is Concern.EXPOSURE:
            yield _became(exposed)
    for change in report.settings:
        if change.becomes_literal:
            yield f"{change.setting.app}: setting {change.setting.variable} is a value in clear, no reference"
    for value in report.secrets_in_clear:
        yield f"{value.kind} {value.owner}: value {value.name} is in clear: {value.why}"


def _protection(report: Report) -> Iterable[str]:
    for exposed in report.exposures:
        if exposed.opens and exposed.concern is Concern.PROTECTION:
            yield _became(exposed)
    for event in report.events:
        if event.takes_away:
            yield f"{event.kind} {event.name} {event.text}"


def _uncovered(report: Report) -> Iterable[str]:
    for setting in report.uncovered:
        yield f"{setting.app}: nobody may read {setting.secret} in {setting.vault} for {setting.variable}"


def _code(report: Report) -> Iterable[str]:
    for exposed in report.exposures:
        if exposed.concern is Concern.CODE:
            yield _became(exposed)


def _unweighed(report: Report) -> Iterable[str]:
    for one in report.unweighed:
        properties = f": {', '.join(one.properties)}" if one.properties else ""
        yield f"{one.type} {one.name} ({one.change}){properties}"


_REASONS: Final[Mapping[Condition, Callable[[Report], Iterable[str]]]] = {
    Condition.WIDER_ACCESS: _wider,
    Condition.PUBLIC_EXPOSURE: _exposure,
    Condition.REMOVED_PROTECTION: _protection,
    Condition.REFERENCE_WITHOUT_GRANT: _uncovered,
    Condition.CHANGED_CODE: _code,
    Condition.NOT_WEIGHED: _unweighed,
}
