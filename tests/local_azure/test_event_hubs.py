"""Event Hubs, judged by azure-eventhub: who gets in where, and what becomes of an event."""

import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from azure.core.credentials import AzureNamedKeyCredential
from azure.eventhub import EventData, EventHubConsumerClient, EventHubProducerClient
from azure.eventhub.exceptions import (
    AuthenticationError,
    ConnectError,
    ConnectionLostError,
    EventHubError,
)

from tests.local_azure.messaging_stage import (
    EVENT_RECEIVER,
    EVENT_SENDER,
    MessagingStage,
    later,
    messaging_stage,
)

EVERYTHING = "-1"


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MessagingStage]:
    with messaging_stage(tmp_path_factory.mktemp("azure")) as stage:
        yield stage


def sent(client: EventHubProducerClient, *texts: str, **where: Any) -> None:
    client.send_batch([EventData(text) for text in texts], **where)


def read(client: EventHubConsumerClient, count: int, partition: str = "0", **more: Any) -> list[Any]:
    """The next events of a partition. Raises what the client reports."""
    found: list[Any] = []
    errors: list[Exception] = []

    def on_event(_: Any, event: Any) -> None:
        found.append(event)
        if len(found) == count:
            client.close()

    def on_error(_: Any, error: Exception) -> None:
        errors.append(error)
        client.close()

    # A reader waits a second for what else it takes, which is as much as it is asked for here.
    position: dict[str, Any] = {"starting_position": EVERYTHING, "prefetch": count, **more}
    client.receive(on_event=on_event, on_error=on_error, partition_id=partition, **position)
    if errors:
        raise errors[0]
    return found


def texts(events: list[Any]) -> list[str]:
    return [event.body_as_str() for event in events]


def test_what_one_identity_sends_another_reads_and_each_may_do_nothing_else(stage: MessagingStage) -> None:
    namespace = stage.namespace(service="EventHub")
    hub, _ = stage.hub(namespace), stage.hub(namespace, "neighbour")
    sending, reading = stage.with_roles(hub, EVENT_SENDER), stage.with_roles(hub, EVENT_RECEIVER)
    with stage.producer(namespace, sending) as client:
        assert client.get_partition_ids() == ["0", "1"]
        sent(client, "one", "two", partition_id="0")
        told = client.get_partition_properties("0")
        assert (told["last_enqueued_sequence_number"], told["is_empty"]) == (1, False)
        assert client.get_partition_properties("1")["is_empty"] is True
    events = read(stage.consumer(namespace, reading), 2)
    assert [(one.body_as_str(), one.sequence_number) for one in events] == [("one", 0), ("two", 1)]
    with pytest.raises(ConnectionLostError, match="'Listen' claim"):
        read(stage.consumer(namespace, sending), 1)
    with stage.producer(namespace, reading) as client, pytest.raises(EventHubError, match="'Send' claim"):
        sent(client, "three", partition_id="0")
    neighbour = stage.producer(namespace, sending, "neighbour")
    with neighbour as client, pytest.raises(EventHubError, match="claim"):
        sent(client, "one", partition_id="0")


@pytest.mark.parametrize(
    ("is_off", "why"),
    [(True, "LocalAuthDisabled: Authorization failed because SAS"), (False, "InvalidSignature")],
)
def test_a_key_opens_no_hub(stage: MessagingStage, is_off: bool, why: str) -> None:
    namespace = stage.namespace(service="EventHub", disableLocalAuth=is_off)
    stage.hub(namespace)
    key = AzureNamedKeyCredential("RootManageSharedAccessKey", "c2hvcA==")
    with (
        stage.producer(namespace, key) as client,
        pytest.raises((AuthenticationError, ConnectError), match=why),
    ):
        client.get_partition_ids()


def test_m12_events_of_one_key_stay_together(stage: MessagingStage) -> None:
    namespace = stage.namespace(service="EventHub")
    both = stage.with_roles(stage.hub(namespace), EVENT_SENDER, EVENT_RECEIVER)
    with stage.producer(namespace, both) as client:
        for text in ("one", "two", "three"):
            sent(client, text, partition_key="customer-7")
        (home,) = [one for one in ("0", "1") if not client.get_partition_properties(one)["is_empty"]]
    events = read(stage.consumer(namespace, both), 3, home)
    assert texts(events) == ["one", "two", "three"]
    assert {event.partition_key for event in events} == {b"customer-7"}


def test_m11_every_consumer_group_reads_all_events_from_where_it_says(stage: MessagingStage) -> None:
    namespace = stage.namespace(service="EventHub")
    both = stage.with_roles(stage.hub(namespace, "clicks", "billing"), EVENT_SENDER, EVENT_RECEIVER)
    with stage.producer(namespace, both) as client:
        sent(client, "one", "two", "three", partition_id="0")
    assert texts(read(stage.consumer(namespace, both, "billing"), 3)) == ["one", "two", "three"]
    again = read(stage.consumer(namespace, both), 2, starting_position=1, starting_position_inclusive=True)
    assert [(event.sequence_number, event.body_as_str()) for event in again] == [(1, "two"), (2, "three")]
    assert texts(read(stage.consumer(namespace, both), 1, starting_position=again[0].offset)) == ["three"]
    before = again[0].enqueued_time - timedelta(minutes=1)
    assert texts(read(stage.consumer(namespace, both), 1, starting_position=before)) == ["one"]


def test_m12_a_role_on_a_consumer_group_reads_as_that_group_alone(stage: MessagingStage) -> None:
    namespace = stage.namespace(service="EventHub")
    hub = stage.hub(namespace, "clicks", "billing", "shipping")
    with stage.producer(namespace, stage.with_roles(hub, EVENT_SENDER)) as client:
        sent(client, "one", partition_id="0")
    billing = stage.with_roles(f"{hub}/consumergroups/billing", EVENT_RECEIVER)
    assert texts(read(stage.consumer(namespace, billing, "billing"), 1)) == ["one"]
    with pytest.raises(ConnectionLostError, match="'Listen' claim"):
        read(stage.consumer(namespace, billing, "shipping"), 1)
    nobody = stage.identity()
    with stage.consumer(namespace, nobody, "billing") as client, pytest.raises(EventHubError, match="401"):
        client.get_partition_ids()


def test_m11_a_reader_with_a_higher_owner_level_takes_over(stage: MessagingStage) -> None:
    namespace = stage.namespace(service="EventHub")
    both = stage.with_roles(stage.hub(namespace), EVENT_SENDER, EVENT_RECEIVER)
    with stage.producer(namespace, both) as client:
        sent(client, "one", partition_id="0")
    first, lost = stage.consumer(namespace, both), list[Exception]()
    has_read = threading.Event()

    def on_error(_: Any, error: Exception) -> None:
        lost.append(error)
        first.close()

    def on_event(_: Any, __: Any) -> None:
        has_read.set()

    def reading() -> None:
        first.receive(
            on_event=on_event, on_error=on_error,
            partition_id="0", starting_position=EVERYTHING, owner_level=1,
        )  # fmt: skip

    thread = threading.Thread(target=reading)
    thread.start()
    has_read.wait()
    assert texts(read(stage.consumer(namespace, both), 1, owner_level=2)) == ["one"]
    thread.join()
    assert "with higher epoch of '2' is created" in str(lost[0])


def test_a_grant_that_is_taken_away_is_felt_by_a_sender_at_its_next_token(
    stage: MessagingStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    namespace = stage.namespace(service="EventHub")
    hub, sending = stage.hub(namespace), stage.identity()
    grant = stage.grant(hub, EVENT_SENDER, sending.object_id)
    with stage.producer(namespace, sending) as client:
        sent(client, "one", partition_id="0")
        stage.roles.delete_by_id(grant.id)
        # The token that it has is good for a day, and what it opened stays open.
        sent(client, "two", partition_id="0")
        later(monkeypatch, "azure.eventhub._pyamqp.cbs")
        with pytest.raises(EventHubError, match="'Send' claim"):
            sent(client, "three", partition_id="0")
    monkeypatch.undo()
    reading = stage.with_roles(hub, EVENT_RECEIVER)
    with stage.consumer(namespace, reading) as client:
        assert client.get_partition_properties("0")["last_enqueued_sequence_number"] == 1
