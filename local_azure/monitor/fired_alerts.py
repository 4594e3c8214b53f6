"""Which alerts there are now: each rule's query is asked of the rows, each alert's operation of the activity
log.

https://learn.microsoft.com/azure/azure-monitor/alerts/alerts-overview
"""

import operator
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

import isodate

from components.azure_facts.log_tables import log_tables
from local_azure.authorization.scopes import covers
from local_azure.bodies import items, properties_of, section
from local_azure.errors import Refusal
from local_azure.ground import Ground
from local_azure.http import JsonObject
from local_azure.journal import KEPT
from local_azure.monitor.activity_log import event_of
from local_azure.monitor.alert_rules import ACTIVITY_ALERTS, QUERY_RULES
from local_azure.monitor.kql import Table, run
from local_azure.monitor.rows import WorkspaceRows
from local_azure.monitor.tables import TIME
from local_azure.rules import Rule
from local_azure.store import Resource

_COMPARED: Final[Mapping[str, Callable[[float, float], bool]]] = {
    "Equals": operator.eq,
    "GreaterThan": operator.gt,
    "GreaterThanOrEqual": operator.ge,
    "LessThan": operator.lt,
    "LessThanOrEqual": operator.le,
}

RULES: Final = [
    Rule(
        "O21",
        "behaviour",
        "A rule fires while its query finds more rows of its window than its threshold, an alert on the "
        "activity log by the operation that it waits for, below its scope, since it is there.",
        held_by="o21_an_alert_fires_by_what_is_in_the_rows_and_ends_when_they_are_old",
        source="https://learn.microsoft.com/azure/azure-monitor/alerts/alerts-create-log-alert-rule",
    ),
]


class FiredAlerts:
    """Asked whenever somebody looks, where Azure asks every few minutes."""

    def __init__(self, ground: Ground, rows: WorkspaceRows) -> None:
        self._ground, self._rows = ground, rows

    def now(self) -> list[JsonObject]:
        """Each as {id, description, severity, count}; `why_not` in place of `count` for a query that is not
        served here."""
        return [*self._of_queries(), *self._of_changes()]

    def _of_queries(self) -> Iterator[JsonObject]:
        for rule in self._ground.store.list(type=QUERY_RULES):
            said = properties_of(rule.body)
            if not said.get("enabled"):
                continue
            shown = {"id": rule.id, "description": said.get("description"), "severity": said.get("severity")}
            for condition in items(section(said, "criteria"), "allOf"):
                try:
                    count = self._count(rule, str(condition["query"]))
                except Refusal as refused:
                    yield {**shown, "why_not": refused.message}
                    continue
                compare = _COMPARED.get(str(condition.get("operator")))
                if compare and compare(count, float(condition.get("threshold") or 0)):
                    yield {**shown, "count": count}

    def _count(self, rule: Resource, query: str) -> int:
        said, now = properties_of(rule.body), datetime.fromtimestamp(self._ground.clock.now(), UTC)
        window: Any = isodate.parse_duration(said["windowSize"])  # pyright: ignore[reportUnknownMemberType]
        tables = {name: self._table(said["scopes"], name, now - window) for name in log_tables()}
        return len(run(query, tables, now).rows)

    def _table(self, workspaces: list[str], name: str, since: datetime) -> Table:
        rows = [row for one in workspaces for row in self._rows.of(one, name) if _time(row) >= since]
        return Table(log_tables()[name].columns, rows)

    def _of_changes(self) -> Iterator[JsonObject]:
        alerts = self._ground.store.list(type=ACTIVITY_ALERTS)
        entries: list[JsonObject] = self._ground.journal.entries(KEPT) if alerts else []
        events = [event for event in map(event_of, entries) if event]
        for alert in alerts:
            said = properties_of(alert.body)
            seen = _since(alert, events)
            count = sum(1 for event in seen if said.get("enabled") and _meets(event, said))
            if count:
                yield {"id": alert.id, "description": said.get("description"), "severity": 4, "count": count}


def _since(alert: Resource, events: Sequence[JsonObject]) -> Sequence[JsonObject]:
    """What happened after it was made: it waits, and does not look back."""
    id = alert.id.lower()
    made = [
        number
        for number, event in enumerate(events, 1)
        if str(event["resourceId"]).lower() == id and event["subStatus"]["value"] == "201"
    ]
    return events[made[-1] if made else 0 :]


def _meets(event: JsonObject, said: JsonObject) -> bool:
    scopes: list[Any] = said["scopes"]
    below = any(covers(str(scope), str(event["resourceId"])) for scope in scopes)
    known = {
        key: str(event[key]["value"]) if isinstance(event.get(key), dict) else str(event.get(key) or "")
        for key in ("category", "operationName", "status", "caller", "level", "resourceType")
    }
    wanted = items(section(said, "condition"), "allOf")
    return below and all(
        any(
            known.get(str(leaf.get("field")), "").lower() == str(leaf.get("equals")).lower()
            for leaf in items(one, "anyOf") or [one]
        )
        for one in wanted
    )


def _time(row: JsonObject) -> datetime:
    at = datetime.fromisoformat(str(row[TIME]))
    return at if at.tzinfo else at.replace(tzinfo=UTC)
