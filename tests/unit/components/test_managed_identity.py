"""ManagedIdentity: created, or an existing one read by its full id (I1)."""

from typing import Any

import pytest

from components import ManagedIdentity
from tests.unit.components.answering_azure import CLIENT, GROUP, IDENTITY, PRINCIPAL, Mode
from tests.unit.components.recorded_azure import UNKNOWN, Deployment, Later, deploy, deploy_component
from tests.unit.components.refusals import refusal_of


def _identity(mode: Mode = "up", /, **args: Any) -> Deployment:
    return deploy_component(ManagedIdentity, args, mode)


def _refusal(**args: Any) -> list[str]:
    return refusal_of(_identity)(**args).splitlines()


def test_an_identity_is_created_with_what_was_given_and_a_derived_name() -> None:
    deployment = _identity(resource_group_name="rg-team", location="westeurope", tags={"team": "shop"})
    assert deployment.one("UserAssignedIdentity").inputs == {
        "location": "westeurope",
        "resourceGroupName": "rg-team",
        "resourceName": "id-shop-dev-abc123",
        "tags": {"team": "shop"},
    }
    id = f"{GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-shop-dev-abc123"
    assert deployment.outputs == {
        "identity_id": id,
        "name": "id-shop-dev-abc123",
        "principal_id": PRINCIPAL,
        "client_id": CLIENT,
    }
    assert deployment.counts() == {"managedidentity:UserAssignedIdentity": 1}


def test_a_given_name_needs_no_random_suffix() -> None:
    deployment = _identity(resource_group_name="rg-team", identity_name="id-mine")
    assert deployment.one("UserAssignedIdentity").inputs["resourceName"] == "id-mine"
    assert deployment.all("RandomString") == []


def test_an_existing_identity_is_read_by_its_full_id_and_nothing_is_created() -> None:
    deployment = _identity(existing_id=IDENTITY)
    assert [(r.type, r.is_read) for r in deployment.resources[1:]] == [
        ("azure-native:managedidentity:UserAssignedIdentity", True)
    ]
    assert deployment.one("UserAssignedIdentity").inputs["id"] == IDENTITY
    assert deployment.outputs == {
        "identity_id": IDENTITY,
        "name": "id-team",
        "principal_id": PRINCIPAL,
        "client_id": CLIENT,
    }


def test_an_adopted_and_a_created_identity_have_the_same_urn_so_that_adopting_ones_own_lets_it_go() -> None:
    adopted, created = _identity(existing_id=IDENTITY), _identity(resource_group_name="rg-team")
    assert adopted.one("UserAssignedIdentity").urn == created.one("UserAssignedIdentity").urn


def test_a_replace_never_needs_two_owners_of_one_name() -> None:
    assert _identity(resource_group_name="rg-team").one("UserAssignedIdentity").delete_before_replace


def test_the_ids_are_unknown_before_the_identity_exists() -> None:
    outputs = _identity("first preview", resource_group_name="rg-team").outputs
    assert outputs["identity_id"] == outputs["principal_id"] == outputs["client_id"] == UNKNOWN


def test_renaming_the_stack_keeps_the_name() -> None:
    renamed = deploy(
        lambda: ManagedIdentity("shop", {"resource_group_name": "rg-team"}),
        stack="production",
        keepers={"stack": "dev"},
    )
    assert renamed.one("UserAssignedIdentity").inputs["resourceName"] == "id-shop-dev-abc123"
    assert renamed.one("RandomString").ignore_changes == ("keepers",)


def test_an_existing_id_with_what_creates_one_is_refused_naming_both() -> None:
    lines = _refusal(existing_id=IDENTITY, location="westeurope", tags={"a": "b"})
    assert lines[0] == "ManagedIdentity 'shop' has 2 problems:"
    assert lines[1] == "  1. existing_id and location"
    assert lines[3] == "     expected  one of the two: an identity is adopted or created"
    assert lines[4] == "     next      take out location, or existing_id"
    assert lines[5] == "  2. existing_id and tags"


def test_without_a_group_or_an_existing_id_it_says_what_is_missing() -> None:
    assert _refusal()[1:] == [
        "  1. resource_group_name",
        "     given     nothing",
        "     expected  the resource group to create it in, or existing_id",
        "     next      give resource_group_name",
    ]


@pytest.mark.parametrize("later", [False, True])
def test_an_existing_id_of_something_else_is_refused(later: bool) -> None:
    lines = _refusal(existing_id=Later(GROUP) if later else GROUP)
    assert f"     given     the id of a resource group, a text of {len(GROUP)} characters" in lines
    assert any("providers/Microsoft.ManagedIdentity/userAssignedIdentities/<name>" in line for line in lines)


def test_a_name_that_azure_refuses_is_refused_with_the_rule() -> None:
    lines = _refusal(resource_group_name="rg-team", identity_name="-id")
    assert lines[2] == "     given     a text of 3 characters; character 1, '-', is not allowed there"
    assert lines[3] == "     expected  3 to 128 letters, digits, - and _, starting with a letter or digit"


def test_a_misspelt_argument_is_refused_with_the_right_spelling() -> None:
    lines = _refusal(resource_group="rg-team")
    assert "  1. resource_group" in lines
    assert "     next      write resource_group_name" in lines
