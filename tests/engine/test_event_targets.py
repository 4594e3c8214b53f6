"""Event Grid, SignalR, Web PubSub and rows of logs through the real engine: what is linked works, a second
run changes nothing, and what is changed is changed in place."""

import json
from pathlib import Path
from typing import Any

import pytest
from azure.core.messaging import CloudEvent
from azure.eventgrid import EventGridPublisherClient
from azure.messaging.webpubsubservice import WebPubSubServiceClient
from azure.monitor.ingestion import LogsIngestionClient

from local_azure.event_grid.service import EventGrid
from local_azure.monitor.service import Monitor
from local_azure.server import LocalAzure
from tests.attached import AttachedEngine
from tests.engine.conftest import Loop
from tests.engine.given_program import given_program
from tests.engine.test_messaging import Holder
from toolchain.paths import ROOT

PROGRAM = f"""
import sys
sys.path.insert(0, {str(ROOT)!r})
import pulumi
from pulumi_azure_native import operationalinsights, resources
from components import EventGridTopic, LogsIngestion, ManagedIdentity, SignalR, WebPubSub, WorkloadAccess

more = pulumi.Config().require_bool("more")
group = resources.ResourceGroup("shop", location="westeurope")
where = {{"resource_group_name": group.name}}
home = "198.51.100.0/24"
topic = EventGridTopic("shop", {{**where, "allowed_ip_ranges": {{"home": home}} if more else {{}}}})
board = SignalR("shop", {{**where, "mode": "serverless"}})
live = WebPubSub("shop", {{**where, "units": 2 if more else 1}})
workspace = operationalinsights.Workspace("shop", resource_group_name=group.name, location="westeurope")
columns = {{"Order": "int", **({{"Colour": "string"}} if more else {{}})}}
rows = LogsIngestion("shop", {{
    **where, "location": "westeurope", "workspace_id": workspace.id, "table": "Orders_CL", "columns": columns,
}})
identity = ManagedIdentity("web", where)
web = WorkloadAccess("web", {{
    "principal_id": identity.principal_id,
    "client_id": identity.client_id,
    "links": {{
        "placed": topic.send_link(), "board": board.send_link(), "live": live.serve_link(),
        "orders": rows.send_link(),
    }},
}})
pulumi.export("environment", web.environment)
pulumi.export("principal", web.principal_id)
pulumi.export("topic", topic.topic_id)
pulumi.export("workspace", workspace.id)
"""


@pytest.fixture
def shop(engine: AttachedEngine, cloud: LocalAzure, tmp_path: Path) -> Loop:
    return given_program(Loop, engine, cloud, tmp_path, PROGRAM, {"keyless:more": "false"})


def send(shop: Loop, outputs: dict[str, Any], row: dict[str, Any]) -> None:
    """As code would that is told this."""
    told, credential = outputs["environment"], Holder(shop.cloud, outputs["principal"])
    ways = {"proxies": {"https": shop.cloud.proxy_url}, "connection_verify": shop.cloud.addresses.authority}
    events: Any = EventGridPublisherClient(told["PLACED_ENDPOINT"], credential)
    events.send([CloudEvent(source="/shop", type="Placed", data=row)])  # the environment leads it here
    live: Any = WebPubSubServiceClient(told["LIVE_ENDPOINT"], "orders", credential, **ways)
    live.send_to_all(row)
    logs: Any = LogsIngestionClient(told["ORDERS_ENDPOINT"], credential, **ways)
    logs.upload(told["ORDERS_RULE_ID"], told["ORDERS_STREAM"], [row])


def test_a_workload_sends_to_each_and_a_change_keeps_what_is_there(shop: Loop) -> None:
    shop.stack.up("--skip-preview")
    outputs = shop.stack.outputs()
    assert sorted(outputs["environment"]) == [
        "AZURE_CLIENT_ID", "BOARD_ENDPOINT", "LIVE_ENDPOINT", "ORDERS_ENDPOINT", "ORDERS_RULE_ID",
        "ORDERS_STREAM", "PLACED_ENDPOINT",
    ]  # fmt: skip
    send(shop, outputs, {"Order": 1})
    shop.stack.preview("--expect-no-changes", "--refresh")
    shop.stack.write_configuration({"more": "true"})
    preview = json.loads(shop.stack.run("preview", "--json"))
    assert set(preview["changeSummary"]) == {"same", "update"}
    shop.stack.up("--skip-preview")
    after = shop.stack.outputs()
    assert after["environment"] == outputs["environment"]
    send(shop, after, {"Order": 2, "Colour": "red"})
    azure = shop.cloud.azure
    rows = azure.service(Monitor).rows.of(outputs["workspace"], "Orders_CL")
    assert [(row["Order"], row.get("Colour")) for row in rows] == [(1, None), (2, "red")]
    events = azure.service(EventGrid).data.sent_to(outputs["topic"])
    assert [event["data"]["Order"] for event in events] == [1, 2]
    shop.stack.run("destroy", "--yes")
    assert [one.id for one in azure.store.list() if "/providers/Microsoft.EventGrid/" in one.id] == []
