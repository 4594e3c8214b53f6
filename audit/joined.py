"""The grants of a stack joined with the uses of its targets: what let each use through, and what did not."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from audit.evidence import OFF, Audit, Evidence, Log, Logs, Verdict
from audit.grants import Stack, StackGrant
from audit.kinds import Kind, kinds
from audit.sign_ins import SignIns
from audit.uses import Unread, Use

_NONE: Final = timedelta()


def audit(
    stack: Stack,
    found: Iterable[Use | Unread],
    logs: Logs,
    since: datetime,
    until: datetime,
    notes: Sequence[str] = (),
    sign_ins: SignIns | None = None,
) -> Audit:
    """Join them. Uses before `since`, or at resources of others, are not looked at."""
    every = list(found)
    uses = [one for one in every if isinstance(one, Use) and one.last >= since]
    here = [use for use in uses if use.target in stack.targets]
    let_in: defaultdict[str, list[Use]] = defaultdict(list)
    uncertain = set[str]()
    unknown: list[Use] = []
    for use in here:
        if use.is_refused:
            continue
        grants = _which_let(stack, use)
        for one in grants:
            let_in[one.grant.urn].append(use)
            if not use.assignment:
                uncertain.add(one.grant.urn)
        if not grants and use.caller:
            unknown.append(use)
    refused = [use for use in here if use.is_refused]
    unread = [one for one in every if isinstance(one, Unread)]
    logs = _without_unread(logs, {one.table for one in unread})
    return Audit(
        stack,
        since,
        until,
        [
            _evidence(
                stack, one, let_in[one.grant.urn], refused, logs, since, until, one.grant.urn in uncertain
            )
            for one in stack.grants
        ],
        sorted(unknown, key=_latest_first),
        sorted(refused, key=_latest_first),
        logs,
        unread,
        len(uses) - len(here),
        notes,
        sign_ins or SignIns(),
    )


def _without_unread(logs: Logs, tables: set[str]) -> Logs:
    """A row that could not be joined may be the use of any grant of its table, so no absence is evidence."""
    return {
        (target, name): replace(log, since=None, how="some of its rows could not be joined")
        if log.is_on and kinds()[name].table in tables
        else log
        for (target, name), log in logs.items()
    }


def _which_let(stack: Stack, use: Use) -> list[StackGrant]:
    """The grant that let a use through; where the row does not name it, each that may have."""
    if use.assignment:
        return [one for one in stack.grants if one.name == use.assignment and _same_scope(one, use)]
    ids = {use.principal_id, use.app_id} - {""}
    return [
        one
        for one in stack.grants
        if use.kind in one.kinds
        and ids & {one.principal_id, one.client_id}
        and (one.holds(use.place) or (not use.part and _overlaps(one, use.target)))
        and one.allows(use.action)
    ]


def _same_scope(one: StackGrant, use: Use) -> bool:
    """The same name can be given again in another scope; a row may name the assignment by its name alone."""
    return "/" not in use.assignment_id or one.id == use.assignment_id


def _overlaps(one: StackGrant, place: str) -> bool:
    return one.holds(place) or one.scope.startswith(f"{place.rstrip('/')}/")


def _evidence(
    stack: Stack,
    one: StackGrant,
    uses: Sequence[Use],
    refused: Sequence[Use],
    logs: Logs,
    since: datetime,
    until: datetime,
    is_uncertain: bool,
) -> Evidence:
    ids = {one.principal_id, one.client_id} - {""}
    mine = [
        use
        for use in refused
        if use.kind in one.kinds and ids & {use.principal_id, use.app_id} and _overlaps(one, use.place)
    ]
    log = _log_of(stack, one, logs)
    begin = max((t for t in (since, log.since, one.made) if t is not None), default=since)
    span = max(until - begin, _NONE) if log.is_on and log.since is not None else _NONE
    if uses:
        verdict = Verdict.USED
    elif not one.kinds:
        verdict = Verdict.NO_LOG
    elif span == _NONE:
        verdict = Verdict.NOT_LOGGED
    else:
        verdict = Verdict.UNUSED if begin <= since else Verdict.UNSEEN
    return Evidence(one, verdict, uses, mine, span, log.how, not is_uncertain)


def _log_of(stack: Stack, one: StackGrant, logs: Logs) -> Log:
    """Of all that the grant opens: on where all of it is, since the youngest."""
    if not one.kinds:
        return Log(False, None, "Azure has no log of this kind")
    places = [(target, kind) for kind in one.kinds for target in _targets(stack, one, kind)]
    found = [logs.get((target, kind.name), OFF) for target, kind in places]
    lacking = next((log for log in found if not log.is_on or log.since is None), None)
    if not found:
        return Log(False, None, "nothing of this stack in its scope has a log of this kind")
    if lacking is not None:
        return lacking
    return max(found, key=lambda log: log.since or datetime.min)


def _targets(stack: Stack, one: StackGrant, kind: Kind) -> list[str]:
    """Resources of a kind in the scope of a grant: the one that the scope is in, or those of the stack."""
    around = kind.target_in(one.scope)
    return [around] if around else [t for t in stack.targets if kind.target_in(t) and one.holds(t)]


def _latest_first(use: Use) -> tuple[float, str, str, str]:
    return -use.last.timestamp(), use.caller, use.place, use.operation
