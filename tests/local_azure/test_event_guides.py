"""The lines of code of the guides to Event Grid, Web PubSub and rows of logs are run as they are printed."""

import json
import os
import re
from typing import Any

import pytest
from azure.core.messaging import CloudEvent
from azure.eventgrid import EventGridPublisherClient
from azure.identity import DefaultAzureCredential
from azure.messaging.webpubsubservice import WebPubSubServiceClient
from azure.monitor.ingestion import LogsIngestionClient

from local_azure.constants import DEPLOYER
from local_azure.server import LocalAzure
from tests.local_azure.test_event_grid import SENDER
from tests.local_azure.test_event_grid import Stage as Topics
from tests.local_azure.test_live_connections import OWNER
from tests.local_azure.test_live_connections import Stage as Services
from tests.local_azure.test_logs_ingestion import PUBLISHER, STREAM
from tests.local_azure.test_logs_ingestion import Stage as Workspaces
from toolchain.paths import ROOT

NAMES: dict[str, Any] = {
    kind.__name__: kind
    for kind in (
        CloudEvent,
        DefaultAzureCredential,
        EventGridPublisherClient,
        LogsIngestionClient,
        WebPubSubServiceClient,
    )
}


@pytest.fixture
def deployer(local_azure: LocalAzure, monkeypatch: pytest.MonkeyPatch) -> LocalAzure:
    """A local Azure to which the deployer is signed in by the environment, as code on a host is."""
    for name in ("AZURE_CLIENT_ID", "AZURE_CLIENT_SECRET", "AZURE_TENANT_ID"):
        monkeypatch.setenv(name, local_azure.environment()[name])
    return local_azure


def run(page: str, *beginnings: str) -> dict[str, Any]:
    """Run the blocks of code on a page that begin so; what they named."""
    text = (ROOT / "docs" / "guides" / page).read_text(encoding="utf-8")
    blocks = re.findall(r"^```python\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    names: dict[str, Any] = {**NAMES, "os": os}
    for beginning in beginnings:
        (block,) = [one for one in blocks if one.startswith(beginning)]
        exec(block, names)
    return names


def test_the_lines_of_the_guide_to_event_grid_send_an_event(
    deployer: LocalAzure, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage = Topics(deployer)
    topic = stage.topic(inputSchema="CloudEventSchemaV1_0")
    stage.grant(topic, SENDER, DEPLOYER.object_id)
    monkeypatch.setenv("PLACED_ENDPOINT", stage.endpoint(topic))
    run("event-grid.md", "topic = EventGridPublisherClient")
    assert [(one["type"], one["data"]) for one in stage.sent_to(topic)] == [
        ("Shop.OrderPlaced", {"order": 1})
    ]


def test_the_lines_of_the_guide_to_web_pubsub_let_a_client_in_and_send_to_it(
    deployer: LocalAzure, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage = Services(deployer)
    service = stage.service()
    stage.grant(service, OWNER, DEPLOYER.object_id)
    monkeypatch.setenv("LIVE_ENDPOINT", f"https://{stage.host(service)}/")
    opened = run("live-connections.md", "live = WebPubSubServiceClient")
    with stage.connected(opened["address"]) as client:
        run("live-connections.md", "live = WebPubSubServiceClient", "live.send_to_all")
        assert json.loads(client.recv()) == {"order": 1}


def test_the_lines_of_the_guide_to_rows_bring_one_in(
    deployer: LocalAzure, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage = Workspaces(deployer)
    workspace, endpoint, rule = stage.ways()
    stage.grant(rule, PUBLISHER, DEPLOYER.object_id)
    told = {
        "ORDERS_ENDPOINT": stage.address(endpoint),
        "ORDERS_RULE_ID": stage.immutable(rule),
        "ORDERS_STREAM": STREAM,
    }
    for name, value in told.items():
        monkeypatch.setenv(name, value)
    run("logs-ingestion.md", "rows = LogsIngestionClient")
    assert [row["Order"] for row in stage.rows(workspace)] == [1]
