"""From where a call reaches something, and whether a private endpoint leads there.

https://learn.microsoft.com/azure/app-service/overview-vnet-integration
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from local_azure.app_service.attached_identities import attached_identities
from local_azure.app_service.site_names import sites_and_slots
from local_azure.http import JsonObject
from local_azure.namespaces.network_bodies import PRIVATE_ENDPOINTS, items, network_of, properties_of
from local_azure.namespaces.network_dns import ZONE_LINKS
from local_azure.namespaces.web_bodies import section
from local_azure.rules import Rule

if TYPE_CHECKING:
    from local_azure.azure import Azure

# Addresses from the blocks that are reserved for documentation.
PERSON_ADDRESS: Final = "198.51.100.7"
"""Where people and pipelines come from, as an Azure service sees them."""
SITE_ADDRESS: Final = "192.0.2.10"

RULES: Final = [
    Rule("N7", "behaviour", "A site's calls come from its subnet when it has one and routes all traffic."),
    Rule("N7", "assumed", "A call by a site's identity counts as coming from the site, wherever it is "
         "sent."),
    Rule("N8", "behaviour", "A private endpoint is found by a network that its DNS zone is linked to; "
         "without the zone the public address is called."),
]  # fmt: skip


@dataclass(frozen=True)
class Origin:
    """Where a call comes from: a subnet, or an address of the internet; None where there is neither."""

    subnet_id: str | None = None
    address: str | None = None


def site_origin(site: JsonObject) -> Origin:
    """Where the platform's own calls for a site come from. They have no address that could be relied on:
    https://learn.microsoft.com/azure/app-service/app-service-key-vault-references
    """
    properties = properties_of(site)
    routing = section(properties, "outboundVnetRouting")
    routed = routing.get("allTraffic") or routing.get("applicationTraffic")
    return Origin(subnet_id=properties.get("virtualNetworkSubnetId") if routed else None)


def caller_origins(azure: "Azure", principal_id: str) -> Sequence[Origin]:
    """From where somebody may be calling: the sites that run as that identity, or else the internet."""
    sites = [
        site.body
        for site in sites_and_slots(azure.store)
        if any(one.principal_id == principal_id for one in attached_identities(site.body))
    ]
    origins = [site_origin(site) for site in sites]
    if not origins:
        return [Origin(address=PERSON_ADDRESS)]
    return [one if one.subnet_id else Origin(address=SITE_ADDRESS) for one in origins]


def leads_privately(azure: "Azure", origin: Origin, target_id: str) -> bool:
    """Whether the origin's network has a private endpoint of the target and knows its name."""
    if origin.subnet_id is None:
        return False
    network = network_of(origin.subnet_id)
    return any(network in zone_networks for zone_networks in _networks_that_find(azure, target_id))


def _networks_that_find(azure: "Azure", target_id: str) -> Iterator[set[str]]:
    """For each private endpoint of the target its own network, where a zone of its group is linked to it."""
    for endpoint in azure.store.list(type=PRIVATE_ENDPOINTS):
        connections = items(properties_of(endpoint.body), "privateLinkServiceConnections")
        targets = {str(properties_of(one).get("privateLinkServiceId")).lower() for one in connections}
        if target_id.lower() not in targets:
            continue
        home = network_of(str(properties_of(endpoint.body)["subnet"]["id"]))
        linked: set[str] = set()
        for group in azure.store.list(under=endpoint.id):
            for zone in items(properties_of(group.body), "privateDnsZoneConfigs"):
                zone_id = str(properties_of(zone).get("privateDnsZoneId"))
                for link in azure.store.list(under=zone_id, type=ZONE_LINKS):
                    linked.add(str(properties_of(link.body)["virtualNetwork"]["id"]).lower())
        yield {home} & linked
