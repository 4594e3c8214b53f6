"""Rules of a resource's firewall (`networkAcls`): which addresses and subnets it lets in."""

import ipaddress
from typing import Final

from local_azure.bodies import items, properties_of
from local_azure.errors import Refusal
from local_azure.http import JsonObject
from local_azure.network.references import SUBNETS
from local_azure.origins import Origin
from local_azure.store import Store

_PRIVATE: Final = [ipaddress.ip_network(one) for one in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")]


def is_let_in(acls: JsonObject, origin: Origin) -> bool:
    """Whether a rule lets calls from there in."""
    if origin.subnet_id is not None:
        rules = [str(rule.get("id")).lower() for rule in items(acls, "virtualNetworkRules")]
        return origin.subnet_id.lower() in rules
    if origin.address is None:
        return False
    address = ipaddress.ip_address(origin.address)
    return any(address in ipaddress.ip_network(str(rule["value"])) for rule in items(acls, "ipRules"))


def public_range(text: str) -> ipaddress.IPv4Network | None:
    """The range of public IPv4 addresses that a text is; None for any other."""
    try:
        network = ipaddress.ip_network(text)
    except ValueError:
        return None
    if not isinstance(network, ipaddress.IPv4Network) or any(network.overlaps(one) for one in _PRIVATE):
        return None
    return network


def check_subnets(store: Store, acls: JsonObject, service: str, resources: str) -> None:
    """Raises Refusal 400 for a subnet that is not there, or has no service endpoint for `service`."""
    for rule in items(acls, "virtualNetworkRules"):
        subnet = store.get(str(rule.get("id")))
        if subnet is None or subnet.type != SUBNETS:
            raise Refusal(400, "BadRequest", f"The subnet {rule.get('id')} of a network rule was not found.")
        services = {one.get("service") for one in items(properties_of(subnet.body), "serviceEndpoints")}
        if service not in services and not rule.get("ignoreMissingVnetServiceEndpoint"):
            raise Refusal(
                400, "SubnetsHaveNoServiceEndpointsConfigured",
                f"Subnets {subnet.id.rpartition('/')[2]} of virtual network do not have ServiceEndpoints for "
                f"{service} resources configured. Add {service} to subnet's "
                f"ServiceEndpoints collection before trying to ACL {resources} resources to these "
                "subnets.",
            )  # fmt: skip
