"""The network that some hosts run in, and the private address that a database has there: from a machine
without a public address its rules for addresses let nobody in.
"""

from dataclasses import dataclass
from typing import TypedDict

import pulumi
from pulumi_azure_native import network, privatedns, resources

from components.azure_facts.private_links import zone_of


@dataclass(frozen=True)
class Network:
    """Subnets for machines and for private endpoints."""

    group: resources.ResourceGroup
    id: pulumi.Output[str]
    machines: pulumi.Output[str]
    endpoints: pulumi.Output[str]


class Private(TypedDict, total=False):
    """Arguments of a target, as most of them call these."""

    private_endpoint_subnet_id: pulumi.Output[str]
    private_dns_zone_id: pulumi.Output[str]


def network_in(group: resources.ResourceGroup) -> Network:
    made = network.VirtualNetwork(
        "machines", address_space={"address_prefixes": ["10.0.0.0/16"]}, resource_group_name=group.name
    )
    machines = network.Subnet(
        "machines",
        address_prefix="10.0.3.0/24",
        resource_group_name=group.name,
        virtual_network_name=made.name,
    )
    endpoints = network.Subnet(
        "endpoints",
        address_prefix="10.0.4.0/24",
        resource_group_name=group.name,
        virtual_network_name=made.name,
        opts=pulumi.ResourceOptions(depends_on=[machines]),  # a network takes one write at a time
    )
    return Network(group, made.id, machines.id, endpoints.id)


def private(within: Network | None, name: str, type: str, group_id: str) -> Private:
    """What gives the target called `name` an address in a network; nothing where there is none."""
    if within is None:
        return {}
    zone = privatedns.PrivateZone(
        name,
        location="global",
        private_zone_name=zone_of(type, group_id),
        resource_group_name=within.group.name,
    )
    privatedns.VirtualNetworkLink(
        name,
        location="global",
        private_zone_name=zone.name,
        registration_enabled=False,
        resource_group_name=within.group.name,
        virtual_network={"id": within.id},
    )
    return {"private_endpoint_subnet_id": within.endpoints, "private_dns_zone_id": zone.id}
