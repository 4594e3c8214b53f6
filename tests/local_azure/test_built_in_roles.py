"""What Azure's built-in roles allow here: what they take out again, and what they allow under a condition."""

import uuid
from typing import Any

import pytest
from azure.core.exceptions import HttpResponseError
from azure.mgmt.authorization import AuthorizationManagementClient

from components.azure_facts.roles import Permissions
from local_azure.authorization.built_in_roles import BUILT_IN_ROLES, Role, role_definition_id
from local_azure.constants import DEVELOPER, SUBSCRIPTION_ID, SUBSCRIPTION_SCOPE
from tests.local_azure.grants import GROUP, Grants
from tests.local_azure.scene import ROLES, Scene

SMART = "Microsoft.HealthcareApis/services/fhir/resources/smart/action"


def role(name: str) -> Role:
    return next(role for role in BUILT_IN_ROLES if role.name == name)


@pytest.mark.parametrize(
    ("name", "action", "data", "allowed"),
    [
        ("Contributor", "Microsoft.Web/sites/write", False, True),
        ("Contributor", "Microsoft.Authorization/roleAssignments/write", False, False),
        ("Contributor", "microsoft.authorization/ROLEASSIGNMENTS/delete", False, False),
        ("Contributor", "Microsoft.Authorization/roleAssignments/read", False, True),
        ("Key Vault Contributor", "Microsoft.KeyVault/vaults/write", False, True),
        ("Key Vault Contributor", "Microsoft.KeyVault/locations/deletedVaults/purge/action", False, False),
        ("Key Vault Contributor", "Microsoft.KeyVault/vaults/secrets/getSecret/action", True, False),
        ("FHIR Data Contributor", "Microsoft.HealthcareApis/services/fhir/resources/read", True, True),
        ("FHIR Data Contributor", SMART, True, False),
        ("Key Vault Reader", "Microsoft.KeyVault/vaults/read", False, True),
        ("Owner", "Microsoft.KeyVault/vaults/secrets/getSecret/action", True, False),
        ("Azure Center for SAP solutions Management role", "Microsoft.Web/sites/read", False, False),
    ],
)
def test_a_role_allows_what_it_names_and_does_not_take_out(
    name: str, action: str, data: bool, allowed: bool
) -> None:
    assert role(name).allows(action, data=data) is allowed


def test_what_one_block_takes_out_another_allows_under_its_own_condition() -> None:
    blocks = (
        Permissions(("a/*",), ("a/write",), (), (), None),
        Permissions(("a/write",), (), (), (), "@Request[x] StringEquals 'y'"),
    )
    one = Role("two blocks", "", blocks)
    assert one.conditions("a/read", data=False) == [None]
    assert one.conditions("a/write", data=False) == ["@Request[x] StringEquals 'y'"]
    assert one.conditions("b/write", data=False) == []


def test_a_role_with_a_condition_assigns_only_what_its_condition_names(scene: Scene) -> None:
    """(R12) The condition is the role's own: the assignment has none."""
    scene.grant(DEVELOPER.object_id, "Key Vault Data Access Administrator", "User", SUBSCRIPTION_SCOPE)
    principal = scene.identity()["principalId"]
    client: Any = AuthorizationManagementClient(scene.token(DEVELOPER.object_id), SUBSCRIPTION_ID)

    def assign(name: str) -> Any:
        asked = {
            "principalId": principal,
            "principalType": "ServicePrincipal",
            "roleDefinitionId": role_definition_id(ROLES[name]),
        }
        return client.role_assignments.create(scene.vault, str(uuid.uuid4()), {"properties": asked})

    for name in ("Owner", "Storage Blob Data Reader", "Key Vault Data Access Administrator"):
        with pytest.raises(HttpResponseError, match="an ABAC condition not fulfilled"):
            assign(name)
    assert assign("Key Vault Secrets User").principal_id == principal


def test_a_condition_in_another_part_of_the_language_allows_nothing(scene: Scene) -> None:
    scene.grant(
        DEVELOPER.object_id, "Azure Resilience Management Drills Administrator", "User", SUBSCRIPTION_SCOPE
    )
    client: Any = AuthorizationManagementClient(scene.token(DEVELOPER.object_id), SUBSCRIPTION_ID)
    asked = {
        "principalId": scene.identity()["principalId"],
        "principalType": "ServicePrincipal",
        "roleDefinitionId": role_definition_id(ROLES["Reader"]),
    }
    with pytest.raises(HttpResponseError, match="an ABAC condition not fulfilled"):
        client.role_assignments.create(scene.vault, str(uuid.uuid4()), {"properties": asked})


def test_a_definition_is_answered_with_all_its_permissions(grants: Grants) -> None:
    [contributor] = grants.definitions.list(GROUP, filter="roleName eq 'Contributor'")
    [same] = grants.definitions.list(GROUP, filter="roleName eq 'contributor'")  # as `az` asks for acrpull
    assert same.id == contributor.id
    [block] = contributor.permissions
    assert block.actions == ["*"]
    assert "Microsoft.Authorization/*/Write" in block.not_actions
    [fhir] = grants.definitions.list(GROUP, filter="roleName eq 'FHIR Data Contributor'")
    assert SMART in fhir.permissions[0].not_data_actions
    [storage] = grants.definitions.list(GROUP, filter="roleName eq 'Azure Container Storage Owner'")
    assert len(storage.permissions) == 2
    assert len(list(grants.definitions.list(GROUP))) == 928
