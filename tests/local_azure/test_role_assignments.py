"""Role assignments as azure-mgmt-authorization sees them: made, named, refused and listed."""

from typing import Any

import pytest
from azure.core.exceptions import HttpResponseError, ResourceNotFoundError

from local_azure.constants import DEPLOYER, DEVELOPER, SUBSCRIPTION_SCOPE
from tests.local_azure.arm import Arm, refusal
from tests.local_azure.grants import GROUP, READER, SECRETS_USER, Grants, definition, new_name, refused

NOT_UPDATED = "Tenant ID, application ID, principal ID, and scope are not allowed to be updated."


def test_an_assignment_is_made_read_listed_and_deleted(grants: Grants) -> None:
    principal, _ = grants.identity()
    name = new_name()
    made = grants.grant(principal, name=name, description="for a test")
    assert (made.name, made.type) == (name, "Microsoft.Authorization/roleAssignments")
    assert made.id == f"{GROUP}/providers/Microsoft.Authorization/roleAssignments/{name}"
    assert (made.scope, made.principal_id, made.principal_type) == (GROUP, principal, "ServicePrincipal")
    assert made.description == "for a test"
    assert grants.assignments.get(GROUP, name).as_dict() == made.as_dict()
    assert grants.assignments.get_by_id(made.id).as_dict() == made.as_dict()
    assert grants.assignments.delete(GROUP, name).id == made.id
    with pytest.raises(ResourceNotFoundError):
        grants.assignments.get(GROUP, name)
    assert grants.everything() == []


def test_writing_the_same_assignment_again_changes_nothing(grants: Grants) -> None:
    principal, _ = grants.identity()
    name = new_name()
    first = grants.grant(principal, name=name)
    assert grants.grant(principal.upper(), name=name, scope=GROUP.upper()).id == first.id
    assert len(grants.everything()) == 1


def test_the_same_grant_under_another_name_is_refused(grants: Grants) -> None:
    """(R5)"""
    principal, _ = grants.identity()
    first = grants.grant(principal)
    with pytest.raises(HttpResponseError) as error:
        grants.grant(
            principal.upper(),
            f"/providers/Microsoft.Authorization/roleDefinitions/{READER.upper()}",
            scope=GROUP.upper(),
        )
    assert refused(error) == (409, "RoleAssignmentExists", "The role assignment already exists.")
    assert grants.everything() == [first.id]


def test_another_role_scope_or_principal_is_another_grant(grants: Grants) -> None:
    """(R5)"""
    principal, _ = grants.identity()
    other, _ = grants.identity("id-two")
    grants.grant(principal)
    grants.grant(principal, SECRETS_USER)
    grants.grant(principal, scope=SUBSCRIPTION_SCOPE)
    grants.grant(other)
    assert len(grants.everything()) == 4


def test_an_assignment_never_changes_its_principal_or_its_role(grants: Grants) -> None:
    """(R7)"""
    principal, _ = grants.identity()
    other, _ = grants.identity("id-two")
    name = new_name()
    before = grants.grant(principal, name=name)
    for someone, role in [(other, READER), (principal, SECRETS_USER)]:
        with pytest.raises(HttpResponseError) as error:
            grants.grant(someone, role, name=name)
        assert refused(error) == (400, "RoleAssignmentUpdateNotPermitted", NOT_UPDATED)
    assert grants.assignments.get(GROUP, name).as_dict() == before.as_dict()


def test_an_assignment_may_change_its_description_and_condition(grants: Grants) -> None:
    """(R7)"""
    principal, _ = grants.identity()
    name = new_name()
    grants.grant(principal, name=name)
    condition = "@Resource[name] StringEquals 'one'"
    changed = grants.grant(
        principal, name=name, description="why", condition=condition, conditionVersion="2.0"
    )
    assert (changed.description, changed.condition, changed.condition_version) == ("why", condition, "2.0")


def test_a_condition_without_its_version_is_refused(grants: Grants) -> None:
    """(R21)"""
    principal, _ = grants.identity()
    for more in ({"condition": "true"}, {"condition": "true", "conditionVersion": "1.0"}):
        with pytest.raises(HttpResponseError) as error:
            grants.grant(principal, **more)
        assert refused(error)[0] == 400
    assert grants.everything() == []


@pytest.mark.parametrize("name", ["reader-for-app", "1", f"{READER}0", READER.replace("-", "")])
def test_the_name_of_an_assignment_is_a_guid(grants: Grants, name: str) -> None:
    """(R8)"""
    principal, _ = grants.identity()
    with pytest.raises(HttpResponseError) as error:
        grants.grant(principal, name=name)
    assert refused(error)[:2] == (400, "InvalidRoleAssignmentId")
    assert grants.everything() == []


def test_the_name_of_an_assignment_is_taken_everywhere(grants: Grants) -> None:
    """(R8) A name used at one scope counts, at another, as a move of the assignment that has it."""
    principal, _ = grants.identity()
    name = new_name()
    first = grants.grant(principal, name=name)
    with pytest.raises(HttpResponseError) as error:
        grants.grant(principal, name=name.upper(), scope=SUBSCRIPTION_SCOPE)
    assert refused(error) == (400, "RoleAssignmentUpdateNotPermitted", NOT_UPDATED)
    assert grants.everything() == [first.id]


def test_assignments_are_listed_by_scope_and_by_principal(grants: Grants) -> None:
    principal, _ = grants.identity()
    other, _ = grants.identity("id-two")
    below = f"{GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-one"
    ids = {
        "subscription": grants.grant(principal, scope=SUBSCRIPTION_SCOPE).id,
        "group": grants.grant(principal).id,
        "below": grants.grant(principal, scope=below).id,
        "other": grants.grant(other).id,
    }
    names = {id: name for name, id in ids.items()}

    def shown(found: Any) -> set[str]:
        return {names[one.id] for one in found if one.id in names}

    assignments = grants.assignments
    assert shown(assignments.list_for_scope(GROUP)) == {"subscription", "group", "below", "other"}
    assert shown(assignments.list_for_scope(GROUP, filter="atScope()")) == {"subscription", "group", "other"}
    mine = f"principalId eq '{principal.upper()}'"
    assert shown(assignments.list_for_scope(GROUP, filter=mine)) == {"subscription", "group", "below"}
    assert shown(assignments.list_for_scope(SUBSCRIPTION_SCOPE, filter="atScope()")) == {"subscription"}
    assert shown(assignments.list_for_subscription()) == set(names.values())
    everybody = [one.principal_id for one in assignments.list_for_subscription()]
    assert DEPLOYER.object_id in everybody


def test_a_person_without_a_grant_cannot_grant(grants: Grants) -> None:
    """(R11)"""
    arm = Arm(grants.local.azure, DEVELOPER)
    name, action = new_name(), "Microsoft.Authorization/roleAssignments/write"
    path = f"{GROUP}/providers/Microsoft.Authorization/roleAssignments/{name}"
    properties = {"principalId": DEVELOPER.object_id, "roleDefinitionId": definition()}
    status, code, message = refusal(arm("PUT", path, {"properties": properties}))
    assert (status, code) == (403, "AuthorizationFailed")
    assert f"with object id '{DEVELOPER.object_id}' does not have authorization" in message
    assert f"to perform action '{action}' over scope '{path}' or the scope is invalid." in message
    assert message.endswith("If access was recently granted, please refresh your credentials.")
    assert grants.everything() == []
