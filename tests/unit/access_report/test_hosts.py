"""An identity that gets another host: whoever controls the host has what the identity may."""

from typing import Any

import pytest

from access_report.document import document
from access_report.judgement import Condition, reasons
from access_report.report import Report
from access_report.resources import UNKNOWN
from access_report.sentences import headline
from tests.unit.access_report.previews import (
    APP,
    IDENTITY,
    IDENTITY_ID,
    State,
    identity,
    reported,
    site,
    state,
)

MACHINE = "azure-native:compute:VirtualMachine"
ACCOUNT = "azure-native:storage:StorageAccount"


def _host(type_: str, ids: Any, **rest: Any) -> State:
    return state(
        type_, "second", {"identity": {"type": "UserAssigned", "userAssignedIdentities": ids}}, **rest
    )


def _attached(told: Report) -> list[tuple[str, str, str]]:
    return [(one.kind, one.host, one.identity) for one in told.attached]


def test_an_identity_that_gets_a_second_host_is_wider_access_whatever_the_host_is() -> None:
    spelt: list[Any] = [[IDENTITY_ID], {IDENTITY_ID: {}}, [IDENTITY_ID.upper()]]
    for ids in spelt:
        told = reported(APP, [*APP, _host("azure-native:web:WebApp", ids)])
        assert _attached(told) == [("app", "second", "app")]
        assert reasons(told, Condition.WIDER_ACCESS) == ["app second runs as identity app, too"]
        assert "1 identity with another host" in headline(told)
    assert _attached(reported(APP, [*APP, _host(MACHINE, [IDENTITY_ID])])) == [
        ("virtual machine", "second", "app")
    ]
    there = _host(ACCOUNT, [])
    assert _attached(reported([*APP, there], [*APP, _host(ACCOUNT, [IDENTITY_ID])])) == [
        ("storage account", "second", "app")
    ]


def test_an_identity_that_only_the_update_will_know_is_followed_to_what_it_is_made_from() -> None:
    later = _host(MACHINE, [UNKNOWN], follows={"identity": [IDENTITY]})
    assert _attached(reported(APP, [*APP, later])) == [("virtual machine", "second", "app")]


def test_an_identity_made_elsewhere_is_told_by_its_name_in_azure() -> None:
    other = IDENTITY_ID.replace("id-shop", "id-platform")
    told = reported([site()], [site(identity={"type": "UserAssigned", "userAssignedIdentities": [other]})])
    assert _attached(told) == [("app", "app", "id-platform")]
    assert document(told)["attachedIdentities"] == [{"kind": "app", "host": "app", "identity": "id-platform"}]


def test_an_identity_of_the_same_update_and_one_that_was_there_are_not_told() -> None:
    assert _attached(reported([], [identity(), site()])) == []
    assert _attached(reported(APP, APP)) == []
    assert _attached(reported([*APP, _host(MACHINE, [IDENTITY_ID])], APP)) == []


def test_an_identity_that_a_host_loses_is_told_once() -> None:
    other = IDENTITY_ID.replace("id-shop", "id-platform")
    both, one = _host(ACCOUNT, [IDENTITY_ID, other]), _host(ACCOUNT, [IDENTITY_ID.upper()])
    told = reported([*APP, both], [*APP, one])
    assert [(e.kind, e.name, e.text) for e in told.events] == [
        ("storage account", "second", "runs no longer as identity id-platform")
    ]
    assert headline(told) == (
        "1 update. No grant changes; no secret value in clear; 1 storage account with an identity less."
    )
    assert reasons(told, Condition.REMOVED_PROTECTION) == []
    switched = site(identity={"type": "SystemAssigned"})
    assert [e.short for e in reported([site()], [switched]).events] == ["with another identity"]
    assert reported([both, *APP], APP).events[0].short == "deleted"
    assert len(reported([both, *APP], APP).events) == 1


def test_an_identity_that_the_stack_gives_up_and_its_host_keeps_is_not_lost() -> None:
    assert [e.text for e in reported(APP, APP[1:]).events] == ["is deleted"]


def test_another_kind_of_identity_of_any_host_is_told() -> None:
    was, will = ({"identity": {"type": kind}} for kind in ("None", "SystemAssigned"))
    told = reported([state(ACCOUNT, "data", was)], [state(ACCOUNT, "data", will)])
    assert [(e.kind, e.text) for e in told.events] == [
        ("storage account", "runs as its system-assigned identity instead of nobody")
    ]


@pytest.mark.parametrize(
    ("type_", "word"),
    [
        ("app:ContainerApp", "container app"),
        ("app:Job", "container job"),
        ("compute:VirtualMachineScaleSet", "scale set"),
        ("containerinstance:ContainerGroup", "container group"),
    ],
)
def test_every_host_is_told_by_its_kind_when_it_gets_loses_or_switches_an_identity(
    type_: str, word: str
) -> None:
    host = f"azure-native:{type_}"
    without, with_it = _host(host, []), _host(host, [IDENTITY_ID])
    assert _attached(reported([*APP, without], [*APP, with_it])) == [(word, "second", "app")]
    lost = reported([*APP, with_it], [*APP, without]).events
    assert [(one.kind, one.text) for one in lost] == [(word, "runs no longer as identity app")]
    own = state(host, "second", {"identity": {"type": "SystemAssigned"}})
    switched = reported([*APP, with_it], [*APP, own]).events
    assert [(one.kind, one.words) for one in switched] == [
        (word, "runs as its system-assigned identity instead of a user-assigned identity")
    ]
