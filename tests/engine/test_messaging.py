"""Namespaces of both services through the real engine: what is linked works, what was taken away does not."""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from azure.core.credentials import AccessToken
from azure.eventhub import EventData, EventHubProducerClient
from azure.eventhub import TransportType as HubTransport
from azure.eventhub.exceptions import EventHubError
from azure.servicebus import ServiceBusClient, ServiceBusMessage, TransportType
from azure.servicebus.exceptions import ServiceBusAuthorizationError

from local_azure.server import LocalAzure
from tests.attached import AttachedEngine
from tests.engine.conftest import Loop
from tests.engine.given_program import given_program
from toolchain.paths import ROOT

PROGRAM = f"""
import sys
sys.path.insert(0, {str(ROOT)!r})
import pulumi
from pulumi_azure_native import resources
from components import EventHubs, ManagedIdentity, ServiceBus, WorkloadAccess

config = pulumi.Config()
group = resources.ResourceGroup("shop", location="westeurope")
where = {{"resource_group_name": group.name}}
bus = ServiceBus("shop", {{
    **where, "tier": "premium", "queues": ["orders"], "topics": ["sales"], "subscriptions": ["sales/billing"],
    "namespace_allowed_ip_ranges": {{"everybody-here": "198.51.100.0/24"}},
}})
hubs = EventHubs("shop", {{
    **where, "hubs": ["clicks"], "consumer_groups": ["clicks/billing"], "partitions": 2,
}})
identity = ManagedIdentity("web", where)
links = {{"orders": bus.send_link("orders"), "clicks": hubs.send_link("clicks")}}
if config.get_bool("receives"):
    links = {{
        "sales": bus.receive_link(topic="sales", subscription="billing"),
        "billing": hubs.receive_link("clicks", "billing"),
    }}
web = WorkloadAccess("web", {{
    "principal_id": identity.principal_id, "client_id": identity.client_id, "links": links,
}})
pulumi.export("environment", web.environment)
pulumi.export("principal", web.principal_id)
pulumi.export("access", web.access)
"""


@pytest.fixture
def shop(engine: AttachedEngine, cloud: LocalAzure, tmp_path: Path) -> Loop:
    return given_program(Loop, engine, cloud, tmp_path, PROGRAM, {"keyless:receives": "false"})


class Holder:
    """The credential of the workload's identity."""

    def __init__(self, cloud: LocalAzure, principal_id: str) -> None:
        self._entra = cloud.azure.entra
        principal = self._entra.principal(principal_id)
        assert principal is not None
        self._principal = principal

    def get_token(self, *scopes: str, **_: object) -> AccessToken:
        return AccessToken(*self._entra.issue(self._principal, scopes[0].removesuffix("/.default")))


def way(cloud: LocalAzure) -> dict[str, Any]:
    proxy = urlsplit(cloud.proxy_url)
    return {
        "http_proxy": {"proxy_hostname": proxy.hostname, "proxy_port": proxy.port},
        "connection_verify": cloud.addresses.authority,
        "retry_total": 0,
    }


def send_event(cloud: LocalAzure, told: dict[str, str], credential: Any) -> None:
    """As code would that is told this."""
    client = EventHubProducerClient(
        told["CLICKS_HOST"], told["CLICKS_HUB"], credential,
        transport_type=HubTransport.AmqpOverWebsocket, **way(cloud),
    )  # fmt: skip
    with client:
        client.send_event(EventData("one"))


def send_message(cloud: LocalAzure, told: dict[str, str], credential: Any) -> None:
    client = ServiceBusClient(
        told["ORDERS_HOST"], credential, transport_type=TransportType.AmqpOverWebsocket, **way(cloud)
    )
    with client, client.get_queue_sender(told["ORDERS_QUEUE"]) as sender:
        sender.send_messages(ServiceBusMessage("one"))


def test_a_workload_sends_where_it_is_linked_until_it_is_linked_elsewhere(shop: Loop) -> None:
    shop.stack.up("--skip-preview")
    outputs = shop.stack.outputs()
    told, credential = outputs["environment"], Holder(shop.cloud, outputs["principal"])
    send_event(shop.cloud, told, credential)
    send_message(shop.cloud, told, credential)
    shop.stack.preview("--expect-no-changes")
    shop.stack.write_configuration({"receives": "true"})
    shop.stack.up("--skip-preview")
    outputs = shop.stack.outputs()
    assert sorted(outputs["environment"]) == [
        "AZURE_CLIENT_ID", "BILLING_CONSUMER_GROUP", "BILLING_HOST", "BILLING_HUB",
        "SALES_HOST", "SALES_SUBSCRIPTION", "SALES_TOPIC",
    ]  # fmt: skip
    scopes = sorted(scope.rpartition("/namespaces/")[2].partition("/")[2] for *_, scope in shop.grants())
    assert [one for one in scopes if one] == [
        "eventhubs/clicks/consumergroups/billing",
        "topics/sales/subscriptions/billing",
    ]
    with pytest.raises(EventHubError, match="'Send' claim"):
        send_event(shop.cloud, told, credential)
    with pytest.raises(ServiceBusAuthorizationError, match="'Send' claim"):
        send_message(shop.cloud, told, credential)
    shop.stack.destroy()
    assert shop.session.control("/leftovers")["resources"] == []
