"""From where a namespace may be reached: its rules, which are a resource of their own, and private endpoints.

https://learn.microsoft.com/azure/service-bus-messaging/network-security
"""

import ipaddress
from collections.abc import Sequence
from typing import Final

from local_azure.bodies import items, properties_of, section
from local_azure.network.paths import leads_privately
from local_azure.origins import Origin
from local_azure.store import Resource, Store

RULE_SETS: Final = "networkRuleSets"


def rule_set_id(namespace_id: str) -> str:
    return f"{namespace_id}/{RULE_SETS}/default"


def is_let_in(store: Store, namespace: Resource, origins: Sequence[Origin]) -> bool:
    """Whether one of the places where the caller may be leads to the namespace."""
    if any(leads_privately(store, origin, namespace.id) for origin in origins):
        return True
    if str(properties_of(namespace.body).get("publicNetworkAccess") or "Enabled").lower() != "enabled":
        return False
    stored = store.get(rule_set_id(namespace.id))
    rules = properties_of(stored.body if stored else None)
    if str(rules.get("defaultAction") or "Allow").lower() == "allow":
        return True
    subnets = [str(section(one, "subnet").get("id")).lower() for one in items(rules, "virtualNetworkRules")]
    ranges = [ipaddress.ip_network(str(one.get("ipMask"))) for one in items(rules, "ipRules")]
    return any(
        origin.subnet_id.lower() in subnets
        if origin.subnet_id is not None
        else origin.address is not None and any(ipaddress.ip_address(origin.address) in one for one in ranges)
        for origin in origins
    )
