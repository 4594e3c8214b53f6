"""The firewall of a server: ranges of addresses that may connect, and private endpoints beside them."""

import ipaddress

from local_azure.arm import ResourceId
from local_azure.bodies import properties_of, section
from local_azure.database_servers.accepted import Accepted
from local_azure.errors import Refusal
from local_azure.http import JsonObject, Request
from local_azure.network.paths import leads_privately
from local_azure.origins import Origin
from local_azure.store import Resource, Store

DISABLED = "Disabled"


class FirewallRule(Accepted):
    """A range of addresses that may connect. 0.0.0.0 to 0.0.0.0 is whatever is in Azure, of anybody."""

    def put(self, id: ResourceId, old: JsonObject | None, new: JsonObject, request: Request) -> JsonObject:
        server = self.ground.store.get(id.parent)
        assert server is not None
        if section(properties_of(server.body), "network").get("delegatedSubnetResourceId"):
            text = "Firewall rule operations cannot be requested for a private access enabled server."
            raise Refusal(400, "FirewallRuleNotAllowed", text)
        return range_in(new)


def range_in(rule: JsonObject) -> JsonObject:
    """A rule's body as it is kept. Raises Refusal for what is no range."""
    given = section(rule, "properties")
    try:
        first, last = (
            ipaddress.IPv4Address(str(given.get(key))) for key in ("startIpAddress", "endIpAddress")
        )
    except ValueError:
        raise invalid("startIpAddress") from None
    if first > last:
        raise invalid("endIpAddress")
    return {"properties": {"startIpAddress": str(first), "endIpAddress": str(last)}}


def invalid(name: str) -> Refusal:
    """What such a service says of every value that it does not take."""
    text = f"Invalid value given for parameter {name}. Specify a valid parameter value."
    return Refusal(400, "InvalidParameterValue", text)


def is_let_in(store: Store, server: Resource, rules_type: str, origin: Origin) -> bool:
    """Whether a caller from there reaches the server at all."""
    if leads_privately(store, origin, server.id):
        return True
    network = section(properties_of(server.body), "network")
    if network.get("publicNetworkAccess") == DISABLED or origin.address is None:
        return False
    rules = store.list(under=server.id, type=rules_type)
    return any(holds(properties_of(rule.body), origin.address) for rule in rules)


def holds(rule: dict[str, str], address: str) -> bool:
    first, last = (ipaddress.IPv4Address(rule[key]) for key in ("startIpAddress", "endIpAddress"))
    return first <= ipaddress.IPv4Address(address) <= last
