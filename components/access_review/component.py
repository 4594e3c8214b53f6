"""Evidence of who used which access: logs in one workspace, what is asked of them, and alerts."""

from collections.abc import Mapping, Sequence
from typing import Final, cast

import pulumi
from pulumi_azure_native import aadiam, monitor, operationalinsights

from ..azure_facts.reviewed_logs import reviewed_logs
from ..choices import read_once
from ..contract import ACCESS_REVIEW as TOKEN
from ..deployer import deployer_contract
from ..names.monitor import REVIEW, REVIEW_WORKSPACE
from ..naming import Naming
from ..options import checked_options
from ..outputs import register_outputs
from ..references import parse_id
from . import workbook
from .alerts import GRANTS, PUBLISHING, Alerts, told_by_mail
from .arguments import AccessReviewArgs, AccessReviewChoices, Reviewed, read_access_review
from .searches import alerts_on, searches

SETTING: Final = "keyless-access-review"
"""The name of its diagnostic settings, beside those that components of their own have."""
_CATEGORY: Final = "Keyless"
_GROUP_OF: Final = "/providers/"


class AccessReview(pulumi.ComponentResource):
    """Keeps who used which access: logs of resources in a Log Analytics workspace, searches that are saved
    there, and alerts on what should not happen.

    Source: https://learn.microsoft.com/azure/azure-monitor/platform/diagnostic-settings
    """

    workspace_id: pulumi.Output[str]
    """Resource id of the workspace that logs go to."""
    customer_id: pulumi.Output[str]
    """What the workspace is called where it is queried, a GUID."""
    queries: pulumi.Output[Mapping[str, str]]
    """The saved searches, as name to text in KQL, with the ids of whom the program knows."""
    deployer_contract: pulumi.Output[Mapping[str, str]]
    """What a deployer needs: roles, role_ids, principal_types, condition, commands, left_to_owners."""

    def __init__(self, name: str, args: AccessReviewArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Raises ConfigurationError when the arguments contradict each other or Azure's rules."""
        choices = read_once("AccessReview", name, args, AccessReviewArgs, read_access_review)
        super().__init__(TOKEN, name, {}, checked_options("AccessReview", name, opts, choices.foreign_tags))
        if opts is not None and opts.urn is not None:
            return  # looked up by its URN: the engine knows the rest
        self.naming = Naming(self, name)
        self.adopted = choices.workspace_id is not None
        self.resource = self._workspace(name, choices)
        # The id of a read is unknown in previews; the one that was given is not.
        self.workspace_id = choices.workspace_id or self.resource.id
        self.customer_id = self.resource.customer_id
        self.settings = [self._setting(name, one) for one in choices.resources]
        self.activity = self._activity(name) if choices.exports_activity_log else None
        self.directory = self._directory(name, choices) if choices.entra_logs else None
        asked = searches(choices)
        self.searches = [self._search(name, one, text) for one, text in asked.items()]
        self.queries = pulumi.Output.all(**asked).apply(lambda known: cast(Mapping[str, str], known))
        base = self.naming.choose(None, REVIEW)
        self.workbook = workbook.made(self, name, base, choices.place, asked, self.workspace_id)
        self._alert(name, choices, asked)
        self.deployer_contract = deployer_contract(self, choices.elsewhere, choices.place.resource_group_name)
        register_outputs(self)

    def _workspace(self, name: str, choices: AccessReviewChoices) -> operationalinsights.Workspace:
        if choices.workspace_id is not None:
            opts = pulumi.ResourceOptions(parent=self)
            return operationalinsights.Workspace.get(name, choices.workspace_id, opts)
        return operationalinsights.Workspace(
            name,
            # Without it whoever has one of the workspace's keys writes rows that nobody can trust.
            features=operationalinsights.WorkspaceFeaturesArgs(disable_local_auth=True),
            location=choices.place.location,
            resource_group_name=choices.place.resource_group_name,
            retention_in_days=choices.retention_days,
            sku=operationalinsights.WorkspaceSkuArgs(name="PerGB2018"),
            tags=choices.place.tags,
            workspace_name=self.naming.choose(choices.workspace_name, REVIEW_WORKSPACE),
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _setting(self, name: str, reviewed: Reviewed) -> monitor.DiagnosticSetting:
        facts = reviewed_logs()[reviewed.log.value]
        return monitor.DiagnosticSetting(
            f"{name}-{reviewed.name}",
            log_analytics_destination_type="Dedicated",
            logs=[
                monitor.DiagnosticsLogSettingsArgs(category=category, enabled=True)
                for category in facts.categories
            ],
            name=SETTING,
            resource_uri=reviewed.id.apply(lambda id: id.rstrip("/") + facts.below),
            workspace_id=self.workspace_id,
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _activity(self, name: str) -> monitor.SubscriptionDiagnosticSetting:
        return monitor.SubscriptionDiagnosticSetting(
            f"{name}-activity",
            logs=[monitor.SubscriptionLogSettingsArgs(category="Administrative", enabled=True)],
            # A subscription has five of them, for all who export its activity log.
            name=self.naming.choose(None, REVIEW),
            workspace_id=self.workspace_id,
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _directory(self, name: str, choices: AccessReviewChoices) -> aadiam.DiagnosticSetting:
        return aadiam.DiagnosticSetting(
            f"{name}-entra",
            logs=[aadiam.LogSettingsArgs(category=log.value, enabled=True) for log in choices.entra_logs],
            # A tenant has five of them, for all who send its logs.
            name=self.naming.choose(None, REVIEW),
            workspace_id=self.workspace_id,
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _search(self, name: str, search: str, text: pulumi.Output[str]) -> operationalinsights.SavedSearch:
        workspace = self.workspace_id.apply(parse_id)
        return operationalinsights.SavedSearch(
            f"{name}-{search}",
            category=_CATEGORY,
            display_name=workbook.words(search),
            query=text,
            resource_group_name=workspace.apply(lambda id: str(id.resource_group)),
            saved_search_id=pulumi.Output.concat(self.naming.choose(None, REVIEW), "-", search),
            workspace_name=workspace.apply(lambda id: id.name),
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _alert(
        self, name: str, choices: AccessReviewChoices, asked: Mapping[str, pulumi.Output[str]]
    ) -> None:
        base = self.naming.choose(None, REVIEW)
        self.action_group = (
            told_by_mail(self, name, base, choices.place, choices.emails) if choices.emails else None
        )
        made = [] if self.action_group is None else [self.action_group.id]
        told = [choices.action_group_id] if choices.action_group_id is not None else made
        alerts = Alerts(self, name, base, choices.place, told)
        once = [one for one in (self.activity, self.directory) if one is not None]
        senders: Sequence[pulumi.Resource] = [*self.settings, *once]
        on_rows = [alerts.on_rows(one, self.workspace_id, senders) for one in alerts_on(choices, asked)]
        group_id = on_rows[0].id.apply(lambda id: id.partition(_GROUP_OF)[0])
        changes = [PUBLISHING] if choices.deployers else [GRANTS, PUBLISHING]
        on_changes = [alerts.on_changes(change, group_id) for change in changes]
        self.alerts: list[pulumi.CustomResource] = [*on_rows, *on_changes]
