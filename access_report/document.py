"""The report for programs: JSON as `schema.json` beside this file describes it."""

from typing import Any

from access_report.comparison import Changed
from access_report.grants import Grant
from access_report.judgement import Condition, reasons
from access_report.references import Setting
from access_report.report import Report
from access_report.safety import LONGEST_SENTENCE, visible
from access_report.scopes import Where
from access_report.sentences import headline

VERSION = 1


def document(report: Report) -> dict[str, Any]:
    """Names are as the program gives them, made visible; nothing of a value is in it."""
    return {
        "version": VERSION,
        "stack": visible(report.stack),
        "headline": headline(report),
        "operations": dict(report.counts),
        "grants": [_changed(changed) for changed in report.grants],
        "roleAssignments": {"before": report.assignments.before, "after": report.assignments.after},
        "settings": [
            {
                "app": visible(change.setting.app),
                "variable": visible(change.setting.variable),
                "before": _setting(change.before),
                "after": _setting(change.after),
                "becomesLiteral": change.becomes_literal,
            }
            for change in report.settings
        ],
        "valuesInClear": [
            {
                "kind": visible(value.kind),
                "resource": visible(value.owner),
                "name": visible(value.name),
                "looks": value.looks.value,
                "why": visible(str(value.why), LONGEST_SENTENCE) if value.why else None,
            }
            for value in report.in_clear
        ],
        "exposures": [
            {
                "kind": visible(exposed.kind),
                "name": visible(exposed.name),
                "what": exposed.words,
                "concern": exposed.concern.value,
                "before": None if exposed.before is None else visible(exposed.before),
                "after": visible(exposed.after or ""),
                "opens": exposed.opens,
            }
            for exposed in report.exposures
        ],
        "attachedIdentities": [
            {"kind": visible(one.kind), "host": visible(one.host), "identity": visible(one.identity)}
            for one in report.attached
        ],
        "events": [
            {"kind": visible(event.kind), "name": visible(event.name), "what": event.told(visible)}
            for event in report.events
        ],
        "notWeighed": [
            {
                "change": one.change,
                "type": visible(one.type),
                "name": visible(one.name),
                "properties": [visible(path) for path in one.properties],
            }
            for one in report.unweighed
        ],
        "deployerNeeds": {
            "roles": [visible(role) for role in report.needs.roles],
            "resourceProviders": list(report.needs.providers),
        },
        "conditions": {
            condition.value: [visible(reason, LONGEST_SENTENCE) for reason in reasons(report, condition)]
            for condition in Condition
        },
    }


def _changed(changed: Changed) -> dict[str, Any]:
    return {
        "change": changed.change.value,
        "shownAsReplaced": changed.only_shown,
        "collides": changed.collides,
        "before": _grant(changed.before),
        "after": _grant(changed.after),
    }


def _grant(grant: Grant | None) -> dict[str, Any] | None:
    if grant is None:
        return None
    return {
        "who": {
            "kind": grant.who.kind,
            "name": visible(grant.who.name),
            "objectId": visible(grant.who.object_id) or None,
        },
        "form": grant.form.value,
        "role": visible(grant.role),
        "isCustom": grant.granted.is_custom,
        "isConditional": bool(grant.limits.condition),
        "isClaimed": grant.is_claimed,
        "isToBeActivated": grant.limits.is_eligible,
        "until": visible(grant.limits.until) or None,
        "dataActions": list(grant.facts.data_actions) if grant.facts else None,
        "givesAccess": list(grant.facts.gives_access) if grant.facts else None,
        "where": _where(grant.where),
        "because": visible(grant.why),
    }


def _where(where: Where) -> dict[str, Any]:
    around = where.within
    return {
        "kind": visible(where.kind),
        "name": visible(where.own_name),
        "within": {"kind": around.kind, "name": visible(around.name)} if around else None,
    }


def _setting(setting: Setting | None) -> dict[str, Any] | None:
    if setting is None:
        return None
    return {
        "isReference": setting.is_reference,
        "vault": visible(setting.vault),
        "secret": visible(setting.secret),
        "cover": setting.cover.value if setting.cover else None,
    }
