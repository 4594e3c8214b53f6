"""One function app on a timer and on a topic of Service Bus, through the real engine: a timer sends what a
trigger takes, both as the app's identity; what is not linked does not start (F15 F16).
"""

from pathlib import Path

import httpx
import pytest

from local_azure.server import LocalAzure
from loop.azure_client import package, publish
from tests.attached import AttachedEngine
from tests.engine.conftest import Loop
from tests.engine.given_program import given_program
from tests.patience import PATIENCE, until
from toolchain.paths import ROOT

PROGRAM = f"""
import sys
sys.path.insert(0, {str(ROOT)!r})
import pulumi
from pulumi_azure_native import resources
from components import FunctionApp, ServiceBus

config = pulumi.Config()
group = resources.ResourceGroup("shop", location="westeurope")
bus = ServiceBus("shop", {{
    "resource_group_name": group.name, "topics": ["ticks"], "subscriptions": ["ticks/all", "ticks/other"],
}})
links = {{
    "out": bus.send_link(topic="ticks"),
    "ticks": bus.receive_link(topic="ticks", subscription="all"),
}}
if not config.get_bool("receives"):
    del links["ticks"]
jobs = FunctionApp("jobs", {{
    "resource_group_name": group.name,
    "links": links,
    "settings": {{
        "EVERY": "* * * * * *",
        **({{}} if "ticks" in links else {{
            "TICKS__fullyQualifiedNamespace": pulumi.Output.concat(bus.name, ".servicebus.windows.net"),
            "TICKS_TOPIC": "ticks", "TICKS_SUBSCRIPTION": "all",
        }}),
    }},
    "triggers": ["http", "service-bus", "timer"],
}})
pulumi.export("name", jobs.name)
pulumi.export("url", jobs.url)
pulumi.export("host_storage_id", jobs.host_storage_id)
"""
CODE = """
import os

import azure.functions as func
from azure.identity import DefaultAzureCredential
from azure.servicebus import ServiceBusClient, ServiceBusMessage, TransportType

app = func.FunctionApp()
seen = []

@app.timer_trigger(arg_name="timer", schedule="%EVERY%")
def tick(timer: func.TimerRequest) -> None:
    with ServiceBusClient(
        os.environ["OUT_HOST"],
        DefaultAzureCredential(),
        connection_verify=os.environ["SSL_CERT_FILE"],
        transport_type=TransportType.AmqpOverWebsocket,
    ) as client, client.get_topic_sender(os.environ["OUT_TOPIC"]) as sender:
        sender.send_messages(ServiceBusMessage("tick"))

@app.service_bus_topic_trigger(
    arg_name="message",
    topic_name="%TICKS_TOPIC%",
    subscription_name="%TICKS_SUBSCRIPTION%",
    connection="TICKS",
)
def take(message: func.ServiceBusMessage) -> None:
    seen.append(message.get_body().decode())

@app.route(route="seen/{one?}", auth_level=func.AuthLevel.ANONYMOUS)
def tell(req: func.HttpRequest) -> str:
    return ", ".join(seen[:1])
"""


@pytest.fixture
def jobs(engine: AttachedEngine, cloud: LocalAzure, tmp_path: Path) -> Loop:
    return given_program(Loop, engine, cloud, tmp_path, PROGRAM, {"keyless:receives": "true"})


def test_a_timer_sends_what_a_trigger_takes_each_with_the_apps_identity_and_no_more(
    jobs: Loop, tmp_path: Path
) -> None:
    outputs = jobs.up()
    (tmp_path / "code").mkdir()
    (tmp_path / "code" / "function_app.py").write_text(CODE)
    publish(outputs["name"], package(tmp_path / "code"), jobs.session.credential)
    until(lambda: answer(outputs["url"]) == "tick")
    # The runtime has no more in its own storage than these triggers take: blobs, and its diagnostic events.
    host = {role for role, _, scope in jobs.grants() if scope == outputs["host_storage_id"].lower()}
    assert host == {"b7e6dc6d-f1e8-4753-8033-0f276bb0955b", "0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3"}
    jobs.stack.preview("--expect-no-changes")

    log = jobs.cloud.azure.state / "logs" / f"{outputs['name']}.log"
    assert "the listener did not start" not in log.read_text()

    # Without its link the trigger is told where the topic is all the same, and does not start.
    jobs.up(receives="false")
    until(lambda: "the listener did not start" in log.read_text())
    assert "'Listen' claim" in log.read_text()
    assert answer(outputs["url"]) == ""
    jobs.stack.destroy()
    assert jobs.session.control("/leftovers")["resources"] == []


def answer(url: str) -> str:
    return httpx.get(f"{url}/api/seen", timeout=PATIENCE).text
