"""Who is let in to tables: a token for storage and a role on the entities, and nothing else (I14)."""

import base64
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from azure.core.credentials import AzureNamedKeyCredential
from azure.data.tables import TableTransactionError, UpdateMode

from local_azure.server import LocalAzure
from tests.drawn_key import begun
from tests.local_azure.storage_stage import StorageStage, code, outcome, refusal
from tests.local_azure.vault_stage import GROUP

MISMATCH = (403, "AuthorizationPermissionMismatch")
WRITER = "Storage Table Data Contributor"
ONE = {"PartitionKey": "shop", "RowKey": "1"}


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StorageStage]:
    with LocalAzure(begun(tmp_path_factory.mktemp("azure"))) as local:
        yield StorageStage(local)


@pytest.fixture(scope="module")
def account(stage: StorageStage) -> str:
    """An account with the tables Orders and Prices, made by the deployer."""
    name = stage.account()
    for table in ("Orders", "Prices"):
        stage.storage.table.create(GROUP, name, table, {})
    return name


def everything(table: Any, writer: Any) -> dict[str, object]:
    """What becomes of each operation, on an entity that is there or, where it makes one, is not."""
    attempts: dict[str, tuple[bool, Callable[[], Any]]] = {
        "query": (True, lambda: list(table.list_entities())),
        "get": (True, lambda: table.get_entity("shop", "1")),
        "insert": (False, lambda: table.create_entity(ONE)),
        "merge": (True, lambda: table.update_entity(ONE)),
        "replace": (True, lambda: table.update_entity(ONE, mode=UpdateMode.REPLACE)),
        "upsert": (True, lambda: table.upsert_entity(ONE)),
        "delete": (True, lambda: table.delete_entity("shop", "1")),
    }
    found: dict[str, object] = {}
    for name, (there, attempt) in attempts.items():
        writer.delete_entity("shop", "1")
        if there:
            writer.create_entity(ONE)
        found[name] = outcome(attempt)
    return found


@pytest.mark.parametrize(
    ("role", "allowed"),
    [
        ("Storage Table Data Reader", {"query", "get"}),
        (WRITER, {"query", "get", "insert", "merge", "replace", "upsert", "delete"}),
        ("Owner", set[str]()),
        ("Storage Queue Data Contributor", set[str]()),
    ],
)
def test_i14_each_role_does_what_its_data_actions_say_and_nothing_else(
    stage: StorageStage, account: str, role: str, allowed: set[str]
) -> None:
    writer = stage.table(account, "Orders", WRITER)
    found = everything(stage.table(account, "Orders", role), writer)
    assert found == {name: "done" if name in allowed else MISMATCH for name in found}


@pytest.mark.parametrize(
    ("actions", "allowed"),
    [
        (["add/action"], {"insert"}),
        (["update/action"], {"merge", "replace"}),
        (["add/action", "update/action"], {"insert", "merge", "replace", "upsert"}),
        (["write"], {"insert", "merge", "replace", "upsert"}),
        (["delete"], {"delete"}),
    ],
    ids=lambda given: " ".join(sorted(given)),
)
def test_i14_a_role_of_ones_own_does_what_its_actions_say(
    stage: StorageStage, account: str, actions: list[str], allowed: set[str]
) -> None:
    entities = "Microsoft.Storage/storageAccounts/tableServices/tables/entities"
    scope = stage.table_id(account, "Orders")
    who = stage.with_data_actions(scope, [f"{entities}/{action}" for action in actions])
    table = stage.tables(account, stage.holder(who)).get_table_client("Orders")
    found = everything(table, stage.table(account, "Orders", WRITER))
    assert found == {name: "done" if name in allowed else MISMATCH for name in found}


def test_i14_a_grant_on_one_table_opens_that_one_only(stage: StorageStage, account: str) -> None:
    table = stage.table(account, "Orders", WRITER)
    table.upsert_entity(ONE)
    service = stage.tables(account, table.credential)
    for neighbour in ("Prices", "Nowhere"):
        client = service.get_table_client(neighbour)
        assert refusal(lambda client=client: client.upsert_entity(ONE)) == MISMATCH
        assert refusal(lambda client=client: list(client.list_entities())) == MISMATCH
    assert refusal(lambda: service.create_table("OrdersToo")) == MISMATCH


def test_i14_a_reader_changes_nothing_in_a_transaction(stage: StorageStage, account: str) -> None:
    reader = stage.table(account, "Prices", "Storage Table Data Reader")
    with pytest.raises(TableTransactionError) as error:
        reader.submit_transaction([("create", ONE)])
    assert code(error)[1] == MISMATCH[1]
    assert list(reader.list_entities()) == []


def test_i14_a_grant_that_is_taken_away_is_over_for_a_client_that_is_open(
    stage: StorageStage, account: str
) -> None:
    who = stage.identity()
    made = stage.grant(stage.table_id(account, "Orders"), WRITER, who.object_id)
    table = stage.tables(account, stage.holder(who)).get_table_client("Orders")
    table.upsert_entity(ONE)
    stage.roles.delete_by_id(made.id)
    assert refusal(lambda: table.upsert_entity(ONE)) == MISMATCH


@pytest.mark.parametrize(
    ("shared_keys", "expected"),
    [(False, "KeyBasedAuthenticationNotPermitted"), (None, "AuthenticationFailed")],
)
def test_i14_a_key_that_is_not_the_accounts_opens_no_table(
    stage: StorageStage, shared_keys: bool | None, expected: str
) -> None:
    account = stage.account(allowSharedKeyAccess=shared_keys)
    key = base64.b64encode(b"a key that somebody has guessed").decode()
    service = stage.tables(account, AzureNamedKeyCredential(account, key))
    assert refusal(lambda: list(service.list_tables())) == (403, expected)


def test_i14_where_keys_are_on_the_accounts_own_opens_every_table(stage: StorageStage) -> None:
    account = stage.account(allowSharedKeyAccess=None)
    key = stage.storage.storage_accounts.list_keys(GROUP, account).keys_property[0].value
    table = stage.tables(account, AzureNamedKeyCredential(account, key)).create_table("Orders")
    table.create_entity(ONE)
    assert dict(table.get_entity("shop", "1")) == ONE


def test_a_large_transaction_is_read_of_who_may_do_something_in_the_account(
    stage: StorageStage, account: str
) -> None:
    text = "x" * 30_000
    changes = [
        ("upsert", {**ONE, "RowKey": str(number), "Text": text}) for number in range(60)
    ]  # more than a mebibyte in all
    writer = stage.table(account, "Orders", WRITER)
    assert len(writer.submit_transaction(changes)) == 60
    assert refusal(lambda: stage.table(account, "Orders").submit_transaction(changes))[0] == 413


def test_the_log_says_who_was_refused_and_why(stage: StorageStage, account: str) -> None:
    stranger = stage.table(account, "Orders")
    refusal(lambda: stranger.get_entity("shop", "1"))
    entry = stage.azure.journal.entries(1)[0]
    assert entry["host"] == f"{account}.table.core.windows.net"
    assert entry["decision"] == "refused: AuthorizationPermissionMismatch"
