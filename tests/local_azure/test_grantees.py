"""Whom a role may be assigned to: somebody who is there already, and is what the request says."""

import pytest
from azure.core.exceptions import HttpResponseError

from local_azure.constants import OFFICER, TENANT_ID, VAULT_READERS
from tests.local_azure.grants import Grants, new_name, refused


def test_a_new_identity_without_a_principal_type_is_refused_for_a_while(grants: Grants) -> None:
    """(R1)"""
    grants.local.azure.entra.delay_replication(2)
    principal, _ = grants.identity()
    name = new_name()
    for _ in range(2):
        with pytest.raises(HttpResponseError) as error:
            grants.grant(principal, name=name, kind=None)
        status, code, message = refused(error)
        assert (status, code) == (400, "PrincipalNotFound")
        assert message.startswith(
            f"Principal {principal.replace('-', '')} does not exist in the directory {TENANT_ID}."
        )
        assert "replication delay" in message
        assert "set the role assignment principalType property" in message
        assert grants.everything() == []
    assert grants.grant(principal, name=name, kind=None).principal_type == "ServicePrincipal"


def test_a_principal_type_spares_a_new_identity_the_wait(grants: Grants) -> None:
    """(R1)"""
    grants.local.azure.entra.delay_replication(1_000)
    principal, _ = grants.identity()
    assert grants.grant(principal).principal_id == principal


def test_a_principal_that_never_was_is_refused_without_a_principal_type(grants: Grants) -> None:
    """(R1)"""
    for _ in range(3):
        with pytest.raises(HttpResponseError) as error:
            grants.grant(new_name(), kind=None)
        assert refused(error)[:2] == (400, "PrincipalNotFound")
    assert grants.everything() == []


def test_the_type_of_a_known_principal_must_be_the_right_one(grants: Grants) -> None:
    """(R3)"""
    principal, _ = grants.identity()
    for one, kind in [
        (principal, "User"),
        (OFFICER.object_id, "ServicePrincipal"),
        (VAULT_READERS.object_id, "User"),
    ]:
        with pytest.raises(HttpResponseError) as error:
            grants.grant(one, kind=kind)
        assert refused(error)[:2] == (400, "UnmatchedPrincipalType")
    assert grants.everything() == []


def test_a_client_id_is_accepted_where_a_principal_id_belongs(grants: Grants) -> None:
    """(R4)"""
    _, client_id = grants.identity()
    made = grants.grant(client_id)
    assert made.principal_id == client_id
    assert grants.everything() == [made.id]


def test_a_replaced_identity_needs_a_grant_of_its_own(grants: Grants) -> None:
    """(R19)"""
    before, _ = grants.identity()
    name = new_name()
    grants.grant(before, name=name)
    grants.identities.delete("rg-one", "id-one")
    after, _ = grants.identity()
    assert before != after
    with pytest.raises(HttpResponseError) as error:
        grants.grant(after, name=name)
    assert refused(error)[:2] == (400, "RoleAssignmentUpdateNotPermitted")
    grants.grant(after)
    assert len(grants.everything()) == 2
