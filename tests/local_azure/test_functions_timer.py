"""Timers of Functions: fired on one instance, remembered, switched off (F15)."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from azure.core.exceptions import HttpResponseError
from azure.storage.blob import BlobLeaseClient

from local_azure.app_service.service import AppService
from local_azure.constants import DEPLOYER
from local_azure.server import LocalAzure
from tests.drawn_key import begun
from tests.local_azure.app_service_stage import GROUP, Json, eventually
from tests.local_azure.functions_stage import BLOB_OWNER, Functions
from tests.local_azure.storage_stage import code as code_of

APP = """
import azure.functions as func

app = func.FunctionApp()
seen = []

@app.timer_trigger(arg_name="timer", schedule="%EVERY%", run_on_startup={at_start})
def tick(timer: func.TimerRequest) -> None:
    seen.append("past due" if timer.past_due else "due")

@app.route(route="seen", auth_level=func.AuthLevel.ANONYMOUS)
def tell(req: func.HttpRequest) -> str:
    return ", ".join(seen)
"""
YEARLY = "0 0 0 1 1 *"


def code(*, at_start: bool = False) -> dict[str, str]:
    return {"function_app.py": APP.replace("{at_start}", str(at_start))}


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Functions]:
    with LocalAzure(begun(tmp_path_factory.mktemp("azure"))) as local:
        yield Functions(local)


@pytest.fixture
def account(stage: Functions) -> str:
    """Whose blobs the tests may see, too."""
    name = stage.account()
    stage.assign(stage.scope(name), DEPLOYER.object_id, BLOB_OWNER)
    return name


def identity_of(stage: Functions, account: str) -> Json:
    identity = stage.identity()
    stage.assign(stage.scope(account), identity["properties"]["principalId"], BLOB_OWNER)
    return identity


def hosts(stage: Functions, account: str) -> Any:
    """The container in which hosts keep what they agree by, for the deployer."""
    return stage.blobs(account).get_container_client("azure-webjobs-hosts")


def said(stage: Functions, site: str) -> str:
    return stage.get(site, "/api/seen").text


def test_f15_a_timer_fires_on_one_instance_of_an_app_at_a_time(stage: Functions, account: str) -> None:
    site = stage.function_app(account, identity_of(stage, account), code(), EVERY="* * * * * *")
    eventually(lambda: said(stage, site).startswith("due, due"), True)
    lock = hosts(stage, account).get_blob_client(f"locks/{site}/tick.Listener")
    another = BlobLeaseClient(lock)
    with pytest.raises(HttpResponseError) as error:
        another.acquire(lease_duration=15)
    assert code_of(error) == (409, "LeaseAlreadyPresent")
    # A host that ends gives it back; another instance that takes it over is waited for.
    stage.web.web_apps.stop(GROUP, site)
    stage.local.azure.service(AppService).hosting.settle()
    another.acquire(lease_duration=60)
    stage.web.web_apps.start(GROUP, site)
    eventually(lambda: stage.get(site, "/api/seen").status_code, 200)
    assert said(stage, site) == ""
    another.release()
    eventually(lambda: said(stage, site).startswith("due"), True)
    # One that fires every second is not remembered.
    assert not list(hosts(stage, account).list_blobs(name_starts_with="timers/"))


def test_f15_a_timer_that_was_missed_fires_at_the_start_and_says_so(stage: Functions, account: str) -> None:
    site = stage.function_app(account, identity_of(stage, account), code(at_start=True), EVERY=YEARLY)
    eventually(lambda: said(stage, site), "due")
    status = hosts(stage, account).get_blob_client(f"timers/{site}/Host.Functions.tick/status")
    eventually(status.exists, True)
    kept = json.loads(status.download_blob().readall())
    assert kept["Next"].endswith("-01-01T00:00:00")

    missed = {**kept, "Next": "2020-01-01T00:00:00"}
    status.upload_blob(json.dumps(missed), overwrite=True)
    stage.deploy(site, code())
    eventually(lambda: said(stage, site), "past due")
    assert json.loads(status.download_blob().readall())["Next"] == kept["Next"]
    stage.web.web_apps.restart(GROUP, site)
    eventually(lambda: stage.get(site, "/api/seen").status_code, 200)
    assert said(stage, site) == ""


@pytest.mark.parametrize("name", ["AzureWebJobs.tick.Disabled", "AzureWebJobs_tick_Disabled"])
def test_a_function_that_a_setting_switches_off_is_not_started_and_others_are(
    stage: Functions, account: str, name: str
) -> None:
    settings = {"EVERY": "* * * * * *", name: "true"}
    site = stage.function_app(account, identity_of(stage, account), code(at_start=True), **settings)
    eventually(lambda: stage.get(site, "/api/seen").status_code, 200)
    assert "Functions: tell (httpTrigger)" in stage.log_of(site)
    assert not list(hosts(stage, account).list_blobs(name_starts_with=f"locks/{site}/tick"))


def test_a_schedule_that_is_none_is_refused_in_words(stage: Functions, account: str) -> None:
    site = stage.function_app(account, identity_of(stage, account), code(), EVERY="every day")
    words = "the schedule of function tick is none: it has 2 fields, and six are read: seconds come first"
    eventually(lambda: words in stage.log_of(site), True)
    assert stage.get(site, "/api/seen").status_code == 503
