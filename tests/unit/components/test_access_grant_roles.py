"""The role of an AccessGrant: by its name, its GUID or its full id, built-in or custom."""

from typing import Any

import pytest

from components import AccessGrant
from components.access import grant_name
from tests.unit.components.answering_azure import PRINCIPAL, SUBSCRIPTION, VAULT
from tests.unit.components.recorded_azure import Deployment, Later, deploy_component
from tests.unit.components.refusals import refusal_of

SECRETS_USER = "4633458b-17de-408a-b874-0445c86b69e6"
READER = "acdd72a7-3385-48ef-bd42-f606fba81ae7"
DEFINITIONS = f"/subscriptions/{SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions"
CUSTOM = "c0570000-0000-4000-8000-000000000001"
CUSTOM_ID = f"{DEFINITIONS}/{CUSTOM}"


def grant(**args: Any) -> Deployment:
    return deploy_component(AccessGrant, {"principal_id": PRINCIPAL, "scope_id": VAULT, **args}, "up")


refusal = refusal_of(grant)


@pytest.mark.parametrize("role", ["Reader", "reader", READER, READER.upper(), f"{DEFINITIONS}/{READER}"])
@pytest.mark.parametrize("later", [False, True])
def test_a_role_is_told_by_its_name_its_guid_or_its_full_id(role: str, later: bool) -> None:
    inputs = grant(role=Later(role) if later else role).one("RoleAssignment").inputs
    assert inputs["roleDefinitionId"] == f"{DEFINITIONS}/{READER}"
    assert inputs["roleAssignmentName"] == grant_name(VAULT, PRINCIPAL, "Reader")
    assert f"{PRINCIPAL} may see every resource in key vault kv-team (Reader)." in inputs["description"]


@pytest.mark.parametrize("role", [CUSTOM, CUSTOM_ID])
def test_a_custom_role_is_told_by_its_guid_or_its_full_id(role: str) -> None:
    inputs = grant(role=role).one("RoleAssignment").inputs
    assert inputs["roleDefinitionId"] == CUSTOM_ID
    assert f"(custom role {CUSTOM})." in inputs["description"]


def test_a_name_that_no_role_has_is_answered_with_the_close_one() -> None:
    text = refusal(role="Key Vault Secret User")
    assert "1. role\n     given     a text of 21 characters\n     expected  a role's name, such as" in text
    assert "next      write Key Vault Secrets User" in text
    grant(role="Key Vault Secrets User")  # the next step, tried


def test_a_data_role_told_by_its_guid_is_refused_above_a_resource_group_too() -> None:
    assert "Key Vault Secrets User acts on data" in refusal(
        role=SECRETS_USER, scope_id=f"/subscriptions/{SUBSCRIPTION}"
    )


def test_a_role_that_only_manages_may_be_given_on_a_subscription() -> None:
    scope = f"/subscriptions/{SUBSCRIPTION}"
    assert grant(role="Reader", scope_id=scope).one("RoleAssignment").inputs["scope"] == scope
