"""The table of forms: every type that is read is listed as told by grants, and weighed in any version."""

from typing import Any

import pytest

from access_report.comparison import Change
from access_report.forms import DEPLOYMENTS, FORMS
from access_report.judgement import Condition, reasons
from access_report.resources import UNKNOWN
from access_report.weighing import Part, Told, weighings
from components.contract import CALL_GRANT, DATABASE_GRANT
from tests.unit.access_report.native_schema import every_type
from tests.unit.access_report.previews import (
    APP,
    GRANT_TYPE,
    GUIDS,
    SUBSCRIPTION,
    State,
    grant,
    reported,
    state,
)

VERSIONS = (
    "azure-native_authorization_v20220401:authorization:RoleAssignment",
    "azure-native:authorization/v20220401:RoleAssignment",
    GRANT_TYPE,
)
OWN = "c0570000-0000-4000-8000-000000000001"
SECRETS = "Microsoft.KeyVault/vaults/secrets"
NOT_ONLY_GRANTS = (*DEPLOYMENTS, "resources:Resource")
"""They can hold anything, so they stay to be read."""


def in_version(type_: str, **more: Any) -> State:
    one = grant()
    inputs = {**one["inputs"], **more}
    return state(type_, "app-vault", inputs, id=one["id"])


@pytest.mark.parametrize("type_", VERSIONS)
def test_a_role_assignment_is_weighed_in_whatever_version_the_program_takes(type_: str) -> None:
    plain, limited = in_version(type_), in_version(type_, condition="@x = 1", conditionVersion="2.0")
    added = reported(APP, [*APP, plain])
    assert reasons(added, Condition.WIDER_ACCESS) == [
        "identity app gets Key Vault Secrets User on key vault vault (added)"
    ]
    assert added.unweighed == []
    officer = in_version(type_, roleDefinitionId=GUIDS["Key Vault Secrets Officer"])
    for before, after, change in (
        (plain, officer, Change.WIDENED),
        (limited, plain, Change.WIDENED),
        (plain, limited, Change.NARROWED),
        (limited, in_version(type_, condition="@x =\n 1", conditionVersion="2.0"), Change.SAME),
    ):
        report = reported([*APP, before], [*APP, after])
        assert [c.change for c in report.grants] == [change]
        assert report.unweighed == []
    other = reported([*APP, limited], [*APP, in_version(type_, condition="@x = 1", conditionVersion="1.0")])
    assert [(e.words, e.opens) for e in other.exposures] == [("version of the condition", True)]
    kept = reported([*APP, plain], [*APP, in_version(type_, condition=UNKNOWN)])
    assert [c.change for c in kept.grants] == [Change.NARROWED]


def definition(type_: str, *data: str, scopes: tuple[str, ...] = (SUBSCRIPTION,)) -> State:
    blocks = [{"actions": [], "dataActions": [*data]}]
    inputs = {"roleName": "Own", "permissions": blocks, "assignableScopes": [*scopes]}
    id = f"{SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/{OWN}"
    return state(type_, "own", inputs, id=id)


@pytest.mark.parametrize(
    "type_",
    [
        "azure-native:authorization:RoleDefinition",
        "azure-native_authorization_v20220501preview:authorization:RoleDefinition",
        "azure:authorization/roleDefinition:RoleDefinition",
    ],
)
def test_a_custom_role_that_is_widened_is_told_at_each_assignment_and_where_it_is_assigned_elsewhere(
    type_: str,
) -> None:
    narrow = definition(type_, f"{SECRETS}/getSecret/action")
    wide = definition(type_, f"{SECRETS}/getSecret/action", f"{SECRETS}/setSecret/action")
    two = [*APP, grant(OWN), grant(OWN, name="other", principal="0b1ec700-0000-4000-8000-0000000000ff")]
    report = reported([*two, narrow], [*two, wide])
    assert [c.change for c in report.grants] == [Change.WIDENED, Change.WIDENED]
    assert len(reasons(report, Condition.WIDER_ACCESS)) == 2
    assert [c.change for c in reported([*two, wide], [*two, narrow]).grants] == [Change.NARROWED] * 2
    elsewhere = reported([narrow], [wide])
    assert [(e.words, e.opens) for e in elsewhere.exposures] == [("what the role allows", True)]
    scopes = reported([narrow], [definition(type_, f"{SECRETS}/getSecret/action", scopes=("/",))])
    assert [(e.words, e.opens) for e in scopes.exposures] == [("where the role may be given", True)]
    assert report.unweighed == elsewhere.unweighed == scopes.unweighed == []


def test_every_type_whose_rows_name_grants_is_read_and_no_other_is() -> None:
    named = {
        type_
        for type_, weighing in weighings().items()
        if any(isinstance(row, Told) and row.by is Part.GRANTS for row in weighing.rows.values())
    }
    assert named == FORMS.keys() - {*NOT_ONLY_GRANTS, CALL_GRANT, DATABASE_GRANT}  # components of ours


def test_every_type_of_azure_native_that_is_read_is_one_or_is_of_single_versions() -> None:
    natives = {type_ for type_ in FORMS if type_.count(":") == 1}
    older = natives - every_type()
    assert all(weighings()[type_].is_elsewhere for type_ in older)
    assert {
        "documentdb:SqlResourceSqlRoleAssignment",
        "authorization:RoleEligibilityScheduleRequest",
    } <= older


def test_a_form_that_holds_anything_stays_to_be_read() -> None:
    for type_ in NOT_ONLY_GRANTS:
        report = reported([], [state(f"azure-native:{type_}", "one", {"properties": {"template": {}}})])
        assert [one.type for one in report.unweighed] == [f"azure-native:{type_}"]


def test_what_is_no_grant_yields_none() -> None:
    assert reported([], APP).grants == []


ODD: list[Any] = [
    None,
    "",
    "providers",
    "/x/providers/y/providers",
    "/",
    "[",
    0,
    True,
    [],
    {},
    [None],
    [[], 1, "x", {"a": [1]}],
    {"a": {"b": None}, "permissions": 1, "resources": {"x": 1}, "template": [1], "parameters": [1]},
    {"template": {"resources": [{"type": 1, "name": [], "properties": 1}], "parameters": {"x": 1}}},
    UNKNOWN,
    "[secret]",
    {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "ciphertext": "x"},
]


@pytest.mark.parametrize("value", ODD)
def test_a_value_of_no_shape_that_is_expected_is_read_to_an_end(value: Any) -> None:
    """Whoever opens the pull request writes them."""
    of_resources = ("resourceProviderNamespace", "parentResourcePath", "resourceType", "resourceName")
    more = ("properties", "template", "requestType", "resourceGroupName", "deploymentScope", *of_resources)
    for type_ in FORMS:
        paths = {path.partition(".")[0] for path in weighings()[type_].rows} if type_ in weighings() else {""}
        whole = type_ if type_.count(":") > 1 else f"azure-native:{type_}"
        one = state(whole, "one", dict.fromkeys((*paths, *more), value))
        there, gone = reported(APP, [*APP, one]), reported([*APP, one], APP)
        assert len(there.grants) == len(gone.grants)
        assert all(reasons(there, condition) is not None for condition in Condition)
