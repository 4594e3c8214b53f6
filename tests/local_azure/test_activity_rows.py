"""The activity log in a workspace, read with azure-monitor-query."""

import json
from collections.abc import Iterator

import pytest
from azure.core.exceptions import HttpResponseError

from local_azure.constants import DEPLOYER, SUBSCRIPTION_ID, SUBSCRIPTION_SCOPE
from local_azure.server import LocalAzure
from tests.drawn_key import begun
from tests.local_azure.logs_stage import SETTING, LogsStage

GRANTS = (
    "AzureActivity | where OperationNameValue =~ 'Microsoft.Authorization/roleAssignments/write'"
    " | project Caller, ActivityStatusValue, SubscriptionId, _ResourceId, Properties"
)


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LogsStage]:
    with LocalAzure(begun(tmp_path_factory.mktemp("azure"))) as local:
        yield LogsStage(local)


def test_o17_a_grant_that_somebody_makes_is_a_row_where_the_subscription_exports_its_activity_log(
    stage: LogsStage,
) -> None:
    vault, workspace, reader = stage.vault(), stage.workspace(), stage.identity()
    asker = stage.log_reader(workspace)
    stage.send_logs(SUBSCRIPTION_SCOPE, workspace, own_tables=False, category="Administrative")
    grant = stage.grant(stage.id(vault), "Key Vault Secrets User", reader.object_id)
    (row,) = stage.query(workspace, GRANTS, asker)
    said = json.loads(json.loads(row.pop("Properties"))["requestbody"])
    assert row == {
        "Caller": DEPLOYER.object_id,
        "ActivityStatusValue": "Success",
        "SubscriptionId": SUBSCRIPTION_ID,
        "_ResourceId": grant.id.lower(),
    }
    assert (said["Properties"]["PrincipalId"], said["Properties"]["Scope"]) == (
        reader.object_id, stage.id(vault),
    )  # fmt: skip
    roles, _ = stage.role_clients(stage.holder(reader))
    with pytest.raises(HttpResponseError):
        roles.delete_by_id(grant.id)
    deletions = (
        "AzureActivity | where OperationNameValue endswith '/DELETE' | project Caller, ActivityStatusValue"
    )
    assert stage.query(workspace, deletions, asker) == [
        {"Caller": reader.object_id, "ActivityStatusValue": "Failure"}
    ]
    assert stage.query(workspace, "AzureActivity | where OperationNameValue endswith '/READ'", asker) == []
    stage.arm("DELETE", f"{SUBSCRIPTION_SCOPE}/{SETTING}")
    before = len(stage.rows(workspace, "AzureActivity"))
    stage.grant(stage.id(vault), "Key Vault Reader", reader.object_id)
    assert len(stage.rows(workspace, "AzureActivity")) == before


def test_a_subscription_sends_its_own_categories_and_no_metrics(stage: LogsStage) -> None:
    workspace = stage.workspace()
    for more, status in (
        ({"logs": [{"category": "AuditEvent", "enabled": True}]}, 400),
        ({"logs": [{"category": "Policy", "enabled": True}]}, 200),
    ):
        body = {"properties": {"workspaceId": workspace, **more}}
        assert stage.arm("PUT", f"{SUBSCRIPTION_SCOPE}/{SETTING}-2", body).status == status
