"""Microsoft.Web/serverfarms, judged by azure-mgmt-web."""

from collections.abc import Iterator

import pytest
from azure.core.exceptions import HttpResponseError, ResourceNotFoundError

from local_azure.server import LocalAzure
from tests.drawn_key import begun
from tests.local_azure.app_service_stage import GROUP, Stage, refusal


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with LocalAzure(begun(tmp_path_factory.mktemp("azure"))) as local:
        yield Stage(local)


def test_a_plan_is_what_its_sku_says(stage: Stage) -> None:
    name = stage.plan("P0v3").rsplit("/", 1)[1]
    plan = stage.web.app_service_plans.get(GROUP, name)
    assert plan.sku is not None
    assert (plan.sku.name, plan.sku.tier, plan.sku.capacity) == ("P0v3", "Premium0V3", 1)
    assert plan.kind == "linux"
    assert plan.properties is not None
    assert plan.properties.reserved is True
    assert plan.properties.provisioning_state == "Succeeded"
    assert plan.properties.number_of_sites == 0


def test_a_sku_that_azure_does_not_sell_is_refused(stage: Stage) -> None:
    with pytest.raises(HttpResponseError) as refused:
        stage.plan("B99")
    assert refused.value.status_code == 400


@pytest.mark.parametrize(
    ("sku", "tier", "workers"),
    [
        ("F1", "Free", 1),
        ("B2", "Basic", 3),
        ("S1", "Standard", 10),
        ("P1v2", "PremiumV2", 30),
        ("P1v3", "PremiumV3", 30),
        ("P2mv3", "PremiumMV3", 30),
        ("P0v4", "PremiumV4", 30),
    ],
)
def test_a_plan_has_at_most_the_workers_of_its_tier(stage: Stage, sku: str, tier: str, workers: int) -> None:
    """A8."""
    plan = stage.web.app_service_plans.get(GROUP, stage.plan(sku).rsplit("/", 1)[1])
    assert (plan.sku.tier, plan.properties.maximum_number_of_workers) == (tier, workers)
    body = {"location": "westeurope", "sku": {"name": sku, "capacity": workers + 1}}
    with pytest.raises(HttpResponseError) as refused:
        stage.web.app_service_plans.begin_create_or_update(GROUP, stage.name("asp"), body)
    assert refused.value.status_code == 400


def test_zones_can_be_switched_on_a_premium_plan_with_two_workers_only(stage: Stage) -> None:
    """A5."""
    name = stage.plan("P1v3").rsplit("/", 1)[1]

    def write(sku: str, capacity: int) -> bool:
        properties = {"reserved": True, "zoneRedundant": True}
        body = {
            "location": "westeurope",
            "sku": {"name": sku, "capacity": capacity},
            "properties": properties,
        }
        written = stage.web.app_service_plans.begin_create_or_update(GROUP, name, body).result()
        return written.properties.zone_redundant

    for sku, capacity in (("P1v3", 1), ("S1", 2)):
        with pytest.raises(HttpResponseError) as refused:
            write(sku, capacity)
        assert refused.value.status_code == 400
    assert write("P1v3", 2) is True


def test_a_plan_stays_on_its_operating_system(stage: Stage) -> None:
    plan = stage.plan().rsplit("/", 1)[1]
    windows = {"location": "westeurope", "sku": {"name": "B1"}, "properties": {"reserved": False}}
    with pytest.raises(HttpResponseError) as refused:
        stage.web.app_service_plans.begin_create_or_update(GROUP, plan, windows)
    assert refused.value.status_code == 400
    kept = stage.web.app_service_plans.get(GROUP, plan).properties
    assert kept is not None
    assert kept.reserved is True


def test_a_plan_with_an_app_cannot_be_deleted(stage: Stage) -> None:
    """A5."""
    plan, site = stage.plan(), stage.name("app")
    name = plan.rsplit("/", 1)[1]
    stage.site(site, serverFarmId=plan)
    with pytest.raises(HttpResponseError) as refused:
        stage.web.app_service_plans.delete(GROUP, name)
    assert refused.value.status_code == 409
    body = refusal(refused)
    assert body["Code"] == "Conflict"
    assert body["Message"] == (
        f"Server farm '{name}' cannot be deleted because it has web app(s) {site} assigned to it."
    )
    assert body["Details"][2]["ErrorEntity"]["ExtendedCode"] == "11003"
    assert body["Details"][2]["ErrorEntity"]["Parameters"] == [name, site]
    stage.web.web_apps.delete(GROUP, site, delete_empty_server_farm=False)
    stage.web.app_service_plans.delete(GROUP, name)
    with pytest.raises(ResourceNotFoundError):
        stage.web.app_service_plans.get(GROUP, name)


def test_deleting_the_last_app_keeps_the_plan_when_asked_to(stage: Stage) -> None:
    """A6."""
    plan, site = stage.plan(), stage.name("app")
    stage.site(site, serverFarmId=plan)
    stage.web.web_apps.delete(GROUP, site, delete_empty_server_farm=False)
    assert stage.exists(plan)


def test_deleting_the_last_app_deletes_the_plan_by_default(stage: Stage) -> None:
    """A6."""
    plan, first, last = stage.plan(), stage.name("app"), stage.name("app")
    stage.site(first, serverFarmId=plan)
    stage.site(last, serverFarmId=plan)
    stage.web.web_apps.delete(GROUP, first)
    assert stage.exists(plan)
    stage.web.web_apps.delete(GROUP, last)
    assert not stage.exists(plan)


def test_a_resource_group_takes_plan_and_apps_along(stage: Stage) -> None:
    group = f"/subscriptions/{stage.subscription}/resourceGroups/{stage.name('rg')}"
    stage.arm("PUT", group, {"location": "westeurope"}, "2024-03-01")
    plan, site = f"{group}/providers/Microsoft.Web/serverfarms/asp", stage.name("app")
    stage.arm(
        "PUT", plan, {"location": "westeurope", "sku": {"name": "B1"}, "properties": {"reserved": True}}
    )
    path = f"{group}/providers/Microsoft.Web/sites/{site}"
    stage.arm("PUT", path, {"location": "westeurope", "properties": {"serverFarmId": plan}})
    stage.arm("DELETE", group, None, "2024-03-01")
    assert not stage.exists(path)
    assert not stage.exists(plan)
