"""User-assigned identities, as azure-mgmt-msi sees them, and what is left of them."""

import pytest
from azure.core.exceptions import ResourceNotFoundError
from azure.identity import ClientSecretCredential
from azure.mgmt.msi.v2024_11_30 import ManagedServiceIdentityClient
from azure.mgmt.msi.v2024_11_30.models import Identity, IdentityUpdate

from local_azure.azure import Azure
from local_azure.constants import SUBSCRIPTION_ID, TENANT_ID
from local_azure.leftovers import leftovers
from local_azure.server import LocalAzure
from tests.local_azure.arm import Arm, content, refusal

READER = "acdd72a7-3385-48ef-bd42-f606fba81ae7"


def test_an_identity_is_created_read_changed_listed_and_deleted(
    local_azure: LocalAzure, deployer: ClientSecretCredential
) -> None:
    Arm(local_azure.azure).group("rg-one")
    identities = ManagedServiceIdentityClient(deployer, SUBSCRIPTION_ID).user_assigned_identities
    made = identities.create_or_update("rg-one", "id-one", Identity(location="West Europe"))
    assert (made.name, made.location, made.tenant_id) == ("id-one", "westeurope", TENANT_ID)
    assert made.principal_id
    assert made.client_id
    assert made.principal_id != made.client_id
    changed = identities.update("rg-one", "id-one", IdentityUpdate(tags={"team": "a"}))
    assert (changed.tags, changed.principal_id) == ({"team": "a"}, made.principal_id)
    assert [one.id for one in identities.list_by_subscription()] == [made.id]
    identities.delete("rg-one", "id-one")
    with pytest.raises(ResourceNotFoundError):
        identities.get("rg-one", "id-one")


def test_its_principal_stays_the_same_however_often_it_is_written(arm: Arm) -> None:
    group = arm.group()
    first = arm.identity(group)["properties"]
    assert arm.identity(group)["properties"] == first


def test_an_identity_made_again_is_somebody_else(arm: Arm, azure: Azure) -> None:
    group = arm.group()
    first = arm.identity(group)
    arm("DELETE", first["id"])
    again = arm.identity(group)["properties"]
    before = first["properties"]
    assert not {before["principalId"], before["clientId"]} & {again["principalId"], again["clientId"]}
    assert azure.entra.principal(before["principalId"]) is None
    assert azure.entra.principal(again["principalId"]) is not None


@pytest.mark.parametrize("name", ["id", "-id-one", "id.one", "id one", "i" * 129])
def test_i1_an_impossible_name_is_refused(arm: Arm, name: str) -> None:
    path = f"{arm.group()}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/{name}"
    assert refusal(arm("PUT", path, {"location": "westeurope"}))[0] == 400
    assert refusal(arm("GET", path))[0] == 404


@pytest.mark.parametrize("name", ["id1", "1_d-", "i" * 128])
def test_i1_every_possible_name_is_accepted(arm: Arm, name: str) -> None:
    assert arm.identity(arm.group(), name)["name"] == name


def test_a_refused_identity_leaves_no_principal_behind(arm: Arm, azure: Azure) -> None:
    before = azure.store.documents("principals").items()
    arm("PUT", f"{arm.group()}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-one", {})
    assert azure.store.documents("principals").items() == before


def grant(arm: Arm, scope: str, principal_id: str) -> str:
    """A role assignment on `scope`; its id."""
    role = f"/subscriptions/{SUBSCRIPTION_ID}/providers/Microsoft.Authorization/roleDefinitions/{READER}"
    properties = {"roleDefinitionId": role, "principalId": principal_id, "principalType": "ServicePrincipal"}
    path = f"{scope}/providers/Microsoft.Authorization/roleAssignments/6b1c1f0e-0000-4000-8000-000000000001"
    return content(arm("PUT", path, {"properties": properties}))["id"]


def test_r17_deleting_an_identity_leaves_its_assignments_as_orphans(arm: Arm, azure: Azure) -> None:
    identity = arm.identity(arm.group("rg-identities"))
    assignment = grant(arm, arm.group("rg-one"), identity["properties"]["principalId"])
    assert leftovers(azure)["orphans"] == []
    arm("DELETE", identity["id"])
    assert arm("GET", assignment).status == 200
    assert leftovers(azure)["orphans"] == [assignment]


def test_r18_deleting_a_scope_deletes_the_assignments_on_it_and_below(arm: Arm, azure: Azure) -> None:
    scope = arm.identity(arm.group("rg-one"), "id-scope")["id"]
    identity = arm.identity(arm.group("rg-identities"))
    assignment = grant(arm, scope, identity["properties"]["principalId"])
    arm("DELETE", f"/subscriptions/{SUBSCRIPTION_ID}/resourceGroups/rg-one")
    assert refusal(arm("GET", assignment))[:2] == (404, "RoleAssignmentNotFound")
    assert leftovers(azure)["role_assignments"] == []
    assert arm("DELETE", assignment).status == 204
