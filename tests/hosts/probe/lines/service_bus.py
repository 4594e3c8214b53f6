"""A message is sent."""

import os

from azure.identity import DefaultAzureCredential
from azure.servicebus import ServiceBusClient, ServiceBusMessage, TransportType


def ask(prefix: str) -> str:
    bus = ServiceBusClient(
        os.environ[f"{prefix}HOST"],
        DefaultAzureCredential(),
        transport_type=TransportType.AmqpOverWebsocket,
        connection_verify=os.environ.get("SSL_CERT_FILE"),
        retry_total=0,
    )
    with bus, bus.get_queue_sender(os.environ[f"{prefix}QUEUE"]) as sender:
        sender.send_messages(ServiceBusMessage("one"))
    return "sent"
