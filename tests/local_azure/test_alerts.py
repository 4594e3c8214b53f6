"""Rules and alerts of Azure Monitor: what azure-mgmt-monitor writes, and what they find in the rows."""

from collections.abc import Iterator
from typing import Any

import pytest
from azure.core.exceptions import HttpResponseError
from azure.identity import ClientSecretCredential
from azure.mgmt import monitor
from azure.mgmt.applicationinsights import ApplicationInsightsManagementClient
from azure.mgmt.loganalytics import LogAnalyticsManagementClient
from azure.mgmt.monitor.v2022_08_01_preview import MonitorManagementClient

from components.access_review.alerts import PUBLISHING
from components.access_review.queries import query
from components.access_review.workbook import content
from local_azure.constants import DEPLOYER, SUBSCRIPTION_ID, TENANT_ID
from local_azure.control_credential import ControlAuth
from local_azure.server import LocalAzure
from tests.drawn_key import begun
from tests.local_azure.logs_stage import LogsStage
from tests.local_azure.vault_stage import GROUP, Json

HOUR = 3_600


class Stage(LogsStage):
    """One running local Azure whose alerts are looked at."""

    def deployer(self) -> Any:
        secret = self.local.environment()["AZURE_CLIENT_SECRET"]
        return ClientSecretCredential(TENANT_ID, str(DEPLOYER.client_id), secret, **self.trust)

    def rule(self, workspace_id: str, name: str, text: str) -> None:
        """azure-mgmt-monitor writes it, unmodified."""
        client: Any = MonitorManagementClient(self.deployer(), SUBSCRIPTION_ID, **self.trust)
        client.scheduled_query_rules.create_or_update(GROUP, name, rule_body(workspace_id, text))

    def alerts(self) -> dict[str, int]:
        """Those that there are: the end of the id, and how many rows or operations."""
        with self.http() as http:
            url, auth = "https://local-azure.internal/alerts", ControlAuth(self.azure.state)
            found = http.get(url, auth=auth).json()["alerts"]
        return {one["id"].rpartition("/")[2]: one["count"] for one in found}


def rule_body(workspace_id: str, text: str, **more: Any) -> Json:
    condition = {"query": text, "operator": "GreaterThan", "threshold": 0, "timeAggregation": "Count"}
    properties = {
        "criteria": {"allOf": [condition]}, "enabled": True, "evaluationFrequency": "PT15M",
        "scopes": [workspace_id], "severity": 3, "windowSize": "PT1H", **more,
    }  # fmt: skip
    return {"location": "westeurope", "properties": properties}


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with LocalAzure(begun(tmp_path_factory.mktemp("azure"))) as local:
        yield Stage(local)


def test_o21_an_alert_fires_by_what_is_in_the_rows_and_ends_when_they_are_old(stage: Stage) -> None:
    vault, workspace = stage.logged_vault()
    app, stranger = stage.identity(), stage.identity()
    for one in (app, stranger):
        stage.grant(stage.id(vault), "Key Vault Secrets User", one.object_id)
    stage.rule(workspace, "refused", query("refused_calls"))
    stage.rule(workspace, "unknown", query("unknown_callers", [app.object_id.upper()]))
    stage.secrets(vault, app).get_secret("password")
    assert stage.alerts() == {}
    stage.secrets(vault, stranger).get_secret("password")
    assert stage.alerts() == {"unknown": 1}
    with pytest.raises(HttpResponseError):
        stage.secrets(vault, stage.identity()).get_secret("password")
    assert stage.alerts() == {"refused": 1, "unknown": 1}
    stage.azure.clock.advance(HOUR + 1)
    stage.sign_in()
    assert stage.alerts() == {}


def test_o21_an_alert_on_the_activity_log_fires_by_its_operation_below_its_scope_alone(stage: Stage) -> None:
    def alert(name: str, scope: str) -> None:
        wanted = {"category": "Administrative", "status": "Succeeded"}
        wanted["operationName"] = "Microsoft.Authorization/roleAssignments/write"
        condition = {"allOf": [{"field": key, "equals": value} for key, value in wanted.items()]}
        body: Json = {
            "actions": {"actionGroups": []},
            "condition": condition,
            "enabled": True,
            "scopes": [scope],
        }
        client: Any = monitor.MonitorManagementClient(stage.deployer(), SUBSCRIPTION_ID, **stage.trust)
        client.activity_log_alerts.create_or_update(GROUP, name, {"location": "global", "properties": body})

    watched, other = stage.vault(), stage.vault()
    stage.grant(stage.id(watched), "Key Vault Reader", stage.identity().object_id)
    alert("here", stage.id(watched))
    alert("elsewhere", stage.id(other))
    assert stage.alerts() == {}
    stage.grant(stage.id(watched), "Key Vault Reader", stage.identity().object_id)
    assert stage.alerts() == {"here": 1}


def test_o19_a_rule_without_a_scope_a_query_or_a_window_is_refused(stage: Stage) -> None:
    workspace = stage.workspace()
    id = f"{stage.group}/providers/Microsoft.Insights/scheduledQueryRules/{stage.name('rule')}"
    for body in (
        rule_body(f"{workspace}-gone", "AZKVAuditLogs"),
        rule_body(workspace, ""),
        rule_body(workspace, "AZKVAuditLogs", windowSize="PT7M"),
        rule_body(workspace, "AZKVAuditLogs", actions={"actionGroups": [f"{stage.group}/gone"]}),
    ):
        assert stage.arm("PUT", id, body).status == 400
    assert stage.arm("PUT", id, rule_body(workspace, "AZKVAuditLogs")).status == 201


def test_o20_a_saved_search_has_a_category_a_name_and_a_query(stage: Stage) -> None:
    workspace = stage.workspace().rpartition("/")[2]
    searches: Any = LogAnalyticsManagementClient(
        stage.deployer(), SUBSCRIPTION_ID, **stage.trust
    ).saved_searches
    given = {"category": "Keyless", "displayName": "Reads", "query": "AZKVAuditLogs"}
    made = searches.create_or_update(GROUP, workspace, "reads", {"properties": given})
    assert searches.get(GROUP, workspace, "reads").query == made.query == "AZKVAuditLogs"
    with pytest.raises(HttpResponseError) as error:
        searches.create_or_update(GROUP, workspace, "reads", {"properties": {**given, "query": ""}})
    assert error.value.status_code == 400


def test_o25_a_workbook_has_a_guid_for_a_name_and_content_that_is_one(stage: Stage) -> None:
    workbooks: Any = ApplicationInsightsManagementClient(
        stage.deployer(), SUBSCRIPTION_ID, **stage.trust
    ).workbooks

    def write(text: str, name: str = "5b3a1c00-0000-4000-8000-000000000001", **more: str) -> Any:
        body = {"location": "westeurope", "kind": "shared", "category": "workbook", **more}
        return workbooks.create_or_update(
            GROUP, name, {"display_name": "Review", "serialized_data": text, **body}, source_id=None
        )

    right = content("Review", {"refused_calls": query("refused_calls")}, stage.workspace())
    made = write(right)
    assert (made.display_name, made.serialized_data, made.kind) == ("Review", right, "shared")
    for text, more in (
        (right, {"name": "review"}),
        (right, {"category": ""}),
        ("no JSON", {}),
        ("[]", {}),
        ('{"version": "Notebook/1.0"}', {}),
        ('{"version": "Notebook/1.0", "items": [{"type": 3, "content": {"version": "KqlItem/1.0"}}]}', {}),
    ):
        with pytest.raises(HttpResponseError) as error:
            write(text, **more)
        assert error.value.status_code == 400
    assert [one.display_name for one in workbooks.list_by_resource_group(GROUP, "workbook")] == ["Review"]


def test_an_alert_on_publishing_fires_by_a_site_and_by_a_slot(stage: Stage) -> None:
    site = f"{stage.group}/providers/Microsoft.Web/sites"
    wanted = [
        {"anyOf": [{"field": "operationName", "equals": one} for one in PUBLISHING.operations]},
        {"field": "category", "equals": "Administrative"},
    ]
    body: Json = {"scopes": [stage.group], "condition": {"allOf": wanted}, "actions": {}, "enabled": True}
    alert = f"{stage.group}/providers/Microsoft.Insights/activityLogAlerts/publishing"
    assert stage.arm("PUT", alert, {"location": "global", "properties": body}).status == 201
    assert "publishing" not in stage.alerts()
    policy = {"properties": {"allow": True}}
    for number, place in enumerate(("shop-1", "shop-1/slots/next"), 1):
        with stage.http() as http:
            # What the log says is the operation and whether it was done: a site that is not there is refused.
            token = {"authorization": f"Bearer {stage.arm.token()}"}
            address = f"https://management.azure.com{site}/{place}/basicPublishingCredentialsPolicies/scm"
            http.put(address, params={"api-version": "2024-11-01"}, json=policy, headers=token)
        assert stage.alerts()["publishing"] == number
