"""What the tests of Service Bus and Event Hubs need: namespaces, and Microsoft's clients for whoever asks."""

from typing import Any
from urllib.parse import urlsplit

from azure.servicebus import ServiceBusClient, TransportType

from local_azure.entra.directory import Principal
from tests.local_azure.arm import content
from tests.local_azure.vault_stage import Json, VaultStage

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
