"""Rules on role assignments."""

import pytest

from components.azure_facts.roles import role_named
from tests.unit.policy.apps import IDENTITY, grant, role, site
from tests.unit.policy.judged import GROUP, SUBSCRIPTION, UNKNOWN, Given, finding, findings, judge

OWNER = "8e3af657-a8ff-443c-a75c-2fe8c4bcb635"
WAYS = {
    "Owner": "give roles and change what roles allow",
    "Contributor": "act as an identity and run code as an app",
    "User Access Administrator": "give roles and change what roles allow",
    "Role Based Access Control Administrator": "give roles",
    "Key Vault Administrator": "do all with what is in vaults",
    "Key Vault Data Access Administrator": "give roles",
    "Key Vault Contributor": "let itself into vaults",
    "Managed Identity Contributor": "act as an identity",
    "Managed Identity Operator": "act as an identity",
    "Website Contributor": "run code as an app",
    "AcrPush": "change the images that run",
    "Storage Account Contributor": "read keys that open storage",
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


@pytest.mark.parametrize(("name", "way"), WAYS.items())
def test_a_workload_has_no_role_by_which_it_gets_at_more(name: str, way: str) -> None:
    named = role_named(name)
    assert named is not None
    says = f"role assignment app-vault gives {name} to a workload, which may then {way}."
    assert finding("grant-no-broad-role", grant(roleDefinitionId=role(named.guid))) == says
    mislabelled = grant(roleDefinitionId=role(named.guid.upper()), principalType="User")
    assert finding("grant-no-broad-role", IDENTITY, mislabelled) == says


def test_people_may_be_administrators() -> None:
    theirs = grant(roleDefinitionId=role(OWNER), principalType="Group", principalId="somebody")
    assert judge("grant-no-broad-role", IDENTITY, site(), theirs) == []


@pytest.mark.parametrize("scope", [SUBSCRIPTION, "/providers/Microsoft.Management/managementGroups/mg", "/"])
def test_a_role_on_data_is_not_given_above_a_resource_group(scope: str) -> None:
    says = f"role assignment app-vault gives Key Vault Secrets User on all of {scope}."
    assert finding("grant-data-role-scope", grant(scope=scope)) == says
    assert judge("grant-data-role-scope", grant(scope=scope, roleDefinitionId=role(READER))) == []


def test_a_resource_group_is_narrow_enough_and_one_resource_is_better() -> None:
    assert judge("grant-data-role-scope", grant(scope=GROUP)) == []
    says = f"role assignment app-vault gives Key Vault Secrets User on all of {GROUP}."
    assert finding("grant-data-role-on-resource", grant(scope=GROUP)) == says
    for narrow in (grant(), grant(scope=UNKNOWN), grant(scope=GROUP, roleDefinitionId=role(READER))):
        assert judge("grant-data-role-on-resource", narrow) == []


def test_every_built_in_role_is_judged_by_what_it_allows() -> None:
    """None of these is in any list: one gives roles under a condition, one sends messages."""
    gives = role("95de85bd-744d-4664-9dde-11430bc34793")
    assert finding("grant-no-broad-role", grant(roleDefinitionId=gives)) == (
        "role assignment app-vault gives Azure Container Storage Owner to a workload, "
        "which may then give roles."
    )
    sends = role("69a216fc-b8fb-44d8-bc22-1f3c2cd27a39")
    assert judge("grant-no-broad-role", grant(roleDefinitionId=sends)) == []
    assert finding("grant-data-role-scope", grant(roleDefinitionId=sends, scope=SUBSCRIPTION)) == (
        f"role assignment app-vault gives Azure Service Bus Data Sender on all of {SUBSCRIPTION}."
    )


@pytest.mark.parametrize(
    ("permissions", "way"),
    [
        (
            [{"actions": ["*"], "notActions": ["Microsoft.Authorization/elevateAccess/Action"]}],
            "give roles and change what roles allow",
        ),
        ([{"actions": ["Microsoft.Authorization/roleAssignments/*"]}], "give roles"),
        ([{"dataActions": ["Microsoft.KeyVault/*"]}], "do all with what is in vaults"),
        ([{"dataActions": ["Microsoft.KeyVault/vaults/secrets/getSecret/action"]}], ""),
        (
            [{"actions": ["*"], "notActions": ["*/write", "*/action"]}],
            "take away what denies",
        ),
        ([{"actions": ["*/read"]}], ""),
        (UNKNOWN, ""),
    ],
)
def test_a_custom_role_is_judged_where_the_stack_defines_it(permissions: object, way: str) -> None:
    definition = Given(
        "authorization:RoleDefinition", "reads", {"roleName": "Ours", "permissions": permissions}
    )
    one = grant(roleDefinitionId=UNKNOWN)
    given = Given(one.type, one.name, one.props, {"roleDefinitionId": [definition]})
    says = [f"role assignment app-vault gives Ours to a workload, which may then {way}."] if way else []
    assert findings("grant-no-broad-role", definition, given) == says


def test_a_custom_role_that_is_defined_elsewhere_cannot_be_judged() -> None:
    theirs = grant(roleDefinitionId=role("c0570000-0000-4000-8000-000000000001"), scope=SUBSCRIPTION)
    assert judge("grant-no-broad-role", theirs) == judge("grant-data-role-scope", theirs) == []
