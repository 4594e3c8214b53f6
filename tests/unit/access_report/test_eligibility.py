"""Privileged Identity Management: who may activate which role, and for how long."""

from itertools import product
from typing import Any

import pytest

from access_report.comparison import Change
from access_report.document import document
from access_report.grants import CONDITION_LATER, Limits
from access_report.judgement import Condition, reasons
from access_report.markdown import comment
from access_report.report import Report
from access_report.resources import UNKNOWN
from tests.unit.access_report.previews import APP, GUIDS, PRINCIPAL, VAULT_ID, State, grant, reported, state
from tests.unit.access_report.test_schema import problems

ELIGIBLE = "azure-native:authorization:PimRoleEligibilitySchedule"
ACTIVE = "azure-native_authorization_v20201001:authorization:RoleAssignmentScheduleRequest"
TYPES = {
    ELIGIBLE: True,
    "azure-native:authorization/v20201001:PimRoleEligibilitySchedule": True,
    "azure-native_authorization_v20240901preview:authorization:RoleEligibilityScheduleRequest": True,
    "azure-native:authorization:PimRoleAssignmentSchedule": False,
    ACTIVE: False,
}


def pim(role: str = "Key Vault Secrets User", type_: str = ELIGIBLE, **more: Any) -> State:
    given = {"principalId": PRINCIPAL, "roleDefinitionId": GUIDS.get(role, role), "scope": VAULT_ID, **more}
    return state(type_, "pim", given)


def until(
    end: str | None = None, duration: str | None = None, type_: str = "AfterDateTime"
) -> dict[str, Any]:
    expiration = {"type": type_, "endDateTime": end, "duration": duration}
    return {"scheduleInfo": {"expiration": {key: value for key, value in expiration.items() if value}}}


def change(before: State | None, after: State | None) -> Report:
    return reported([*APP, *([before] if before else [])], [*APP, *([after] if after else [])])


@pytest.mark.parametrize("type_", TYPES)
def test_a_role_that_pim_gives_is_told_with_whether_it_has_to_be_activated(type_: str) -> None:
    report = change(None, pim(type_=type_))
    (told,) = report.grants
    gets = (
        f"identity app gets Key Vault Secrets User{' to activate' if TYPES[type_] else ''} on key vault vault"
    )
    assert reasons(report, Condition.WIDER_ACCESS) == [f"{gets} (added)"]
    may = "read the values of secrets"
    assert told.grant.may == (f"activate a role to {may}" if TYPES[type_] else may)
    assert report.unweighed == []
    assert [c.change for c in change(pim(type_=type_), None).grants] == [Change.REMOVED]
    assert told.grant.may in comment(report)
    assert report.needs.roles == ["Key Vault Secrets User"]


def test_a_program_reads_that_a_role_is_to_be_activated_and_when_it_ends() -> None:
    end = "2027-01-01T00:00:00Z"
    report = change(None, pim(**until(end)))
    (told,) = document(report)["grants"]
    assert problems(document(report)) == []
    grant = told["after"]
    assert (grant["form"], grant["isToBeActivated"], grant["until"]) == ("role to be activated", True, end)
    assert reasons(report, Condition.WIDER_ACCESS) == [
        f"identity app gets Key Vault Secrets User to activate on key vault vault, until {end} (added)"
    ]


@pytest.mark.parametrize(
    ("schedule", "ends"),
    [
        (until("2027-01-01T00:00:00+02:00"), "until 2027-01-01T00:00:00+02:00"),
        (until(duration="PT8H", type_="AfterDuration"), "for PT8H"),
        (until("www.example.com"), "for a time"),
        (until("<b>"), "for a time"),
        (until(UNKNOWN), "for a time"),
    ],
)
def test_the_end_of_a_role_is_said_in_the_comment_and_nothing_else_can_be_written_there(
    schedule: dict[str, Any], ends: str
) -> None:
    text = comment(change(None, pim(**schedule)))
    assert (
        f"activate a role to read the values of secrets, {ends} (<code>Key Vault Secrets User</code>)" in text
    )
    assert "example" not in text
    assert "<b>" not in text


def test_a_role_that_is_there_without_asking_is_wider_than_one_that_has_to_be_activated() -> None:
    assert [c.change for c in change(pim(), grant()).grants] == [Change.WIDENED]
    assert [c.change for c in change(grant(), pim()).grants] == [Change.NARROWED]
    assert [c.change for c in change(pim(), pim("Key Vault Secrets Officer")).grants] == [Change.WIDENED]
    officer = [c.change for c in change(grant(), pim("Key Vault Secrets Officer")).grants]
    assert officer == [Change.ADDED, Change.REMOVED]


@pytest.mark.parametrize(
    ("before", "after", "changes"),
    [
        ({}, until("2027-01-01"), [Change.NARROWED]),
        (until("2027-01-01"), {}, [Change.WIDENED]),
        (until("2027-01-01"), until("2027-01-01"), [Change.SAME]),
        (until("2027-01-01"), until("2028-01-01"), [Change.ADDED, Change.REMOVED]),
        (
            until(duration="PT8H", type_="AfterDuration"),
            until("2028-01-01", type_="NoExpiration"),
            [Change.WIDENED],
        ),
        (until(duration="PT8H"), until(duration=UNKNOWN), [Change.ADDED, Change.REMOVED]),
        (until(duration="PT8H"), {"scheduleInfo": UNKNOWN}, [Change.ADDED, Change.REMOVED]),
        (until("2027-01-01"), {**until("2027-01-01"), "condition": "@x = 1"}, [Change.NARROWED]),
    ],
)
def test_a_later_end_or_none_is_wider(
    before: dict[str, Any], after: dict[str, Any], changes: list[Change]
) -> None:
    report = change(pim(**before), pim(**after))
    assert [c.change for c in report.grants] == changes
    assert report.unweighed == []


@pytest.mark.parametrize(
    ("request_type", "gives"),
    [
        ("AdminRemove", False),
        ("selfdeactivate", False),
        ("AdminAssign", True),
        ("SelfActivate", True),
        ("New", True),
    ],
)
def test_a_request_that_takes_away_gives_nothing(request_type: str, gives: bool) -> None:
    report = change(None, pim(type_=ACTIVE, requestType=request_type))
    assert len(report.grants) == gives
    what = "identity app, Key Vault Secrets User, key vault vault"
    takes = f"takes a role away; from whom, which, and where: {what}"
    assert [event.text for event in report.events] == ([] if gives else [takes])
    assert reasons(report, Condition.REMOVED_PROTECTION) == []
    stays = change(*[pim(type_=ACTIVE, requestType=request_type)] * 2)
    assert stays.events == []
    turned = change(pim(type_=ACTIVE, requestType="AdminRemove"), pim(type_=ACTIVE, requestType=request_type))
    assert len(reasons(turned, Condition.WIDER_ACCESS)) == gives
    assert [(e.words, e.after) for e in turned.exposures] == (
        [("what is asked for", request_type)] if request_type != "AdminRemove" else []
    )


def test_limits_let_through_what_the_same_or_more_limits_do_and_what_is_known_later_lets_nothing() -> None:
    texts = ("", "a", "b", CONDITION_LATER)
    every = [Limits(*values) for values in product(texts, ("", "x"), texts, (False, True))]
    for wide, narrow in product(every, repeat=2):
        is_known = CONDITION_LATER not in (wide.condition, wide.until)
        assert wide.let(narrow) is (wide in narrow.wider and is_known)
    assert Limits(is_eligible=True) in Limits(is_eligible=True).wider
    assert Limits().let(Limits("a", "", "b", True))
    assert not Limits("a").let(Limits("b"))
    assert not Limits(is_eligible=True).let(Limits())
