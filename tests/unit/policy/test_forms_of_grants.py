"""Roles for people, for a time, and in other forms than azure-native's role assignment; custom roles."""

from collections.abc import Mapping
from typing import Any

import pytest

from tests.unit.policy.apps import IDENTITY, SECRETS_USER, grant, role
from tests.unit.policy.judged import GROUP, SUBSCRIPTION, UNKNOWN, Given, finding, findings, judge

MANAGEMENT_GROUP = "/providers/Microsoft.Management/managementGroups/mg"
OWNER = "8e3af657-a8ff-443c-a75c-2fe8c4bcb635"
CONTRIBUTOR = "b24988ac-6180-42a0-ab88-20f7382dd24c"
SOMEBODY = "0b1ec700-0000-4000-8000-0000000000ff"
CLASSIC = "azure:authorization/assignment:Assignment"
ACTIVE = "azure:pim/activeRoleAssignment:ActiveRoleAssignment"
STANDING = "grant-no-standing-owner"


def people(**changed: Any) -> Given:
    theirs = {"roleDefinitionId": role(OWNER), "principalType": "Group", "principalId": SOMEBODY}
    return grant(**{**theirs, "scope": SUBSCRIPTION, **changed})


def other(type_: str, **changed: Any) -> Given:
    given = {"principalId": SOMEBODY, "roleDefinitionId": role(OWNER), "scope": SUBSCRIPTION, **changed}
    return Given(type_, "theirs", {key: value for key, value in given.items() if value is not None})


@pytest.mark.parametrize("scope", [SUBSCRIPTION, MANAGEMENT_GROUP, "/"])
def test_nobody_gives_roles_above_a_group_for_good(scope: str) -> None:
    says = f"role assignment app-vault gives Owner, which may give roles, on all of {scope} and for good."
    for kind in ("User", "Group", "ForeignGroup", UNKNOWN):
        assert finding(STANDING, people(scope=scope, principalType=kind)) == says


@pytest.mark.parametrize(
    "harmless",
    [
        people(scope=GROUP),
        people(scope=UNKNOWN),
        people(roleDefinitionId=role(CONTRIBUTOR)),
        people(roleDefinitionId=UNKNOWN),
        people(roleDefinitionId=role("c0570000-0000-4000-8000-000000000001")),
        other("authorization:PimRoleEligibilitySchedule"),
        other(ACTIVE, schedule={"expiration": {"durationHours": 8}}),
    ],
)
def test_who_gives_roles_on_a_group_or_for_a_time_breaks_no_rule_on_standing_owners(harmless: Given) -> None:
    assert judge(STANDING, harmless) == []


def test_a_workload_that_gives_roles_is_told_once() -> None:
    workload = people(principalType="ServicePrincipal")
    assert judge(STANDING, workload) == []
    assert len(findings("grant-no-broad-role", workload)) == 1


@pytest.mark.parametrize(
    "type_",
    [
        "authorization/v20220401:RoleAssignment",
        "azure-native_authorization_v20220401:authorization:RoleAssignment",
        CLASSIC,
        ACTIVE,
    ],
)
def test_a_role_is_judged_in_whatever_form_it_is_given(type_: str) -> None:
    owner = "role assignment theirs gives Owner"
    assert finding(STANDING, other(type_)) == (
        f"{owner}, which may give roles, on all of {SUBSCRIPTION} and for good."
    )
    workload = other(type_, principalId=IDENTITY.answers["principalId"])
    assert finding("grant-no-broad-role", IDENTITY, workload) == (
        f"{owner} to a workload, which may then give roles and change what roles allow."
    )
    data = other(type_, roleDefinitionId=role(SECRETS_USER))
    assert finding("grant-data-role-scope", data) == (
        f"role assignment theirs gives Key Vault Secrets User on all of {SUBSCRIPTION}."
    )


def test_a_role_is_known_by_its_name_where_a_form_takes_one() -> None:
    named = other(CLASSIC, roleDefinitionId=None, roleDefinitionName="Owner")
    assert len(findings(STANDING, named)) == 1
    assert judge(STANDING, other(CLASSIC, roleDefinitionId=None, roleDefinitionName="Reader")) == []
    assert judge(STANDING, other(CLASSIC, roleDefinitionId=None)) == []


@pytest.mark.parametrize(
    "schedule", [None, {}, {"startDateTime": "2026-12-01T08:00:00Z"}, {"expiration": {}}]
)
def test_an_active_assignment_of_pim_without_an_end_is_refused(schedule: object) -> None:
    says = "active role assignment theirs has no schedule.expiration, and so no end."
    assert finding("grant-active-ends", other(ACTIVE, schedule=schedule)) == says
    assert len(findings(STANDING, other(ACTIVE, schedule=schedule))) == 1


@pytest.mark.parametrize(
    "expiration",
    [
        {"durationHours": 8},
        {"durationDays": 1},
        {"endDateTime": "2026-12-01T18:00:00Z"},
        {"endDateTime": "2027-06-02T00:00:00Z"},
        {"endDateTime": UNKNOWN},
    ],
)
def test_an_active_assignment_that_ends_within_a_year_is_none(expiration: Mapping[str, Any]) -> None:
    assert judge("grant-active-ends", other(ACTIVE, schedule={"expiration": expiration})) == []
    assert judge("grant-active-ends", other(ACTIVE, schedule=UNKNOWN)) == []


@pytest.mark.parametrize(
    "expiration",
    [
        {"durationDays": 367},
        {"durationHours": 24 * 367},
        {"endDateTime": "2027-06-03T00:00:00Z"},
        {"durationDays": 1, "endDateTime": "2099-01-01T00:00:00Z"},
    ],
)
def test_an_end_that_is_more_than_a_year_away_is_none(expiration: Mapping[str, Any]) -> None:
    far = other(ACTIVE, schedule={"expiration": expiration})
    says = "schedule.expiration of active role assignment theirs is more than a year away."
    assert finding("grant-active-ends", far) == says
    assert len(findings(STANDING, far)) == 1


def test_an_end_that_only_pim_would_keep_ends_no_other_assignment() -> None:
    soon = {"expiration": {"durationHours": 8}}
    for type_ in ("authorization:RoleAssignment", CLASSIC):
        assert len(findings(STANDING, other(type_, schedule=soon))) == 1


@pytest.mark.parametrize(
    "type_", ["authorization:RoleDefinition", "azure:authorization/roleDefinition:RoleDefinition"]
)
@pytest.mark.parametrize(
    ("permissions", "says"),
    [
        ([{"actions": ["*"], "notActions": ["Microsoft.Authorization/*"]}], "allows actions *"),
        ([{"dataActions": ["*"]}], "allows dataActions *"),
        ([{"actions": ["*/read"], "dataActions": ["*/read"]}], "allows dataActions */read"),
        ([{"actions": ["*", UNKNOWN]}], "allows actions *"),
        (
            [{"actions": ["Microsoft.Web/*", "Microsoft.Authorization/roleAssignments/write"]}],
            "may give roles, by Microsoft.Authorization/roleAssignments/write",
        ),
        (
            [{"actions": ["*/read"]}, {"actions": ["Microsoft.Authorization/*/Write"]}],
            "may give roles and change what roles allow and give roles for a time, "
            "by Microsoft.Authorization/*/Write",
        ),
        ([{"actions": ["*/action", "*/READ"]}], "allows actions */action"),
        (
            [{"actions": ["*/*"], "dataActions": ["Microsoft.*"]}],
            "allows actions */*, dataActions Microsoft.*",
        ),
        ([{"actions": ["Microsoft.Storage*/*/delete"]}], "allows actions Microsoft.Storage*/*/delete"),
        ([{"actions": ["*/read", "Microsoft.Web/sites/*"], "dataActions": ["Microsoft.KeyVault/*"]}], None),
        ([{"actions": ["Microsoft.Authorization/*"], "notActions": ["*/write", "*/action"]}], None),
        ([{"actions": ["Microsoft.Authorization/*"], "notActions": UNKNOWN}], None),
        (UNKNOWN, None),
        (None, None),
    ],
)
def test_a_custom_role_is_spelt_out_and_gives_no_roles(
    type_: str, permissions: object, says: str | None
) -> None:
    given = Given(type_, "ours", {"roleName": "Ours", "permissions": permissions})
    assert findings("role-spelt-out", given) == ([f"custom role ours {says}."] if says else [])
