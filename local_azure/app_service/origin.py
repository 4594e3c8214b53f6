"""From where a site's calls come.

https://learn.microsoft.com/azure/app-service/overview-vnet-integration
"""

from collections.abc import Sequence
from typing import Final

from local_azure.app_service.attached_identities import attached_identities
from local_azure.app_service.site_names import sites_and_slots
from local_azure.bodies import properties_of, section
from local_azure.http import JsonObject
from local_azure.origins import Origin
from local_azure.rules import Rule
from local_azure.store import Store

# From a block that is reserved for documentation.
SITE_ADDRESS: Final = "192.0.2.10"

RULES: Final = [
    Rule(
        "N7",
        "behaviour",
        "A site's calls come from its subnet when it has one and routes all traffic.",
        held_by="a_subnet_helps_only_a_site_that_routes_its_traffic_through_it",
    ),
    Rule(
        "N7",
        "assumed",
        "A call by a site's identity counts as coming from the site, wherever it is sent.",
        held_by="a_site_whose_subnet_is_named_by_a_rule_gets_through",
    ),
]


def site_origin(site: JsonObject) -> Origin:
    """Where the platform's own calls for a site come from. They have no address that could be relied on:
    https://learn.microsoft.com/azure/app-service/app-service-key-vault-references
    """
    properties = properties_of(site)
    routing = section(properties, "outboundVnetRouting")
    routed = routing.get("allTraffic") or routing.get("applicationTraffic")
    return Origin(subnet_id=properties.get("virtualNetworkSubnetId") if routed else None)


def origins_of_sites(store: Store, principal_id: str) -> Sequence[Origin]:
    """From where the sites call that run as that identity."""
    sites = [
        site.body
        for site in sites_and_slots(store)
        if any(one.principal_id == principal_id for one in attached_identities(site.body))
    ]
    origins = [site_origin(site) for site in sites]
    return [one if one.subnet_id else Origin(address=SITE_ADDRESS) for one in origins]
