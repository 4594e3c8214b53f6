"""What Microsoft.Web/sites demands of the subnet that a site sends its traffic through.

https://learn.microsoft.com/azure/app-service/overview-vnet-integration#subnet-requirements
"""

from typing import Final

from local_azure.app_service.flex_consumption import is_flex_plan
from local_azure.app_service.refusals import bad_request, conflict
from local_azure.app_service.tiers import allows_networks
from local_azure.arm import ResourceId
from local_azure.http import JsonObject
from local_azure.network.references import SUBNETS, delegations, network_of
from local_azure.rules import Rule
from local_azure.store import Store

_DELEGATION: Final = "Microsoft.Web/serverFarms"
_DELEGATION_OF_FLEX: Final = "Microsoft.App/environments"

RULES: Final = [
    Rule(
        "N9",
        "assumed",
        "A site's subnet exists and is delegated to Microsoft.Web/serverFarms: 400 otherwise.",
        held_by="a_site_sends_its_traffic_through_a_delegated_subnet_that_exists",
    ),
    Rule(
        "N9",
        "assumed",
        "That of a site on Flex Consumption is delegated to Microsoft.App/environments: 400 otherwise.",
        held_by="f14_its_subnet_is_delegated_to_another_service",
        source="https://learn.microsoft.com/azure/azure-functions/flex-consumption-plan",
    ),
    Rule(
        "N11",
        "assumed",
        "A site's subnet is in the region of its plan: 400 otherwise.",
        held_by="n11_the_subnet_of_a_site_is_in_the_region_of_its_plan",
    ),
    Rule(
        "N9",
        "assumed",
        "A site on a plan that is Free, Shared or Consumption has no subnet: 409.",
        held_by="a_site_sends_its_traffic_through_a_delegated_subnet_that_exists",
    ),
]


def check_site_network(store: Store, id: ResourceId, properties: JsonObject, plan: JsonObject) -> None:
    """Raises Refusal for a subnet that the site cannot use."""
    subnet_id: str | None = properties.get("virtualNetworkSubnetId")
    if not subnet_id:
        return
    subnet = store.get(subnet_id)
    if subnet is None or subnet.type != SUBNETS:
        raise bad_request("The parameter VirtualNetworkSubnetId has an invalid value: {0}.", subnet_id)
    network = store.get(network_of(subnet.id))
    if network is None or _plain(network.body["location"]) != _plain(plan["location"]):
        raise bad_request("The parameter VirtualNetworkSubnetId has an invalid value: {0}.", subnet_id)
    delegation = _DELEGATION_OF_FLEX if is_flex_plan(plan) else _DELEGATION
    if delegation.lower() not in delegations(subnet.body):
        template = "Subnet {0} requires a delegation of {1} to be used by '{2}'."
        raise bad_request(template, subnet.id, delegation, id.name)
    if not allows_networks(str(plan["sku"]["tier"])):
        template = "There was a conflict. The plan of '{0}' ({1}) has no integration with virtual networks."
        raise conflict(template, id.name, str(plan["sku"]["name"]))


def _plain(location: str) -> str:
    return location.replace(" ", "").lower()
