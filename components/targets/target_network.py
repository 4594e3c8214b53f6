"""From where a target may be reached whose network is ruled as that of most: a public address with or
without rules, and a private endpoint. What the arguments are called is the same for all of them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NotRequired, TypedDict

import pulumi

from ..arguments import Arguments
from ..azure_facts.private_links import zone_of
from ..private_endpoint import PrivateEndpointChoices, read_private_endpoint
from .network_rules import NetworkRules, read_network_rules


class TargetPathArgs(TypedDict):
    """Who reaches the target at all, before any role is looked at; of a service that rules no addresses."""

    public_network_access: NotRequired[bool]
    """Whether it has a public address; left out, true, but false with a private endpoint alone."""
    private_endpoint_subnet_id: NotRequired[pulumi.Input[str]]
    """Subnet to give it a private address in; left out, it has none."""
    private_endpoint_location: NotRequired[pulumi.Input[str]]
    """Region of that subnet's network; left out, the target's region."""


class TargetZoneArgs(TargetPathArgs):
    """The same, of a service that answers under one domain."""

    private_dns_zone_id: NotRequired[pulumi.Input[str]]
    """The service's own private DNS zone, `privatelink.…`; left out, somebody else writes the record."""


class TargetNetworkArgs(TargetZoneArgs):
    """The same, of a service whose rules can name addresses."""

    allowed_ip_ranges: NotRequired[Mapping[str, pulumi.Input[str]]]
    """Public IPv4 ranges that may call it, as name to CIDR; left out, addresses are not limited."""


class TargetSubnetArgs(TargetNetworkArgs):
    """The same, of a service whose rules can name subnets, too."""

    allowed_subnet_ids: NotRequired[Mapping[str, pulumi.Input[str]]]
    """Subnets with the service's service endpoint that may call it, as name to id; left out, none."""


@dataclass(frozen=True)
class TargetNetwork(NetworkRules):
    """The arguments of a target's network, read and checked."""

    endpoint: PrivateEndpointChoices | None


def read_target_network(
    arguments: Arguments, type_: str, group_id: str, what: str, prefix: str = "", *, pairs: bool = True
) -> TargetNetwork:
    """`type_` and `group_id` are what a private endpoint leads to, `what` is how a message calls the target;
    `prefix` is how the arguments begin, and `pairs` whether rules take ranges of two addresses. Problems are
    noted in `arguments`.
    """
    endpoint = read_private_endpoint(arguments, zone_of(type_, group_id), prefix and f"{prefix}_")
    has_endpoint = endpoint is not None
    rules = read_network_rules(arguments, prefix, what, has_endpoint=has_endpoint, pairs=pairs)
    return TargetNetwork(rules.public, rules.ip_ranges, rules.subnet_ids, endpoint)
