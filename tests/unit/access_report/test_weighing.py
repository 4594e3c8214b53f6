"""Weighed, harmless with a reason, or told as not weighed: no change of anything is passed over."""

from collections.abc import Mapping
from typing import Any

import pytest

from access_report.differences import Unweighed
from access_report.document import document
from access_report.judgement import Condition, reasons
from access_report.report import Report
from access_report.resources import UNKNOWN
from access_report.sentences import headline
from access_report.weighing import EVERY_TYPE, Harmless, Weighed, weighings
from tests.unit.access_report.native_schema import every_type, properties_of
from tests.unit.access_report.previews import State, reported, state, vault

LISTED = sorted(
    type_
    for type_, weighing in weighings().items()
    if type_.count(":") == 1 and type_ != EVERY_TYPE and not weighing.is_elsewhere
)
UNLISTED = "azure-native:compute:VirtualMachine"
MACHINE: dict[str, Any] = {"vmName": "vm", "hardwareProfile": {"vmSize": "B1"}, "tags": {"team": "a"}}


def _told(one: Report) -> list[tuple[str, str, str, tuple[str, ...]]]:
    return [(u.change, u.type, u.name, tuple(u.properties)) for u in one.unweighed]


def _given(path: str, value: Any) -> dict[str, Any]:
    """Inputs with one property."""
    first, _, rest = path.partition(".")
    return {first: _given(rest, value) if rest else value}


def _two_values(kinds: tuple[type, ...]) -> tuple[Any, Any]:
    """Two different values that a property of these kinds takes."""
    (kind, *_) = [*kinds, str]
    enum: Any = next((one for one in kinds if hasattr(one, "__members__")), None)
    if enum is not None:
        values = [member.value for member in enum]
        return (values[0], values[1]) if len(values) > 1 else (values[0], f"other than {values[0]}")
    if kind is bool:
        return False, True
    if kind in (int, float):
        return 1, 2
    if kind.__name__ == "Sequence":
        return [], [{"name": "one", "value": "203.0.113.0/24"}]
    return ({}, {"one": "entry"}) if kind.__name__ == "Mapping" else ("one", "other")


def test_every_row_names_a_type_and_a_property_that_azure_native_has() -> None:
    assert set(LISTED) <= every_type()
    everywhere = set(weighings()[EVERY_TYPE].rows)
    for type_ in LISTED:
        paths = [f"{path}." for path in properties_of(type_)]
        for row in weighings()[type_].rows.keys() - everywhere - {""}:
            assert any(path.startswith(f"{row}.") or f"{row}.".startswith(path) for path in paths), (
                type_,
                row,
            )


@pytest.mark.parametrize("type_", LISTED)
def test_a_change_of_any_property_of_a_weighed_type_is_told_or_harmless_for_a_reason(type_: str) -> None:
    """Of those that another part of the report compares, its own tests say that they are told."""
    for path, kinds in properties_of(type_).items():
        row = weighings()[type_].row(path)
        if isinstance(row, Weighed) and row.only_where:
            continue
        was, will = _two_values(kinds)
        moments = [state(f"azure-native:{type_}", "one", _given(path, value)) for value in (was, will)]
        there_and_back = [reported(moments[:1], moments[1:]), reported(moments[1:], moments[:1])]
        if row is None:
            assert [one.unweighed[0].properties for one in there_and_back] == [[path]] * 2
        if isinstance(row, Harmless):
            assert row.reason
            assert all(not one.unweighed and not one.exposures for one in there_and_back)
        if isinstance(row, Weighed):
            told = [[e for e in one.exposures if e.words == row.what] for one in there_and_back]
            assert all(len(one) == 1 for one in told), (path, was, will)


def test_a_type_that_is_not_listed_is_told_whatever_happens_to_it() -> None:
    machine = state(UNLISTED, "vm", MACHINE)
    bigger = state(UNLISTED, "vm", {**MACHINE, "hardwareProfile": {"vmSize": "B2"}, "osProfile": {"x": 1}})
    assert _told(reported([], [machine])) == [
        ("create", UNLISTED, "vm", ("hardwareProfile.vmSize", "vmName"))
    ]
    assert _told(reported([machine], [bigger])) == [
        ("update", UNLISTED, "vm", ("hardwareProfile.vmSize", "osProfile.x"))
    ]
    assert _told(reported([machine], [])) == [("delete", UNLISTED, "vm", ())]
    assert _told(reported([machine], [machine], vm={"op": "replace"})) == [("replace", UNLISTED, "vm", ())]
    assert _told(reported([], [machine], vm={"op": "import"}))[0][:3] == ("import", UNLISTED, "vm")
    assert _told(reported([], [state("tls:index/privateKey:PrivateKey", "key", {})])) == [
        ("create", "tls:index/privateKey:PrivateKey", "key", ())
    ]


def test_what_every_type_has_and_says_nothing_of_access_is_harmless_in_one_that_is_not_listed() -> None:
    machine = state(UNLISTED, "vm", MACHINE)
    assert _told(reported([machine], [state(UNLISTED, "vm", {**MACHINE, "tags": {"team": "b"}})])) == []
    assert _told(reported([machine], [machine], vm={"op": "read"})) == []
    assert _told(reported([machine], [machine])) == []


def test_a_property_that_is_new_to_the_report_is_not_weighed() -> None:
    assert _told(reported([vault()], [vault(letsEverybodyIn=True)])) == [
        ("update", "azure-native:keyvault:Vault", "vault", ("properties.letsEverybodyIn",))
    ]


def test_a_change_that_only_the_engine_sees_is_told_as_it_says() -> None:
    machine = state(UNLISTED, "vm", {"osProfile": "[secret]"})
    told = reported([machine], [machine], vm={"op": "update", "diffReasons": ["osProfile"]})
    assert _told(told) == [("update", UNLISTED, "vm", ("osProfile",))]


@pytest.mark.parametrize(
    "type_",
    [
        "azure-native_keyvault_v20230701:keyvault:Vault",
        "azure-native:keyvault/v20230701:Vault",
        "azure-native:keyvault:Vault",
    ],
)
def test_a_type_of_another_api_version_is_weighed_as_the_same_type(type_: str) -> None:
    def with_access(value: str) -> State:
        return state(type_, "v", {"properties": {"publicNetworkAccess": value}})

    told = reported([with_access("Disabled")], [with_access("Enabled")])
    assert [(e.words, e.opens) for e in told.exposures] == [("public network access", True)]
    assert told.unweighed == []


def test_the_first_line_promises_nothing_of_what_was_not_weighed() -> None:
    machine = state(UNLISTED, "vm", MACHINE)
    assert headline(reported([vault()], [vault()])) == (
        "no changes. No grant changes; no secret value in clear."
    )
    assert headline(reported([], [machine])) == (
        "1 create. 1 change not weighed, to be read; No grant changes in what was weighed."
    )


def test_a_condition_holds_a_pipeline_for_what_is_not_weighed_and_programs_can_read_it() -> None:
    told = reported([], [state(UNLISTED, "vm", {"vmName": UNKNOWN, "osProfile": {"adminPassword": "x"}})])
    assert reasons(told, Condition.NOT_WEIGHED) == [
        f"{UNLISTED} vm (create): osProfile.adminPassword, vmName"
    ]
    one: Mapping[str, Any] = document(told)["notWeighed"][0]
    assert one == {
        "change": "create",
        "type": UNLISTED,
        "name": "vm",
        "properties": ["osProfile.adminPassword", "vmName"],
    }
    assert reasons(reported([vault()], [vault()]), Condition.NOT_WEIGHED) == []
    assert isinstance(told.unweighed[0], Unweighed)
