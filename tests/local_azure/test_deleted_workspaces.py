"""Workspaces that were deleted, as azure-mgmt-loganalytics sees them."""

from typing import Any

import pytest
from azure.core.exceptions import HttpResponseError
from azure.identity import ClientSecretCredential
from azure.mgmt.loganalytics import LogAnalyticsManagementClient

from local_azure.constants import SUBSCRIPTION_ID
from local_azure.leftovers import leftovers
from local_azure.server import LocalAzure
from tests.local_azure.arm import Arm
from tests.local_azure.vault_stage import refused

DAY = 86_400


class Workspaces:
    def __init__(self, local: LocalAzure, deployer: ClientSecretCredential) -> None:
        self.local, self.arm = local, Arm(local.azure)
        for group in ("rg-one", "rg-two"):
            self.arm.group(group)
        self.client: Any = LogAnalyticsManagementClient(deployer, SUBSCRIPTION_ID)

    def write(self, group: str = "rg-one", location: str = "westeurope") -> Any:
        body = {"location": location, "properties": {"retentionInDays": 60}}
        return self.client.workspaces.begin_create_or_update(group, "log-one", body).result()

    def delete(self, *, force: bool = False) -> None:
        self.client.workspaces.begin_delete("rg-one", "log-one", force=force or None).result()

    def deleted(self) -> list[str]:
        return [one.id for one in self.client.deleted_workspaces.list()]


@pytest.fixture
def workspaces(local_azure: LocalAzure, deployer: ClientSecretCredential) -> Workspaces:
    return Workspaces(local_azure, deployer)


def test_o5_a_deleted_workspace_made_again_in_its_place_is_the_old_one(workspaces: Workspaces) -> None:
    made = workspaces.write()
    assert workspaces.deleted() == []
    workspaces.delete()
    assert workspaces.deleted() == [made.id]
    assert leftovers(workspaces.local.azure)["deleted_workspaces"] == [made.id]
    of_groups = workspaces.client.deleted_workspaces.list_by_resource_group
    assert [[one.id for one in of_groups(name)] for name in ("rg-one", "rg-two")] == [[made.id], []]
    assert workspaces.write("rg-two").customer_id != made.customer_id
    assert workspaces.write().customer_id == made.customer_id
    assert workspaces.deleted() == []


def test_o5_a_workspace_that_is_deleted_by_force_or_long_ago_is_gone(workspaces: Workspaces) -> None:
    made = workspaces.write()
    workspaces.delete(force=True)
    assert workspaces.deleted() == []
    again = workspaces.write()
    assert again.customer_id != made.customer_id
    workspaces.delete()
    workspaces.local.azure.clock.advance(14 * DAY)
    assert leftovers(workspaces.local.azure)["deleted_workspaces"] == []


def test_o5_a_deleted_workspace_holds_its_name_in_its_group(workspaces: Workspaces) -> None:
    workspaces.write()
    workspaces.delete()
    with pytest.raises(HttpResponseError) as error:
        workspaces.write(location="northeurope")
    assert refused(error) == (409, "Conflict", "The workspace name 'log-one' is not unique")
