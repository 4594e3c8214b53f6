"""The audit for programs, as JSON."""

from datetime import datetime
from typing import Any, Final

from access_report.safety import LONGEST_SENTENCE, visible
from audit.evidence import Audit, Evidence
from audit.judgement import Condition, reasons
from audit.lines import Line
from audit.sign_in_words import document_of_sign_ins
from audit.uses import Use
from audit.words import caller, headline, place

VERSION: Final = 1
_LONGEST_ID: Final = 1_000


def document(audit: Audit) -> dict[str, Any]:
    """Names are made visible; nothing of a value is in it, as no log has one."""
    return {
        "version": VERSION,
        "stack": visible(audit.stack.name),
        "headline": headline(audit),
        "since": _time(audit.since),
        "until": _time(audit.until),
        "grants": [_grant(one) for one in audit.evidence],
        "unknownCallers": [_use(audit, use) for use in audit.unknown],
        "refused": [_use(audit, use) for use in audit.refused],
        "signIns": document_of_sign_ins(audit),
        "usesElsewhere": audit.elsewhere,
        "notUnderstood": [
            {"table": visible(one.table), "why": one.why, "rows": one.count} for one in audit.unread
        ],
        "notRead": [visible(note, LONGEST_SENTENCE) for note in audit.notes],
        "conditions": {
            condition.value: [visible(reason, LONGEST_SENTENCE) for reason in reasons(audit, condition)]
            for condition in Condition
        },
    }


def _grant(one: Evidence) -> dict[str, Any]:
    of = one.of
    return {
        "who": {"kind": of.grant.who.kind, "name": visible(of.grant.who.name), "objectId": of.principal_id},
        "role": visible(of.grant.role),
        "where": visible(str(of.grant.where), LONGEST_SENTENCE),
        "scope": visible(of.scope, _LONGEST_ID),
        "assignment": visible(of.id, _LONGEST_ID),
        "component": visible(of.component),
        "line": _line(of.line),
        "verdict": one.verdict.value,
        "loggedDays": one.days,
        "evidence": visible(one.how),
        "count": one.count,
        "last": _time(one.last),
        "isCertain": one.is_certain,
        "parts": {visible(part): count for part, count in one.parts.items()},
        "actions": None if one.actions is None else sorted(map(visible, one.actions)),
        "addresses": sorted({visible(address) for use in one.uses for address in use.addresses}),
        "refused": sum(use.count for use in one.refused),
    }


def _use(audit: Audit, use: Use) -> dict[str, Any]:
    return {
        "who": visible(caller(audit.stack, use), LONGEST_SENTENCE),
        "objectId": visible(use.principal_id) or None,
        "clientId": visible(use.app_id) or None,
        "operation": visible(use.operation),
        "where": visible(place(audit.stack, use), LONGEST_SENTENCE),
        "assignment": visible(use.assignment) or None,
        "count": use.count,
        "first": _time(use.first),
        "last": _time(use.last),
        "addresses": [visible(address) for address in use.addresses],
    }


def _line(line: Line | None) -> dict[str, Any] | None:
    if line is None:
        return None
    return {"file": visible(line.file), "line": line.line, "calledFrom": _line(line.called_from)}


def _time(time: datetime | None) -> str | None:
    return None if time is None else time.strftime("%Y-%m-%dT%H:%M:%SZ")
