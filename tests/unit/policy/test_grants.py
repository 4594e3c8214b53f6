"""Rules on role assignments."""

import pytest

from tests.unit.policy.apps import IDENTITY, grant, role, site
from tests.unit.policy.judged import GROUP, SUBSCRIPTION, UNKNOWN, Given, finding, findings, judge

GUIDS = {
    "Owner": "8e3af657-a8ff-443c-a75c-2fe8c4bcb635",
    "Contributor": "b24988ac-6180-42a0-ab88-20f7382dd24c",
    "User Access Administrator": "18d7d88d-d35e-4fb5-a5c3-7773c20a72d9",
    "Role Based Access Control Administrator": "f58310d9-a9f6-439a-9e8d-f62e7b41a168",
    "Key Vault Administrator": "00482a5a-887f-4fb3-b363-3b7fe8e74483",
    "Key Vault Data Access Administrator": "8b54135c-b56d-4d72-a534-26097cfdc8d8",
}
READER = "acdd72a7-3385-48ef-bd42-f606fba81ae7"


def first(**unknown: object) -> Given:
    """A grant to what the same update will make."""
    one = grant(principalId=UNKNOWN, **unknown)
    return Given(one.type, one.name, one.props, {"principalId": [IDENTITY]})


def test_a_narrow_grant_of_a_said_kind_breaks_no_rule() -> None:
    for rule in ("grant-principal-type", "grant-no-broad-role", "grant-data-role-scope"):
        assert judge(rule, IDENTITY, grant()) == []
        assert judge(rule, IDENTITY, first(scope=UNKNOWN, roleDefinitionId=UNKNOWN)) == []


def test_a_grant_without_a_kind_of_principal_is_refused() -> None:
    one = grant()
    silent = Given(one.type, one.name, {k: v for k, v in one.props.items() if k != "principalType"})
    says = "role assignment app-vault does not say what kind of principal it is for."
    assert finding("grant-principal-type", silent) == says


def test_an_identity_that_is_said_to_be_a_person_is_refused_in_a_preview_and_after() -> None:
    says = "role assignment app-vault is said to be for a User, and app is a ServicePrincipal."
    assert finding("grant-principal-type", IDENTITY, first(principalType="User")) == says
    assert finding("grant-principal-type", IDENTITY, grant(principalType="User")) == says
    somebody = grant(principalId="0b1ec700-0000-4000-8000-0000000000ff", principalType="User")
    assert judge("grant-principal-type", IDENTITY, somebody) == []


@pytest.mark.parametrize("name", GUIDS)
def test_a_workload_is_no_administrator(name: str) -> None:
    says = f"role assignment app-vault gives {name} to a workload."
    assert finding("grant-no-broad-role", grant(roleDefinitionId=role(GUIDS[name]))) == says
    mislabelled = grant(roleDefinitionId=role(GUIDS[name].upper()), principalType="User")
    assert finding("grant-no-broad-role", IDENTITY, mislabelled) == says


def test_people_may_be_administrators() -> None:
    theirs = grant(roleDefinitionId=role(GUIDS["Owner"]), principalType="Group", principalId="somebody")
    assert judge("grant-no-broad-role", IDENTITY, site(), theirs) == []


@pytest.mark.parametrize("scope", [SUBSCRIPTION, "/providers/Microsoft.Management/managementGroups/mg", "/"])
def test_a_role_on_data_is_not_given_above_a_resource_group(scope: str) -> None:
    says = f"role assignment app-vault gives Key Vault Secrets User on all of {scope}."
    assert finding("grant-data-role-scope", grant(scope=scope)) == says
    assert judge("grant-data-role-scope", grant(scope=scope, roleDefinitionId=role(READER))) == []


def test_a_resource_group_is_narrow_enough() -> None:
    assert judge("grant-data-role-scope", grant(scope=GROUP)) == []


def test_every_built_in_role_is_judged_by_what_it_allows() -> None:
    """None of these is in any list: one gives roles under a condition, one sends messages."""
    gives = role("95de85bd-744d-4664-9dde-11430bc34793")
    assert finding("grant-no-broad-role", grant(roleDefinitionId=gives)) == (
        "role assignment app-vault gives Azure Container Storage Owner to a workload."
    )
    sends = role("69a216fc-b8fb-44d8-bc22-1f3c2cd27a39")
    assert judge("grant-no-broad-role", grant(roleDefinitionId=sends)) == []
    assert finding("grant-data-role-scope", grant(roleDefinitionId=sends, scope=SUBSCRIPTION)) == (
        f"role assignment app-vault gives Azure Service Bus Data Sender on all of {SUBSCRIPTION}."
    )


@pytest.mark.parametrize(
    ("permissions", "is_broad"),
    [
        ([{"actions": ["*"], "notActions": ["Microsoft.Authorization/elevateAccess/Action"]}], True),
        ([{"actions": ["Microsoft.Authorization/roleAssignments/*"]}], True),
        ([{"dataActions": ["Microsoft.KeyVault/*"]}], True),
        ([{"dataActions": ["Microsoft.KeyVault/vaults/secrets/getSecret/action"]}], False),
        ([{"actions": ["*"], "notActions": ["*/write"]}], False),
        (UNKNOWN, False),
    ],
)
def test_a_custom_role_is_judged_where_the_stack_defines_it(permissions: object, is_broad: bool) -> None:
    definition = Given(
        "authorization:RoleDefinition", "reads", {"roleName": "Ours", "permissions": permissions}
    )
    one = grant(roleDefinitionId=UNKNOWN)
    given = Given(one.type, one.name, one.props, {"roleDefinitionId": [definition]})
    says = ["role assignment app-vault gives Ours to a workload."] if is_broad else []
    assert findings("grant-no-broad-role", definition, given) == says


def test_a_custom_role_that_is_defined_elsewhere_cannot_be_judged() -> None:
    theirs = grant(roleDefinitionId=role("c0570000-0000-4000-8000-000000000001"), scope=SUBSCRIPTION)
    assert judge("grant-no-broad-role", theirs) == judge("grant-data-role-scope", theirs) == []
