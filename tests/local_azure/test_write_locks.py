"""App Service refuses a write to a site or a plan while another one runs there, judged by azure-mgmt-web."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

import httpx
import pytest
from azure.core.exceptions import HttpResponseError

from local_azure.app_service import write_locks
from local_azure.app_service.service import AppService
from local_azure.server import LocalAzure
from tests.drawn_key import begun
from tests.local_azure.app_service_stage import GROUP, Json, Stage, refusal
from tests.patience import PATIENCE

SECONDS = 1.0


@pytest.fixture(scope="module")
def local(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalAzure]:
    with LocalAzure(begun(tmp_path_factory.mktemp("azure"))) as local:
        yield local


@pytest.fixture
def stage(local: LocalAzure) -> Iterator[Stage]:
    """Made while writes take no time; a test says when they do."""
    local.azure.service(AppService).write_locks.seconds = 0
    yield Stage(local)
    local.azure.service(AppService).write_locks.seconds = 0


def while_written(stage: Stage, write: Callable[[], Any], meanwhile: Callable[[], Any]) -> Any:
    """Start one write, and do something else while it runs, whose result is returned; the write itself has
    to succeed."""
    stage.local.azure.service(AppService).write_locks.seconds = SECONDS
    held, over = Event(), Event()

    def run_on(_seconds: float) -> None:
        """The first write runs until something else was done, and not for a time that may be too short."""
        if not held.is_set():
            held.set()
            assert over.wait(PATIENCE)

    clock = SimpleNamespace(sleep=run_on)
    with patch.object(write_locks, "time", clock), ThreadPoolExecutor(1) as pool:
        running = pool.submit(write)
        assert held.wait(PATIENCE)
        assert not running.done()
        try:
            return meanwhile()
        finally:
            over.set()
            running.result()


def site_body(plan: str) -> Json:
    return {"location": "westeurope", "kind": "app,linux", "properties": {"serverFarmId": plan}}


def settings(stage: Stage, site: str) -> Callable[[], Any]:
    path = stage.id("Microsoft.Web/sites", f"{site}/config/appsettings")
    return lambda: stage.arm("PUT", path, {"properties": {"ONE": "1"}})


def policy(stage: Stage, site: str) -> Callable[[], Any]:
    path = stage.id("Microsoft.Web/sites", f"{site}/basicPublishingCredentialsPolicies/ftp")
    return lambda: stage.arm("PUT", path, {"properties": {"allow": False}})


def entity(refused: pytest.ExceptionInfo[HttpResponseError]) -> Json:
    return refusal(refused)["Details"][2]["ErrorEntity"]


def test_a_site_takes_no_write_while_another_one_runs(stage: Stage) -> None:
    """A2."""
    name = stage.name("app")
    stage.site(name)
    with pytest.raises(HttpResponseError) as refused:
        while_written(stage, policy(stage, name), settings(stage, name))
    assert refused.value.status_code == 409
    assert entity(refused)["ExtendedCode"] == "59203"
    assert entity(refused)["MessageTemplate"].startswith(
        "Cannot modify this site because another operation is in progress."
    )
    assert "EntityType: 3" in refusal(refused)["Message"]
    assert stage.web.web_apps.list_application_settings(GROUP, name).properties == {}


def test_a_site_is_written_again_as_soon_as_the_other_write_is_done(stage: Stage) -> None:
    name = stage.name("app")
    stage.site(name)
    stage.local.azure.service(AppService).write_locks.seconds = 0.05
    policy(stage, name)()
    settings(stage, name)()
    assert stage.web.web_apps.list_application_settings(GROUP, name).properties == {"ONE": "1"}


def test_a_refused_write_holds_nothing(stage: Stage) -> None:
    name = stage.name("app")
    stage.site(name)
    stage.local.azure.service(AppService).write_locks.seconds = 60
    path = stage.id("Microsoft.Web/sites", f"{name}/config/appsettings")
    with pytest.raises(HttpResponseError) as refused:
        stage.arm("PUT", path, {"properties": {"ONE": 1}})
    assert refused.value.status_code == 400
    stage.local.azure.service(AppService).write_locks.seconds = 0.01
    settings(stage, name)()


def test_reading_is_never_refused(stage: Stage) -> None:
    name = stage.name("app")
    stage.site(name)
    while_written(stage, policy(stage, name), lambda: stage.web.web_apps.get(GROUP, name))


def test_two_sites_of_a_plan_are_not_written_at_once(stage: Stage) -> None:
    """A4."""
    plan, one, other = stage.plan(), stage.name("app"), stage.name("app")
    stage.site(one, serverFarmId=plan)
    path = stage.id("Microsoft.Web/sites", other)
    refused = while_written(stage, settings(stage, one), lambda: put_once(stage, path, site_body(plan)))
    assert refused.status_code == 429
    assert refused.json()["Details"][2]["ErrorEntity"]["ExtendedCode"] == "59206"
    assert not stage.exists(path)


def test_sites_of_different_plans_are_written_at_once(stage: Stage) -> None:
    one, other = stage.name("app"), stage.name("app")
    stage.site(one)
    stage.site(other)
    while_written(stage, settings(stage, one), settings(stage, other))


def test_a2_a_site_takes_no_write_while_its_slots_are_swapped(stage: Stage) -> None:
    name = stage.name("app")
    stage.site(name, serverFarmId=stage.plan("S1"))
    body: Json = {"location": "westeurope", "kind": "app,linux", "properties": {}}
    stage.web.web_apps.begin_create_or_update_slot(GROUP, name, "staging", body).result()
    entity_of_swap = {"targetSlot": "production", "preserveVnet": True}

    def swap() -> None:
        stage.web.web_apps.begin_swap_slot(GROUP, name, "staging", entity_of_swap).result()

    with pytest.raises(HttpResponseError) as refused:
        while_written(stage, swap, settings(stage, name))
    assert (refused.value.status_code, entity(refused)["ExtendedCode"]) == (409, "59203")
    assert "OperationName: SwapSiteSlots" in refusal(refused)["Message"]


def test_a_plan_is_not_written_while_one_of_its_sites_is(stage: Stage) -> None:
    """A3."""
    plan, name = stage.plan(), stage.name("app")
    stage.site(name, serverFarmId=plan)
    body = {"location": "westeurope", "sku": {"name": "B2"}, "properties": {"reserved": True}}
    with pytest.raises(HttpResponseError) as refused:
        while_written(stage, settings(stage, name), lambda: stage.arm("PUT", plan, body))
    assert refused.value.status_code == 409
    assert entity(refused)["ExtendedCode"] == "59205"


def put_once(stage: Stage, path: str, body: Json) -> httpx.Response:
    """One request; Microsoft's client would try again."""
    with stage.http() as client:
        return client.put(
            f"https://management.azure.com{path}",
            params={"api-version": "2025-05-01"},
            headers={"Authorization": f"Bearer {stage.token()}"},
            json=body,
        )
