"""Deny assignments, of which there are none: read with azure-mgmt-authorization."""

from collections.abc import Iterator
from typing import Any

import pytest
from azure.mgmt.authorization import AuthorizationManagementClient

from local_azure.constants import DEPLOYER, SUBSCRIPTION_ID
from local_azure.server import LocalAzure
from tests.drawn_key import begun
from tests.local_azure.arm import refusal
from tests.local_azure.vault_stage import VaultStage


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[VaultStage]:
    with LocalAzure(begun(tmp_path_factory.mktemp("azure"))) as local:
        yield VaultStage(local)


def test_r31_there_are_no_deny_assignments_and_nobody_can_write_one(stage: VaultStage) -> None:
    credential = stage.holder(stage.person(DEPLOYER))
    client: Any = AuthorizationManagementClient(credential, SUBSCRIPTION_ID, **stage.trust)
    assert list(client.deny_assignments.list_for_scope(stage.group)) == []
    id = (
        f"{stage.group}/providers/Microsoft.Authorization/denyAssignments/{'0' * 8}-0000-4000-8000-{'0' * 12}"
    )
    answer = stage.arm("PUT", id, {"properties": {"denyAssignmentName": "all"}})
    assert refusal(answer)[:2] == (405, "MethodNotAllowed")
    assert stage.arm("GET", id).status == 404
