"""What has to be in one region, and where a site can move (A25 A26 N10 N11)."""

from typing import Any

import pytest

from local_azure.constants import TENANT_ID
from local_azure.http import Response
from tests.local_azure import networks
from tests.local_azure.arm import Arm, content, refusal
from tests.local_azure.networks import ENDPOINTS, SITES, private_endpoint_body

WEST, NORTH = "westeurope", "northeurope"


@pytest.fixture
def group(arm: Arm) -> str:
    return arm.group()


def plan(arm: Arm, group: str, name: str, location: str = WEST) -> str:
    """The id of a new plan."""
    id = f"{group}/providers/Microsoft.Web/serverfarms/{name}"
    body = {"location": location, "sku": {"name": "S1"}, "properties": {"reserved": True}}
    content(arm("PUT", id, body))
    return id


def site(arm: Arm, group: str, plan: str, location: str = WEST, **properties: str) -> Response:
    body = {"location": location, "properties": {"serverFarmId": plan, **properties}}
    return arm("PUT", f"{group}/providers/Microsoft.Web/sites/app-one", body)


def plain(response: Response) -> tuple[int, str | None, str]:
    """Status, extended code and message of App Service's refusal."""
    body: Any = response.body
    return response.status, body["Details"][2]["ErrorEntity"]["ExtendedCode"], body["Message"]


def test_a25_a_site_is_in_the_region_of_its_plan(arm: Arm, group: str) -> None:
    north = plan(arm, group, "asp-north", NORTH)
    status, _, message = plain(site(arm, group, north))
    assert (status, "rg-one-WestEuropewebspace" in message) == (404, True)
    assert arm("GET", f"{group}/providers/Microsoft.Web/sites/app-one").status == 404
    assert site(arm, group, north, "North Europe").status == 200


def test_a25_so_is_a_slot(arm: Arm, group: str) -> None:
    assert site(arm, group, plan(arm, group, "asp-one")).status == 200
    slot = f"{group}/providers/Microsoft.Web/sites/app-one/slots/staging"
    status, _, message = plain(arm("PUT", slot, {"location": NORTH, "properties": {}}))
    assert (status, "rg-one-NorthEuropewebspace" in message) == (404, True)
    assert arm("PUT", slot, {"location": WEST, "properties": {}}).status == 200


def test_a26_a_site_moves_between_the_plans_of_one_group(arm: Arm, group: str) -> None:
    one, two = plan(arm, group, "asp-one"), plan(arm, group, "asp-two")
    assert site(arm, group, one).status == 200
    moved = content(site(arm, group, two))
    assert moved["properties"]["serverFarmId"].lower() == two.lower()
    assert moved["properties"]["webSpace"] == "rg-one-WestEuropewebspace"


def test_a26_a_site_does_not_move_to_a_plan_of_another_group(arm: Arm, group: str) -> None:
    one = plan(arm, group, "asp-one")
    other = plan(arm, arm.group("rg-other"), "asp-other")
    assert site(arm, group, one).status == 200
    text = "Cannot change the site app-one to the App Service Plan asp-other due to hosting constraints."
    assert plain(site(arm, group, other)) == (409, "59602", text)
    kept = content(arm("GET", f"{group}/providers/Microsoft.Web/sites/app-one"))
    assert kept["properties"]["serverFarmId"].lower() == one.lower()


def test_a26_it_is_the_group_of_the_first_plan_that_counts_and_not_the_sites(arm: Arm, group: str) -> None:
    away = arm.group("rg-plans")
    first, second = plan(arm, away, "asp-first"), plan(arm, away, "asp-second")
    assert site(arm, group, first).status == 200
    assert site(arm, group, second).status == 200
    assert plain(site(arm, group, plan(arm, group, "asp-near")))[:2] == (409, "59602")


def test_n10_a_private_endpoint_is_in_the_region_of_its_network(arm: Arm, group: str) -> None:
    network = networks.network(arm, group)
    vault = f"{group}/providers/Microsoft.KeyVault/vaults/kv-one"
    properties = {"tenantId": TENANT_ID, "sku": {"family": "A", "name": "standard"}}
    content(arm("PUT", vault, {"location": NORTH, "properties": properties}))
    endpoint = f"{group}/providers/Microsoft.Network/privateEndpoints/pe-one"
    body = private_endpoint_body(f"{network}/subnets/{ENDPOINTS}", vault, "vault")
    status, code, message = refusal(arm("PUT", endpoint, {**body, "location": NORTH}))
    assert (status, code) == (400, "InvalidResourceReference")
    assert message == (
        f"Resource {network} referenced by resource {endpoint} was not found. Please make sure that the "
        "referenced resource exists, and that both resources are in the same region."
    )
    # What it leads to may be anywhere.
    assert arm("PUT", endpoint, {**body, "location": "West Europe"}).status == 201


def test_n11_the_subnet_of_a_site_is_in_the_region_of_its_plan(arm: Arm, group: str) -> None:
    subnet = f"{networks.network(arm, group)}/subnets/{SITES}"
    north = plan(arm, group, "asp-north", NORTH)
    status, _, message = plain(site(arm, group, north, NORTH, virtualNetworkSubnetId=subnet))
    assert (status, subnet in message) == (400, True)
    near = plan(arm, group, "asp-near", "West Europe")
    assert site(arm, group, near, virtualNetworkSubnetId=subnet).status == 200
