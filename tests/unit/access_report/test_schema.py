"""`schema.json`: what a program that reads the report's JSON can rely on."""

import json
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any, cast

import pytest
from jsonschema import Draft202012Validator

from access_report.comparison import Change
from access_report.document import VERSION, document
from access_report.grants import Form
from access_report.judgement import Condition
from access_report.references import Cover
from access_report.values import Looks
from access_report.weighing import Concern
from tests.unit.access_report.previews import (
    APP,
    State,
    grant,
    identity,
    reference,
    reported,
    settings,
    site,
    state,
    unknown_grant,
    vault,
)
from tests.unit.access_report.validation import SCHEMA, problems

CUSTOM = "c0570000-0000-4000-8000-000000000001"
ONE = settings({"DB": reference("db-password")})
LOCK = state("azure-native:authorization:ManagementLockByScope", "keep", {"level": "CanNotDelete"})
EVERYTHING: list[tuple[list[State], list[State]]] = [
    ([], []),
    ([], [*APP, grant(), ONE]),
    ([*APP, grant(), ONE], []),
    ([*APP, grant(), ONE], [*APP, settings({"DB": "in clear"})]),
    ([*APP, grant(), ONE], [*APP, ONE]),
    ([*APP, grant()], [*APP, grant(name="renamed")]),
    ([*APP, grant()], [*APP, grant("Key Vault Secrets Officer", name="wider")]),
    ([*APP, grant(kind="Group", principal="0b1ec700-0000-4000-8000-0000000000ff")], APP),
    ([{**vault(), "protect": True}, LOCK], [vault(enablePurgeProtection=None)]),
    (APP, [identity(), vault(), site(identity={"type": "SystemAssigned"}, httpsOnly=False)]),
    ([], [unknown_grant({})]),
    ([], [grant(CUSTOM, scope="/subscriptions/s/resourceGroups/g")]),
    ([], [*APP, grant(CUSTOM), ONE]),
]


def _document(before: list[State], after: list[State]) -> dict[str, Any]:
    return json.loads(json.dumps(document(reported(before, after))))


def _at(path: str) -> Any:
    found: Any = SCHEMA
    for name in path.split("/"):
        found = found[name]
    return found


def test_a_program_reads_whether_a_role_is_custom_and_whether_there_is_a_condition() -> None:
    limited = grant(name="limited")
    limited["inputs"]["condition"] = "@x = 1"
    told = [one["after"] for one in _document([], [*APP, grant(CUSTOM), limited])["grants"]]
    assert [(one["role"], one["isCustom"], one["isConditional"], one["dataActions"]) for one in told] == [
        (
            "Key Vault Secrets User",
            False,
            True,
            [
                "Microsoft.KeyVault/vaults/secrets/getSecret/action",
                "Microsoft.KeyVault/vaults/secrets/readMetadata/action",
            ],
        ),
        (CUSTOM, True, False, None),
    ]


@pytest.mark.parametrize(("before", "after"), EVERYTHING)
def test_every_report_is_as_the_schema_says(before: list[State], after: list[State]) -> None:
    assert problems(_document(before, after)) == []


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("$defs/changedGrant/properties/change/enum", Change),
        ("$defs/exposure/properties/concern/enum", Concern),
        ("$defs/grant/properties/form/enum", Form),
        ("$defs/setting/properties/cover/enum", Cover),
        ("$defs/valueInClear/properties/looks/enum", Looks),
        ("properties/conditions/required", Condition),
        ("properties/conditions/properties", Condition),
    ],
)
def test_the_words_of_the_schema_are_those_of_the_code(path: str, kind: type[StrEnum]) -> None:
    words = [word for word in _at(path) if word is not None]
    assert sorted(words) == sorted(member.value for member in kind)


def test_the_version_of_the_schema_is_that_of_the_documents() -> None:
    assert _at("properties/version/const") == VERSION
    assert SCHEMA["$id"] == f"urn:keyless:access-report:{VERSION}"


@pytest.mark.parametrize(
    ("path", "value", "problem"),
    [
        (["value"], "x", "$: Additional properties are not allowed ('value' was unexpected)"),
        (["version"], 2, "$.version: 1 was expected"),
        (["headline"], None, "$.headline: None is not of type 'string'"),
        (["grants", 0, "change"], "given", "$.grants[0].change: 'given' is not one of"),
        (["operations", "create"], 0, "$.operations.create: 0 is less than the minimum of 1"),
        (["settings", 0, "value"], "x", "$.settings[0]: Additional properties are not allowed"),
    ],
)
def test_a_document_that_is_not_as_the_schema_says_is_refused(
    path: list[str | int], value: Any, problem: str
) -> None:
    told: Any = _document([], [*APP, grant(), ONE])
    within = told
    for name in path[:-1]:
        within = within[name]
    within[path[-1]] = value
    (found,) = problems(told)
    assert found.startswith(problem)


def test_a_document_without_one_of_its_fields_is_refused() -> None:
    told = _document([], [*APP, grant(), ONE])
    for name in told:
        without = {key: value for key, value in told.items() if key != name}
        assert problems(without) == [f"$: {name!r} is a required property"]


def test_the_schema_is_one_and_every_field_of_it_is_described_and_every_object_closed() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    objects = list(_objects(SCHEMA))
    assert len(objects) > 10
    for one in objects:
        if "properties" in one:
            assert one["additionalProperties"] is False
            assert set(one["required"]) == set(one["properties"])
        for name, field in one.get("properties", {}).items():
            assert field["description"].endswith("."), name


def _objects(schema: Any) -> Iterable[Mapping[str, Any]]:
    if isinstance(schema, list):
        for one in cast(list[Any], schema):
            yield from _objects(one)
    if isinstance(schema, dict):
        described = cast(dict[str, Any], schema)
        if described.get("type") == "object":
            yield described
        for one in described.values():
            yield from _objects(one)
