"""Whether a private endpoint leads from where a call comes to what it is for.

https://learn.microsoft.com/azure/private-link/private-endpoint-dns
"""

from collections.abc import Iterator
from typing import Final

from local_azure.bodies import items, properties_of
from local_azure.http import JsonObject
from local_azure.network.private_dns import ZONE_LINKS
from local_azure.network.references import PRIVATE_ENDPOINTS, network_of
from local_azure.origins import Origin
from local_azure.rules import Rule
from local_azure.store import Store

RULES: Final = [
    Rule(
        "N8",
        "behaviour",
        "A private endpoint is found by a network that its DNS zone is linked to; without the zone the "
        "public address is called.",
        held_by="a_private_endpoint_is_not_found_without_its_dns_zone",
    ),
]


def leads_privately(store: Store, origin: Origin, target_id: str, group: str | None = None) -> bool:
    """Whether the origin's network has a private endpoint of the target and knows its name; one for that
    group of the target, where it has several.
    """
    if origin.subnet_id is None:
        return False
    network = network_of(origin.subnet_id)
    return any(network in zone_networks for zone_networks in _networks_that_find(store, target_id, group))


def _networks_that_find(store: Store, target_id: str, group: str | None) -> Iterator[set[str]]:
    """For each private endpoint of the target its own network, where a zone of its group is linked to it."""
    for endpoint in store.list(type=PRIVATE_ENDPOINTS):
        connections = items(properties_of(endpoint.body), "privateLinkServiceConnections")
        if not any(_is_to(properties_of(one), target_id, group) for one in connections):
            continue
        home = network_of(str(properties_of(endpoint.body)["subnet"]["id"]))
        linked: set[str] = set()
        for zones in store.list(under=endpoint.id):
            for zone in items(properties_of(zones.body), "privateDnsZoneConfigs"):
                zone_id = str(properties_of(zone).get("privateDnsZoneId"))
                for link in store.list(under=zone_id, type=ZONE_LINKS):
                    linked.add(str(properties_of(link.body)["virtualNetwork"]["id"]).lower())
        yield {home} & linked


def _is_to(connection: JsonObject, target_id: str, group: str | None) -> bool:
    groups: list[str] = connection.get("groupIds") or []
    same = str(connection.get("privateLinkServiceId")).lower() == target_id.lower()
    return same and (group is None or group in groups)
