"""From where an account of Azure AI services may be called: everywhere, from some addresses and subnets, or
by its private endpoint.

Source: https://learn.microsoft.com/azure/ai-services/cognitive-services-virtual-networks
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final, NotRequired

import pulumi
from pulumi_azure_native import cognitiveservices

from ..arguments import Arguments
from ..azure_facts.private_links import zones_of
from ..private_endpoint import read_private_endpoint, zone_form
from ..references import AI_SERVICES
from ..shown import entry
from .network_rules import read_network_rules
from .target_network import TargetNetwork, TargetPathArgs

GROUP_ID: Final = "account"


class AiNetworkArgs(TargetPathArgs):
    """Who reaches the account at all, before any role is looked at."""

    allowed_ip_ranges: NotRequired[Mapping[str, pulumi.Input[str]]]
    """Public IPv4 ranges that may call it, as name to CIDR; left out, addresses are not limited."""
    allowed_subnet_ids: NotRequired[Mapping[str, pulumi.Input[str]]]
    """Subnets with service endpoint Microsoft.CognitiveServices that may call it; left out, none."""
    private_dns_zone_ids: NotRequired[Mapping[str, pulumi.Input[str]]]
    """Zones of the domains that code calls, as name to id; left out, somebody else writes the records."""


@dataclass(frozen=True)
class AiNetwork(TargetNetwork):
    """The arguments of an account's network, read and checked."""

    def acls(self) -> cognitiveservices.NetworkRuleSetArgs:
        """The rules, which are written where nothing is said, too: an account keeps what was said once."""
        actions = cognitiveservices.NetworkRuleAction
        return cognitiveservices.NetworkRuleSetArgs(
            default_action=actions.DENY if self.is_closed else actions.ALLOW,
            ip_rules=[cognitiveservices.IpRuleArgs(value=one) for one in (self.ip_ranges or {}).values()],
            virtual_network_rules=[
                cognitiveservices.VirtualNetworkRuleArgs(id=one, ignore_missing_vnet_service_endpoint=False)
                for one in (self.subnet_ids or {}).values()
            ],
        )


def read_ai_network(arguments: Arguments) -> AiNetwork:
    """Problems are noted in `arguments`."""
    zones = zones_of(AI_SERVICES, GROUP_ID)
    endpoint = read_private_endpoint(arguments, zones[0])
    given = arguments.plain_map("private_dns_zone_ids", "names to ids of private DNS zones")
    form = zone_form(*zones)
    ids = [
        arguments.checked(entry("private_dns_zone_ids", name, given), id, form) for name, id in given.items()
    ]
    if given and endpoint is None:
        step = "give private_endpoint_subnet_id too, or take private_dns_zone_ids out"
        expected = "private_endpoint_subnet_id with it"
        arguments.refuse("private_dns_zone_ids", "zones without a private endpoint", expected, step)
    if endpoint is not None and ids:
        endpoint = replace(endpoint, zone_id=ids[0], further_zone_ids=ids[1:])
    rules = read_network_rules(arguments, "", "the account", has_endpoint=endpoint is not None)
    return AiNetwork(rules.public, rules.ip_ranges, rules.subnet_ids, endpoint)
