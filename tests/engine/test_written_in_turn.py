"""App Service takes one write at a time: a raw program is refused, the components are not (A2 A4)."""

from itertools import count
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from local_azure.app_service import write_locks
from local_azure.app_service.service import AppService
from local_azure.server import LocalAzure
from loop.stack import EngineError
from tests.attached import AttachedEngine
from tests.engine.one_component import Declared, declared_loop
from tests.patience import until

RAW = """import pulumi
from pulumi_azure_native import web

config = pulumi.Config()
plan = web.AppServicePlan("plan", resource_group_name="rg-team", name="asp-raw", kind="linux", reserved=True,
                          sku={"name": "S1", "tier": "Standard"}, location="westeurope")
for name in ("app-one", "app-two")[: config.require_int("sites")]:
    site = web.WebApp(name, resource_group_name="rg-team", name=name, server_farm_id=plan.id,
                      location="westeurope", kind="app,linux", reserved=True)
    place = {"resource_group_name": "rg-team", "name": site.name}
    if config.require_bool("children"):
        web.WebAppFtpAllowed(name, allow=False, **place)
        web.WebAppScmAllowed(name, allow=False, **place)
        web.WebAppApplicationSettings(name, properties={}, **place)
"""


@pytest.fixture
def team(engine: AttachedEngine, cloud: LocalAzure, tmp_path: Path) -> Declared:
    loop = declared_loop(engine, cloud, tmp_path)
    loop.resource_group("rg-team")
    cloud.azure.service(AppService).write_locks.seconds = 0.1
    return loop


def raw(team: Declared, **configuration: Any) -> None:
    """One `up` of a program without components."""
    (team.stack.program / "__main__.py").write_text(RAW)
    team.stack.write_configuration(configuration)
    team.stack.up("--skip-preview")


def refused(team: Declared) -> set[int]:
    """The statuses with which writes to sites were refused."""
    entries = team.cloud.azure.journal.entries(10_000)
    return {one["status"] for one in entries if "/sites/" in one["path"]} & {409, 429}


def run_until_one_is_refused(team: Declared, monkeypatch: pytest.MonkeyPatch, *, after: int) -> None:
    """Let the first so many writes be done at once, and each later one run until another was refused for it,
    however slow the machine is."""
    written = count()

    def run_on(_seconds: float) -> None:
        if next(written) >= after:
            until(lambda: refused(team) != set())

    monkeypatch.setattr(write_locks, "time", SimpleNamespace(sleep=run_on))


def test_children_of_a_site_that_are_written_at_once_are_refused(
    team: Declared, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_until_one_is_refused(team, monkeypatch, after=2)  # the plan and the site
    with pytest.raises(EngineError) as failed:
        raw(team, sites=1, children=True)
    assert "Cannot modify this site because another operation is in progress" in failed.value.output
    assert refused(team) == {409}


def test_sites_of_a_plan_that_are_written_at_once_are_refused_until_the_first_is_done(
    team: Declared, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_until_one_is_refused(team, monkeypatch, after=1)  # the plan
    raw(team, sites=2, children=False)
    assert refused(team) == {429}


def test_an_app_with_slots_is_created_changed_and_deleted_without_a_refusal(team: Declared) -> None:
    args = {"resource_group_name": "rg-team", "size": "S1", "slots": ["staging", "canary"]}
    for tags in ({"team": "shop"}, {"team": "web"}):
        team.up_with(shop={"component": "WebApp", "args": {**args, "tags": tags, "settings": tags}})
    team.stack.destroy()
    assert refused(team) == set()


def test_two_apps_of_which_one_hands_its_plan_on_are_created_without_a_refusal(team: Declared) -> None:
    program = (
        "from components import WebApp\n"
        'place = {"resource_group_name": "rg-team"}\n'
        'one = WebApp("one", {**place, "size": "S1", "slots": ["staging"]})\n'
        'WebApp("two", {**place, "plan_id": one.plan_id})\n'
    )
    (team.stack.program / "__main__.py").write_text(program)
    team.stack.up("--skip-preview")
    team.stack.destroy()
    assert refused(team) == set()
