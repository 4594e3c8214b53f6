"""What the engine calls otherwise than a reader would: deleted and still there, the same and not made."""

from typing import Any

import pytest

from access_report.comparison import Change
from access_report.judgement import Condition, reasons
from access_report.reading import read_preview
from access_report.report import Report, report
from access_report.sentences import headline
from tests.unit.access_report.previews import (
    APP,
    GRANT_TYPE,
    IDENTITY_TYPE,
    State,
    grant,
    identity,
    preview,
    reported,
    state,
    vault,
)

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


@pytest.mark.parametrize(
    "old", [None, {}, {"urn": grant()["urn"], "type": GRANT_TYPE, "custom": True, "id": ""}]
)
def test_a_resource_that_the_run_does_not_name_is_not_told_as_there(old: State | None) -> None:
    """The engine tells such a resource as one that stays, with a state that has no id."""
    document: dict[str, Any] = preview(APP, [*APP, grant()])
    for step in document["steps"]:
        if step["urn"] == grant()["urn"]:
            step["op"] = "same"
            if old is not None:
                step["oldState"] = step["newState"] = old
    told = report(read_preview(document))
    assert told.grants == []
    assert headline(told) == (
        "1 not made, as the run names others. No grant changes; no secret value in clear."
    )


def test_what_is_imported_and_updated_at_once_is_told_as_new() -> None:
    document: dict[str, Any] = preview([], [identity()], app={"op": "import"})
    there, comes = (
        vault(publicNetworkAccess="Enabled"),
        vault(publicNetworkAccess="Enabled", enableSoftDelete=True),
    )
    document["steps"] += [
        {"urn": there["urn"], "op": "import", "newState": there},
        {"urn": there["urn"], "op": "update", "oldState": there, "newState": comes},
    ]
    told = report(read_preview(document))
    assert told.counts == [("import", 2)]
    assert ("public network access", None, "Enabled") in [
        (e.words, e.before, e.after) for e in told.exposures
    ]


def test_the_note_of_a_name_that_azure_native_drew_is_no_change_of_access() -> None:
    drawn = state(IDENTITY_TYPE, "app", {"resourceName": "app1a2b3c4d", "__createBeforeDelete": True})
    assert reported([], [drawn]).unweighed == []
