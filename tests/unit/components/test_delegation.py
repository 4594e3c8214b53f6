"""The condition of a deployer's right to grant: each role to those it is for, as long as Azure takes it."""

import uuid

import pytest

from components.delegation import LONGEST, Assignable, condition
from components.takes import PrincipalType
from local_azure.authorization.conditions import Asked, is_fulfilled

USER, OFFICER = "4633458b-17de-408a-b874-0445c86b69e6", "b86a8fe4-44ce-4948-aee5-eccb2c155cd7"
READERS, OFFICERS = "0b1ec700-0000-4000-8000-0000000000f2", "0b1ec700-0000-4000-8000-0000000000f1"
DEPLOYER, SOMEBODY = "0b1ec700-0000-4000-8000-0000000000d1", "0b1ec700-0000-4000-8000-0000000000a1"
GROUP, WORKLOAD, PERSON = PrincipalType.GROUP, PrincipalType.SERVICE_PRINCIPAL, PrincipalType.USER
ASSIGNMENTS = "Microsoft.Authorization/roleAssignments"


def allows(text: str, role: str, kind: PrincipalType, principal_id: str, verb: str = "write") -> bool:
    """Whether the local Azure lets a deployer with that condition assign the role, or take it away."""
    properties = {"roleDefinitionId": role, "principalType": kind.value, "principalId": principal_id}
    body, action = {"properties": properties}, f"{ASSIGNMENTS}/{verb}"
    asked = Asked(action, request=body) if verb == "write" else Asked(action, resource=body)
    return is_fulfilled(text.replace("$deployer", DEPLOYER), asked)


def many(count: int) -> list[Assignable]:
    """One role for so many groups, and another for a group of its own."""
    groups = [str(uuid.uuid5(uuid.NAMESPACE_OID, str(n))) for n in range(count)]
    return [
        Assignable(OFFICER, GROUP, OFFICERS),
        *(Assignable(str(uuid.uuid4()), GROUP, id) for id in groups),
    ]


def test_a_condition_for_workloads_is_whole() -> None:
    text = condition([Assignable(USER, WORKLOAD)])
    assert (
        text
        == f"""(
 (!(ActionMatches{{'{ASSIGNMENTS}/write'}}))
 OR
 (
  @Request[{ASSIGNMENTS}:PrincipalId] ForAnyOfAllValues:GuidNotEquals {{$deployer}}
  AND
  (
   (
    @Request[{ASSIGNMENTS}:RoleDefinitionId] ForAnyOfAnyValues:GuidEquals {{{USER}}}
    AND
    @Request[{ASSIGNMENTS}:PrincipalType] ForAnyOfAnyValues:StringEqualsIgnoreCase {{'ServicePrincipal'}}
   )
  )
 )
)
AND
(
 (!(ActionMatches{{'{ASSIGNMENTS}/delete'}}))
 OR
 (
  (
   @Resource[{ASSIGNMENTS}:RoleDefinitionId] ForAnyOfAnyValues:GuidEquals {{{USER}}}
   AND
   @Resource[{ASSIGNMENTS}:PrincipalType] ForAnyOfAnyValues:StringEqualsIgnoreCase {{'ServicePrincipal'}}
  )
 )
)"""
    )


def test_where_nothing_is_granted_there_is_no_condition() -> None:
    assert condition([]) == ""


@pytest.mark.parametrize("verb", ["write", "delete"])
def test_a_role_is_for_whom_the_program_gives_it_and_for_nobody_else(verb: str) -> None:
    text = condition(
        [Assignable(OFFICER, GROUP, OFFICERS), Assignable(USER, GROUP, READERS), Assignable(USER, WORKLOAD)]
    )
    allowed = {
        (role, kind, id)
        for role in (USER, OFFICER)
        for kind in PrincipalType
        for id in (READERS, OFFICERS, SOMEBODY)
        if allows(text, role, kind, id, verb)
    }
    workloads = {(USER, WORKLOAD, id) for id in (READERS, OFFICERS, SOMEBODY)}
    # Azure knows of what kind an id is, and refuses another kind beside it.
    readers = {(USER, kind, READERS) for kind in PrincipalType}
    officers = {(OFFICER, kind, OFFICERS) for kind in PrincipalType}
    assert allowed == workloads | readers | officers


def test_roles_for_the_same_principals_are_one_pair() -> None:
    text = condition([Assignable(role, GROUP, READERS.upper()) for role in (OFFICER, USER, OFFICER)])
    assert text.count(f"{{{OFFICER}, {USER}}}") == text.count(f"{{{READERS}}}") == 2
    assert "OR\n   (" not in text


def test_a_role_that_is_for_any_of_a_kind_names_none_of_them() -> None:
    text = condition([Assignable(USER, GROUP, READERS), Assignable(USER, GROUP)])
    assert READERS not in text
    assert allows(text, USER, GROUP, SOMEBODY)
    assert not allows(text, USER, WORKLOAD, SOMEBODY)


@pytest.mark.parametrize("kind", list(PrincipalType))
def test_nothing_is_for_the_deployer_even_where_the_program_names_it(kind: PrincipalType) -> None:
    text = condition([Assignable(USER, kind), Assignable(OFFICER, kind, DEPLOYER)])
    assert allows(text, USER, kind, SOMEBODY)
    assert not allows(text, USER, kind, DEPLOYER)
    assert not allows(text, OFFICER, kind, DEPLOYER)
    assert allows(text, USER, kind, DEPLOYER, "delete")


def test_one_that_is_too_long_for_azure_gives_each_group_the_roles_of_all() -> None:
    some = many(15)
    text = condition([*some, Assignable(USER, WORKLOAD)])
    assert len(text) <= LONGEST
    assert allows(text, OFFICER, GROUP, str(some[1].principal_id))
    assert not allows(text, OFFICER, GROUP, SOMEBODY)
    assert not allows(text, OFFICER, WORKLOAD, SOMEBODY)
    assert not allows(text, OFFICER, GROUP, DEPLOYER)
    shorter = many(3)
    assert not allows(condition(shorter), OFFICER, GROUP, str(shorter[1].principal_id))


def test_one_that_still_is_too_long_says_the_kind_of_principal_alone() -> None:
    text = condition(
        [Assignable(USER, WORKLOAD), *(Assignable(OFFICER, GROUP, str(uuid.uuid4())) for _ in range(150))]
    )
    assert len(text) <= LONGEST
    assert allows(text, OFFICER, GROUP, SOMEBODY)
    assert not allows(text, OFFICER, WORKLOAD, SOMEBODY)
    assert not allows(text, OFFICER, PERSON, SOMEBODY)
    assert not allows(text, OFFICER, GROUP, DEPLOYER)
