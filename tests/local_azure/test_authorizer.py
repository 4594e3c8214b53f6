"""Who may do what in Resource Manager, assigning roles above all, and what a refusal says."""

import uuid
from typing import Any

import pytest
from azure.core.exceptions import HttpResponseError
from azure.mgmt.authorization import AuthorizationManagementClient
from azure.mgmt.resource.resources import ResourceManagementClient

from local_azure.authorization.built_in_roles import BUILT_IN_ROLES, ROLES_BY_ID, role_definition_id
from local_azure.azure import Azure
from local_azure.constants import DEVELOPER, OFFICER, SUBSCRIPTION_ID, SUBSCRIPTION_SCOPE, Inhabitant
from local_azure.errors import Refusal
from local_azure.leftovers import leftovers
from tests.local_azure.arm import content, refusal
from tests.local_azure.scene import GROUP, ROLES, Scene, reads
from tests.local_azure.tokens import ARM


def test_a_contributor_cannot_grant_roles(scene: Scene) -> None:
    """(R11)"""
    scene.grant(DEVELOPER.object_id, "Contributor", "User", SUBSCRIPTION_SCOPE)
    credential = scene.token(DEVELOPER.object_id)
    groups: Any = ResourceManagementClient(credential, SUBSCRIPTION_ID).resource_groups
    assert groups.create_or_update("rg-two", {"location": "westeurope"}).name == "rg-two"
    assignments: Any = AuthorizationManagementClient(credential, SUBSCRIPTION_ID).role_assignments
    before = leftovers(scene.azure)["role_assignments"]
    name = str(uuid.uuid4())
    properties = {
        "principalId": DEVELOPER.object_id,
        "principalType": "User",
        "roleDefinitionId": role_definition_id(ROLES["Owner"]),
    }
    for attempt, action in [
        (lambda: assignments.create(GROUP, name, {"properties": properties}), "write"),
        (lambda: assignments.delete_by_id(before[0]), "delete"),
    ]:
        with pytest.raises(HttpResponseError) as error:
            attempt()
        assert error.value.status_code == 403
        assert error.value.error is not None
        assert error.value.error.code == "AuthorizationFailed"
        message = str(error.value.error.message)
        assert f"with object id '{DEVELOPER.object_id}' does not have authorization" in message
        assert f"'Microsoft.Authorization/roleAssignments/{action}' over scope '/subscriptions/" in message
        assert "or the scope is invalid. If access was recently granted, please refresh your" in message
    assert leftovers(scene.azure)["role_assignments"] == before


@pytest.mark.parametrize("role", ["Role Based Access Control Administrator", "User Access Administrator"])
def test_a_contributor_with_the_right_role_beside_it_can_grant(scene: Scene, role: str) -> None:
    """(R11)"""
    scene.grant(DEVELOPER.object_id, role, "User", SUBSCRIPTION_SCOPE)
    client: Any = AuthorizationManagementClient(scene.token(DEVELOPER.object_id), SUBSCRIPTION_ID)
    properties = {
        "principalId": OFFICER.object_id,
        "principalType": "User",
        "roleDefinitionId": role_definition_id(ROLES["Reader"]),
    }
    made = client.role_assignments.create(GROUP, str(uuid.uuid4()), {"properties": properties})
    assert made.principal_id == OFFICER.object_id


DELEGATED = (
    "((!(ActionMatches{'Microsoft.Authorization/roleAssignments/write'})) OR ("
    "@Request[Microsoft.Authorization/roleAssignments:RoleDefinitionId] ForAnyOfAnyValues:GuidEquals "
    "{4633458b-17de-408a-b874-0445c86b69e6} AND "
    "@Request[Microsoft.Authorization/roleAssignments:PrincipalType] "
    "ForAnyOfAnyValues:StringEqualsIgnoreCase {'ServicePrincipal'})) AND "
    "((!(ActionMatches{'Microsoft.Authorization/roleAssignments/delete'})) OR ("
    "@Resource[Microsoft.Authorization/roleAssignments:RoleDefinitionId] ForAnyOfAnyValues:GuidEquals "
    "{4633458b-17de-408a-b874-0445c86b69e6}))"
)
"""The form that Microsoft gives: write and delete, each limited to one role."""


def test_who_may_assign_roles_under_a_condition_assigns_no_others(scene: Scene) -> None:
    """(R12)"""
    name = str(uuid.uuid4())
    path = f"{SUBSCRIPTION_SCOPE}/providers/Microsoft.Authorization/roleAssignments/{name}"
    properties = {
        "condition": DELEGATED,
        "conditionVersion": "2.0",
        "principalId": DEVELOPER.object_id,
        "principalType": "User",
        "roleDefinitionId": role_definition_id(ROLES["Role Based Access Control Administrator"]),
    }
    content(scene.arm("PUT", path, {"properties": properties}))
    principal, foreign = scene.identity()["principalId"], scene.grant(OFFICER.object_id, "Reader", "User")
    client: Any = AuthorizationManagementClient(scene.token(DEVELOPER.object_id), SUBSCRIPTION_ID)

    def assign(role: str, principal_id: str, kind: str) -> Any:
        asked = {"principalId": principal_id, "principalType": kind}
        asked["roleDefinitionId"] = role_definition_id(ROLES[role])
        return client.role_assignments.create(scene.vault, str(uuid.uuid4()), {"properties": asked})

    for attempt in (
        lambda: assign("Owner", principal, "ServicePrincipal"),
        lambda: assign("Key Vault Secrets User", DEVELOPER.object_id, "User"),
        lambda: client.role_assignments.delete_by_id(foreign),
    ):
        with pytest.raises(HttpResponseError) as error:
            attempt()
        assert error.value.status_code == 403
        assert error.value.error is not None
        assert error.value.error.code == "AuthorizationFailed"
        assert "does not have authorization or an ABAC condition not fulfilled" in str(
            error.value.error.message
        )
    made = assign("Key Vault Secrets User", principal, "ServicePrincipal")
    assert reads(scene.reader(principal))
    assert client.role_assignments.get_by_id(foreign).principal_id == OFFICER.object_id
    client.role_assignments.delete_by_id(made.id)
    assert not reads(scene.reader(principal))


def test_a_reader_reads_and_changes_nothing(scene: Scene) -> None:
    """(R11)"""
    scene.grant(DEVELOPER.object_id, "Reader", "User", scene.group)
    arm = scene.arm.as_(DEVELOPER)
    assert arm("GET", scene.group).status == 200
    assert arm("GET", scene.vault).status == 200
    everywhere = f"{SUBSCRIPTION_SCOPE}/resourceGroups"
    for method, path in [("PUT", scene.group), ("DELETE", scene.vault), ("GET", everywhere)]:
        assert refusal(arm(method, path, {"location": "westeurope"}))[:2] == (403, "AuthorizationFailed")
    assert scene.arm("GET", scene.vault).status == 200


def test_nobody_does_anything_without_a_role(scene: Scene) -> None:
    """(R11)"""
    for person in (DEVELOPER, OFFICER):
        arm = scene.arm.as_(person)
        for method in ("GET", "PUT", "PATCH", "DELETE"):
            assert refusal(arm(method, scene.vault, {}))[:2] == (403, "AuthorizationFailed")
        assert content(arm("GET", "/subscriptions"))["value"] == []


def test_every_built_in_role_of_azure_is_there_under_an_id_of_its_own() -> None:
    assert len(ROLES_BY_ID) == len(BUILT_IN_ROLES) == len(ROLES) == 928
    for role in BUILT_IN_ROLES:
        assert str(uuid.UUID(role.id)) == role.id


def test_the_refusal_names_the_person_the_action_and_the_scope(azure: Azure) -> None:
    """(R11)"""

    def told(person: Inhabitant) -> Refusal:
        principal = azure.entra.principal(person.object_id)
        assert principal
        caller = azure.entra.verify(azure.entra.issue(principal, ARM)[0], {ARM})
        with pytest.raises(Refusal) as refused:
            azure.authorizer.require_action(caller, "Microsoft.Web/sites/write", GROUP)
        return refused.value

    assert (told(DEVELOPER).status, told(DEVELOPER).code, told(DEVELOPER).message) == (
        403,
        "AuthorizationFailed",
        f"The client '{DEVELOPER.name}' with object id '{DEVELOPER.object_id}' does not have "
        f"authorization to perform action 'Microsoft.Web/sites/write' over scope '{GROUP}' or the scope is "
        "invalid. If access was recently granted, please refresh your credentials.",
    )
