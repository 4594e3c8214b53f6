"""Networks, subnets, private endpoints and private DNS zones, as Resource Manager takes and refuses them."""

import pytest

from local_azure.constants import TENANT_ID
from tests.local_azure import networks
from tests.local_azure.arm import Arm, content, refusal
from tests.local_azure.networks import ENDPOINTS, SITES, delegated, network_body, private_endpoint_body


@pytest.fixture
def group(arm: Arm) -> str:
    return arm.group()


@pytest.fixture
def network(arm: Arm, group: str) -> str:
    return networks.network(arm, group)


@pytest.fixture
def vault(arm: Arm, group: str) -> str:
    id = f"{group}/providers/Microsoft.KeyVault/vaults/kv-one"
    sku = {"family": "A", "name": "standard"}
    properties = {"tenantId": TENANT_ID, "sku": sku, "enableRbacAuthorization": True}
    content(arm("PUT", id, {"location": "westeurope", "properties": properties}))
    return id


def site(arm: Arm, group: str, size: str = "B1", **properties: str) -> tuple[str, int]:
    """The id of a site on a plan of its own, and how its write was answered."""
    plan = f"{group}/providers/Microsoft.Web/serverfarms/asp-one"
    sku = {"location": "westeurope", "sku": {"name": size}, "properties": {"reserved": True}}
    content(arm("PUT", plan, sku))
    id = f"{group}/providers/Microsoft.Web/sites/app-one"
    body = {"location": "westeurope", "properties": {"serverFarmId": plan, **properties}}
    return id, arm("PUT", id, body).status


def test_a_network_comes_with_its_subnets_and_keeps_them_when_they_are_not_named(
    arm: Arm, network: str
) -> None:
    """N3."""
    shown = content(arm("GET", network))
    assert [one["name"] for one in shown["properties"]["subnets"]] == [ENDPOINTS, SITES]

    body = network_body()
    del body["properties"]["subnets"]
    content(arm("PUT", network, {**body, "tags": {"team": "shop"}}))

    shown = content(arm("GET", network))
    assert [one["name"] for one in shown["properties"]["subnets"]] == [ENDPOINTS, SITES]
    assert content(arm("GET", f"{network}/subnets/{SITES}"))["properties"]["addressPrefix"] == "10.0.1.0/24"


@pytest.mark.parametrize(
    ("prefix", "code"),
    [("10.1.0.0/24", "NetcfgSubnetRangeOutsideVnet"), ("10.0.1.128/25", "NetcfgSubnetRangesOverlap")],
)
def test_a_subnet_has_a_range_of_its_own_in_its_network(
    arm: Arm, network: str, prefix: str, code: str
) -> None:
    """N2."""
    body = {"properties": {"addressPrefix": prefix}}
    assert refusal(arm("PUT", f"{network}/subnets/snet-three", body))[:2] == (400, code)


def test_a_subnet_that_a_private_endpoint_uses_cannot_go(
    arm: Arm, group: str, network: str, vault: str
) -> None:
    """N3."""
    endpoint = networks.private_endpoint(arm, group, network, vault, "vault")
    in_use = refusal(arm("DELETE", f"{network}/subnets/{ENDPOINTS}"))
    assert in_use[:2] == (400, "InUseSubnetCannotBeDeleted")
    assert refusal(arm("DELETE", network))[1] == "InUseSubnetCannotBeDeleted"
    assert arm("DELETE", endpoint).status == 200
    assert arm("DELETE", network).status == 200


def test_a_group_goes_with_all_of_its_network(arm: Arm, group: str, network: str, vault: str) -> None:
    endpoint = networks.private_endpoint(arm, group, network, vault, "vault")
    networks.zone_group(arm, endpoint, networks.zone(arm, group, network))
    assert arm("DELETE", group).status == 202
    assert arm.azure.store.list(under=group) == []


def test_a_private_endpoint_needs_a_subnet_that_exists(
    arm: Arm, group: str, network: str, vault: str
) -> None:
    """N1."""
    body = private_endpoint_body(f"{network}/subnets/snet-none", vault, "vault")
    answer = arm("PUT", f"{group}/providers/Microsoft.Network/privateEndpoints/pe-one", body)
    assert refusal(answer)[:2] == (400, "InvalidResourceReference")


def test_a_private_endpoint_does_not_go_into_a_subnet_that_is_delegated(
    arm: Arm, group: str, network: str, vault: str
) -> None:
    """N5."""
    body = private_endpoint_body(f"{network}/subnets/{SITES}", vault, "vault")
    answer = arm("PUT", f"{group}/providers/Microsoft.Network/privateEndpoints/pe-one", body)
    assert refusal(answer)[:2] == (400, "PrivateEndpointCreationNotAllowedAsSubnetIsDelegated")


def test_a_private_endpoint_names_a_target_that_exists_and_a_group_id_that_it_has(
    arm: Arm, group: str, network: str, vault: str
) -> None:
    """N4."""
    path = f"{group}/providers/Microsoft.Network/privateEndpoints/pe-one"
    subnet = f"{network}/subnets/{ENDPOINTS}"
    wrong_group = arm("PUT", path, private_endpoint_body(subnet, vault, "sites"))
    missing = arm("PUT", path, private_endpoint_body(subnet, f"{vault}-two", "vault"))
    assert refusal(wrong_group)[0] == 400
    assert refusal(missing)[0] == 400
    assert arm("GET", path).status == 404

    state = content(arm("PUT", path, private_endpoint_body(subnet, vault, "vault")))
    [connection] = state["properties"]["privateLinkServiceConnections"]
    assert connection["properties"]["privateLinkServiceConnectionState"]["status"] == "Approved"


@pytest.mark.parametrize(("size", "status"), [("F1", 400), ("B1", 201)])
def test_a_site_on_a_free_plan_has_no_private_endpoint(
    arm: Arm, group: str, network: str, size: str, status: int
) -> None:
    """N4."""
    id, _ = site(arm, group, size)
    body = private_endpoint_body(f"{network}/subnets/{ENDPOINTS}", id, "sites")
    path = f"{group}/providers/Microsoft.Network/privateEndpoints/pe-one"
    assert arm("PUT", path, body).status == status


def test_a_private_endpoint_leads_to_a_slot_that_exists_as_a_part_of_its_site(
    arm: Arm, group: str, network: str
) -> None:
    """N4."""
    id, _ = site(arm, group, "S1")
    body = private_endpoint_body(f"{network}/subnets/{ENDPOINTS}", id, "sites-staging")
    path = f"{group}/providers/Microsoft.Network/privateEndpoints/pe-one"
    assert arm("PUT", path, body).status == 400
    content(arm("PUT", f"{id}/slots/staging", {"location": "westeurope", "properties": {}}))
    assert arm("PUT", path, body).status == 201


def test_a_subnet_that_a_slot_uses_cannot_go(arm: Arm, group: str, network: str) -> None:
    """N3."""
    id, _ = site(arm, group, "S1")
    properties = {"virtualNetworkSubnetId": f"{network}/subnets/{SITES}"}
    content(arm("PUT", f"{id}/slots/staging", {"location": "westeurope", "properties": properties}))
    assert refusal(arm("DELETE", f"{network}/subnets/{SITES}"))[1] == "InUseSubnetCannotBeDeleted"


@pytest.mark.parametrize(
    ("subnet", "size", "status"),
    [(SITES, "B1", 200), (SITES, "F1", 409), (ENDPOINTS, "B1", 400), ("snet-none", "B1", 400)],
)
def test_a_site_sends_its_traffic_through_a_delegated_subnet_that_exists(
    arm: Arm, group: str, network: str, subnet: str, size: str, status: int
) -> None:
    """N9."""
    assert site(arm, group, size, virtualNetworkSubnetId=f"{network}/subnets/{subnet}")[1] == status


def test_a_subnet_that_a_site_uses_cannot_go(arm: Arm, group: str, network: str) -> None:
    """N3."""
    site(arm, group, virtualNetworkSubnetId=f"{network}/subnets/{SITES}")
    assert refusal(arm("DELETE", f"{network}/subnets/{SITES}"))[1] == "InUseSubnetCannotBeDeleted"


def test_private_dns_zones_are_global_and_go_after_their_links(arm: Arm, group: str, network: str) -> None:
    """N6."""
    path = f"{group}/providers/Microsoft.Network/privateDnsZones/privatelink.azurewebsites.net"
    elsewhere = arm("PUT", path, {"location": "westeurope"})
    assert refusal(elsewhere)[:2] == (400, "LocationNotAvailableForResourceType")

    id = networks.zone(arm, group, network)
    assert content(arm("GET", id))["properties"]["numberOfVirtualNetworkLinks"] == 1
    assert refusal(arm("DELETE", id))[:2] == (409, "CannotDeleteResource")
    assert arm("DELETE", f"{id}/virtualNetworkLinks/one").status == 200
    assert arm("DELETE", id).status == 200


def test_links_and_zone_groups_name_what_exists(arm: Arm, group: str, network: str, vault: str) -> None:
    """N1."""
    id = networks.zone(arm, group, None)
    link = {"location": "global", "properties": {"virtualNetwork": {"id": f"{network}-two"}}}
    assert refusal(arm("PUT", f"{id}/virtualNetworkLinks/one", link))[1] == "InvalidResourceReference"
    endpoint = networks.private_endpoint(arm, group, network, vault, "vault")
    body = {
        "properties": {"privateDnsZoneConfigs": [{"name": "a", "properties": {"privateDnsZoneId": "/x"}}]}
    }
    answer = arm("PUT", f"{endpoint}/privateDnsZoneGroups/default", body)
    assert refusal(answer)[1] == "InvalidResourceReference"


def test_a_delegation_is_kept_as_it_was_written(arm: Arm, network: str) -> None:
    kept = content(arm("GET", f"{network}/subnets/{SITES}"))["properties"]
    assert kept["delegations"] == delegated("10.0.1.0/24")["delegations"]
