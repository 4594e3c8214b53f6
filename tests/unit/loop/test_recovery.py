"""What an interrupted run was about to create is asked for in Azure, whatever it was (P6)."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest
from azure.mgmt.resource.resources import ResourceManagementClient

from local_azure.constants import SUBSCRIPTION_ID
from local_azure.plugins.row import Row
from local_azure.plugins.table import ROWS
from local_azure.server import LocalAzure
from loop.azure_client import ResourceManagerClient, deployer_credential
from loop.recovery import recover
from loop.stack import Stack

GROUP = "rg-interrupted"
GROUP_ID = f"/subscriptions/{SUBSCRIPTION_ID}/resourceGroups/{GROUP}"
SITE_ID = f"{GROUP_ID}/providers/Microsoft.Web/sites/app-interrupted"
SETTINGS = "azure-native:web:WebAppApplicationSettings"


class Interrupted:
    """As much of a stack as is mended, whose run was killed while it created resources of these types."""

    name, example = "local", ""

    def __init__(self, state: Path, *creating: tuple[str, dict[str, Any]]) -> None:
        self.state = state
        self.imported: list[dict[str, Any]] = []
        self._pending = [
            {
                "type": "creating",
                "resource": {"urn": f"urn:pulumi:local::p::{type}::{n}", "type": type, "inputs": inputs},
            }
            for n, (type, inputs) in enumerate(creating)
        ]

    def export(self) -> dict[str, Any]:
        return {"deployment": {"resources": [], "pending_operations": self._pending}}

    def import_state(self, state: dict[str, Any]) -> None:
        self.imported = state["deployment"]["resources"]

    def refresh(self, *_: str) -> None: ...


@pytest.fixture(scope="module")
def azure(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ResourceManagerClient]:
    with pytest.MonkeyPatch.context() as patch, LocalAzure(tmp_path_factory.mktemp("azure")) as local:
        for name, value in local.environment().items():
            patch.setitem(os.environ, name, value)
        credential = deployer_credential(local.environment())
        client = ResourceManagementClient(credential, SUBSCRIPTION_ID)
        client.resource_groups.create_or_update(GROUP, cast(Any, {"location": "westeurope"}))
        plan = f"{GROUP_ID}/providers/Microsoft.Web/serverfarms/plan"
        for id, given in (
            (plan, {"kind": "linux", "sku": {"name": "B1"}, "properties": {"reserved": True}}),
            (SITE_ID, {"kind": "app,linux", "properties": {"serverFarmId": plan}}),
        ):
            body = cast(Any, {"location": "westeurope", **given})
            version = ROWS["azure-native:web:WebApp"].api_version
            client.resources.begin_create_or_update_by_id(id, parameters=body, api_version=version).result()
        yield ResourceManagerClient(credential, SUBSCRIPTION_ID)


def mended(stack: Interrupted, azure: ResourceManagerClient) -> list[str]:
    return recover(cast(Stack, stack), azure)


def inputs_of(row: Row) -> dict[str, Any]:
    given = dict.fromkeys(row.parameters, "interrupted")
    return given | {name: GROUP_ID for name in row.parameters if row.path.startswith(f"/{{{name}}}")}


def test_whatever_was_being_created_is_forgotten_where_azure_has_not_heard_of_it(
    tmp_path: Path, azure: ResourceManagerClient
) -> None:
    stack = Interrupted(tmp_path, *((type, inputs_of(row)) for type, row in ROWS.items()))
    assert len(mended(stack, azure)) == len(ROWS)
    assert stack.imported == []


def test_what_azure_has_is_taken_up_and_settings_are_there_as_long_as_their_site(
    tmp_path: Path, azure: ResourceManagerClient
) -> None:
    """Azure lists settings and has no GET for them."""
    creating = [
        (type, {"resourceGroupName": GROUP, "name": "app-interrupted"})
        for type in ("azure-native:web:WebApp", SETTINGS)
    ]
    stack = Interrupted(tmp_path, *creating)
    assert mended(stack, azure) == [
        "settled the interrupted creating of 0",
        "settled the interrupted creating of 1",
    ]
    assert [one["id"] for one in stack.imported] == [SITE_ID, f"{SITE_ID}/config/appsettings"]
