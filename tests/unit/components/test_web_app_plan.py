"""The app's own plan: system, size, workers and zones, and what follows from them (A5 A7 A8 A11)."""

from typing import Any

import pytest

from components import OperatingSystem
from components.hosts.app_service.plan_sizes import PLAN_SIZES
from tests.unit.components.answering_azure import PLAN
from tests.unit.components.recorded_azure import Later
from tests.unit.components.web_apps import refusal, site_of, web_app
from toolchain.paths import ROOT


def _plan(**args: Any) -> dict[str, Any]:
    return dict(web_app(**args).one("AppServicePlan").inputs)


@pytest.mark.parametrize("os", [OperatingSystem.WINDOWS, "windows"])
def test_a_windows_app_is_windows_in_plan_and_site_by_one_input(os: object) -> None:
    """A11."""
    plan = _plan(os=os, runtime="dotnet-8")
    assert (plan["kind"], plan["reserved"]) == ("app", False)
    site = site_of(web_app(os=os, runtime="dotnet-8"))
    assert (site["kind"], site["reserved"], site["hyperV"]) == ("app", False, False)
    assert "linuxFxVersion" not in site["siteConfig"]


def test_a_linux_site_never_lands_on_a_windows_plan() -> None:
    """A11."""
    for args in ({}, {"os": "linux"}):
        assert (_plan(**args)["kind"], _plan(**args)["reserved"]) == ("linux", True)
        site = site_of(web_app(**args))
        assert (site["kind"], site["reserved"]) == ("app,linux", True)


def test_a_given_plan_is_of_the_system_that_is_named() -> None:
    assert site_of(web_app(plan_id=PLAN, os="windows", runtime="dotnet-8"))["kind"] == "app"


def test_replacing_a_plan_moves_its_sites_first() -> None:
    """A5: the plan of another system has another name, so it is there before the site moves to it."""
    assert _plan()["name"] == "asp-shop-dev-abc123"
    assert _plan(os="windows", runtime="dotnet-8")["name"] == "asp-win-shop-dev-abc123"
    container = _plan(os="windows", container_image="shop:1", size="P1v3")
    assert (container["name"], container["hyperV"]) == ("asp-hyperv-shop-dev-abc123", True)
    site = web_app(os="windows", runtime="dotnet-8").one("web:WebApp")
    assert site.delete_before_replace is True
    assert web_app().one("AppServicePlan").delete_before_replace is False


def test_a_plan_asks_for_workers_and_zones_only_when_told() -> None:
    assert set(_plan()) == {"kind", "name", "reserved", "resourceGroupName", "sku"}
    assert set(_plan()["sku"]) == {"name", "tier"}


def test_workers_are_the_plans_capacity() -> None:
    assert _plan(workers=3)["sku"] == {"capacity": 3, "name": "B1", "tier": "Basic"}


def test_workers_that_arrive_as_a_float_from_another_language_are_a_number() -> None:
    capacity = _plan(workers=3.0)["sku"]["capacity"]
    assert capacity == 3


def test_a_zone_redundant_plan_has_two_workers_unless_told_otherwise() -> None:
    plan = _plan(size="P1v3", zone_redundant=True)
    assert plan["zoneRedundant"] is True
    assert plan["sku"] == {"capacity": 2, "name": "P1v3", "tier": "PremiumV3"}
    assert _plan(size="P1v3", zone_redundant=True, workers=3)["sku"]["capacity"] == 3


def test_zone_redundancy_that_is_switched_off_is_sent() -> None:
    assert _plan(size="P1v3", zone_redundant=False)["zoneRedundant"] is False


@pytest.mark.parametrize(
    ("size", "tier", "workers", "slots", "zones"),
    [
        ("F1", "Free", 1, 0, False),
        ("B3", "Basic", 3, 0, False),
        ("S1", "Standard", 10, 5, False),
        ("P1v2", "PremiumV2", 30, 20, True),
        ("P0v3", "Premium0V3", 30, 20, True),
        ("P1v3", "PremiumV3", 30, 20, True),
        ("P5mv3", "PremiumMV3", 30, 20, True),
        ("P0v4", "PremiumV4", 30, 20, True),
        ("P1mv4", "PremiumMV4", 30, 20, True),
    ],
)
def test_a_size_says_tier_workers_slots_and_zones(
    size: str, tier: str, workers: int, slots: int, zones: bool
) -> None:
    known = PLAN_SIZES[size]
    assert (known.tier, known.workers, known.slots, known.zones) == (tier, workers, slots, zones)


def test_the_guide_says_of_each_tier_what_the_table_of_sizes_says() -> None:
    rows = (ROOT / "docs/guides/hosting.md").read_text().splitlines()
    said = {"yes": True, "no": False}
    tiers = {
        tier: (int(workers), int(slots), said[loaded], said[zones], said[windows])
        for _, _, tier, workers, slots, loaded, zones, windows, _ in (
            [cell.strip() for cell in row.split("|")] for row in rows if row.count("|") == 8
        )
        if workers.isdigit()
    }
    assert tiers == {
        size.tier: (size.workers, size.slots, size.always_on, size.zones, size.windows_containers)
        for size in PLAN_SIZES.values()
    }


@pytest.mark.parametrize(("size", "workers"), [("F1", 2), ("B1", 4), ("S1", 11), ("P1v3", 31), ("B1", 0)])
def test_more_workers_than_the_size_allows_are_refused_with_the_limit(size: str, workers: int) -> None:
    most = PLAN_SIZES[size].workers
    text = refusal(size=size, workers=workers)
    given = f"a number above {most}" if workers else "a number below 1"
    assert f"workers\n     given     {given}\n     expected  a whole number from 1 to {most}\n" in text


@pytest.mark.parametrize("size", ["F1", "B1", "S1"])
def test_zones_need_a_premium_size(size: str) -> None:
    text = refusal(size=size, zone_redundant=True)
    assert f"zone_redundant and size\n     given     true, with {size}\n" in text
    assert "next      choose P1v3 or larger\n     or        take zone_redundant out" in text


def test_zones_need_two_workers() -> None:
    text = refusal(size="P1v3", zone_redundant=True, workers=1)
    assert "zone_redundant and workers\n     given     true, with 1\n" in text


@pytest.mark.parametrize("key", ["workers", "zone_redundant"])
def test_a_given_plan_is_not_scaled(key: str) -> None:
    value = {"workers": 2, "zone_redundant": True}[key]
    assert f"plan_id and {key}\n     given     both\n" in refusal(plan_id=PLAN, **{key: value})


@pytest.mark.parametrize(("key", "value"), [("os", "linux"), ("workers", 2), ("zone_redundant", True)])
def test_what_shapes_the_plan_is_no_output(key: str, value: object) -> None:
    assert f"{key}\n     given     an Output\n" in refusal(**{key: Later(value)})


def test_a_windows_container_needs_a_size_that_runs_them() -> None:
    text = refusal(os="windows", container_image="shop:1", size="P1v2")
    assert "container_image and size\n     given     a Windows container on P1v2\n" in text


def test_a_windows_app_in_a_first_preview_says_its_system() -> None:
    plan = web_app("first preview", os="windows", runtime="dotnet-8").one("AppServicePlan").inputs
    assert (plan["kind"], plan["reserved"]) == ("app", False)
