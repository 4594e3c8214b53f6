"""AccessGrant, the only maker of role assignments (R1 R3 R4 R5 R7 R8 R9 R10 R15)."""

import uuid
from typing import Any, cast

import pytest
from pulumi_azure_native import managedidentity

from components import AccessGrant, AccessGrantArgs, ConfigurationError, PrincipalType, Role
from components.access import grant_name
from tests.unit.components.answering_azure import CLIENT, GROUP, PEOPLE, PRINCIPAL, SUBSCRIPTION, VAULT, Mode
from tests.unit.components.recorded_azure import UNKNOWN, Deployment, Later, deploy, deploy_once, with_outputs
from tests.unit.components.refusals import refusal_of

SECRETS_USER = "4633458b-17de-408a-b874-0445c86b69e6"
ROLE_ID = f"/subscriptions/{SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/{SECRETS_USER}"
ARGS: AccessGrantArgs = {"principal_id": PRINCIPAL, "scope_id": VAULT, "role": Role.KEY_VAULT_SECRETS_USER}


def _grant(mode: Mode = "up", /, **changes: Any) -> Deployment:
    given = {**ARGS, **changes}
    what = ("reader", sorted(given.items()), mode)
    return deploy_once(what, lambda: deploy(lambda: AccessGrant("reader", with_outputs(given)), mode))


_refusal = refusal_of(_grant)


def test_a_grant_is_one_role_assignment_with_everything_stated() -> None:
    deployment = _grant()
    assert deployment.counts() == {"authorization:RoleAssignment": 1}
    name = str(uuid.uuid5(uuid.NAMESPACE_URL, f"{VAULT}/{PRINCIPAL}/{SECRETS_USER}".lower()))
    assert deployment.one("RoleAssignment").inputs == {
        "description": f"Identity {PRINCIPAL} may read the values of secrets in key vault kv-team "
        "(Key Vault Secrets User). Granted by AccessGrant 'reader'.",
        "principalId": PRINCIPAL,
        "principalType": "ServicePrincipal",
        "roleAssignmentName": name,
        "roleDefinitionId": ROLE_ID,
        "scope": VAULT,
    }
    assert deployment.outputs == {
        "assignment_id": f"{VAULT}/providers/Microsoft.Authorization/roleAssignments/{name}",
        "name": name,
        "access": f"Identity {PRINCIPAL} may read the values of secrets in key vault kv-team "
        "(Key Vault Secrets User).",
    }


def test_a_first_preview_can_say_the_role_although_the_assignment_cannot() -> None:
    deployment = _grant("first preview", principal_name="readers")
    grant = next(r for r in deployment.resources if r.type == "keyless:index:AccessGrant")
    assert grant.inputs == {
        "grantedBy": "AccessGrant 'reader'",
        "principalName": "readers",
        "principalType": "ServicePrincipal",
        "role": "Key Vault Secrets User",
    }


def test_every_grant_to_an_identity_states_that_it_is_a_service_principal() -> None:
    assert _grant().one("RoleAssignment").inputs["principalType"] == "ServicePrincipal"


@pytest.mark.parametrize("kind", [PrincipalType.GROUP, "Group"])
def test_a_group_is_granted_as_a_group_given_as_member_or_as_text(kind: object) -> None:
    inputs = _grant(principal_type=kind, principal_name="vault-readers").one("RoleAssignment").inputs
    assert inputs["principalType"] == "Group"
    assert inputs["description"].startswith(
        "Members of group vault-readers may read the values of secrets in"
    )


def test_the_role_can_be_given_by_its_name() -> None:
    inputs = _grant(role="Key Vault Secrets Officer").one("RoleAssignment").inputs
    assert inputs["roleDefinitionId"].endswith("/b86a8fe4-44ce-4948-aee5-eccb2c155cd7")
    assert "may read, write and delete secrets in key vault kv-team" in inputs["description"]


def test_the_description_says_who_made_the_grant() -> None:
    inputs = _grant(granted_by="WebApp 'shop'").one("RoleAssignment").inputs
    assert inputs["description"].endswith("(Key Vault Secrets User). Granted by WebApp 'shop'.")


def test_grant_names_are_guids_and_stay_the_same_between_runs() -> None:
    first, second = (_grant().one("RoleAssignment").inputs["roleAssignmentName"] for _ in range(2))
    assert first == second == grant_name(VAULT, PRINCIPAL, Role.KEY_VAULT_SECRETS_USER)
    assert uuid.UUID(first).version == 5
    assert first == "4e14945c-7569-523f-ac69-9ee244f27ba9"


def test_the_spelling_of_ids_does_not_change_the_name() -> None:
    spelt = grant_name(VAULT.upper() + "/", PRINCIPAL.upper(), Role.KEY_VAULT_SECRETS_USER)
    assert spelt == grant_name(VAULT, PRINCIPAL, Role.KEY_VAULT_SECRETS_USER)


def test_recreating_an_identity_gives_its_grant_a_new_name() -> None:
    names = {
        grant_name(VAULT, PRINCIPAL, Role.KEY_VAULT_SECRETS_USER),
        grant_name(VAULT, PEOPLE, Role.KEY_VAULT_SECRETS_USER),
        grant_name(VAULT, PRINCIPAL, Role.KEY_VAULT_SECRETS_OFFICER),
        grant_name(GROUP, PRINCIPAL, Role.KEY_VAULT_SECRETS_USER),
    }
    assert len(names) == 4


def test_a_replaced_grant_is_created_before_the_old_one_is_deleted() -> None:
    # Said out loud: azure-native itself asks for deletion first wherever a name is given.
    assert _grant().one("RoleAssignment").delete_before_replace is False


def test_the_role_definition_is_qualified_with_the_scopes_subscription() -> None:
    elsewhere = "5ab5c000-0000-4000-8000-00000000000e"
    inputs = _grant(scope_id=VAULT.replace(SUBSCRIPTION, elsewhere)).one("RoleAssignment").inputs
    assert inputs["roleDefinitionId"] == ROLE_ID.replace(SUBSCRIPTION, elsewhere)


def test_a_grant_belongs_to_its_component() -> None:
    deployment = _grant()
    assert deployment.one("RoleAssignment").parent == deployment.one("AccessGrant").urn


def _grant_to_new_identity() -> AccessGrant:
    identity = managedidentity.UserAssignedIdentity(
        "id", resource_group_name="rg-team", resource_name_="id-shop"
    )
    return AccessGrant(
        "reader",
        {
            "principal_id": identity.principal_id,
            "client_id": identity.client_id,
            "principal_name": "id-shop",
            "scope_id": VAULT,
            "role": Role.KEY_VAULT_SECRETS_USER,
        },
    )


def test_preview_works_before_any_identity_exists() -> None:
    deployment = deploy(_grant_to_new_identity, "first preview")
    inputs = deployment.one("RoleAssignment").inputs
    assert inputs["principalId"] == UNKNOWN
    assert inputs["roleAssignmentName"] == UNKNOWN
    assert inputs["roleDefinitionId"] == ROLE_ID
    assert deployment.counts()["authorization:RoleAssignment"] == 1


def test_the_words_of_a_grant_are_in_the_preview_before_the_identity_exists() -> None:
    deployment = deploy(_grant_to_new_identity, "first preview")
    sentence = (
        "Identity id-shop may read the values of secrets in key vault kv-team (Key Vault Secrets User)."
    )
    assert deployment.outputs["access"] == sentence
    assert (
        deployment.one("RoleAssignment").inputs["description"]
        == f"{sentence} Granted by AccessGrant 'reader'."
    )


def test_an_assignment_depends_on_its_identity_so_that_destroy_removes_it_first() -> None:
    deployment = deploy(_grant_to_new_identity)
    assert deployment.waits_for(deployment.one("RoleAssignment"), deployment.one("UserAssignedIdentity"))


def test_a_grant_to_a_client_id_is_refused_before_deployment() -> None:
    text = _refusal(principal_id=CLIENT, client_id=CLIENT)
    assert "given     the client id\n" in text
    assert CLIENT not in text
    assert "next      give the identity's principal_id" in text


def test_a_grant_to_a_client_id_that_is_known_later_is_refused_too() -> None:
    text = _refusal(principal_id=Later(CLIENT), client_id=Later(CLIENT.upper()))
    assert "given     the client id\n" in text


@pytest.mark.parametrize("later", [False, True])
def test_a_principal_that_is_no_guid_is_refused(later: bool) -> None:
    given = "id-shop"
    text = _refusal(principal_id=Later(given) if later else given)
    assert "principal_id" in text
    assert "given     a text of 7 characters; character 1, 'i', is not allowed there\n" in text
    assert "expected  the object id of a principal in Entra, a GUID" in text


@pytest.mark.parametrize(
    ("scope", "what"),
    [
        ("/providers/Microsoft.Management/managementGroups/corp", "a management group"),
        (f"/subscriptions/{SUBSCRIPTION}", "a subscription"),
    ],
)
@pytest.mark.parametrize("later", [False, True])
def test_data_roles_are_refused_above_resource_group_scope(scope: str, what: str, later: bool) -> None:
    text = _refusal(scope_id=Later(scope) if later else scope)
    assert f"given     the id of {what}\n" in text
    assert "Key Vault Secrets User acts on data, so nothing wider is accepted" in text


def test_a_resource_group_is_a_scope() -> None:
    inputs = _grant(scope_id=GROUP).one("RoleAssignment").inputs
    assert inputs["scope"] == GROUP
    assert "in resource group rg-team (Key Vault Secrets User)" in inputs["description"]


def test_everything_that_is_wrong_is_said_at_once() -> None:
    with pytest.raises(ConfigurationError) as refused:
        _grant(principal_id="x", scope_id="y", role="Ovner", principal_type="Robot", rolle="z")
    subjects = [problem.subject for problem in refused.value.problems]
    assert subjects == ["rolle", "principal_id", "role", "scope_id", "principal_type"]
    assert str(refused.value).startswith("AccessGrant 'reader' has 5 problems:\n  1. rolle\n")


def test_what_is_missing_is_named() -> None:
    with pytest.raises(ConfigurationError) as refused:
        deploy(lambda: AccessGrant("reader", cast(AccessGrantArgs, {})))
    assert [problem.subject for problem in refused.value.problems] == ["principal_id", "scope_id", "role"]


@pytest.mark.parametrize("later", [False, True])
def test_what_is_no_id_is_no_scope(later: bool) -> None:
    text = _refusal(scope_id=Later("kv-team") if later else "kv-team")
    given = "a text of 7 characters; character 1, 'k', is not allowed there"
    expected = "the id of a resource or a resource group"
    assert f"scope_id\n     given     {given}\n     expected  {expected}" in text
