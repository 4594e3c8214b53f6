"""From where a namespace of Service Bus or Event Hubs may be reached: everywhere, from some addresses and
subnets, or by its private endpoint. Its rules are a resource of their own.

Source: https://learn.microsoft.com/azure/service-bus-messaging/network-security
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final, NotRequired, TypedDict

import pulumi

from ..arguments import Arguments
from ..endpoints import host_of
from ..unknowns import answered
from .messaging_tier import MessagingTier
from .target_network import TargetNetwork, read_target_network

GROUP_ID: Final = "namespace"


def of_namespace(namespace: pulumi.Resource) -> pulumi.ResourceOptions:
    """The options of its rules, which go with it and not before: the provider would write rules that let
    nobody in, which Service Bus refuses and by which Event Hubs loses its public address.
    https://github.com/pulumi/pulumi-azure-native/issues/4064
    """
    return pulumi.ResourceOptions(parent=namespace, retain_on_delete=True)


class NamespaceNetworkArgs(TypedDict):
    """Who reaches the namespace at all, before any role is looked at."""

    namespace_public_network_access: NotRequired[bool]
    """Whether it has a public address; left out, true, but false with a private endpoint alone."""
    namespace_allowed_ip_ranges: NotRequired[Mapping[str, pulumi.Input[str]]]
    """Public IPv4 ranges that may call it, as name to CIDR; left out, addresses are not limited."""
    namespace_allowed_subnet_ids: NotRequired[Mapping[str, pulumi.Input[str]]]
    """Subnets with the service's service endpoint that may call it, as name to id; left out, none."""
    namespace_private_endpoint_subnet_id: NotRequired[pulumi.Input[str]]
    """Subnet to give the namespace a private address in; left out, it has none."""
    namespace_private_endpoint_location: NotRequired[pulumi.Input[str]]
    """Region of that subnet's network; left out, the namespace's region."""
    namespace_private_dns_zone_id: NotRequired[pulumi.Input[str]]
    """Private DNS zone privatelink.servicebus.windows.net; left out, somebody else writes the record."""


@dataclass(frozen=True)
class NamespaceNetworkChoices(TargetNetwork):
    """The arguments of a namespace's network, read and checked. `has_rules` is whether its tier has any."""

    has_rules: bool

    def rule_set(self) -> dict[str, Any] | None:
        """The inputs of the rules, in either service's words; None in a tier without. They are written where
        nothing is said, too: a namespace keeps what was said once, and its rules cannot be deleted.
        """
        if not self.has_rules:
            return None
        return {
            "default_action": "Deny" if self.is_closed else "Allow",
            "ip_rules": [{"action": "Allow", "ip_mask": one} for one in (self.ip_ranges or {}).values()],
            "public_network_access": self.public_network_access,
            # Azure's own services get no further than their caller's role; apps are not among them.
            "trusted_service_access_enabled": True,
            "virtual_network_rules": [
                {"ignore_missing_vnet_service_endpoint": False, "subnet": {"id": one}}
                for one in (self.subnet_ids or {}).values()
            ],
        }


def read_namespace_network(
    arguments: Arguments, type_: str, tier: MessagingTier, tiers: Collection[MessagingTier]
) -> NamespaceNetworkChoices:
    """`tiers` are those that can rule networks. Problems are noted in `arguments`."""
    rules = read_target_network(arguments, type_, GROUP_ID, "the namespace", "namespace")
    said = [key for key in NamespaceNetworkArgs.__annotations__ if arguments.has(key)]
    choices = NamespaceNetworkChoices(
        rules.public, rules.ip_ranges, rules.subnet_ids, rules.endpoint, has_rules=tier in tiers
    )
    if said and not choices.has_rules and not (choices.is_silent and rules.endpoint is None):
        names = " or ".join(tiers)
        cheapest = next(tier.value for tier in MessagingTier if tier in tiers)
        expected = f"rules for networks in the tier {names}, which alone has them"
        step = f"set tier to {cheapest}, or take {said[0]} out"
        arguments.refuse(f"tier and {said[0]}", f"{tier.value}, with {said[0]}", expected, step)
    return choices


def endpoint_of(address: pulumi.Output[str | None] | pulumi.Output[str]) -> pulumi.Output[str]:
    """The namespace's address. Azure writes it with a port, which is that of HTTPS."""
    known = answered(address, lambda text: text, "the namespace's address")
    return known.apply(lambda text: f"https://{host_of(text)}/")
