"""Weighed, harmless with a reason, or told as not weighed: no change of anything is passed over."""

from collections.abc import Mapping
from typing import Any

import pytest

from access_report.differences import Unweighed
from access_report.document import document
from access_report.judgement import Condition, reasons
from access_report.names_of_secrets import says_secret
from access_report.report import Report
from access_report.resources import UNKNOWN
from access_report.sentences import headline
from access_report.weighing import weighings
from access_report.weighing.judges import told as in_words
from tests.unit.access_report.previews import State, reported, state, vault

UNLISTED = "azure-native:devtestlab:VirtualMachine"
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


def test_a_value_under_the_name_of_a_secret_is_told_by_no_letter_of_it() -> None:
    shown = [
        f"{type_} {row.path}"
        for type_, one in weighings().items()
        for row in one.weighed
        if says_secret(row.path.rpartition(".")[2]) and not row.path.endswith("s")
        if row.judge.how in ("any change", "any later change", "any change after the first value")
        if "planted" in in_words(row.judge.told_as("planted"))
    ]
    assert shown == []


@pytest.mark.parametrize(
    ("type_", "inputs"),
    [
        ("azure-native:containerservice:ManagedCluster", {"aadProfile": {"serverAppSecret": "planted"}}),
        ("azure-native:compute:VirtualMachineExtension", {"protectedSettings": '{"run": "planted"}'}),
        ("azure-native:compute:VirtualMachineExtension", {"settings": "planted"}),
        ("azure-native:web:WebAppSourceControl", {"repoUrl": "https://me:planted@git.example.com/shop"}),
        ("pulumi:providers:azure-native", {"clientSecret": "planted", "oidcToken": "planted"}),
    ],
)
def test_no_form_of_the_report_repeats_a_secret_that_a_weighed_property_has(
    type_: str, inputs: Mapping[str, Any]
) -> None:
    there = state(type_, "one", inputs, custom=True)
    for after in (reported([], [there]), reported([state(type_, "one", {}, custom=True)], [there])):
        assert after.exposures or after.in_clear
        assert "planted" not in repr(document(after))
        assert [why for one in Condition for why in reasons(after, one) if "planted" in why] == []


def test_a_switch_that_is_off_is_called_by_what_would_be_so_if_it_were_on() -> None:
    cluster = state("azure-native:containerservice:ManagedCluster", "aks", {})
    open_ = {one.words: one.after for one in reported([], [cluster]).exposures}
    for words in ("no local accounts, which are certificates that open everything", "no commands past the "
                  "roles of its API", "its API has a private address alone"):  # fmt: skip
        assert open_[words] == "off"
    assert "public name of its private API" not in open_
    for type_, one in weighings().items():
        row = one.rows.get("disableLocalAuth") or one.rows.get("properties.disableLocalAuth")
        assert row is None or getattr(row, "what", "").startswith(("no keys", "Entra")), type_
