"""What lies in another resource of the stack is the same place by its resource as by its id."""

from typing import Any

import pytest

from access_report.references import Cover
from access_report.report import Report
from tests.unit.access_report.previews import (
    APP,
    GROUP,
    IDENTITY,
    VAULT_ID,
    State,
    grant,
    identity,
    reference,
    reported,
    settings,
    state,
    unknown_grant,
    urn,
)

ACCOUNT_ID = f"{GROUP}/providers/Microsoft.Storage/storageAccounts/stshop"
CONTAINER_ID = f"{ACCOUNT_ID}/blobServices/default/containers/reports"
READER, WRITER = "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1", "ba92f5b4-2d11-453d-a403-e96b0029c9fe"
ACCOUNT_TYPE = "azure-native:storage:StorageAccount"
ACCOUNT = urn(ACCOUNT_TYPE, "files")
PARTS = [
    ("storage:BlobContainer", "containerName", "blobServices/default/containers", "container"),
    ("storage:Queue", "queueName", "queueServices/default/queues", "queue"),
    ("storage:Table", "tableName", "tableServices/default/tables", "table"),
    ("storage:FileShare", "shareName", "fileServices/default/shares", "file share"),
]


def account() -> State:
    return state(ACCOUNT_TYPE, "files", {"accountName": "stshop"}, id=ACCOUNT_ID)


def container(type_: str = PARTS[0][0], name: str = PARTS[0][1], path: str = PARTS[0][2]) -> State:
    given = {"accountName": "stshop", name: "reports", "resourceGroupName": "rg-shop"}
    return state(f"azure-native:{type_}", "part", given, id=f"{ACCOUNT_ID}/{path}/reports")


def _told(told: Report) -> list[tuple[str, str]]:
    return [(c.change.value, str(c.grant.where)) for c in told.grants]


@pytest.mark.parametrize(("type_", "name", "path", "word"), PARTS, ids=[one[3] for one in PARTS])
def test_a_grant_on_a_part_is_told_with_its_account_by_the_resource_as_by_the_id(
    type_: str, name: str, path: str, word: str
) -> None:
    on_part = grant(READER, scope=f"{ACCOUNT_ID}/{path}/reports")
    said = ("added", f"{word} reports of storage account files")
    around = [identity(), account()]
    assert _told(reported(around, [*around, on_part])) == [said]
    with_part = [*around, container(type_, name, path)]
    assert _told(reported(with_part, [*with_part, on_part])) == [said]


def test_from_the_account_to_a_container_of_the_stack_is_narrower_and_back_is_wider() -> None:
    around = [identity(), account(), container()]
    wide, narrow = grant(READER, scope=ACCOUNT_ID), grant(READER, scope=CONTAINER_ID)
    assert [one for one, _ in _told(reported([*around, wide], [*around, narrow]))] == ["narrowed"]
    assert [one for one, _ in _told(reported([*around, narrow], [*around, wide]))] == ["widened"]
    writes = grant(WRITER, scope=CONTAINER_ID)
    assert [one for one, _ in _told(reported([*around, wide], [*around, writes]))] == ["added", "removed"]


def test_a_container_that_is_made_anew_interrupts_what_is_granted_on_it() -> None:
    around = [identity(), account(), container(), grant(READER, scope=CONTAINER_ID)]
    assert _told(reported(around, around, part={"op": "replace"})) == [
        ("re-created", "container reports of storage account files")
    ]


def test_a_first_preview_takes_the_scope_from_the_container_and_its_account() -> None:
    new_account = state(ACCOUNT_TYPE, "files", {"accountName": "stshop"})
    given: dict[str, Any] = {"accountName": "stshop", "containerName": "reports"}
    part = state(f"azure-native:{PARTS[0][0]}", "part", given, follows={"accountName": [ACCOUNT]})
    who = state("azure-native:managedidentity:UserAssignedIdentity", "app", {})
    follows = {"principalId": [IDENTITY], "scope": [part["urn"]]}
    assert _told(reported([], [who, new_account, part, unknown_grant(follows)])) == [
        ("added", "container reports of storage account files")
    ]


def test_a_container_of_another_stacks_account_stays_by_itself() -> None:
    around = [identity(), container()]
    ((_, where),) = _told(reported(around, [*around, grant(READER, scope=CONTAINER_ID)]))
    assert where == "container part"


def test_a_reference_is_covered_by_a_grant_on_a_secret_that_the_stack_writes() -> None:
    given = {"vaultName": "kv-shop", "secretName": "db-password", "resourceGroupName": "rg-shop"}
    secret = state("azure-native:keyvault:Secret", "db", given, id=f"{VAULT_ID}/secrets/db-password")
    on_it = grant(scope=f"{VAULT_ID}/secrets/db-password")
    told = reported([], [*APP, secret, on_it, settings({"DB": reference("db-password")})])
    assert [one.after.cover for one in told.settings if one.after] == [Cover.GRANTED]
