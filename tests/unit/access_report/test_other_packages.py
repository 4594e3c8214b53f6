"""Grants that the packages `azuread` and `azure` make: told and weighed as azure-native's are."""

from typing import Any

import pytest

from access_report.comparison import Change
from access_report.document import document
from access_report.judgement import Condition, reasons
from access_report.report import Report
from access_report.resources import UNKNOWN
from tests.unit.access_report.previews import (
    APP,
    GUIDS,
    IDENTITY,
    IDENTITY_ID,
    PRINCIPAL,
    VAULT_ID,
    State,
    grant,
    identity,
    reported,
    state,
    urn,
    vault,
)
from tests.unit.access_report.test_schema import problems

STRANGER = "0b1ec700-0000-4000-8000-0000000000ff"
READERS = "94009000-0000-4000-8000-000000000001"
ROLE = "62e90394-69f5-4237-9190-012177145e10"
GROUP_TYPE = "azuread:index/group:Group"
APPLICATION_TYPE = "azuread:index/servicePrincipal:ServicePrincipal"
ASSIGNMENT = "azure:authorization/assignment:Assignment"


def people(**inputs: Any) -> State:
    given = {"displayName": "readers", "securityEnabled": True, **inputs}
    return state(GROUP_TYPE, "readers", given, outputs={"objectId": READERS})


def application() -> State:
    return state(APPLICATION_TYPE, "api", {"clientId": "x"}, outputs={"objectId": STRANGER})


def one(type_: str, follows: dict[str, list[str]] | None = None, /, **inputs: Any) -> State:
    return state(type_, "one", inputs, follows=follows)


def added(report: Report) -> list[str]:
    """What comes; and that a program can read it, and nothing of it is left unweighed."""
    assert problems(document(report)) == []
    assert [u for u in report.unweighed if not u.type.startswith(APPLICATION_TYPE)] == []
    told = reasons(report, Condition.WIDER_ACCESS)
    assert all(sentence.endswith(" (added)") for sentence in told)
    return [sentence.removesuffix(" (added)") for sentence in told]


def member(group: Any = READERS, who: Any = PRINCIPAL, follows: dict[str, list[str]] | None = None) -> State:
    return one("azuread:index/groupMember:GroupMember", follows, groupObjectId=group, memberObjectId=who)


def test_who_joins_a_group_is_told_and_who_leaves_it_is_too() -> None:
    base = [identity(), people()]
    joins = "identity app becomes a member of group readers"
    assert added(reported(base, [*base, member()])) == [joins]
    assert [c.change for c in reported([*base, member()], base).grants] == [Change.REMOVED]
    assert added(reported([], [member(who=STRANGER)])) == [
        f"principal {STRANGER} becomes a member of group {READERS}"
    ]


def test_members_and_owners_that_a_group_names_itself_are_told() -> None:
    base = [identity(), people(members=[PRINCIPAL])]
    assert added(reported(base, [identity(), people(members=[PRINCIPAL, STRANGER], owners=[PRINCIPAL])])) == [
        "identity app becomes an owner of group readers",
        f"principal {STRANGER} becomes a member of group readers",
    ]
    later = reported(base, [identity(), people(members=UNKNOWN)])
    assert added(later) == ["principal that only the update will know becomes a member of group readers"]


def test_a_first_preview_follows_a_membership_to_group_and_identity() -> None:
    made_from = {"groupObjectId": [urn(GROUP_TYPE, "readers")], "memberObjectId": [IDENTITY]}
    first = [identity(principal=UNKNOWN), people(), member(UNKNOWN, UNKNOWN, made_from)]
    assert added(reported(first[:2], first)) == ["identity app becomes a member of group readers"]
    assert added(reported([], [member(UNKNOWN, STRANGER)])) == [
        f"principal {STRANGER} becomes a member of group that only the update will know"
    ]


def test_a_rule_that_makes_members_of_people_is_told() -> None:
    rule = {"enabled": True, "rule": "user.department -eq 'x'"}
    report = reported([people()], [people(dynamicMembership=rule)])
    assert [(e.words, e.opens) for e in report.exposures] == [("rule that says who is a member", True)]


def test_a_role_of_a_group_of_the_stack_is_told_by_the_groups_name() -> None:
    assert added(reported([people(), vault()], [people(), vault(), grant(principal=READERS)])) == [
        "group readers gets Key Vault Secrets User on key vault vault"
    ]


@pytest.mark.parametrize(
    ("scope", "where"),
    [
        (None, "directory tenant"),
        ("/", "directory tenant"),
        ("/administrativeUnits/x", "directory /administrativeUnits/x"),
        (UNKNOWN, "directory that only the update will know"),
    ],
)
def test_a_role_of_the_directory_is_told_with_where_it_holds(scope: str | None, where: str) -> None:
    role = one(
        "azuread:index/directoryRoleAssignment:DirectoryRoleAssignment",
        principalObjectId=STRANGER,
        roleId=ROLE,
        **({"directoryScopeId": scope} if scope else {}),
    )
    assert added(reported([], [role])) == [f"principal {STRANGER} gets directory role {ROLE} on {where}"]


def test_a_role_of_the_directory_holds_in_its_parts() -> None:
    def role(**more: Any) -> State:
        type_ = "azuread:index/directoryRoleAssignment:DirectoryRoleAssignment"
        return one(type_, principalObjectId=STRANGER, roleId=ROLE, **more)

    narrow = role(directoryScopeId="/administrativeUnits/x")
    assert [c.change for c in reported([narrow], [role()]).grants] == [Change.WIDENED]
    assert [c.change for c in reported([role()], [narrow]).grants] == [Change.NARROWED]


def test_roles_of_applications_and_old_members_of_directory_roles_are_told() -> None:
    to_app = one(
        "azuread:index/appRoleAssignment:AppRoleAssignment",
        appRoleId=ROLE,
        principalObjectId=PRINCIPAL,
        resourceObjectId=STRANGER,
    )
    old = one(
        "azuread:index/directoryRoleMember:DirectoryRoleMember", memberObjectId=STRANGER, roleObjectId=UNKNOWN
    )
    base = [identity(), application()]
    assert added(reported(base, [*base, to_app])) == [f"identity app gets app role {ROLE} on application api"]
    assert added(reported(base, [*base, old])) == [
        "application api gets directory role that only the update will know on directory tenant"
    ]


@pytest.mark.parametrize(
    ("type_", "named", "where"),
    [
        (
            "azuread:index/applicationFederatedIdentityCredential:ApplicationFederatedIdentityCredential",
            {"applicationId": "/applications/x", "audiences": ["api://AzureADTokenExchange"]},
            "application x",
        ),
        (
            "azure:armmsi/federatedIdentityCredential:FederatedIdentityCredential",
            {"parentId": IDENTITY_ID, "audience": "api://AzureADTokenExchange"},
            "identity app",
        ),
        (
            "azure:armmsi/federatedIdentityCredential:FederatedIdentityCredential",
            {"userAssignedIdentityId": IDENTITY_ID, "audience": "api://AzureADTokenExchange"},
            "identity app",
        ),
    ],
)
def test_a_federated_credential_is_told(type_: str, named: dict[str, Any], where: str) -> None:
    trust = one(type_, issuer="https://issuer.example", subject="job", **named)
    assert added(reported([identity()], [identity(), trust])) == [
        f"workload job (https://issuer.example) can sign in as {where}"
    ]


@pytest.mark.parametrize(
    "role",
    [
        {"roleDefinitionName": "key vault secrets user"},
        {"roleDefinitionId": f"/x/{GUIDS['Key Vault Secrets User']}"},
    ],
)
def test_a_role_assignment_of_azure_classic_is_weighed_with_azure_natives(role: dict[str, str]) -> None:
    there = one(ASSIGNMENT, principalId=PRINCIPAL, scope=VAULT_ID, **role)
    assert added(reported(APP, [*APP, there])) == [
        "identity app gets Key Vault Secrets User on key vault vault"
    ]
    officer = one(
        ASSIGNMENT, principalId=PRINCIPAL, scope=VAULT_ID, roleDefinitionName="Key Vault Secrets Officer"
    )
    assert [c.change for c in reported([*APP, there], [*APP, officer]).grants] == [Change.WIDENED]
    assert [c.change for c in reported([*APP, there], [*APP, grant()]).grants] == [Change.SAME]
    limited = {**there, "inputs": {**there["inputs"], "condition": "@x = 1"}}
    assert [c.change for c in reported([*APP, limited], [*APP, there]).grants] == [Change.WIDENED]


def test_a_role_by_name_that_azure_does_not_have_is_told_by_it_and_never_narrower() -> None:
    there = one(ASSIGNMENT, principalId=PRINCIPAL, scope=VAULT_ID, roleDefinitionName="Our own")
    assert added(reported(APP, [*APP, there])) == ["identity app gets custom role our own on key vault vault"]
    owner = one(ASSIGNMENT, principalId=PRINCIPAL, scope=VAULT_ID, roleDefinitionName="Owner")
    assert [c.change for c in reported([*APP, owner], [*APP, there]).grants] == [Change.ADDED, Change.REMOVED]


def test_an_access_policy_of_azure_classic_is_weighed_by_its_words() -> None:
    def policy(*words: str, **more: Any) -> State:
        type_ = "azure:keyvault/accessPolicy:AccessPolicy"
        given = {"keyVaultId": VAULT_ID, "objectId": STRANGER, "secretPermissions": [*words], **more}
        return one(type_, **given)

    there = vault(enableRbacAuthorization=False)
    who = f"principal {STRANGER} gets access policy with"
    assert added(reported([there], [there, policy("Get", keyPermissions=["Sign"])])) == [
        f"{who} keys sign and secrets get on key vault vault"
    ]
    assert [c.change for c in reported([there, policy("Get")], [there, policy("Get", "Set")]).grants] == [
        Change.WIDENED
    ]


@pytest.mark.parametrize(
    ("expiration", "until"),
    [({}, ""), ({"durationHours": 8}, "8 hours"), ({"endDateTime": "2027-01-01"}, "2027-01-01")],
)
def test_roles_that_azure_classic_gives_by_pim_are_told_with_their_end(
    expiration: dict[str, Any], until: str
) -> None:
    for type_, is_eligible in (
        ("azure:pim/eligibleRoleAssignment:EligibleRoleAssignment", True),
        ("azure:pim/activeRoleAssignment:ActiveRoleAssignment", False),
    ):
        given = {"principalId": PRINCIPAL, "roleDefinitionId": GUIDS["Key Vault Reader"], "scope": VAULT_ID}
        role = one(type_, schedule={"expiration": expiration}, **given)
        (told,) = reported(APP, [*APP, role]).grants
        assert (told.grant.limits.until, told.grant.limits.is_eligible) == (until, is_eligible)
