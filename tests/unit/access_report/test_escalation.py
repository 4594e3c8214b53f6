"""Nothing that becomes possible is told as narrowed, unchanged or nothing: all a principal may, weighed."""

import pytest

from access_report.comparison import Change
from access_report.judgement import Condition, reasons
from access_report.report import Report
from access_report.resources import UNKNOWN
from components.azure_facts.roles import role_named
from tests.unit.access_report.previews import (
    APP,
    GROUP,
    SECRET,
    SUBSCRIPTION,
    VAULT_ID,
    State,
    grant,
    reported,
    state,
)

OTHER = f"{GROUP}/providers/Microsoft.KeyVault/vaults/kv-other"
GUID = "c0570000-0000-4000-8000-000000000001"
DEFINITION = "azure-native:authorization:RoleDefinition"


def given(role: str, on: str = VAULT_ID, *, name: str = "", **inputs: str) -> State:
    """A grant of one of Azure's roles by its name, or of another by its GUID."""
    found = role_named(role)
    made = grant(found.guid if found else role, scope=on, name=name or f"{role}-{on}")
    for values in ("inputs", "outputs"):
        made[values] |= inputs
    return made


def defined(permissions: object) -> State:
    id = f"{SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/{GUID}"
    return state(DEFINITION, "own", {"roleName": "Own", "permissions": permissions}, id=id)


def told(report: Report) -> list[tuple[str, str | None, str | None]]:
    return [
        (c.change.value, c.before.role if c.before else None, c.after.role if c.after else None)
        for c in report.grants
    ]


def changed(before: list[State], after: list[State]) -> Report:
    return reported([*APP, *before], [*APP, *after])


@pytest.mark.parametrize(
    ("old", "old_scope", "new", "new_scope"),
    [
        ("Contributor", GROUP, "Role Based Access Control Administrator", GROUP),
        ("Contributor", GROUP, "User Access Administrator", GROUP),
        ("Contributor", SUBSCRIPTION, "Owner", GROUP),
        ("Contributor", SUBSCRIPTION, "Role Based Access Control Administrator", VAULT_ID),
        ("Contributor", SUBSCRIPTION, "Key Vault Data Access Administrator", GROUP),
        ("Owner", SUBSCRIPTION, "Key Vault Secrets User", OTHER),
        ("Reader", SUBSCRIPTION, "Managed Identity Operator", GROUP),
        ("Role Based Access Control Administrator", GROUP, "User Access Administrator", GROUP),
        ("Reader", GROUP, GUID, GROUP),
    ],
)
def test_a_role_that_lets_its_holder_do_more_is_wider_whatever_it_leaves_behind(
    old: str, old_scope: str, new: str, new_scope: str
) -> None:
    report = changed([given(old, old_scope)], [given(new, new_scope)])
    (line,) = [c for c in report.grants if c.after]
    assert line.change in (Change.ADDED, Change.WIDENED)
    assert len(reasons(report, Condition.WIDER_ACCESS)) == 1


def test_owner_to_contributor_is_narrowed() -> None:
    report = changed([given("Owner", GROUP)], [given("Contributor", GROUP)])
    assert told(report) == [("narrowed", "Owner", "Contributor")]
    assert reasons(report, Condition.WIDER_ACCESS) == []


def test_a_grant_within_one_that_goes_is_narrowed_though_it_is_wider_than_another_that_goes() -> None:
    before = [given("Owner", SUBSCRIPTION), given("Reader", GROUP)]
    report = changed(before, [given("Contributor", GROUP)])
    assert told(report) == [("removed", "Reader", None), ("narrowed", "Owner", "Contributor")]


def test_of_one_grant_that_goes_for_two_each_is_narrowed_that_lies_in_it_and_no_other() -> None:
    after = [
        given("Key Vault Secrets Officer"),
        given("Key Vault Reader"),
        given("Key Vault Secrets User", OTHER),
    ]
    report = changed([given("Key Vault Administrator")], after)
    assert told(report) == [
        ("added", None, "Key Vault Secrets User"),
        ("narrowed", "Key Vault Administrator", "Key Vault Reader"),
        ("narrowed", "Key Vault Administrator", "Key Vault Secrets Officer"),
    ]


def test_of_two_grants_that_go_for_one_around_them_one_is_widened_and_the_other_removed() -> None:
    other = f"{VAULT_ID}/secrets/other"
    before = [given("Key Vault Secrets User", SECRET), given("Key Vault Secrets User", other)]
    report = changed(before, [given("Key Vault Secrets User")])
    assert [c.change.value for c in report.grants] == ["removed", "widened"]


def test_a_grant_that_another_principal_loses_narrows_nothing() -> None:
    stranger = grant(role_named("Owner").guid, scope=GROUP, name="s", principal="57a00000")  # type: ignore[union-attr]
    report = changed([stranger], [given("Reader", GROUP)])
    assert sorted(c.change.value for c in report.grants) == ["added", "removed"]


def test_a_condition_that_goes_is_wider_and_another_one_is_added() -> None:
    free, one, other = (
        given("Owner", GROUP, name="g"),
        given("Owner", GROUP, name="g", condition="@Request[x] StringEquals 'a'"),
        given("Owner", GROUP, name="g", condition="@Request[x] StringEquals 'b'"),
    )
    assert told(changed([one], [free])) == [("widened", "Owner", "Owner")]
    assert told(changed([free], [one])) == [("narrowed", "Owner", "Owner")]
    assert told(changed([one], [other])) == [("added", None, "Owner"), ("removed", "Owner", None)]


def test_a_delegated_identity_that_changes_is_another_grant() -> None:
    one, other, none = (
        given("Reader", GROUP, name="g", delegatedManagedIdentityResourceId="/subscriptions/s/id-a"),
        given("Reader", GROUP, name="g", delegatedManagedIdentityResourceId="/subscriptions/s/id-b"),
        given("Reader", GROUP, name="g"),
    )
    for before, after in ((one, other), (none, one), (one, none)):
        report = changed([before], [after])
        assert told(report) == [("added", None, "Reader"), ("removed", "Reader", None)]
    assert told(changed([one], [one])) == [("unchanged", "Reader", "Reader")]


@pytest.mark.parametrize("property", ["scope", "principalId", "roleDefinitionId", "condition"])
def test_what_a_preview_does_not_know_of_a_grant_is_never_narrower(property: str) -> None:
    limit = {"condition": "@Request[x] StringEquals 'a'"}
    unknown = given("Reader", GROUP, name="g", **{**limit, property: UNKNOWN})
    report = reported(
        [*APP, given("Owner", SUBSCRIPTION, name="g", **limit)], [*APP, unknown], g={"op": "replace"}
    )
    assert [c.change.value for c in report.grants] == ["added", "removed"]
    assert len(reasons(report, Condition.WIDER_ACCESS)) == 1


READS, MORE = [{"actions": ["*/read"]}], [{"actions": ["*/read", "*/delete"]}]


@pytest.mark.parametrize(
    ("before", "after", "change"),
    [
        (READS, READS, "unchanged"),
        (READS, MORE, "widened"),
        (MORE, READS, "narrowed"),
        (READS, UNKNOWN, "widened"),
        ([{"actions": UNKNOWN}], MORE, "widened"),
        ("*", [None], "widened"),
        ("*", "*", "unchanged"),
    ],
)
def test_a_definition_that_changes_to_what_cannot_be_weighed_widens_its_grants(
    before: object, after: object, change: str
) -> None:
    own = given(GUID, GROUP)
    assert [c.change.value for c in changed([defined(before), own], [defined(after), own]).grants] == [change]


def test_what_narrows_on_a_resource_that_is_made_anew_is_no_narrowing() -> None:
    before, after = given("Key Vault Secrets Officer"), given("Key Vault Secrets User", SECRET)
    report = reported([*APP, before], [*APP, after], vault={"op": "replace"})
    assert sorted(c.change.value for c in report.grants) == ["added", "removed"]


def test_what_gives_access_is_told_first() -> None:
    report = changed([], [given("Reader", GROUP), given("Key Vault Secrets User"), given("Owner", OTHER)])
    assert [c.grant.role for c in report.grants] == ["Owner", "Key Vault Secrets User", "Reader"]


def test_thousands_of_grants_of_one_principal_are_all_told() -> None:
    vaults = [f"{GROUP}/providers/Microsoft.KeyVault/vaults/kv-{number}" for number in range(1_000)]
    before = [given("Key Vault Secrets User", f"{id}/secrets/a") for id in vaults]
    report = changed(before, [given("Key Vault Secrets Officer", id) for id in vaults])
    assert {c.change for c in report.grants} == {Change.WIDENED}
    assert len(report.grants) == 1_000
    assert all(
        c.before and c.after and c.before.where.key.startswith(c.after.where.key) for c in report.grants
    )
