"""What the tests of Service Bus and Event Hubs need: namespaces, and Microsoft's clients for whoever asks."""

import importlib
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from azure.eventhub import EventHubConsumerClient, EventHubProducerClient
from azure.eventhub import TransportType as HubTransport
from azure.servicebus import ServiceBusClient, TransportType
from typing_extensions import TypeVar

from local_azure.entra.directory import Principal
from local_azure.server import LocalAzure
from tests.drawn_key import begun
from tests.local_azure.arm import content
from tests.local_azure.vault_stage import Json, VaultStage

EVENT_SENDER, EVENT_RECEIVER = "Azure Event Hubs Data Sender", "Azure Event Hubs Data Receiver"
SENDER, RECEIVER = "Azure Service Bus Data Sender", "Azure Service Bus Data Receiver"


class MessagingStage(VaultStage):
    """One running local Azure with one resource group, where namespaces are made."""

    @property
    def way(self) -> Json:
        """What leads a client here that takes no other way: the proxy, and whom it trusts."""
        proxy = urlsplit(self.local.proxy_url)
        return {
            "transport_type": TransportType.AmqpOverWebsocket,
            "http_proxy": {"proxy_hostname": proxy.hostname, "proxy_port": proxy.port},
            "connection_verify": self.trust["connection_verify"],
        }

    def namespace_id(self, name: str, service: str = "ServiceBus") -> str:
        return f"{self.group}/providers/Microsoft.{service}/namespaces/{name}"

    def namespace(self, tier: str = "Standard", service: str = "ServiceBus", **properties: Any) -> str:
        """Write a namespace, without keys unless told; its name."""
        name = self.name("ns")
        given = {"disableLocalAuth": True, **properties}
        body = {"location": "westeurope", "sku": {"name": tier}, "properties": given}
        content(self.arm("PUT", self.namespace_id(name, service), body))
        return name

    def queue(self, namespace: str, name: str = "orders", **properties: Any) -> str:
        """Write a queue; its id."""
        id = f"{self.namespace_id(namespace)}/queues/{name}"
        content(self.arm("PUT", id, {"properties": properties}))
        return id

    def topic(self, namespace: str, name: str, *subscriptions: str) -> str:
        """Write a topic with its subscriptions; its id."""
        id = f"{self.namespace_id(namespace)}/topics/{name}"
        content(self.arm("PUT", id, {"properties": {}}))
        for one in subscriptions:
            content(self.arm("PUT", f"{id}/subscriptions/{one}", {"properties": {}}))
        return id

    def with_roles(self, scope: str, *roles: str) -> Principal:
        """A new identity that has the roles there."""
        made = self.identity()
        for role in roles:
            self.grant(scope, role, made.object_id)
        return made

    def bus(self, namespace: str, credential: Any) -> ServiceBusClient:
        """azure-servicebus; a refusal is not tried again."""
        if isinstance(credential, Principal):
            credential = self.holder(credential)
        host = f"{namespace}.servicebus.windows.net"
        return ServiceBusClient(host, credential, retry_total=0, **self.way)

    def hub(self, namespace: str, name: str = "clicks", *groups: str, partitions: int = 2) -> str:
        """Write an event hub with consumer groups; its id."""
        id = f"{self.namespace_id(namespace, 'EventHub')}/eventhubs/{name}"
        content(self.arm("PUT", id, {"properties": {"partitionCount": partitions}}))
        for one in groups:
            content(self.arm("PUT", f"{id}/consumergroups/{one}", {"properties": {}}))
        return id

    def producer(self, namespace: str, credential: Any, hub: str = "clicks") -> EventHubProducerClient:
        """azure-eventhub's sender; a refusal is not tried again."""
        return EventHubProducerClient(**self._hub_client(namespace, credential, hub))

    def consumer(
        self, namespace: str, credential: Any, group: str = "$Default", hub: str = "clicks"
    ) -> EventHubConsumerClient:
        """azure-eventhub's reader; a refusal is not tried again."""
        return EventHubConsumerClient(consumer_group=group, **self._hub_client(namespace, credential, hub))

    def _hub_client(self, namespace: str, credential: Any, hub: str) -> Json:
        if isinstance(credential, Principal):
            credential = self.holder(credential)
        way = {**self.way, "transport_type": HubTransport.AmqpOverWebsocket}
        host = f"{namespace}.servicebus.windows.net"
        return {
            "fully_qualified_namespace": host,
            "eventhub_name": hub,
            "credential": credential,
            "retry_total": 0,
            "retry_backoff_factor": 0,  # it is waited for after the last try, too
            **way,
        }


class _Hasty:
    """`time`, whose sleeps are a tenth as long."""

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds / 10)

    def __getattr__(self, name: str) -> Any:
        return getattr(time, name)


S = TypeVar("S", bound=MessagingStage, default=MessagingStage)


@contextmanager
def messaging_stage(folder: Path, kind: type[S] = MessagingStage) -> Generator[S]:
    """A stage on a local Azure of its own. Microsoft's clients ask twenty times a second whether their peer
    answered, and sleep for up to a second in each close; here they sleep less, and else are as they are."""
    ours = ("azure.servicebus", "azure.eventhub")
    sleeping = [one for name, one in sys.modules.items() if name.startswith(ours) and "time" in vars(one)]
    with pytest.MonkeyPatch.context() as patched, LocalAzure(begun(folder)) as local:
        for module in sleeping:
            if vars(module)["time"] is time:
                patched.setattr(module, "time", _Hasty())
        yield kind(local)


def later(monkeypatch: pytest.MonkeyPatch, module: str) -> None:
    """Move the clock by which a client finds that its token of a day has to be put anew."""
    real: Any = vars(importlib.import_module(module))["utc_now"]
    monkeypatch.setattr(f"{module}.utc_now", lambda: real() + timedelta(hours=23))
