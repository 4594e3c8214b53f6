"""Service Bus's messages, judged by azure-servicebus: who gets in where, and what becomes of a message."""

import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from azure.core.credentials import AzureNamedKeyCredential
from azure.servicebus import ServiceBusMessage, ServiceBusReceivedMessage, ServiceBusReceiver
from azure.servicebus.exceptions import (
    MessageLockLostError,
    MessagingEntityNotFoundError,
    ServiceBusAuthenticationError,
    ServiceBusAuthorizationError,
    ServiceBusError,
)

from local_azure.entra.directory import Principal
from local_azure.origins import PERSON_ADDRESS
from tests.local_azure import networks
from tests.local_azure.app_service_stage import Stage
from tests.local_azure.arm import content
from tests.local_azure.messaging_stage import RECEIVER, SENDER, MessagingStage, later, messaging_stage
from tests.local_azure.networks import ENDPOINTS, SITES

TWO_TRIES = "Message could not be consumed after 2 delivery attempts."
WAIT = 60.0
"""Seconds that a receiver waits for what was sent before."""


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MessagingStage]:
    with messaging_stage(tmp_path_factory.mktemp("azure")) as stage:
        yield stage


def sent(client: Any, queue: str, *texts: str) -> None:
    with client.get_queue_sender(queue) as sender:
        sender.send_messages([ServiceBusMessage(text) for text in texts])


def taken(receiver: ServiceBusReceiver, count: int = 1) -> list[ServiceBusReceivedMessage]:
    """So many messages, which a receiver may be given one after the other."""
    found: list[ServiceBusReceivedMessage] = []
    while len(found) < count:
        more = receiver.receive_messages(count - len(found), max_wait_time=WAIT)
        assert more, f"{len(found)} messages of {count}"
        found += more
    return found


def received(receiver: ServiceBusReceiver, count: int = 1) -> list[str]:
    """What is taken and settled."""
    messages = taken(receiver, count)
    for one in messages:
        receiver.complete_message(one)
    return [str(one) for one in messages]


def test_what_one_identity_sends_another_receives_and_each_may_do_nothing_else(stage: MessagingStage) -> None:
    namespace = stage.namespace()
    queue, _ = stage.queue(namespace), stage.queue(namespace, "neighbour")
    sending, receiving = stage.with_roles(queue, SENDER), stage.with_roles(queue, RECEIVER)
    with stage.bus(namespace, sending) as client:
        sent(client, "orders", "one", "two", "three")
        with pytest.raises(ServiceBusAuthorizationError, match="'Listen' claim"):
            client.get_queue_receiver("orders").receive_messages(max_wait_time=WAIT)
        with pytest.raises(ServiceBusAuthorizationError, match="'Send' claim"):
            sent(client, "neighbour", "one")
    with stage.bus(namespace, receiving) as client:
        with client.get_queue_receiver("orders") as receiver:
            first, *others = receiver.peek_messages(3)
            assert (str(first), first.sequence_number, len(others)) == ("one", 1, 2)
            (first,) = taken(receiver)
            assert (str(first), first.delivery_count, first.sequence_number) == ("one", 0, 1)
            receiver.complete_message(first)
            assert received(receiver, 2) == ["two", "three"]
            assert receiver.peek_messages(3) == []
        with pytest.raises(ServiceBusAuthorizationError, match="'Send' claim"):
            sent(client, "orders", "four")


def test_m1_without_a_role_no_link_is_attached_and_the_claim_is_named(stage: MessagingStage) -> None:
    namespace = stage.namespace()
    queue = stage.queue(namespace)
    stranger = stage.with_roles(queue, "Owner")
    with (
        stage.bus(namespace, stranger) as client,
        pytest.raises(ServiceBusAuthorizationError) as refused,
    ):
        sent(client, "orders", "one")
    assert re.match(
        r"Unauthorized access\. 'Send' claim\(s\) are required to perform this operation\. Resource: "
        rf"'sb://{namespace}\.servicebus\.windows\.net/orders'\. TrackingId:[0-9a-f-]+_G0, "
        r"SystemTracker:NoSystemTracker, Timestamp:\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d",
        str(refused.value),
    )
    last = stage.azure.journal.entries(1)[0]
    assert (last["method"], last["host"], last["path"], last["status"], last["decision"]) == (
        "AMQP", f"{namespace}.servicebus.windows.net", "/orders", 401, "refused: amqp:unauthorized-access",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("is_off", "why"),
    [
        (True, "LocalAuthDisabled: Authorization failed because SAS authentication has been disabled"),
        (False, "InvalidSignature"),
    ],
)
def test_m2_a_key_opens_nothing(stage: MessagingStage, is_off: bool, why: str) -> None:
    namespace = stage.namespace(disableLocalAuth=is_off)
    stage.queue(namespace)
    key = AzureNamedKeyCredential("RootManageSharedAccessKey", "c2hvcA==")
    with stage.bus(namespace, key) as client, pytest.raises(ServiceBusAuthenticationError) as refused:
        sent(client, "orders", "one")
    assert why in str(refused.value.inner_exception)


def test_m3_a_grant_that_is_taken_away_is_felt_at_the_next_token(
    stage: MessagingStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    namespace = stage.namespace()
    queue, sending = stage.queue(namespace), stage.identity()
    grant = stage.grant(queue, SENDER, sending.object_id)
    with stage.bus(namespace, sending) as client, client.get_queue_sender("orders") as sender:
        sender.send_messages(ServiceBusMessage("one"))
        stage.roles.delete_by_id(grant.id)
        # The token that it has is good for a day, and what it opened stays open.
        sender.send_messages(ServiceBusMessage("two"))
        later(monkeypatch, "azure.servicebus._pyamqp.cbs")
        with pytest.raises(ServiceBusAuthorizationError, match="'Send' claim"):
            sender.send_messages([ServiceBusMessage("three")])
    reading = stage.with_roles(queue, RECEIVER)
    with stage.bus(namespace, reading) as client, client.get_queue_receiver("orders") as receiver:
        assert [str(one) for one in receiver.peek_messages(2)] == ["one", "two"]


def test_m3_a_token_for_something_else_is_refused_when_it_is_put(stage: MessagingStage) -> None:
    namespace = stage.namespace()
    sending = stage.with_roles(stage.queue(namespace), SENDER)

    class ForTheVault:
        def get_token(self, *_: str, **__: object) -> Any:
            return stage.holder(sending).get_token("https://vault.azure.net/.default")

    with (
        stage.bus(namespace, ForTheVault()) as client,
        pytest.raises(ServiceBusAuthenticationError) as refused,
    ):
        sent(client, "orders", "one")
    assert "obtained for wrong audience" in str(refused.value.inner_exception)


def test_m4_a_namespace_that_is_closed_answers_whom_its_rules_name_and_nobody_else(
    stage: MessagingStage,
) -> None:
    network = networks.network(stage.arm, stage.group, service_endpoint="Microsoft.ServiceBus")
    sites = Stage(stage.local)
    site = sites.site(
        sites.name("app"),
        serverFarmId=sites.plan(),
        identity={"type": "SystemAssigned"},
        virtualNetworkSubnetId=f"{network}/subnets/{SITES}",
        outboundVnetRouting={"allTraffic": True},
    )
    app = stage.azure.entra.principal(site.identity.principal_id)
    assert app is not None
    person = stage.identity()

    def closed(public: str = "Enabled", **rules: Any) -> str:
        name = stage.namespace("Premium", publicNetworkAccess=public)
        id = stage.queue(name)
        body = {"properties": {"defaultAction": "Deny", **rules}}
        content(stage.arm("PUT", f"{stage.namespace_id(name)}/networkRuleSets/default", body))
        for who in (app, person):
            stage.grant(id, SENDER, who.object_id)
        return name

    def outcome(namespace: str, who: Any) -> str:
        try:
            with stage.bus(namespace, who) as client:
                sent(client, "orders", "one")
        except ServiceBusAuthenticationError as error:
            found = re.search(r"Ip has been prevented to connect", str(error.inner_exception))
            return "refused" if found else "refused for another reason"
        return "sent"

    by_subnet = closed(virtualNetworkRules=[{"subnet": {"id": f"{network}/subnets/{SITES}"}}])
    assert [outcome(by_subnet, who) for who in (app, person)] == ["sent", "refused"]
    by_address = closed(ipRules=[{"ipMask": PERSON_ADDRESS, "action": "Allow"}])
    assert [outcome(by_address, who) for who in (app, person)] == ["refused", "sent"]
    private = closed("Disabled")
    target = stage.namespace_id(private)
    endpoint = f"{stage.group}/providers/Microsoft.Network/privateEndpoints/pep-{private}"
    subnet = f"{network}/subnets/{ENDPOINTS}"
    content(stage.arm("PUT", endpoint, networks.private_endpoint_body(subnet, target, "namespace")))
    zone = networks.zone(stage.arm, stage.group, network, "privatelink.servicebus.windows.net")
    networks.zone_group(stage.arm, endpoint, zone)
    assert [outcome(private, who) for who in (app, person)] == ["sent", "refused"]


def test_m8_a_lock_that_ended_is_lost_and_its_message_is_given_out_again(stage: MessagingStage) -> None:
    namespace = stage.namespace()
    queue = stage.queue(namespace, lockDuration="PT5S")
    both = stage.with_roles(queue, SENDER, RECEIVER)
    with stage.bus(namespace, both) as client:
        sent(client, "orders", "one")
        with client.get_queue_receiver("orders") as receiver:
            (first,) = taken(receiver)
            end: datetime = receiver.renew_message_lock(first)
            assert end > first.enqueued_time_utc  # type: ignore[operator]
            stage.azure.clock.advance(6)
            with pytest.raises(MessageLockLostError):
                receiver.complete_message(first)
            (again,) = taken(receiver)
            assert (str(again), again.delivery_count) == ("one", 1)
            receiver.complete_message(again)


def test_m8_what_fails_too_often_is_a_dead_letter_with_a_reason(stage: MessagingStage) -> None:
    namespace = stage.namespace()
    queue = stage.queue(namespace, maxDeliveryCount=2)
    both = stage.with_roles(queue, SENDER, RECEIVER)
    with stage.bus(namespace, both) as client:
        sent(client, "orders", "tried", "poison")
        with client.get_queue_receiver("orders") as receiver:
            for expected in (0, 1):
                (first,) = taken(receiver)
                assert (str(first), first.delivery_count) == ("tried", expected)
                receiver.abandon_message(first)
            (poison,) = taken(receiver)
            receiver.dead_letter_message(poison, reason="NoSuchPart", error_description="part 7")
            assert receiver.peek_messages(2) == []
        with client.get_queue_receiver("orders", sub_queue="deadletter") as receiver:
            dead = taken(receiver, 2)
            assert [
                (str(one), one.dead_letter_reason, one.dead_letter_error_description) for one in dead
            ] == [
                (
                    "tried",
                    "MaxDeliveryCountExceeded",
                    TWO_TRIES,
                ),
                ("poison", "NoSuchPart", "part 7"),
            ]


def test_a_message_that_is_received_and_deleted_or_deferred_is_not_given_out_again(
    stage: MessagingStage,
) -> None:
    namespace = stage.namespace()
    both = stage.with_roles(stage.queue(namespace), SENDER, RECEIVER)
    with stage.bus(namespace, both) as client:
        sent(client, "orders", "deleted", "deferred")
        with client.get_queue_receiver("orders", receive_mode="receiveanddelete") as receiver:
            (first,) = taken(receiver)
            assert str(first) == "deleted"
        with client.get_queue_receiver("orders") as receiver:
            (second,) = taken(receiver)
            assert str(second) == "deferred"
            receiver.defer_message(second)
            number = second.sequence_number
            assert number is not None
            (again,) = receiver.receive_deferred_messages([number])
            assert str(again) == "deferred"
            receiver.complete_message(again)
            assert receiver.peek_messages(2) == []


def test_m9_a_topic_gives_each_subscription_a_copy(stage: MessagingStage) -> None:
    namespace = stage.namespace()
    topic = stage.topic(namespace, "sales", "billing", "shipping")
    sending = stage.with_roles(topic, SENDER)
    billing = stage.with_roles(f"{topic}/subscriptions/billing", RECEIVER)
    with stage.bus(namespace, sending) as client, client.get_topic_sender("sales") as sender:
        sender.send_messages(ServiceBusMessage("one", application_properties={"part": 7}))
    with stage.bus(namespace, billing) as client:
        with client.get_subscription_receiver("sales", "billing") as receiver:
            (message,) = taken(receiver)
            assert (str(message), message.application_properties) == ("one", {b"part": 7})
            receiver.complete_message(message)
        with pytest.raises(ServiceBusAuthorizationError, match="'Listen' claim"):
            client.get_subscription_receiver("sales", "shipping").receive_messages(max_wait_time=WAIT)
    shipping = stage.with_roles(f"{topic}/subscriptions/shipping", RECEIVER)
    with (
        stage.bus(namespace, shipping) as client,
        client.get_subscription_receiver("sales", "shipping") as receiver,
    ):
        assert received(receiver) == ["one"]


def test_m9_what_is_not_there_is_not_found(stage: MessagingStage) -> None:
    namespace = stage.namespace()
    sending = stage.with_roles(stage.namespace_id(namespace), SENDER)
    with (
        stage.bus(namespace, sending) as client,
        pytest.raises(MessagingEntityNotFoundError, match=r"The messaging entity 'sb://.*/orders' could"),
    ):
        sent(client, "orders", "one")


def test_m9_a_queue_with_sessions_gives_nothing_to_a_reader_without_one(stage: MessagingStage) -> None:
    namespace = stage.namespace()
    reading = stage.with_roles(stage.queue(namespace, requiresSession=True), RECEIVER)
    with stage.bus(namespace, reading) as client, pytest.raises(ServiceBusError, match="requires sessions"):
        client.get_queue_receiver("orders").receive_messages(max_wait_time=WAIT)


def test_a_large_message_arrives_whole_and_one_that_is_too_large_does_not(stage: MessagingStage) -> None:
    namespace = stage.namespace()
    both = stage.with_roles(stage.queue(namespace), SENDER, RECEIVER)
    with stage.bus(namespace, both) as client:
        sent(client, "orders", "x" * 200_000)
        with client.get_queue_receiver("orders") as receiver:
            assert received(receiver) == ["x" * 200_000]
        with pytest.raises(ServiceBusError):
            sent(client, "orders", "x" * 300_000)


def test_a_queue_that_is_made_again_has_none_of_its_messages(stage: MessagingStage) -> None:
    namespace = stage.namespace()
    queue = stage.queue(namespace)
    both = stage.with_roles(stage.namespace_id(namespace), SENDER, RECEIVER)
    with stage.bus(namespace, both) as client:
        sent(client, "orders", "old")
        assert stage.arm("DELETE", queue).status == 200
        stage.queue(namespace)
        with client.get_queue_receiver("orders") as receiver:
            assert receiver.peek_messages(1) == []


def test_a_token_that_has_expired_sends_nothing_more(tmp_path: Path) -> None:
    with messaging_stage(tmp_path) as stage:
        _expires(stage)  # which moves the clock by a day


def _expires(stage: MessagingStage) -> None:
    namespace = stage.namespace()
    queue = stage.queue(namespace)
    sending = stage.with_roles(queue, SENDER)
    with stage.bus(namespace, sending) as client, client.get_queue_sender("orders") as sender:
        sender.send_messages(ServiceBusMessage("one"))
        stage.azure.clock.advance(100_000)
        with pytest.raises(ServiceBusError):
            sender.send_messages(ServiceBusMessage("two"))
    stage.sign_in()
    reading = stage.with_roles(queue, RECEIVER)
    with stage.bus(namespace, reading) as client, client.get_queue_receiver("orders") as receiver:
        assert [str(one) for one in receiver.peek_messages(2)] == ["one"]


def test_m13_a_message_is_sent_by_one_request_with_a_token(stage: MessagingStage) -> None:
    namespace = stage.namespace()
    queue = stage.queue(namespace)
    sender, stranger = stage.with_roles(queue, SENDER), stage.with_roles(stage.namespace_id(namespace))
    address = f"https://{namespace}.servicebus.windows.net/orders/messages"

    def post(principal: Principal, url: str = address) -> httpx.Response:
        token = stage.holder(principal).get_token("https://servicebus.azure.net/.default").token
        return stage.http().post(url, content=b"one", headers={"Authorization": f"Bearer {token}"})

    assert post(sender).status_code == 201
    refused = post(stranger)
    assert (refused.status_code, "'Send' claim(s) are required" in refused.text) == (401, True)
    assert stage.http().post(address, content=b"one").status_code == 401
    assert post(sender, address.replace("orders", "others")).status_code == 404
    reader = stage.with_roles(queue, RECEIVER)
    with stage.bus(namespace, stage.holder(reader)) as bus, bus.get_queue_receiver("orders") as receiver:
        assert [str(one) for one in receiver.receive_messages(max_wait_time=5)] == ["one"]
