"""A plan that shrinks below what its sites use is refused, judged by azure-mgmt-web (A24)."""

from collections.abc import Iterator

import pytest
from azure.core.exceptions import HttpResponseError

from local_azure.server import LocalAzure
from tests.drawn_key import begun
from tests.local_azure import networks
from tests.local_azure.app_service_stage import GROUP, Json, Stage, refusal
from tests.local_azure.arm import Arm

NETWORKS = (
    "The new SKU does not support Regional VNET integration which some apps are still using. "
    "Please disconnect apps from Regional VNET integration and try again"
)


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with LocalAzure(begun(tmp_path_factory.mktemp("azure"))) as local:
        yield Stage(local)


def resize(stage: Stage, plan: str, sku: str) -> str:
    """Write the plan with another size; its tier afterwards."""
    body = {"location": "westeurope", "sku": {"name": sku}, "properties": {"reserved": True}}
    name = plan.rpartition("/")[2]
    return stage.web.app_service_plans.begin_create_or_update(GROUP, name, body).result().sku.tier


def refused(stage: Stage, plan: str, sku: str) -> Json:
    """How the plan's new size is refused; the plan stays what it was."""
    before = stage.arm("GET", plan)
    with pytest.raises(HttpResponseError) as error:
        resize(stage, plan, sku)
    assert stage.arm("GET", plan) == before
    return refusal(error)


def slot(stage: Stage, site: str, name: str, plan: str | None = None, **site_config: object) -> None:
    properties: Json = {"siteConfig": site_config, "serverFarmId": plan}
    body: Json = {"location": "westeurope", "kind": "app,linux", "properties": properties}
    stage.web.web_apps.begin_create_or_update_slot(GROUP, site, name, body).result()


def test_a24_a_plan_stays_while_a_site_of_it_is_always_on(stage: Stage) -> None:
    name, plan = stage.name("app"), stage.plan("B1")
    stage.site(name, serverFarmId=plan, siteConfig={"alwaysOn": True})
    answer = refused(stage, plan, "F1")
    assert (answer["Code"], name in answer["Message"]) == ("Conflict", True)
    assert resize(stage, plan, "S1") == "Standard"
    stage.site(name, serverFarmId=plan, siteConfig={"alwaysOn": False})
    assert resize(stage, plan, "F1") == "Free"


def test_a24_a_slot_on_a_plan_of_its_own_counts_like_a_site(stage: Stage) -> None:
    name, plan = stage.name("app"), stage.plan("S1")
    stage.site(name, serverFarmId=stage.plan("S1"))
    slot(stage, name, "staging", plan=plan, alwaysOn=True)
    answer = refused(stage, plan, "D1")
    assert (answer["Code"], "'staging'" in answer["Message"]) == ("Conflict", True)
    slot(stage, name, "staging", plan=plan, alwaysOn=False)
    assert resize(stage, plan, "D1") == "Shared"


@pytest.mark.parametrize(
    ("sku", "slots", "smaller", "tier"), [("S1", 1, "B1", "Basic"), ("P1v3", 6, "S1", "Standard")]
)
def test_a24_a_plan_stays_while_a_site_of_it_has_more_slots_than_the_tier(
    stage: Stage, sku: str, slots: int, smaller: str, tier: str
) -> None:
    name, plan = stage.name("app"), stage.plan(sku)
    stage.site(name, serverFarmId=plan)
    for number in range(slots):
        slot(stage, name, f"slot-{number}")
    answer = refused(stage, plan, smaller)
    assert (answer["Code"], f"'{tier}'" in answer["Message"]) == ("Conflict", True)
    stage.web.web_apps.delete_slot(GROUP, name, "slot-0", delete_empty_server_farm=False)
    assert resize(stage, plan, smaller) == tier


def test_a24_a_plan_stays_while_a_site_of_it_is_in_a_network(stage: Stage) -> None:
    group = f"/subscriptions/{stage.subscription}/resourceGroups/{GROUP}"
    network = networks.network(Arm(stage.local.azure), group)
    name, plan = stage.name("app"), stage.plan("B1")
    stage.site(name, serverFarmId=plan, virtualNetworkSubnetId=f"{network}/subnets/{networks.SITES}")
    answer = refused(stage, plan, "F1")
    assert (answer["Code"], answer["Message"]) == ("Conflict", NETWORKS)
    stage.site(name, serverFarmId=plan, virtualNetworkSubnetId="")
    assert resize(stage, plan, "F1") == "Free"


def test_a24_the_sites_of_another_plan_hold_nothing_back(stage: Stage) -> None:
    other, plan = stage.plan("B1"), stage.plan("B1")
    stage.site(stage.name("app"), serverFarmId=other, siteConfig={"alwaysOn": True})
    assert resize(stage, plan, "F1") == "Free"
