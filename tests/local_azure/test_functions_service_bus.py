"""Triggers of Service Bus: queues and subscriptions by identity, and what becomes of a message (F16)."""

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from azure.servicebus import ServiceBusClient, ServiceBusMessage, ServiceBusSubQueue, TransportType

from local_azure.constants import DEPLOYER
from local_azure.server import LocalAzure
from tests.drawn_key import begun
from tests.local_azure.app_service_stage import Json, eventually
from tests.local_azure.functions_stage import BLOB_OWNER, Functions

OWNER, RECEIVER = "090c5cfd-751d-490a-894a-3ce6f1109419", "4f6d3b9b-027b-4f4c-9142-0e5a2a2247e0"
APP = """
import azure.functions as func

app = func.FunctionApp()
seen = []

def note(where: str, message: func.ServiceBusMessage) -> None:
    text = message.get_body().decode()
    seen.append(f"{where} {text} {message.delivery_count} {message.application_properties.get('from', '-')}")
    if text == "bad":
        raise ValueError("no such order")

@app.service_bus_queue_trigger(arg_name="message", queue_name="%BUS_QUEUE%", connection="BUS")
def work(message: func.ServiceBusMessage) -> None:
    note("queue", message)

@app.service_bus_topic_trigger(
    arg_name="message", topic_name="news", subscription_name="all", connection="BUS"
)
async def read(message: func.ServiceBusMessage) -> None:
    note("topic", message)

@app.route(route="seen", auth_level=func.AuthLevel.ANONYMOUS)
def tell(req: func.HttpRequest) -> str:
    return ", ".join(sorted(seen))
"""


class Messages(Functions):
    def namespace(self) -> str:
        """The name of a new namespace with a queue that gives each message out twice, and a topic."""
        name = self.name("ns")
        body: Json = {"location": "westeurope", "sku": {"name": "Standard"}}
        self.arm("PUT", self.bus_id(name), {**body, "properties": {"disableLocalAuth": True}}, "2024-01-01")
        for path, properties in (
            ("queues/orders", {"maxDeliveryCount": 2}),
            ("topics/news", {}),
            ("topics/news/subscriptions/all", {}),
        ):
            body = {"properties": properties}
            self.arm("PUT", f"{self.bus_id(name)}/{path}", body, "2024-01-01")
        return name

    def bus_id(self, namespace: str, path: str = "") -> str:
        return self.id("Microsoft.ServiceBus/namespaces", namespace) + path

    def client(self, namespace: str) -> ServiceBusClient:
        """azure-servicebus for the deployer."""
        proxy = urlsplit(self.local.proxy_url)
        return ServiceBusClient(
            f"{namespace}.servicebus.windows.net",
            self.credential,
            connection_verify=self.local.addresses.authority,
            http_proxy={"proxy_hostname": proxy.hostname, "proxy_port": proxy.port},
            transport_type=TransportType.AmqpOverWebsocket,
        )

    def started(self, namespace: str, *scopes: str, code: str = APP, **settings: str) -> str:
        """A site whose identity may receive there."""
        account, identity = self.account(), self.identity()
        who = identity["properties"]["principalId"]
        self.assign(self.scope(account), who, BLOB_OWNER)
        for scope in scopes:
            self.assign(self.bus_id(namespace, scope), who, RECEIVER)
        told = {
            "BUS__fullyQualifiedNamespace": f"{namespace}.servicebus.windows.net",
            "BUS__credential": "managedidentity",
            "BUS__clientId": identity["properties"]["clientId"],
            "BUS_QUEUE": "orders",
        }
        return self.function_app(account, identity, {"function_app.py": code}, **{**told, **settings})

    def seen(self, site: str) -> str:
        return self.get(site, "/api/seen").text


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Messages]:
    with LocalAzure(begun(tmp_path_factory.mktemp("azure"))) as local:
        yield Messages(local)


def test_f16_a_message_is_completed_or_comes_back_until_it_is_a_dead_letter(stage: Messages) -> None:
    namespace = stage.namespace()
    stage.assign(stage.bus_id(namespace), DEPLOYER.object_id, OWNER)
    site = stage.started(namespace, "/queues/orders", "/topics/news/subscriptions/all")
    with stage.client(namespace) as client:
        with client.get_queue_sender("orders") as sender:
            sender.send_messages(ServiceBusMessage("one", application_properties={"from": "shop"}))
            sender.send_messages(ServiceBusMessage("bad"))
        with client.get_topic_sender("news") as sender:
            sender.send_messages(ServiceBusMessage("open"))
        wanted = "queue bad 1 -, queue bad 2 -, queue one 1 shop, topic open 1 -"
        eventually(lambda: stage.seen(site), wanted)
        with client.get_queue_receiver("orders", sub_queue=ServiceBusSubQueue.DEAD_LETTER) as dead:
            (letter,) = dead.receive_messages(max_message_count=2, max_wait_time=30)
            assert (str(letter), letter.dead_letter_reason) == ("bad", "MaxDeliveryCountExceeded")
        with client.get_queue_receiver("orders") as receiver:
            assert receiver.peek_messages(5) == []


def test_f16_a_trigger_that_may_not_receive_does_not_start_and_others_do(stage: Messages) -> None:
    namespace = stage.namespace()
    stage.assign(stage.bus_id(namespace), DEPLOYER.object_id, OWNER)
    site = stage.started(namespace, "/queues/orders")
    with stage.client(namespace) as client:
        with client.get_topic_sender("news") as sender:
            sender.send_messages(ServiceBusMessage("open"))
        with client.get_queue_sender("orders") as sender:
            sender.send_messages(ServiceBusMessage("one"))
    eventually(lambda: stage.seen(site), "queue one 1 -")
    eventually(lambda: "the listener did not start: " in stage.log_of(site), True)
    assert "'Listen' claim" in stage.log_of(site)


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"BUS": "Endpoint=sb://x"}, "which wins over BUS__fullyQualifiedNamespace"),
        ({"BUS__fullyQualifiedNamespace": ""}, "no setting BUS__fullyQualifiedNamespace, which a link to"),
    ],
)
def test_a_connection_that_is_none_is_refused_in_words(
    stage: Messages, settings: dict[str, str], words: str
) -> None:
    site = stage.started("nothing", **settings)
    eventually(lambda: words in stage.log_of(site), True)
    assert stage.get(site, "/api/seen").status_code == 503


def test_sessions_and_batches_are_refused_in_words(stage: Messages) -> None:
    code = APP.replace('queue_name="%BUS_QUEUE%"', 'queue_name="orders", is_sessions_enabled=True')
    site = stage.started("nothing", code=code)
    eventually(lambda: "function work asks for sessions or for many messages" in stage.log_of(site), True)
