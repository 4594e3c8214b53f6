"""What can fail a pipeline, and why it does."""

from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from typing import Final

from audit.evidence import Audit, Verdict
from audit.words import caller, made_by, place, span, times


class Condition(StrEnum):
    """What `--fail-on` takes."""

    UNUSED = "unused"
    """A grant that nobody used, while its log was on for all of the time that is asked about."""
    UNKNOWN_CALLER = "unknown-caller"
    """Something was let in by a grant that this program does not make."""
    REFUSED = "refused"
    """Somebody was refused."""
    NOT_LOGGED = "not-logged"
    """A grant whose use Azure could log, and the log is off, or it is not known since when it is on."""
    SIGN_IN_REFUSED = "sign-in-refused"
    """A principal of the stack was refused a token."""
    SIGN_IN_ELSEWHERE = "sign-in-elsewhere"
    """A principal of the stack signed in from an address that `--known-from` does not have."""


def reasons(audit: Audit, condition: Condition) -> list[str]:
    """Why the condition holds, one plain sentence each, with names as they are; else none."""
    return list(_REASONS[condition](audit))


def _unused(audit: Audit) -> Iterable[str]:
    for one in audit.of(Verdict.UNUSED):
        grant = one.of.grant
        told = f"{grant.who} never used {grant.role} on {grant.where} in {span(one)}"
        yield f"{told}; made by {made_by(one.of)}"


def _unknown(audit: Audit) -> Iterable[str]:
    for use in audit.unknown:
        told = f"{caller(audit.stack, use)} did {use.operation} on {place(audit.stack, use)}"
        yield f"{told}, {times(use.count)}"


def _refused(audit: Audit) -> Iterable[str]:
    for use in audit.refused:
        yield f"{caller(audit.stack, use)} was refused {use.operation} on {place(audit.stack, use)}"


def _not_logged(audit: Audit) -> Iterable[str]:
    for one in audit.of(Verdict.NOT_LOGGED):
        yield f"{one.of.grant.who} has {one.of.grant.role} on {one.of.grant.where}: {one.how}"


def _sign_in_refused(audit: Audit) -> Iterable[str]:
    for one in audit.sign_ins.found:
        if one.is_refused:
            yield f"{caller(audit.stack, one)} was refused a token for {one.resource}: AADSTS{one.result}"


def _sign_in_elsewhere(audit: Audit) -> Iterable[str]:
    for one in audit.sign_ins.elsewhere:
        yield f"{caller(audit.stack, one)} signed in from {', '.join(one.addresses)}, for {one.resource}"


_REASONS: Final[Mapping[Condition, Callable[[Audit], Iterable[str]]]] = {
    Condition.UNUSED: _unused,
    Condition.UNKNOWN_CALLER: _unknown,
    Condition.REFUSED: _refused,
    Condition.NOT_LOGGED: _not_logged,
    Condition.SIGN_IN_REFUSED: _sign_in_refused,
    Condition.SIGN_IN_ELSEWHERE: _sign_in_elsewhere,
}
