"""From where a registry may be reached: its rules, and private endpoints. Both are for the Premium tier.

https://learn.microsoft.com/azure/container-registry/container-registry-access-selected-networks
"""

import ipaddress
from collections.abc import Sequence
from typing import Final

from local_azure.bodies import items, properties_of, section
from local_azure.errors import Refusal
from local_azure.network.paths import leads_privately
from local_azure.origins import Origin
from local_azure.rules import Rule
from local_azure.store import Resource, Store

RULES: Final = [
    Rule(
        "J6",
        "refusal",
        "Who calls from where a registry lets nobody in is told the address: 403 DENIED, client with IP is "
        "not allowed access.",
        held_by="j6_a_closed_registry_answers_whom_its_rules_name_and_private_endpoints",
        source="docker/build-push-action#1214",
    ),
]


def require_path(store: Store, registry: Resource, origins: Sequence[Origin]) -> None:
    """Raises Refusal 403 unless one of the places where the caller may be leads to the registry."""
    if any(_is_let_in(store, registry, origin) for origin in origins):
        return
    address = next((one.address for one in origins if one.address), "10.0.0.4")
    text = f"client with IP '{address}' is not allowed access. Refer https://aka.ms/acr/firewall to grant "
    raise Refusal(403, "DENIED", f"{text}access.", "registry")


def _is_let_in(store: Store, registry: Resource, origin: Origin) -> bool:
    if leads_privately(store, origin, registry.id):
        return True
    properties = properties_of(registry.body)
    if properties.get("publicNetworkAccess") == "Disabled":
        return False
    rules = section(properties, "networkRuleSet")
    if rules.get("defaultAction", "Allow") != "Deny":
        return True
    if origin.address is None:
        return False
    address = ipaddress.ip_address(origin.address)
    return any(address in ipaddress.ip_network(str(one["value"])) for one in items(rules, "ipRules"))
