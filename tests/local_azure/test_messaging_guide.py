"""The lines of code that the guide to Service Bus and Event Hubs prints are run as they are printed."""

import os
import re
from typing import Any

import pytest
from azure.eventhub import EventData, EventHubProducerClient
from azure.identity import DefaultAzureCredential
from azure.servicebus import ServiceBusClient, ServiceBusMessage, TransportType

from local_azure.constants import DEPLOYER
from local_azure.server import LocalAzure
from tests.local_azure.messaging_stage import EVENT_SENDER, RECEIVER, SENDER, MessagingStage
from toolchain.paths import ROOT

GUIDE = (ROOT / "docs" / "guides" / "messaging.md").read_text(encoding="utf-8")


def printed(beginning: str) -> str:
    """The one block of code that begins so."""
    blocks = re.findall(r"^```python\n(.*?)^```", GUIDE, re.MULTILINE | re.DOTALL)
    (found,) = [one for one in blocks if one.startswith(beginning)]
    return found


def test_the_lines_of_the_guide_send_and_receive_as_they_are_printed(
    local_azure: LocalAzure, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage = MessagingStage(local_azure)
    bus, hubs = stage.namespace(), stage.namespace(service="EventHub")
    queue, hub = stage.queue(bus), stage.hub(hubs)
    for scope, role in ((queue, SENDER), (queue, RECEIVER), (hub, EVENT_SENDER)):
        stage.grant(scope, role, DEPLOYER.object_id)
    told = {
        "ORDERS_HOST": f"{bus}.servicebus.windows.net",
        "ORDERS_QUEUE": "orders",
        "CLICKS_HOST": f"{hubs}.servicebus.windows.net",
        "CLICKS_HUB": "clicks",
    }
    for name, value in {**local_azure.environment(), **told}.items():
        monkeypatch.setenv(name, value)
    names: dict[str, Any] = {
        "DefaultAzureCredential": DefaultAzureCredential,
        "EventData": EventData,
        "EventHubProducerClient": EventHubProducerClient,
        "ServiceBusClient": ServiceBusClient,
        "ServiceBusMessage": ServiceBusMessage,
        "TransportType": TransportType,
        "os": os,
    }
    for beginning in ("WAY = ", "bus = ServiceBusClient", "messages = ", "hub = EventHubProducerClient"):
        exec(printed(beginning), names)
    assert str(names["message"]) == "one"
    assert names["messages"].peek_messages() == []
    ids = names["hub"].get_partition_ids()
    assert sorted(names["hub"].get_partition_properties(one)["is_empty"] for one in ids) == [False, True]
    for client in ("messages", "bus", "hub"):
        names[client].close()
