"""A slot of a function app beside the app: its timer rests, before and after a swap (F10 A35)."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from azure.mgmt.web import WebSiteManagementClient

from local_azure.app_service.service import AppService
from local_azure.constants import SUBSCRIPTION_ID
from local_azure.server import LocalAzure
from loop.azure_client import package, publish
from tests.attached import AttachedEngine
from tests.engine.conftest import Loop
from tests.engine.given_program import given_program
from tests.patience import PATIENCE
from toolchain.paths import ROOT

PROGRAM = f"""
import sys
sys.path.insert(0, {str(ROOT)!r})
import pulumi
from pulumi_azure_native import resources
from components import FunctionApp, FunctionAppSlot

resting = ["tick"]
group = resources.ResourceGroup("shop", location="westeurope")
jobs = FunctionApp("jobs", {{
    "resource_group_name": group.name,
    "settings": {{"EVERY": "* * * * * *"}},
    "size": "S1",
    "sticky_settings": [f"AzureWebJobs.{{name}}.Disabled" for name in resting],
    "triggers": ["http", "timer"],
}})
pulumi.export("name", jobs.name)
pulumi.export("url", jobs.url)
slot = FunctionAppSlot("next", {{
    "app_id": jobs.app_id,
    "disabled_functions": resting,
    "host_storage_id": jobs.host_storage_id,
    "plan_id": jobs.plan_id,
    "settings": {{"EVERY": "* * * * * *"}},
    "slot_name": "next",
    "sticky_settings": jobs.sticky_settings,
    "triggers": ["http", "timer"],
}})
pulumi.export("group", group.name)
pulumi.export("slot_url", slot.url)
"""
CODE = """
import azure.functions as func

app = func.FunctionApp()
ticks = []

@app.timer_trigger(arg_name="timer", schedule="%EVERY%")
def tick(timer: func.TimerRequest) -> None:
    ticks.append(1)

@app.route(route="told", auth_level=func.AuthLevel.ANONYMOUS)
def tell(req: func.HttpRequest) -> str:
    return f"VERSION {len(ticks)}"
"""
DISABLED = "AzureWebJobs.tick.Disabled"


@pytest.fixture
def jobs(engine: AttachedEngine, cloud: LocalAzure, tmp_path: Path) -> Loop:
    # Long enough that a write meets the one before where a component does not wait for it.
    cloud.azure.service(AppService).write_locks.seconds = 0.1
    return given_program(Loop, engine, cloud, tmp_path, PROGRAM)


def test_what_rests_in_a_slot_rests_there_after_a_swap_and_works_in_the_app(
    jobs: Loop, tmp_path: Path
) -> None:
    outputs = jobs.up()
    group, name, app, slot = (outputs[key] for key in ("group", "name", "url", "slot_url"))
    deliver(jobs, tmp_path / "new", f"{name}-next", "new")
    eventually(lambda: told(slot) == "new 0")
    deliver(jobs, tmp_path / "old", name, "old")
    eventually(lambda: ticks(app, "old") > 1)
    assert told(slot) == "new 0"

    web_apps: Any = WebSiteManagementClient(jobs.session.credential, SUBSCRIPTION_ID).web_apps
    own = web_apps.list_application_settings_slot(group, name, "next").properties
    assert own["AzureFunctionsWebHost__hostid"] == f"{name}-next"
    assert own[DISABLED] == "true"
    before = web_apps.list_application_settings(group, name).properties
    assert DISABLED not in before
    jobs.stack.preview("--expect-no-changes")

    swap = {"targetSlot": "production", "preserveVnet": True}
    web_apps.begin_swap_slot(group, name, "next", swap).result()
    assert web_apps.list_application_settings(group, name).properties == before
    assert web_apps.list_application_settings_slot(group, name, "next").properties == own
    eventually(lambda: ticks(app, "new") > 1)
    eventually(lambda: told(slot) == "old 0")

    jobs.stack.destroy()
    assert jobs.session.control("/leftovers")["resources"] == []


def deliver(jobs: Loop, folder: Path, label: str, version: str) -> None:
    folder.mkdir()
    (folder / "function_app.py").write_text(CODE.replace("VERSION", version))
    publish(label, package(folder), jobs.session.credential)


def told(url: str) -> str:
    return httpx.get(f"{url}/api/told", timeout=PATIENCE).text


def ticks(url: str, version: str) -> int:
    """How often the timer fired; zero while another version answers."""
    answer, _, count = told(url).partition(" ")
    return int(count) if answer == version else 0


def eventually(is_so: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.2)
