"""Roles that are not Azure's, and conditions: told as what they are, and weighed where that can be done."""

from typing import Any

import pytest

from access_report.judgement import Condition, reasons
from access_report.markdown import comment
from access_report.references import Cover
from access_report.report import Report
from access_report.resources import UNKNOWN
from access_report.sentences import sections
from tests.unit.access_report.previews import (
    APP,
    IDENTITY,
    SUBSCRIPTION,
    VAULT,
    State,
    grant,
    reference,
    reported,
    settings,
    state,
    unknown_grant,
    urn,
)

GUID = "c0570000-0000-4000-8000-000000000001"
TYPE = "azure-native:authorization:RoleDefinition"
SECRETS = "Microsoft.KeyVault/vaults/secrets"
READS, WRITES = f"{SECRETS}/getSecret/action", f"{SECRETS}/setSecret/action"
ONE = settings({"DB": reference("db-password")})


def definition(*data_actions: str, known: bool = True, **more: Any) -> State:
    block = {"actions": [], "dataActions": [*data_actions], **more}
    inputs = {"roleName": "Reads our secrets", "permissions": [block] if known else UNKNOWN}
    id = f"{SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/{GUID}"
    return state(TYPE, "reads", inputs, id=id)


def limited(condition: str, **more: Any) -> State:
    given = grant(**more)
    for values in (given["inputs"], given["outputs"]):
        values["condition"] = condition
    return given


def told(report: Report) -> list[tuple[str, str]]:
    return [(c.change.value, str(c.grant.granted)) for c in report.grants]


def rows(report: Report, title: str) -> list[list[str]]:
    found = [section.rows for section in sections(report, lambda name: f"`{name}`") if section.title == title]
    return [list(row) for row in found[0]] if found else []


def test_a_custom_role_of_elsewhere_is_told_as_one_by_its_guid() -> None:
    report = reported(APP, [*APP, grant(GUID)])
    assert told(report) == [("added", f"custom role {GUID}")]
    assert rows(report, "Access that changes") == [
        ["added", "identity `app`", f"use a custom role (`{GUID}`)", "key vault `vault`", ""]
    ]
    assert reasons(report, Condition.WIDER_ACCESS) == [
        f"identity app gets custom role {GUID} on key vault vault (added)"
    ]


def test_a_custom_role_of_the_stack_is_told_by_name_and_by_what_it_allows() -> None:
    report = reported(APP, [*APP, definition(READS), grant(GUID)])
    assert told(report) == [("added", "custom role Reads our secrets")]
    assert rows(report, "Access that changes")[0][2] == "read the values of secrets (`Reads our secrets`)"


def test_a_first_preview_follows_an_assignment_to_the_definition_that_it_is_made_from() -> None:
    made = definition(READS)
    made |= {"id": ""}
    follows = {"principalId": [IDENTITY], "scope": [VAULT], "roleDefinitionId": [urn(TYPE, "reads")]}
    report = reported([], [*APP, made, unknown_grant(follows), ONE])
    assert told(report) == [("added", "custom role Reads our secrets")]
    assert report.uncovered == []


def test_a_custom_role_of_the_stack_is_weighed_like_any_other() -> None:
    role = definition(READS)
    wider = reported([*APP, role, grant(GUID)], [*APP, role, grant("Key Vault Secrets Officer", name="more")])
    assert told(wider) == [("widened", "Key Vault Secrets Officer")]
    narrower = reported([*APP, role, grant()], [*APP, role, grant(GUID, name="less")])
    assert told(narrower) == [("narrowed", "custom role Reads our secrets")]


@pytest.mark.parametrize(
    ("before", "after", "change"),
    [
        (definition(READS), definition(READS, WRITES), "widened"),
        (definition(READS, WRITES), definition(READS), "narrowed"),
        (definition(READS), definition(READS, READS.upper()), "unchanged"),
        (definition(f"{SECRETS}/*", notDataActions=[WRITES]), definition(f"{SECRETS}/*"), "widened"),
    ],
)
def test_what_a_custom_role_allows_can_change_under_an_assignment_that_stays(
    before: State, after: State, change: str
) -> None:
    report = reported([*APP, before, grant(GUID)], [*APP, after, grant(GUID)])
    assert told(report) == [(change, "custom role Reads our secrets")]


@pytest.mark.parametrize(
    ("before", "after", "opens"),
    [
        (definition(READS), definition(READS, WRITES), [True]),
        (definition(READS, WRITES), definition(READS), [False]),
        (definition(READS), definition(WRITES), [True]),
        (definition(READS), definition(READS, notDataActions=[WRITES]), [False]),
        (definition(READS), definition(known=False), [True]),
        (definition(READS), definition(READS, dataActions=UNKNOWN), [True]),
        (definition(READS), definition(READS), []),
        (None, definition(READS), []),
    ],
)
def test_a_definition_that_changes_is_told_as_wider_only_where_it_allows_more(
    before: State | None, after: State, opens: list[bool]
) -> None:
    """Whoever has the role by an assignment of another stack is nowhere else in the report."""
    found = reported([before] if before else [], [after]).exposures
    assert [e.opens for e in found if e.words == "what the role allows"] == opens


def test_what_a_changed_definition_allows_is_told_in_words() -> None:
    (found,) = reported([definition(READS)], [definition(READS, WRITES)]).exposures
    assert (found.before, found.after) == (
        "read the values of secrets",
        "read the values of secrets, and write secrets",
    )
    (found,) = reported([definition(READS)], [definition("Quite.New/things/read")]).exposures
    assert found.after == "1 action"


def test_a_definition_that_is_not_known_yet_is_not_weighed() -> None:
    report = reported([*APP, grant()], [*APP, definition(known=False), grant(GUID, name="custom")])
    assert told(report) == [("added", f"custom role {GUID}"), ("removed", "Key Vault Secrets User")]


@pytest.mark.parametrize("permissions", ["*", [None], [{"actions": "*"}], [{"actions": [UNKNOWN]}], [7]])
def test_a_definition_of_another_shape_is_not_weighed(permissions: Any) -> None:
    role = state(TYPE, "reads", {"permissions": permissions}, id=definition()["id"])
    assert told(reported(APP, [*APP, role, grant(GUID)])) == [("added", f"custom role {GUID}")]


def test_a_reference_behind_a_custom_role_of_elsewhere_is_said_to_hang_on_it() -> None:
    report = reported([], [*APP, grant(GUID), ONE])
    assert [change.setting.cover for change in report.settings] == [Cover.CUSTOM]
    assert report.uncovered == []
    assert rows(report, "Secrets") == [
        [
            "added",
            "`app`",
            "`DB`",
            "`db-password` in `vault`, if a custom role allows it that is not defined here",
        ]
    ]


def test_a_reference_behind_a_custom_role_of_the_stack_is_weighed() -> None:
    assert reported([], [*APP, definition(READS), grant(GUID), ONE]).uncovered == []
    without = reported([], [*APP, definition(WRITES), grant(GUID), ONE])
    assert [setting.variable for setting in without.uncovered] == ["DB"]


def test_a_condition_is_told_and_weighed() -> None:
    free, under = grant(), limited("@Resource[x] StringEquals 'a'", name="limited")
    assert [c.change.value for c in reported([*APP, free], [*APP, under]).grants] == ["narrowed"]
    wider = reported([*APP, under], [*APP, free])
    assert [c.change.value for c in wider.grants] == ["widened"]
    assert rows(wider, "Access that changes")[0][2] == (
        "read the values of secrets, under a condition (`Key Vault Secrets User`) → "
        "read the values of secrets (`Key Vault Secrets User`)"
    )


def test_another_condition_is_another_grant_and_the_same_in_other_lines_is_not() -> None:
    one = limited("a\nAND b")
    other = reported([*APP, one], [*APP, limited("a AND c")])
    assert [c.change.value for c in other.grants] == ["added", "removed"]
    assert reasons(other, Condition.WIDER_ACCESS) == [
        "identity app gets Key Vault Secrets User on key vault vault, under a condition (added)"
    ]
    assert [c.change.value for c in reported([*APP, one], [*APP, limited("a  AND\n b")]).grants] == [
        "unchanged"
    ]


def test_a_condition_that_only_the_update_will_know_may_let_more_through() -> None:
    later = limited(UNKNOWN)
    later["outputs"]["condition"] = "a"
    told = reported([*APP, limited("a")], [*APP, later])
    assert [c.change.value for c in told.grants] == ["added", "removed"]
    assert reasons(told, Condition.WIDER_ACCESS)


def test_a_replacement_of_which_nothing_is_answered_yet_has_no_condition_for_that() -> None:
    later = grant()
    later["outputs"] = dict.fromkeys((*later["outputs"], "condition"), UNKNOWN)
    replaced = reported([*APP, grant()], [*APP, later], app_vault={"op": "replace"})
    assert [(c.change.value, c.only_shown) for c in replaced.grants] == [("unchanged", True)]


def test_a_component_that_was_given_a_role_by_guid_or_id_is_understood() -> None:
    follows = {"principalId": [IDENTITY], "scope": [VAULT]}
    id = f"{SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/"
    for given, says in (
        ("4633458B-17de-408a-b874-0445c86b69e6", "Key Vault Secrets User"),
        (f"{id}4633458b-17de-408a-b874-0445c86b69e6", "Key Vault Secrets User"),
        ("key vault secrets user", "Key Vault Secrets User"),
        (f"{id}{GUID}", f"custom role {GUID}"),
    ):
        part = state("keyless:index:AccessGrant", "app-vault", {"role": given})
        assert told(reported([], [*APP, part, unknown_grant(follows, parent=part["urn"])])) == [
            ("added", says)
        ]


def test_the_comment_names_a_custom_role_wherever_it_is() -> None:
    text = comment(reported([*APP, grant(GUID)], [*APP, grant(GUID)]))
    assert f"use a custom role (<code>{GUID}</code>)" in text
    assert "custom role" in text.partition("```mermaid")[2]
