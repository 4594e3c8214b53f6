"""Two subscriptions of one tenant: what belongs to one is not seen in the other."""

from typing import Any

import pytest
from azure.core.exceptions import HttpResponseError
from azure.mgmt.authorization import AuthorizationManagementClient
from azure.mgmt.keyvault import KeyVaultManagementClient
from azure.mgmt.resource.resources import ResourceManagementClient

from local_azure.constants import (
    DEPLOYER,
    DEVELOPER,
    OFFICER,
    PLATFORM_SUBSCRIPTION_ID,
    SUBSCRIPTION_ID,
    TENANT_ID,
    VAULT_OFFICERS,
)
from local_azure.server import LocalAzure
from tests.local_azure.arm import content
from tests.local_azure.scene import Scene, TokenOf

PLATFORM = f"/subscriptions/{PLATFORM_SUBSCRIPTION_ID}"


def test_a_groups_name_is_free_in_the_other_subscription(local_azure: LocalAzure) -> None:
    scene = Scene(local_azure)
    credential: Any = TokenOf(scene.azure, DEPLOYER.object_id)
    ours: Any = ResourceManagementClient(credential, SUBSCRIPTION_ID).resource_groups
    theirs: Any = ResourceManagementClient(credential, PLATFORM_SUBSCRIPTION_ID).resource_groups
    before = [one.id for one in ours.list()]
    made = theirs.create_or_update("rg-one", {"location": "westeurope"})
    assert made.id == f"{PLATFORM}/resourceGroups/rg-one"
    assert [one.id for one in theirs.list()] == [made.id]
    assert [one.id for one in ours.list()] == before
    theirs.begin_delete("rg-one").result()
    assert [one.id for one in theirs.list()] == []
    assert [one.id for one in ours.list()] == before


def test_g11_who_has_a_role_on_a_vault_alone_finds_its_subscription(local_azure: LocalAzure) -> None:
    scene = Scene(local_azure)

    def found() -> list[str]:
        answer = scene.arm.as_(OFFICER)("GET", "/subscriptions")
        return [one["subscriptionId"] for one in content(answer)["value"]]

    assert found() == []
    scene.grant(VAULT_OFFICERS.object_id, "Key Vault Secrets Officer", "Group")
    assert found() == [SUBSCRIPTION_ID]


def test_a_role_on_one_subscription_opens_nothing_in_the_other(local_azure: LocalAzure) -> None:
    scene = Scene(local_azure)
    credential: Any = TokenOf(scene.azure, DEPLOYER.object_id)
    roles: Any = AuthorizationManagementClient(credential, PLATFORM_SUBSCRIPTION_ID)
    (reader,) = roles.role_definitions.list(PLATFORM, filter="roleName eq 'Reader'")
    assert reader.id.startswith(f"{PLATFORM}/providers/Microsoft.Authorization/roleDefinitions/")
    properties = {
        "principalId": DEVELOPER.object_id,
        "principalType": "User",
        "roleDefinitionId": reader.id,
    }
    name = "5eed0000-0000-4000-8000-000000000001"
    made = roles.role_assignments.create(PLATFORM, name, {"properties": properties})
    assert made.role_definition_id == reader.id

    developer: Any = TokenOf(scene.azure, DEVELOPER.object_id)
    assert list(ResourceManagementClient(developer, PLATFORM_SUBSCRIPTION_ID).resource_groups.list()) == []
    with pytest.raises(HttpResponseError) as error:
        list(ResourceManagementClient(developer, SUBSCRIPTION_ID).resource_groups.list())
    assert error.value.status_code == 403


def test_a_namespace_is_registered_for_each_subscription_by_itself(local_azure: LocalAzure) -> None:
    credential: Any = TokenOf(Scene(local_azure).azure, DEPLOYER.object_id)
    ours: Any = ResourceManagementClient(credential, SUBSCRIPTION_ID).providers
    theirs: Any = ResourceManagementClient(credential, PLATFORM_SUBSCRIPTION_ID).providers
    theirs.unregister("Microsoft.KeyVault")
    assert theirs.get("Microsoft.KeyVault").registration_state == "Unregistered"
    assert ours.get("Microsoft.KeyVault").registration_state == "Registered"


def test_a_deleted_vault_is_listed_in_its_own_subscription(local_azure: LocalAzure) -> None:
    credential: Any = TokenOf(Scene(local_azure).azure, DEPLOYER.object_id)
    groups: Any = ResourceManagementClient(credential, PLATFORM_SUBSCRIPTION_ID).resource_groups
    groups.create_or_update("rg-platform", {"location": "westeurope"})
    theirs: Any = KeyVaultManagementClient(credential, PLATFORM_SUBSCRIPTION_ID).vaults
    ours: Any = KeyVaultManagementClient(credential, SUBSCRIPTION_ID).vaults
    sku = {"family": "A", "name": "standard"}
    properties = {"tenantId": TENANT_ID, "sku": sku, "enableRbacAuthorization": True}
    vault = {"location": "westeurope", "properties": properties}
    theirs.begin_create_or_update("rg-platform", "kv-platform", vault).result()
    theirs.delete("rg-platform", "kv-platform")
    assert [one.name for one in theirs.list_deleted()] == ["kv-platform"]
    assert [one.name for one in ours.list_deleted()] == []
    theirs.begin_purge_deleted("kv-platform", "westeurope").result()
    assert [one.name for one in theirs.list_deleted()] == []


def test_a_subscription_that_is_not_there_is_not_found(local_azure: LocalAzure) -> None:
    credential: Any = TokenOf(Scene(local_azure).azure, DEPLOYER.object_id)
    unknown = "10ca1a2e-0000-4000-8000-0000000000ff"
    with pytest.raises(HttpResponseError) as error:
        list(ResourceManagementClient(credential, unknown).resource_groups.list())
    assert error.value.error is not None
    assert (error.value.status_code, error.value.error.code) == (404, "SubscriptionNotFound")
