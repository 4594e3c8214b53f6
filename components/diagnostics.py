"""Logs and metrics of a host or a target, sent to a Log Analytics workspace."""

from collections.abc import Sequence
from typing import Final, NotRequired, TypedDict

import pulumi
from pulumi_azure_native import monitor

from .arguments import Arguments
from .references import WORKSPACE, id_form

SETTING: Final = "keyless"
"""The name of the diagnostic setting: one resource can have several, of several owners."""


class DiagnosticsArgs(TypedDict):
    """Where logs and metrics go."""

    diagnostics_workspace_id: NotRequired[pulumi.Input[str]]
    """Log Analytics workspace that all logs and metrics are sent to; left out, none are sent."""


def read_diagnostics(arguments: Arguments) -> pulumi.Output[str] | None:
    return arguments.text("diagnostics_workspace_id", id_form(WORKSPACE))


def send_diagnostics(
    parent: pulumi.Resource,
    name: str,
    resource_id: pulumi.Output[str],
    workspace_id: pulumi.Output[str] | None,
    *,
    own_tables: bool = False,
    has_logs: bool = True,
    has_metrics: bool = True,
    categories: Sequence[str] = (),
) -> "monitor.DiagnosticSetting | None":
    """Send every log and metric of a resource; None when there is no workspace.

    The group `allLogs`, and no list of categories: which there are depends on plan and runtime, and Azure
    refuses the others. With `own_tables` logs go to tables of their type. Some types have no logs, or no
    metrics; of some, all logs would cost too much, and `categories` are those that are sent.
    Source: https://learn.microsoft.com/azure/azure-monitor/platform/diagnostic-settings
    """
    if workspace_id is None:
        return None
    return monitor.DiagnosticSetting(
        name,
        log_analytics_destination_type="Dedicated" if own_tables else None,
        logs=_logs(categories) if has_logs else None,
        metrics=(
            [monitor.DiagnosticsMetricSettingsArgs(category="AllMetrics", enabled=True)]
            if has_metrics
            else None
        ),
        name=SETTING,
        resource_uri=resource_id,
        workspace_id=workspace_id,
        opts=pulumi.ResourceOptions(parent=parent),
    )


def _logs(categories: Sequence[str]) -> "list[monitor.DiagnosticsLogSettingsArgs]":
    if not categories:
        return [monitor.DiagnosticsLogSettingsArgs(category_group="allLogs", enabled=True)]
    return [monitor.DiagnosticsLogSettingsArgs(category=one, enabled=True) for one in categories]
