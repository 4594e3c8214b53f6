"""What becomes of a grant when its identity, its scope or the grant itself is gone."""

import pytest
from azure.core.exceptions import ResourceNotFoundError

from local_azure.constants import SUBSCRIPTION_SCOPE
from local_azure.leftovers import leftovers
from tests.local_azure.arm import Arm, refusal
from tests.local_azure.grants import GROUP, Grants, new_name, refused


def test_deleting_an_identity_leaves_its_grants_as_orphans(grants: Grants) -> None:
    """(R17)"""
    principal, _ = grants.identity()
    made = grants.grant(principal, scope=SUBSCRIPTION_SCOPE)
    grants.identities.delete("rg-one", "id-one")
    assert grants.assignments.get_by_id(made.id).principal_id == principal
    assert leftovers(grants.local.azure)["orphans"] == [made.id]
    grants.assignments.delete_by_id(made.id)
    assert leftovers(grants.local.azure)["orphans"] == []


def test_a_grant_goes_with_its_scope(grants: Grants) -> None:
    """(R18)"""
    principal, _ = grants.identity()
    name = new_name()
    below = f"{GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-one"
    here, there = grants.grant(principal, name=name), grants.grant(principal, scope=below)
    kept = grants.grant(principal, scope=SUBSCRIPTION_SCOPE)
    grants.groups.begin_delete("rg-one").result()
    assert grants.everything() == [kept.id]
    for gone in (here, there):
        with pytest.raises(ResourceNotFoundError) as error:
            grants.assignments.get_by_id(gone.id)
        status, code, _ = refused(error)
        assert (status, code) == (404, "RoleAssignmentNotFound")
    assert refusal(Arm(grants.local.azure)("GET", here.id)) == (
        404,
        "RoleAssignmentNotFound",
        f"The role assignment '{name}' is not found.",
    )


def test_deleting_an_assignment_that_is_gone_succeeds(grants: Grants) -> None:
    """(R18) Azure answers 204, from which the client reads no assignment."""
    assert grants.assignments.delete(GROUP, new_name()) is None
