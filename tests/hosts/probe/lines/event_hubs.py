"""An event is sent."""

import os

from azure.eventhub import EventData, EventHubProducerClient, TransportType
from azure.identity import DefaultAzureCredential


def ask(prefix: str) -> str:
    hub = EventHubProducerClient(
        os.environ[f"{prefix}HOST"],
        os.environ[f"{prefix}HUB"],
        DefaultAzureCredential(),
        transport_type=TransportType.AmqpOverWebsocket,
        connection_verify=os.environ.get("SSL_CERT_FILE"),
        retry_total=0,
    )
    with hub:
        hub.send_event(EventData("one"))
    return "sent"
