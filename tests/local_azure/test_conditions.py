"""The language in which assigning roles is delegated (R12)."""

import pytest

from local_azure.authorization.conditions import Asked, is_fulfilled

ROLE, OTHER = "4633458b-17de-408a-b874-0445c86b69e6", "b86a8fe4-44ce-4948-aee5-eccb2c155cd7"
WRITE = "Microsoft.Authorization/roleAssignments/write"
ATTRIBUTE = "@Request[Microsoft.Authorization/roleAssignments:{}]"
IS_ROLE = f"{ATTRIBUTE.format('RoleDefinitionId')} ForAnyOfAnyValues:GuidEquals {{{ROLE.upper()}, {OTHER}}}"
IS_APP = f"{ATTRIBUTE.format('PrincipalType')} StringEqualsIgnoreCase 'serviceprincipal'"
IS_BOTH = IS_ROLE.replace("ForAnyOfAnyValues", "ForAnyOfAllValues")
NEITHER = f"{ATTRIBUTE.format('PrincipalId')} ForAnyOfAllValues:GuidNotEquals {{{ROLE}, {OTHER}}}"
NOT_BOTH = NEITHER.replace("ForAnyOfAllValues", "ForAnyOfAnyValues")
NOT_OTHER = f"{ATTRIBUTE.format('RoleDefinitionId')} ForAnyOfAllValues:GuidNotEquals {{{OTHER}}}"


def asked(role: str = ROLE, kind: str = "ServicePrincipal") -> Asked:
    definition = f"/subscriptions/s/providers/Microsoft.Authorization/roleDefinitions/{role}"
    return Asked(WRITE, {"properties": {"roleDefinitionId": definition, "principalType": kind}})


@pytest.mark.parametrize(
    ("condition", "fulfilled"),
    [
        (IS_ROLE, True),
        (f"NOT ({IS_ROLE})", False),
        (f"!({IS_ROLE})", False),
        (NOT_OTHER, True),
        (f"{IS_ROLE} AND {IS_APP}", True),
        (f"{IS_ROLE} && NOT {IS_APP}", False),
        (f"(NOT {IS_ROLE}) OR {IS_APP}", True),
        (f"NOT {IS_ROLE} || NOT {IS_APP}", False),
        # AND before OR
        (f"{IS_ROLE} OR {IS_ROLE} AND NOT {IS_APP}", True),
        (f"ActionMatches{{'{WRITE}'}}", True),
        (f"!(ActionMatches{{'{WRITE}'}})", False),
        (f"!(ActionMatches{{'{WRITE.replace('write', 'delete')}'}})", True),
        (f"{ATTRIBUTE.format('PrincipalType')} StringEquals 'serviceprincipal'", False),
        # What is not there equals nothing.
        (IS_ROLE.replace("@Request", "@Resource"), False),
        (NOT_OTHER.replace("@Request", "@Resource"), True),
    ],
)
def test_a_condition_means_what_it_says(condition: str, fulfilled: bool) -> None:
    assert is_fulfilled(condition, asked()) is fulfilled


@pytest.mark.parametrize(
    "condition",
    [
        f"({IS_ROLE}",
        f"{IS_ROLE})",
        f"{IS_ROLE} AND",
        "AND",
        "@Request[Microsoft.Storage/x:y] StringEquals 'a'",
        # Several actions in one name: who read it as the one action would let everything through.
        "!(ActionMatches{'Microsoft.Authorization/*'})",
    ],
)
def test_what_cannot_be_read_allows_nothing(condition: str) -> None:
    assert is_fulfilled(condition, asked()) is False


@pytest.mark.parametrize(
    ("principal_id", "condition", "fulfilled"),
    [
        ("10ca1a2e-0000-4000-8000-0000000000d1", NEITHER, True),
        (ROLE, NEITHER, False),
        (OTHER.upper(), NEITHER, False),
        (ROLE, NOT_BOTH, True),
        (ROLE, NOT_BOTH.replace(OTHER, ROLE), False),
        (ROLE, IS_BOTH.replace("RoleDefinitionId", "PrincipalId"), False),
    ],
)
def test_a_comparison_holds_for_one_of_the_values_or_for_all_as_it_says(
    principal_id: str, condition: str, fulfilled: bool
) -> None:
    asked_for = Asked(WRITE, {"properties": {"principalId": principal_id}})
    assert is_fulfilled(condition, asked_for) is fulfilled


def test_another_role_or_another_kind_of_principal_does_not_fulfil_it() -> None:
    delegated = f"{IS_ROLE} AND {IS_APP}"
    assert is_fulfilled(delegated, asked(role="8e3af657-a8ff-443c-a75c-2fe8c4bcb635")) is False
    assert is_fulfilled(delegated, asked(kind="User")) is False
