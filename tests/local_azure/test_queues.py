"""Queues and messages as azure-storage-queue sees them: made, put in, taken, hidden and settled (I13)."""

from collections.abc import Iterator
from typing import Any

import pytest
from azure.core.exceptions import ResourceExistsError

from local_azure.server import LocalAzure
from tests.drawn_key import begun
from tests.local_azure.storage_stage import StorageStage, refusal
from tests.local_azure.vault_stage import GROUP

WRITER = "Storage Queue Data Contributor"
DAY = 86_400


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StorageStage]:
    with LocalAzure(begun(tmp_path_factory.mktemp("azure"))) as local:
        yield StorageStage(local)


@pytest.fixture
def service(stage: StorageStage) -> Any:
    """The queues of a new account, for somebody who may do everything with them."""
    account = stage.account()
    return stage.queues(account, stage.holder(stage.reader_of(account, WRITER)))


def test_i13_a_queue_is_made_once(service: Any) -> None:
    queue = service.create_queue("orders", metadata={"of": "shop"})
    with pytest.raises(ResourceExistsError) as error:
        service.create_queue("orders", metadata={"of": "shop"})
    assert error.value.status_code == 204  # the client's word for what the service did not mind
    assert refusal(lambda: service.create_queue("orders")) == (409, "QueueAlreadyExists")
    assert refusal(lambda: service.create_queue("No")) == (400, "InvalidResourceName")
    queue.send_message("one")
    queue.set_queue_metadata({"of": "shop", "for": "worker"})
    properties = queue.get_queue_properties()
    assert properties.metadata == {"of": "shop", "for": "worker"}
    assert properties.approximate_message_count == 1
    queue.delete_queue()
    assert refusal(queue.get_queue_properties) == (404, "QueueNotFound")
    assert list(service.create_queue("orders").peek_messages(32)) == []


def test_i13_queues_are_listed_by_who_may_read_them_all(stage: StorageStage, service: Any) -> None:
    for name in ("orders", "orders-poison", "prices"):
        service.create_queue(name, metadata={"name": name})
    pages = list(service.list_queues(results_per_page=2).by_page())
    assert [[one.name for one in page] for page in map(list, pages)] == [
        ["orders", "orders-poison"],
        ["prices"],
    ]
    found = list(service.list_queues(name_starts_with="orders", include_metadata=True))
    assert [(one.name, one.metadata) for one in found] == [
        ("orders", {"name": "orders"}),
        ("orders-poison", {"name": "orders-poison"}),
    ]
    of_one = stage.queue(service.account_name, "orders", WRITER)
    assert of_one.get_queue_properties().name == "orders"
    everything = stage.queues(service.account_name, of_one.credential)
    assert refusal(lambda: list(everything.list_queues())) == (403, "AuthorizationPermissionMismatch")


def test_queues_of_both_planes_are_the_same(stage: StorageStage, service: Any) -> None:
    account = service.account_name
    stage.storage.queue.create(GROUP, account, "orders", {"properties": {"metadata": {"of": "shop"}}})
    queue = service.get_queue_client("orders")
    assert queue.get_queue_properties().metadata == {"of": "shop"}
    queue.send_message("one")
    stage.storage.queue.delete(GROUP, account, "orders")
    service.create_queue("orders", metadata={"of": "app"})
    assert stage.storage.queue.get(GROUP, account, "orders").metadata == {"of": "app"}
    assert list(queue.peek_messages()) == []


def test_messages_are_looked_at_taken_and_deleted_in_their_order(service: Any) -> None:
    queue = service.create_queue("orders")
    for text in ("one", "two <&> 'ü'", "three"):
        queue.send_message(text)
    assert [one.content for one in queue.peek_messages(2)] == ["one", "two <&> 'ü'"]
    assert [one.dequeue_count for one in queue.peek_messages(32)] == [0, 0, 0]
    taken = list(queue.receive_messages(max_messages=2))
    assert [(one.content, one.dequeue_count) for one in taken] == [("one", 1), ("two <&> 'ü'", 1)]
    assert [one.content for one in queue.peek_messages(32)] == ["three"]
    for message in taken:
        queue.delete_message(message)
    assert queue.get_queue_properties().approximate_message_count == 1
    queue.clear_messages()
    assert list(queue.receive_messages()) == []


def test_i13_a_message_that_is_taken_comes_back_when_its_time_is_over(
    stage: StorageStage, service: Any
) -> None:
    queue = service.create_queue("orders")
    sent = queue.send_message("one", visibility_timeout=60)
    assert list(queue.receive_messages()) == []
    stage.azure.clock.advance(60)
    assert queue.receive_message().dequeue_count == 1  # hidden for 30 seconds where nothing is said
    stage.azure.clock.advance(29)
    assert queue.receive_message() is None
    stage.azure.clock.advance(1)
    again = queue.receive_message(visibility_timeout=300)
    assert (again.id, again.dequeue_count) == (sent.id, 2)
    stage.azure.clock.advance(299)
    assert list(queue.peek_messages()) == []


def test_i13_an_older_receipt_settles_nothing(stage: StorageStage, service: Any) -> None:
    queue = service.create_queue("orders")
    queue.send_message("one")
    first = queue.receive_message(visibility_timeout=10)
    stage.azure.clock.advance(10)
    second = queue.receive_message()
    for attempt in (lambda: queue.delete_message(first), lambda: queue.update_message(first, content="two")):
        assert refusal(attempt) == (404, "MessageNotFound")
    changed = queue.update_message(second, content="half done", visibility_timeout=0)
    assert refusal(lambda: queue.delete_message(second)) == (404, "MessageNotFound")
    assert queue.peek_messages()[0].content == "half done"
    queue.delete_message(changed)
    assert refusal(lambda: queue.delete_message(changed)) == (404, "MessageNotFound")
    assert queue.get_queue_properties().approximate_message_count == 0


def test_a_change_without_a_text_keeps_it_and_hides_the_message_longer(
    stage: StorageStage, service: Any
) -> None:
    queue = service.create_queue("orders")
    queue.send_message("one")
    message = queue.receive_message(visibility_timeout=10)
    queue.update_message(message, visibility_timeout=100)
    stage.azure.clock.advance(99)
    assert queue.receive_message() is None
    stage.azure.clock.advance(1)
    assert queue.receive_message().content == "one"


def test_i13_a_message_lives_seven_days_unless_told(stage: StorageStage, service: Any) -> None:
    queue = service.create_queue("orders")
    queue.send_message("for a while")
    queue.send_message("for a minute", time_to_live=60)
    queue.send_message("for ever", time_to_live=-1)
    for passed, left in (
        (59, ["for a while", "for a minute", "for ever"]),
        (1, ["for a while", "for ever"]),
        (7 * DAY - 60, ["for ever"]),
        (1000 * DAY, ["for ever"]),
    ):
        stage.azure.clock.advance(passed)
        assert [one.content for one in queue.peek_messages(32)] == left
    queue.send_message("for ten seconds", time_to_live=10)
    (taken,) = (one for one in queue.receive_messages(visibility_timeout=9) if one.content != "for ever")
    stage.azure.clock.advance(10)
    assert refusal(lambda: queue.delete_message(taken)) == (404, "MessageNotFound")
    stage.sign_in()


def test_i13_a_message_is_no_larger_than_64_kib(service: Any) -> None:
    queue = service.create_queue("orders")
    queue.send_message("é" * 32 * 1024)
    assert refusal(lambda: queue.send_message("é" * 32 * 1024 + "e")) == (413, "RequestBodyTooLarge")
    assert queue.get_queue_properties().approximate_message_count == 1


def test_i13_numbers_that_the_service_does_not_take_are_refused(service: Any) -> None:
    queue = service.create_queue("orders")
    queue.send_message("one", time_to_live=60)
    message = queue.receive_message()
    for attempt in (
        lambda: list(queue.receive_messages(messages_per_page=33).by_page()),
        lambda: list(queue.receive_messages(visibility_timeout=7 * DAY + 1)),
        lambda: list(queue.receive_messages(visibility_timeout=-1)),
        lambda: queue.send_message("two", visibility_timeout=60, time_to_live=60),
        lambda: queue.send_message("two", time_to_live=-2),
        lambda: queue.update_message(message, visibility_timeout=120),
    ):
        assert refusal(attempt) == (400, "OutOfRangeQueryParameterValue")
    assert queue.get_queue_properties().approximate_message_count == 1
    queue.delete_message(message)  # its receipt is still good: the refused change changed nothing


def test_what_the_service_has_and_is_not_served_is_told(service: Any) -> None:
    queue = service.create_queue("orders")
    assert refusal(service.get_service_properties) == (501, "NotImplemented")
    assert refusal(queue.get_queue_access_policy) == (501, "NotImplemented")


def test_a_body_that_is_no_message_is_refused(stage: StorageStage, service: Any) -> None:
    service.create_queue("orders")
    token = service.credential.get_token("https://storage.azure.com/.default").token
    headers = {"Authorization": f"Bearer {token}", "x-ms-version": "2024-11-04"}
    address = f"https://{service.account_name}.queue.core.windows.net/orders/messages"
    entity = '<!DOCTYPE x [<!ENTITY a "aaaa">]><QueueMessage><MessageText>&a;</MessageText></QueueMessage>'
    with stage.http() as client:
        for body in ("", "one", "<Message/>", entity, entity.encode("utf-16"), entity.encode("utf-16-le")):
            answer = client.post(address, content=body, headers=headers)
            assert (answer.status_code, answer.headers["x-ms-error-code"]) == (400, "InvalidXmlDocument")
