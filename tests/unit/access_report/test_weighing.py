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
from tests.unit.access_report.previews import State, reported, state, vault

UNLISTED = "azure-native:compute:VirtualMachine"
MACHINE: dict[str, Any] = {"vmName": "vm", "hardwareProfile": {"vmSize": "B1"}, "tags": {"team": "a"}}


def _told(one: Report) -> list[tuple[str, str, str, tuple[str, ...]]]:
    return [(u.change, u.type, u.name, tuple(u.properties)) for u in one.unweighed]


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
