"""A running stack changes system, workers and zones of its plan, in an order that Azure takes (A5 A11)."""

from typing import Any

import pytest

from loop.stack import EngineError
from tests.engine.conftest import Loop

WINDOWS: dict[str, Any] = {"os": "windows", "runtime": "dotnet-10"}
LINUX: dict[str, Any] = {"os": None, "runtime": None}


def the_plan(loop: Loop) -> dict[str, Any]:
    (plan,) = loop.cloud.azure.store.list(type="Microsoft.Web/serverfarms")
    return {**plan.body, "id": plan.id}


def the_site(loop: Loop) -> dict[str, Any]:
    (site,) = loop.resources("Microsoft.Web/sites")
    return site


def test_a_stack_moves_to_windows_and_back_before_its_old_plan_goes_and_keeps_address_and_access(
    loop: Loop,
) -> None:
    before = loop.up(size="S1")
    grants = loop.grants()
    for configuration, kind, name in ((WINDOWS, "app", "asp-win-"), (LINUX, "app,linux", "asp-keyless-")):
        outputs = loop.up(size="S1", **configuration)

        plan, site = the_plan(loop), the_site(loop)
        assert plan["id"].rpartition("/")[2].startswith(name), kind
        assert plan["properties"]["reserved"] is (kind == "app,linux")
        assert site["properties"]["serverFarmId"].lower() == plan["id"].lower()
        assert (site["kind"], site["properties"]["reserved"]) == (kind, kind == "app,linux")
        assert (outputs["app_name"], outputs["url"]) == (before["app_name"], before["url"])
        assert loop.grants() == grants
        loop.stack.preview("--expect-no-changes")


def test_workers_and_zones_change_in_place_and_what_azure_refuses_is_refused_before(loop: Loop) -> None:
    loop.up(size="P1v3", secrets={})
    first = the_plan(loop)
    assert (first["sku"]["capacity"], first["properties"].get("zoneRedundant")) == (1, None)

    loop.up(size="P1v3", secrets={}, zoneRedundant=True)
    spread = the_plan(loop)
    assert (spread["id"], spread["sku"]["capacity"]) == (first["id"], 2)
    assert spread["properties"]["zoneRedundant"] is True
    loop.stack.preview("--expect-no-changes")

    with pytest.raises(EngineError) as refused:
        loop.up(size="B1", secrets={}, zoneRedundant=True)
    assert "zoneRedundant and size" in refused.value.output
    assert "pulumi config set size P1v3 --stack " in refused.value.output
    assert "Traceback" not in refused.value.output
    assert the_plan(loop) == spread

    loop.up(size="P1v3", secrets={})
    assert not the_plan(loop)["properties"].get("zoneRedundant")
    loop.stack.preview("--expect-no-changes")
