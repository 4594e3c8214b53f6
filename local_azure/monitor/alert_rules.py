"""Microsoft.Insights/scheduledQueryRules, /activityLogAlerts and /actionGroups: what is watched, who is told.

https://learn.microsoft.com/rest/api/monitor/scheduled-query-rules
"""

from typing import Any, Final

from typing_extensions import override

from local_azure.arm import ResourceId, ResourceType
from local_azure.bodies import items, located, properties_of, section
from local_azure.errors import Refusal
from local_azure.http import JsonObject, Request
from local_azure.monitor.workspaces import WORKSPACES
from local_azure.rules import Rule

QUERY_RULES: Final = "Microsoft.Insights/scheduledQueryRules"
ACTIVITY_ALERTS: Final = "Microsoft.Insights/activityLogAlerts"
ACTION_GROUPS: Final = "Microsoft.Insights/actionGroups"
_DURATIONS: Final = frozenset(
    {"PT1M", "PT5M", "PT10M", "PT15M", "PT30M", "PT45M", "PT1H", "PT2H", "PT3H", "PT4H", "PT5H", "PT6H"}
    | {"P1D", "P2D"}
)

RULES: Final = [
    Rule(
        "O19",
        "assumed",
        "An alert rule on a query has a scope that exists, a condition with a query, and a frequency and a "
        "window of those that there are: 400 otherwise; so has an alert on the activity log a category and "
        "a scope.",
        held_by="o19_a_rule_without_a_scope_a_query_or_a_window_is_refused",
    ),
]


class QueryRule(ResourceType):
    """A query that is asked again and again."""

    type = QUERY_RULES

    @override
    def put(self, id: ResourceId, old: JsonObject | None, new: JsonObject, request: Request) -> JsonObject:
        given = {key: value for key, value in properties_of(new).items() if value is not None}
        scopes: list[Any] = given.get("scopes") or []
        workspaces = [self.ground.store.get(str(scope)) for scope in scopes]
        if not workspaces or any(one is None or one.type != WORKSPACES for one in workspaces):
            raise _bad("The scope of a rule is a Log Analytics workspace that exists.")
        conditions = items(section(given, "criteria"), "allOf")
        if not conditions or not all(one.get("query") for one in conditions):
            raise _bad("A rule has a condition with a query.")
        if not {given.get("evaluationFrequency"), given.get("windowSize")} <= _DURATIONS:
            raise _bad(f"Frequency and window of a rule are of {', '.join(sorted(_DURATIONS))}.")
        _check_groups(self, section(given, "actions").get("actionGroups") or [])
        return {
            "identity": new.get("identity"),
            "kind": new.get("kind") or "LogAlert",
            "location": located(new),
            "properties": {
                "autoMitigate": True,
                "enabled": True,
                **given,
                "createdWithApiVersion": request.query.get("api-version"),
                "isLegacyLogAnalyticsRule": False,
                "isWorkspaceAlertsStorageConfigured": False,
            },
            "tags": new.get("tags") or {},
        }


class ActivityAlert(ResourceType):
    """An operation in the activity log that is waited for."""

    type = ACTIVITY_ALERTS

    @override
    def put(self, id: ResourceId, old: JsonObject | None, new: JsonObject, request: Request) -> JsonObject:
        given = {key: value for key, value in properties_of(new).items() if value is not None}
        conditions = items(section(given, "condition"), "allOf")
        if not given.get("scopes") or not any(one.get("field") == "category" for one in conditions):
            raise _bad("An alert on the activity log has a scope and a condition on its category.")
        told = items(section(given, "actions"), "actionGroups")
        _check_groups(self, [one.get("actionGroupId") for one in told])
        return {
            "location": located(new),
            "properties": {"enabled": True, **given},
            "tags": new.get("tags") or {},
        }


class ActionGroup(ResourceType):
    """Who is told. Nobody is, here: nothing leaves this machine."""

    type = ACTION_GROUPS

    @override
    def put(self, id: ResourceId, old: JsonObject | None, new: JsonObject, request: Request) -> JsonObject:
        given = properties_of(new)
        if not 1 <= len(str(given.get("groupShortName") or "")) <= 12:
            raise _bad("The short name of an action group has 1 to 12 characters.")
        return {
            "identity": new.get("identity"),
            "location": located(new),
            "properties": {key: value for key, value in given.items() if value is not None},
            "tags": new.get("tags") or {},
        }


def _check_groups(kind: ResourceType, ids: list[Any]) -> None:
    for one in ids:
        found = kind.ground.store.get(str(one))
        if found is None or found.type != ACTION_GROUPS:
            raise _bad(f"The action group '{str(one).rpartition('/')[2]}' was not found.")


def _bad(text: str) -> Refusal:
    return Refusal(400, "BadRequest", text)
