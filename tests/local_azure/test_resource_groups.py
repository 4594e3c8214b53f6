"""Resource groups, as azure-mgmt-resource sees them."""

import pytest
from azure.core.exceptions import HttpResponseError, ResourceNotFoundError
from azure.identity import ClientSecretCredential
from azure.mgmt.resource.resources import ResourceManagementClient
from azure.mgmt.resource.resources.models import ResourceGroup, ResourceGroupPatchable

from local_azure.constants import SUBSCRIPTION_ID, SUBSCRIPTION_SCOPE, TENANT_ID
from local_azure.leftovers import leftovers
from local_azure.server import LocalAzure
from tests.local_azure.arm import Arm, content, refusal

IDENTITY = "providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-one"


@pytest.fixture
def client(deployer: ClientSecretCredential) -> ResourceManagementClient:
    return ResourceManagementClient(deployer, SUBSCRIPTION_ID)


def test_a_group_is_created_read_changed_and_listed(client: ResourceManagementClient) -> None:
    groups = client.resource_groups
    made = groups.create_or_update("rg-one", ResourceGroup(location="West Europe", tags={"team": "a"}))
    assert (made.id, made.location) == (f"{SUBSCRIPTION_SCOPE}/resourceGroups/rg-one", "westeurope")
    assert made.type == "Microsoft.Resources/resourceGroups"
    assert made.properties
    assert made.properties.provisioning_state == "Succeeded"
    assert groups.update("rg-one", ResourceGroupPatchable(tags={"team": "b"})).tags == {"team": "b"}
    assert groups.get("RG-ONE").tags == {"team": "b"}
    assert [one.name for one in groups.list()] == ["rg-one"]
    assert (groups.check_existence("rg-one"), groups.check_existence("rg-two")) == (True, False)


def test_g6_a_group_that_is_not_there_is_refused_by_name(client: ResourceManagementClient) -> None:
    with pytest.raises(ResourceNotFoundError) as refused:
        client.resource_groups.get("rg-none")
    assert refused.value.error
    assert refused.value.error.code == "ResourceGroupNotFound"


def test_g5_deleting_a_group_is_an_operation_that_ends_with_all_gone(
    client: ResourceManagementClient, local_azure: LocalAzure
) -> None:
    client.resource_groups.create_or_update("rg-one", ResourceGroup(location="westeurope"))
    local = Arm(local_azure.azure)
    local.identity(f"{SUBSCRIPTION_SCOPE}/resourceGroups/rg-one")
    client.resource_groups.begin_delete("rg-one").result()
    assert client.resource_groups.check_existence("rg-one") is False
    assert list(client.resources.list()) == []


def test_g5_the_operation_is_polled_at_an_absolute_address_that_exists(arm: Arm) -> None:
    response = arm("DELETE", arm.group())
    assert response.status == 202
    address = response.headers["Location"]
    assert address.startswith(f"https://management.azure.com{SUBSCRIPTION_SCOPE}/operationresults/")
    path = address.removeprefix("https://management.azure.com").partition("?")[0]
    assert arm("GET", path).status == 200
    assert refusal(arm("GET", f"{path}0"))[0] == 404


@pytest.mark.parametrize(
    ("name", "location", "code"),
    [
        ("rg.", "westeurope", "InvalidResourceGroupName"),
        ("rg one", "westeurope", "InvalidResourceGroupName"),
        ("r" * 91, "westeurope", "InvalidResourceGroupName"),
        ("rg-one", None, "LocationRequired"),
        ("rg-one", "atlantis", "LocationNotAvailableForResourceGroup"),
    ],
)
def test_g6_an_impossible_group_is_refused_and_not_made(
    arm: Arm, name: str, location: str | None, code: str
) -> None:
    response = arm("PUT", f"/resourceGroups/{name}", {"location": location} if location else {})
    assert refusal(response)[:2] == (400, code)
    assert content(arm("GET", "/resourceGroups"))["value"] == []


def test_an_official_client_sees_a_refusal_with_azures_code(client: ResourceManagementClient) -> None:
    with pytest.raises(HttpResponseError) as refused:
        client.resource_groups.create_or_update("rg-one", ResourceGroup(location="atlantis"))
    assert refused.value.status_code == 400
    assert refused.value.error
    assert refused.value.error.code == "LocationNotAvailableForResourceGroup"


def test_a_group_goes_although_a_plan_in_it_is_held_by_its_app(arm: Arm) -> None:
    group = arm.group()
    plan = f"{group}/providers/Microsoft.Web/serverfarms/asp-one"
    body = {
        "location": "westeurope",
        "kind": "linux",
        "sku": {"name": "B1"},
        "properties": {"reserved": True},
    }
    content(arm("PUT", plan, body))
    site = {
        "location": "westeurope",
        "kind": "app,linux",
        "properties": {"serverFarmId": plan, "reserved": True},
    }
    content(arm("PUT", f"{group}/providers/Microsoft.Web/sites/app-one", site))
    assert arm("DELETE", plan).status == 409
    assert arm("DELETE", group).status == 202
    assert content(arm("GET", "/resources"))["value"] == []


def test_k19_a_vault_that_goes_with_its_group_is_soft_deleted_and_holds_its_name(arm: Arm) -> None:
    vaults = f"{arm.group()}/providers/Microsoft.KeyVault/vaults"
    properties = {
        "tenantId": TENANT_ID, "sku": {"family": "A", "name": "standard"}, "enableRbacAuthorization": True
    }  # fmt: skip
    body = {"location": "westeurope", "properties": properties}
    content(arm("PUT", f"{vaults}/kv-one", body))
    assert arm("DELETE", "/resourceGroups/rg-one").status == 202
    deleted = content(arm("GET", "/providers/Microsoft.KeyVault/deletedVaults"))["value"]
    assert [vault["name"] for vault in deleted] == ["kv-one"]
    assert leftovers(arm.azure)["deleted_vaults"] == ["kv-one"]
    arm.group()
    assert refusal(arm("PUT", f"{vaults}/kv-one", body))[:2] == (409, "ConflictError")
    purge = "/providers/Microsoft.KeyVault/locations/westeurope/deletedVaults/kv-one/purge"
    assert arm("POST", purge).status in (200, 202)
    assert content(arm("PUT", f"{vaults}/kv-one", body))["name"] == "kv-one"
