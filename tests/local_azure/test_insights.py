"""Workspaces, Application Insights and diagnostic settings."""

from typing import Any

import pytest

from local_azure.constants import TENANT_ID
from local_azure.http import Response
from tests.local_azure.arm import Arm, content, refusal
from tests.local_azure.storage_stage import account_body

Json = dict[str, Any]


@pytest.fixture
def group(arm: Arm) -> str:
    return arm.group()


@pytest.fixture
def workspace(arm: Arm, group: str) -> str:
    id = f"{group}/providers/Microsoft.OperationalInsights/workspaces/log-one"
    content(arm("PUT", id, {"location": "westeurope", "properties": {"sku": {"name": "PerGB2018"}}}))
    return id


@pytest.fixture
def vault(arm: Arm, group: str) -> str:
    id = f"{group}/providers/Microsoft.KeyVault/vaults/kv-one"
    sku = {"family": "A", "name": "standard"}
    properties = {"tenantId": TENANT_ID, "sku": sku, "enableRbacAuthorization": True}
    content(arm("PUT", id, {"location": "westeurope", "properties": properties}))
    return id


def send(arm: Arm, scope: str, name: str = "one", **properties: Any) -> Response:
    path = f"{scope}/providers/Microsoft.Insights/diagnosticSettings/{name}"
    return arm("PUT", path, {"properties": properties})


def group_of_logs(name: str) -> list[Json]:
    return [{"categoryGroup": name, "enabled": True}]


def test_a_workspace_has_an_id_of_its_own_that_stays(arm: Arm, workspace: str) -> None:
    before = content(arm("GET", workspace))["properties"]
    content(arm("PUT", workspace, {"location": "westeurope", "properties": {"retentionInDays": 60}}))
    after = content(arm("GET", workspace))["properties"]
    assert after["customerId"] == before["customerId"]
    assert (before["retentionInDays"], after["retentionInDays"]) == (30, 60)


def test_components_and_diagnostic_settings_are_created_with_the_one_status_of_their_specification(
    arm: Arm, group: str, workspace: str, vault: str
) -> None:
    """Official clients take 200 only."""
    path = f"{group}/providers/Microsoft.Insights/components/appi-one"
    properties = {"Application_Type": "web", "WorkspaceResourceId": workspace}
    body = {"location": "westeurope", "kind": "web", "properties": properties}
    assert [arm("PUT", path, body).status for _ in range(2)] == [200, 200]
    sent = [send(arm, vault, workspaceId=workspace, logs=group_of_logs("audit")) for _ in range(2)]
    assert [one.status for one in sent] == [200, 200]


@pytest.mark.parametrize("name", ["log", "-log-one", "log_one"])
def test_a_workspaces_name_is_checked(arm: Arm, group: str, name: str) -> None:
    """O1."""
    path = f"{group}/providers/Microsoft.OperationalInsights/workspaces/{name}"
    assert refusal(arm("PUT", path, {"location": "westeurope", "properties": {}}))[0] == 400


def test_a_component_of_application_insights_needs_a_workspace_and_keeps_its_connection_string(
    arm: Arm, group: str, workspace: str
) -> None:
    """O2."""
    path = f"{group}/providers/Microsoft.Insights/components/appi-one"
    body: Json = {"location": "westeurope", "kind": "web", "properties": {"Application_Type": "web"}}
    assert refusal(arm("PUT", path, body))[0] == 400
    body["properties"]["WorkspaceResourceId"] = workspace
    first = content(arm("PUT", path, body))["properties"]
    body["properties"]["DisableLocalAuth"] = True
    second = content(arm("PUT", path, body))["properties"]
    assert second["DisableLocalAuth"] is True
    assert first["DisableLocalAuth"] is False
    assert first["ConnectionString"] == second["ConnectionString"]
    assert f"InstrumentationKey={first['InstrumentationKey']};" in first["ConnectionString"]


def test_logs_and_metrics_of_a_vault_go_to_a_workspace(arm: Arm, vault: str, workspace: str) -> None:
    metrics = [{"category": "AllMetrics", "enabled": True}]
    answer = send(arm, vault, workspaceId=workspace, logs=group_of_logs("allLogs"), metrics=metrics)
    assert content(answer)["properties"]["logs"] == group_of_logs("allLogs")
    assert arm("DELETE", vault).status == 200
    assert arm("GET", f"{vault}/providers/Microsoft.Insights/diagnosticSettings/one").status == 404


def test_each_service_of_an_account_sends_its_logs_though_nobody_has_written_it(
    arm: Arm, group: str, workspace: str
) -> None:
    account = f"{group}/providers/Microsoft.Storage/storageAccounts/stone"
    content(arm("PUT", account, account_body()))
    for service in ("blob", "file", "queue", "table"):
        scope = f"{account}/{service}Services/default"
        assert send(arm, scope, workspaceId=workspace, logs=group_of_logs("allLogs")).status == 200
    assert send(arm, f"{account}/blobServices/other", workspaceId=workspace).status == 404
    assert arm("DELETE", account).status == 200
    content(arm("PUT", account, account_body()))
    setting = "providers/Microsoft.Insights/diagnosticSettings/one"
    assert arm("GET", f"{account}/queueServices/default/{setting}").status == 404


@pytest.mark.parametrize(
    "log", [{"category": "AppServiceHTTPLogs"}, {"categoryGroup": "everything"}, {}], ids=str
)
def test_a_category_that_the_type_does_not_have_is_refused(
    arm: Arm, vault: str, workspace: str, log: Json
) -> None:
    """O3."""
    answer = send(arm, vault, workspaceId=workspace, logs=[{**log, "enabled": True}])
    assert refusal(answer)[:2] == (400, "BadRequest")


def test_a_plan_has_metrics_only(arm: Arm, group: str, workspace: str) -> None:
    plan = f"{group}/providers/Microsoft.Web/serverfarms/asp-one"
    content(arm("PUT", plan, {"location": "westeurope", "sku": {"name": "B1"}, "properties": {}}))
    logs = send(arm, plan, workspaceId=workspace, logs=group_of_logs("allLogs"))
    assert refusal(logs)[:2] == (400, "BadRequest")
    content(send(arm, plan, workspaceId=workspace, metrics=[{"category": "AllMetrics", "enabled": True}]))


def test_a_setting_has_a_resource_a_destination_and_something_to_send(
    arm: Arm, vault: str, workspace: str
) -> None:
    """O3."""
    logs = group_of_logs("audit")
    assert refusal(send(arm, f"{vault}-two", workspaceId=workspace, logs=logs))[0] == 404
    assert refusal(send(arm, vault, logs=logs))[0] == 400
    assert refusal(send(arm, vault, workspaceId=f"{workspace}-two", logs=logs))[:2] == (
        404,
        "ResourceNotFound",
    )
    assert refusal(send(arm, vault, workspaceId=workspace))[0] == 400


def test_two_settings_do_not_send_the_same_to_the_same_workspace(
    arm: Arm, vault: str, workspace: str
) -> None:
    """O4."""
    content(send(arm, vault, workspaceId=workspace, logs=group_of_logs("audit")))
    twice = send(arm, vault, "two", workspaceId=workspace, logs=group_of_logs("audit"))
    assert refusal(twice)[:2] == (409, "Conflict")
    content(send(arm, vault, workspaceId=workspace, logs=group_of_logs("audit")))
