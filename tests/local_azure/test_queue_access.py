"""Who is let in to queues: a token for storage and a role on the messages, and nothing else (I13)."""

import base64
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from azure.core.exceptions import HttpResponseError

from local_azure.server import LocalAzure
from tests.drawn_key import begun
from tests.local_azure.storage_stage import StorageStage, code, outcome
from tests.local_azure.vault_stage import GROUP

MISMATCH = (403, "AuthorizationPermissionMismatch")


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StorageStage]:
    with LocalAzure(begun(tmp_path_factory.mktemp("azure"))) as local:
        yield StorageStage(local)


@pytest.fixture(scope="module")
def account(stage: StorageStage) -> str:
    """An account with the queues orders and prices, made by the deployer."""
    name = stage.account()
    for queue in ("orders", "prices"):
        stage.storage.queue.create(GROUP, name, queue, {})
    return name


def everything(queue: Any, writer: Any) -> dict[str, object]:
    """What becomes of each operation; for each that needs one, `writer` puts a message in that is taken."""

    def taken() -> Any:
        writer.clear_messages()
        writer.send_message("one")
        return writer.receive_message()

    writer.clear_messages()
    writer.send_message("one")
    attempts: dict[str, Callable[[], Any]] = {
        "properties": queue.get_queue_properties,
        "peek": queue.peek_messages,
        "send": lambda: queue.send_message("two"),
        "receive": queue.receive_message,
        "update": lambda: queue.update_message(taken(), content="three"),
        "delete": lambda: queue.delete_message(taken()),
        "clear": queue.clear_messages,
        "metadata": lambda: queue.set_queue_metadata({}),
    }
    return {name: outcome(attempt) for name, attempt in attempts.items()}


@pytest.mark.parametrize(
    ("role", "allowed"),
    [
        ("Storage Queue Data Reader", {"properties", "peek"}),
        ("Storage Queue Data Message Sender", {"send"}),
        ("Storage Queue Data Message Processor", {"peek", "receive", "delete"}),
        (
            "Storage Queue Data Contributor",
            {"properties", "peek", "send", "receive", "update", "delete", "clear", "metadata"},
        ),
        ("Owner", {"properties", "metadata"}),
        ("Storage Blob Data Owner", set[str]()),
    ],
)
def test_i13_each_role_does_what_its_data_actions_say_and_nothing_else(
    stage: StorageStage, account: str, role: str, allowed: set[str]
) -> None:
    writer = stage.queue(account, "orders", "Storage Queue Data Contributor")
    found = everything(stage.queue(account, "orders", role), writer)
    assert found == {name: "done" if name in allowed else MISMATCH for name in found}


@pytest.mark.parametrize(
    ("actions", "allowed"),
    [
        (["read"], {"peek"}),
        (["delete"], {"delete", "clear"}),
        (["read", "delete"], {"peek", "receive", "delete", "clear"}),
        (["write"], {"send", "update"}),
        (["process/action"], {"receive", "delete"}),
    ],
    ids=lambda given: " ".join(sorted(given)),
)
def test_i13_a_role_of_ones_own_does_what_its_actions_say(
    stage: StorageStage, account: str, actions: list[str], allowed: set[str]
) -> None:
    messages = "Microsoft.Storage/storageAccounts/queueServices/queues/messages"
    scope = f"{stage.account_id(account)}/queueServices/default/queues/orders"
    who = stage.with_data_actions(scope, [f"{messages}/{action}" for action in actions])
    queue = stage.queues(account, stage.holder(who)).get_queue_client("orders")
    found = everything(queue, stage.queue(account, "orders", "Storage Queue Data Contributor"))
    assert found == {name: "done" if name in allowed else MISMATCH for name in found}


def test_i13_a_grant_on_one_queue_opens_that_one_only(stage: StorageStage, account: str) -> None:
    sender = stage.queue(account, "orders", "Storage Queue Data Message Sender")
    sender.send_message("one")
    service = stage.queues(account, sender.credential)
    for neighbour in ("prices", "nowhere"):
        assert outcome(lambda name=neighbour: service.get_queue_client(name).send_message("one")) == MISMATCH
    assert outcome(lambda: service.create_queue("orders-too")) == MISMATCH
    assert outcome(lambda: service.delete_queue("orders")) == MISMATCH


def test_i13_a_grant_that_is_taken_away_is_over_for_a_client_that_is_open(
    stage: StorageStage, account: str
) -> None:
    who = stage.identity()
    scope = f"{stage.account_id(account)}/queueServices/default/queues/orders"
    made = stage.grant(scope, "Storage Queue Data Message Sender", who.object_id)
    queue = stage.queues(account, stage.holder(who)).get_queue_client("orders")
    queue.send_message("one")
    stage.roles.delete_by_id(made.id)
    assert outcome(lambda: queue.send_message("two")) == MISMATCH


@pytest.mark.parametrize(
    ("shared_keys", "expected"),
    [(False, "KeyBasedAuthenticationNotPermitted"), (None, "AuthenticationFailed")],
)
def test_i13_a_key_that_is_not_the_accounts_opens_no_queue(
    stage: StorageStage, shared_keys: bool | None, expected: str
) -> None:
    account = stage.account(allowSharedKeyAccess=shared_keys)
    key = base64.b64encode(b"a key that somebody has guessed").decode()
    with pytest.raises(HttpResponseError) as error:
        stage.queues(account, key).create_queue("orders")
    assert code(error) == (403, expected)


def test_i13_where_keys_are_on_the_accounts_own_opens_every_queue(stage: StorageStage) -> None:
    account = stage.account(allowSharedKeyAccess=None)
    key = stage.storage.storage_accounts.list_keys(GROUP, account).keys_property[0].value
    queue = stage.queues(account, key).create_queue("orders")
    queue.send_message("one")
    assert queue.receive_message().content == "one"


def test_i13_a_token_for_blobs_of_the_account_is_refused_by_its_queues(stage: StorageStage) -> None:
    account = stage.account()
    who = stage.reader_of(account, "Storage Queue Data Contributor")
    address = f"https://{account}.queue.core.windows.net/?comp=list"
    answers: dict[str, int] = {}
    with stage.http() as client:
        for audience in ("queue", "blob"):
            token, _ = stage.azure.entra.issue(who, f"https://{account}.{audience}.core.windows.net")
            headers = {"Authorization": f"Bearer {token}", "x-ms-version": "2024-11-04"}
            answers[audience] = client.get(address, headers=headers).status_code
        bare = client.get(address, headers={"x-ms-version": "2024-11-04"})
    assert answers == {"queue": 200, "blob": 401}
    assert (bare.status_code, bare.headers["x-ms-error-code"]) == (401, "NoAuthenticationInformation")
    assert "resource_id=https://storage.azure.com" in bare.headers["WWW-Authenticate"]
