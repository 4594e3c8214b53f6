"""What somebody is told of: queries that find a row, and changes that Azure itself watches.

Sources: https://learn.microsoft.com/azure/azure-monitor/alerts/alerts-create-log-alert-rule,
https://learn.microsoft.com/azure/azure-monitor/alerts/alerts-overview
and https://learn.microsoft.com/azure/azure-monitor/alerts/activity-log-alerts
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pulumi
from pulumi_azure_native import monitor

from ..placement import Placement

_EVERY: Final = "PT15M"
"""How often a query is asked: an alert costs by that."""
_OF: Final = "PT1H"
"""What it is asked of: rows come minutes late, and one that is found twice is one alert."""
_DAILY: Final = "P1D"


@dataclass(frozen=True)
class QueryAlert:
    """An alert on a row that a query finds. `severity` is Azure's: 0 the worst, 4 the least."""

    name: str
    says: str
    severity: int
    query: pulumi.Input[str]
    daily: bool = False


@dataclass(frozen=True)
class ChangeAlert:
    """An alert on any of some operations in the activity log of the resource group."""

    name: str
    says: str
    operations: Sequence[str]


GRANTS: Final = ChangeAlert(
    "grants", "Somebody gave a role in this group.", ("Microsoft.Authorization/roleAssignments/write",)
)
PUBLISHING: Final = ChangeAlert(
    "publishing",
    "Somebody changed whether an app takes passwords for publishing.",
    (
        "Microsoft.Web/sites/basicPublishingCredentialsPolicies/write",
        "Microsoft.Web/sites/slots/basicPublishingCredentialsPolicies/write",
    ),
)
"""The log says who did it and when; whether it was switched on, the app says."""


class Alerts:
    """Makes them below one component, whose names begin with `base`. `told` are ids of action groups."""

    def __init__(
        self,
        parent: pulumi.Resource,
        name: str,
        base: pulumi.Output[str],
        place: Placement,
        told: Sequence[pulumi.Output[str]],
    ) -> None:
        self._parent, self._name, self._base, self._place, self._told = parent, name, base, place, told

    def on_rows(
        self,
        alert: QueryAlert,
        workspace_id: pulumi.Output[str],
        after: Sequence[pulumi.Resource],
    ) -> monitor.ScheduledQueryRule:
        """`after` are what makes rows come."""
        every, of = (_DAILY, _DAILY) if alert.daily else (_EVERY, _OF)
        return monitor.ScheduledQueryRule(
            f"{self._name}-{alert.name}",
            actions=monitor.ActionsArgs(action_groups=list(self._told)) if self._told else None,
            # Of what is asked once a day, Azure does not say when an alert would end by itself.
            auto_mitigate=not alert.daily,
            criteria=monitor.ScheduledQueryRuleCriteriaArgs(
                all_of=[
                    monitor.ConditionArgs(
                        failing_periods=monitor.ConditionFailingPeriodsArgs(
                            min_failing_periods_to_alert=1, number_of_evaluation_periods=1
                        ),
                        operator="GreaterThan",
                        query=alert.query,
                        threshold=0,
                        time_aggregation="Count",
                    )
                ]
            ),
            description=alert.says,
            display_name=alert.says,
            enabled=True,
            evaluation_frequency=every,
            location=self._place.location,
            resource_group_name=self._place.resource_group_name,
            rule_name=pulumi.Output.concat(self._base, "-", alert.name),
            scopes=[workspace_id],
            severity=alert.severity,
            # Until the first row comes, Azure knows no table of a new workspace.
            skip_query_validation=True,
            tags=self._place.tags,
            window_size=of,
            opts=pulumi.ResourceOptions(parent=self._parent, depends_on=list(after)),
        )

    def on_changes(self, alert: ChangeAlert, group_id: pulumi.Output[str]) -> monitor.ActivityLogAlert:
        wanted = {"category": "Administrative", "status": "Succeeded"}
        return monitor.ActivityLogAlert(
            f"{self._name}-{alert.name}",
            actions=monitor.ActionListArgs(
                action_groups=[monitor.ActionGroupArgs(action_group_id=id) for id in self._told]
            ),
            activity_log_alert_name=pulumi.Output.concat(self._base, "-", alert.name),
            condition=monitor.AlertRuleAllOfConditionArgs(
                all_of=[
                    *(
                        monitor.AlertRuleAnyOfOrLeafConditionArgs(equals=value, field=field)
                        for field, value in wanted.items()
                    ),
                    monitor.AlertRuleAnyOfOrLeafConditionArgs(
                        any_of=[
                            monitor.AlertRuleLeafConditionArgs(equals=one, field="operationName")
                            for one in alert.operations
                        ]
                    ),
                ]
            ),
            description=alert.says,
            enabled=True,
            location="global",
            resource_group_name=self._place.resource_group_name,
            scopes=[group_id],
            tags=self._place.tags,
            opts=pulumi.ResourceOptions(parent=self._parent),
        )


def told_by_mail(
    parent: pulumi.Resource,
    name: str,
    base: pulumi.Output[str],
    place: Placement,
    emails: Mapping[str, pulumi.Output[str]],
) -> monitor.ActionGroup:
    """An action group that writes to these addresses. Azure asks each of them first."""
    return monitor.ActionGroup(
        name,
        action_group_name=base,
        email_receivers=[
            monitor.MicrosoftCommonEmailReceiverArgs(
                email_address=address, name=who, use_common_alert_schema=True
            )
            for who, address in emails.items()
        ],
        enabled=True,
        group_short_name="keyless",
        location="global",
        resource_group_name=place.resource_group_name,
        tags=place.tags,
        opts=pulumi.ResourceOptions(parent=parent),
    )
