"""What the engine calls deleted and is still there, and what it calls the same and is not made."""

from typing import Any

from access_report.comparison import Change
from access_report.judgement import Condition, reasons
from access_report.reading import read_preview
from access_report.report import Report, report
from access_report.sentences import headline
from tests.unit.access_report.previews import APP, State, grant, preview, reported, vault

STAYS = "stays in Azure as it is, and no stack looks after it any more"


def _retained(one: State) -> State:
    return {**one, "retainOnDelete": True}


def _grants(told: Report) -> list[tuple[Change, str, str]]:
    return [(c.change, c.grant.role, str(c.grant.where)) for c in told.grants]


def test_a_grant_that_is_retained_is_told_as_staying_and_as_left_behind() -> None:
    told = reported([*APP, _retained(grant())], APP)
    assert _grants(told) == [(Change.SAME, "Key Vault Secrets User", "key vault vault")]
    assert [(e.name, e.text) for e in told.events] == [("app-vault", STAYS)]
    assert headline(told) == (
        "1 left in Azure. No grant changes; no secret value in clear;"
        " 1 authorization:RoleAssignment left behind."
    )


def test_a_vault_that_is_retained_is_not_told_as_deleted_with_its_secrets() -> None:
    told = reported([_retained(vault())], [])
    assert [(e.kind, e.name, e.text) for e in told.events] == [("key vault", "vault", STAYS)]
    assert reasons(told, Condition.REMOVED_PROTECTION) == []
    assert told.unweighed == []


def test_of_a_retained_grant_that_is_replaced_both_hold_afterwards() -> None:
    wider = grant("Key Vault Secrets Officer")
    told = reported([*APP, _retained(grant())], [*APP, wider], app_vault={"op": "replace"})
    assert sorted(_grants(told)) == [
        (Change.ADDED, "Key Vault Secrets Officer", "key vault vault"),
        (Change.SAME, "Key Vault Secrets User", "key vault vault"),
    ]
    assert [(e.name, e.text) for e in told.events] == [("app-vault", STAYS)]


def test_a_resource_that_the_run_does_not_name_is_not_told_as_there() -> None:
    document: dict[str, Any] = preview(APP, [*APP, grant()])
    for step in document["steps"]:
        if step["urn"] == grant()["urn"]:
            step["op"] = "same"
    told = report(read_preview(document))
    assert told.grants == []
    assert headline(told) == (
        "1 not made, as the run names others. No grant changes; no secret value in clear."
    )
