"""A network with one subnet for sites and one for private endpoints, written through Resource Manager."""

from typing import Any

from local_azure.http import JsonObject
from tests.local_azure.arm import Arm, content

Json = dict[str, Any]
SITES, ENDPOINTS = "snet-sites", "snet-endpoints"
VAULT_ZONE = "privatelink.vaultcore.azure.net"


def network_body(**subnets: Json) -> Json:
    given = [{"name": name.replace("_", "-"), "properties": body} for name, body in subnets.items()]
    space = {"addressSpace": {"addressPrefixes": ["10.0.0.0/16"]}}
    return {"location": "westeurope", "properties": {**space, "subnets": given}}


def delegated(prefix: str, **more: Any) -> Json:
    delegation = {"name": "sites", "properties": {"serviceName": "Microsoft.Web/serverFarms"}}
    return {"addressPrefix": prefix, "delegations": [delegation], **more}


def network(arm: Arm, group: str, name: str = "vnet-one", *, service_endpoint: str | None = None) -> str:
    """Create the network, its subnet for sites with a service endpoint for that service; its id."""
    id = f"{group}/providers/Microsoft.Network/virtualNetworks/{name}"
    services = {"serviceEndpoints": [{"service": service_endpoint}]} if service_endpoint else {}
    sites = delegated("10.0.1.0/24", **services)
    content(arm("PUT", id, network_body(snet_sites=sites, snet_endpoints={"addressPrefix": "10.0.2.0/24"})))
    return id


def private_endpoint_body(subnet_id: str, target_id: str, group_id: str) -> Json:
    connection = {"privateLinkServiceId": target_id, "groupIds": [group_id]}
    connections = [{"name": "one", "properties": connection}]
    properties = {"subnet": {"id": subnet_id}, "privateLinkServiceConnections": connections}
    return {"location": "westeurope", "properties": properties}


def private_endpoint(arm: Arm, group: str, network_id: str, target_id: str, group_id: str) -> str:
    id = f"{group}/providers/Microsoft.Network/privateEndpoints/pe-one"
    content(arm("PUT", id, private_endpoint_body(f"{network_id}/subnets/{ENDPOINTS}", target_id, group_id)))
    return id


def zone(arm: Arm, group: str, network_id: str | None, name: str = VAULT_ZONE) -> str:
    """A private DNS zone, linked to the network unless that is None; its id."""
    id = f"{group}/providers/Microsoft.Network/privateDnsZones/{name}"
    content(arm("PUT", id, {"location": "global"}))
    if network_id is not None:
        link = {"virtualNetwork": {"id": network_id}}
        content(arm("PUT", f"{id}/virtualNetworkLinks/one", {"location": "global", "properties": link}))
    return id


def zone_group(arm: Arm, endpoint_id: str, zone_id: str) -> JsonObject:
    configurations = [{"name": "vault", "properties": {"privateDnsZoneId": zone_id}}]
    body = {"properties": {"privateDnsZoneConfigs": configurations}}
    return content(arm("PUT", f"{endpoint_id}/privateDnsZoneGroups/default", body))
