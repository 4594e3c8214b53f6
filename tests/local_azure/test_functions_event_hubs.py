"""Triggers of Event Hubs: by identity, and from where they go on (F19)."""

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from azure.eventhub import EventData, EventHubProducerClient, TransportType

from local_azure.constants import DEPLOYER
from local_azure.server import LocalAzure
from tests.drawn_key import begun
from tests.local_azure.app_service_stage import GROUP, Json, eventually
from tests.local_azure.functions_stage import BLOB_OWNER, Functions

RECEIVER, OWNER = "a638d3c7-ab3a-418d-83e6-5f17a39d4fde", "f526a384-b230-433a-b45c-95f59c4a2dec"
APP = """
import azure.functions as func

app = func.FunctionApp()
seen = []

@app.event_hub_message_trigger(arg_name="event", event_hub_name="clicks", connection="CLICKS")
def count(event: func.EventHubEvent) -> None:
    text = event.get_body().decode()
    seen.append(text)
    if text == "bad":
        raise ValueError("no such click")

@app.route(route="seen", auth_level=func.AuthLevel.ANONYMOUS)
def tell(req: func.HttpRequest) -> str:
    return ", ".join(sorted(seen))
"""


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Functions]:
    with LocalAzure(begun(tmp_path_factory.mktemp("azure"))) as local:
        yield Functions(local)


def send(stage: Functions, namespace: str, *texts: str) -> None:
    proxy = urlsplit(stage.local.proxy_url)
    with EventHubProducerClient(
        f"{namespace}.servicebus.windows.net",
        "clicks",
        stage.credential,
        connection_verify=stage.local.addresses.authority,
        http_proxy={"proxy_hostname": proxy.hostname, "proxy_port": proxy.port},
        transport_type=TransportType.AmqpOverWebsocket,
    ) as client:
        client.send_batch([EventData(text) for text in texts])


def said(stage: Functions, site: str) -> str:
    return stage.get(site, "/api/seen").text


def test_f19_events_go_on_behind_the_last_ones_and_failed_ones_do_not_come_again(stage: Functions) -> None:
    namespace, account, identity = stage.name("eh"), stage.account(), stage.identity()
    id, who = stage.id("Microsoft.EventHub/namespaces", namespace), identity["properties"]["principalId"]
    body: Json = {"location": "westeurope", "sku": {"name": "Standard"}}
    stage.arm("PUT", id, {**body, "properties": {"disableLocalAuth": True}}, "2024-01-01")
    stage.arm("PUT", f"{id}/eventhubs/clicks", {"properties": {"partitionCount": 2}}, "2024-01-01")
    stage.assign(id, DEPLOYER.object_id, OWNER)
    for principal in (who, DEPLOYER.object_id):
        stage.assign(stage.scope(account), principal, BLOB_OWNER)
    settings = {
        "CLICKS__fullyQualifiedNamespace": f"{namespace}.servicebus.windows.net",
        "CLICKS__credential": "managedidentity",
        "CLICKS__clientId": identity["properties"]["clientId"],
    }
    send(stage, namespace, "one")
    site = stage.function_app(account, identity, {"function_app.py": APP}, **settings)
    eventually(lambda: "the listener did not start" in stage.log_of(site), True)
    stage.assign(f"{id}/eventhubs/clicks", who, RECEIVER)
    eventually(lambda: said(stage, site), "one")
    send(stage, namespace, "bad", "two")
    eventually(lambda: said(stage, site), "bad, one, two")
    places = stage.blobs(account).get_container_client("azure-webjobs-eventhub")
    folder = f"{namespace}.servicebus.windows.net/clicks/$default/checkpoint/"
    eventually(lambda: bool([*places.list_blobs(name_starts_with=folder)]), True)

    stage.web.web_apps.restart(GROUP, site)
    eventually(lambda: said(stage, site), "")  # the one before takes what comes until it ends
    send(stage, namespace, "three")
    eventually(lambda: said(stage, site), "three")
