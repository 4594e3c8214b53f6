"""From where the API of a cluster is reached, and what its nodes and pods are connected to.

https://learn.microsoft.com/azure/aks/concepts-network
"""

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NotRequired, TypedDict

import pulumi
from pulumi_azure_native import containerservice

from ...address_ranges import read_address_ranges
from ...arguments import Arguments
from ...errors import Give, Step
from ...form import Form
from ...references import PRIVATE_DNS_ZONE, SUBNET, id_form, is_id_of, parse_id

MOST_RANGES: Final = 200
"""https://learn.microsoft.com/azure/aks/api-server-authorized-ip-ranges"""
_NODES_ALONE: Final = "0.0.0.0/32"
"""No range of anybody's: the cluster's own way out is let in, and nothing else."""
_PODS: Final = "10.244.0.0/16"
_SERVICES: Final = "10.0.0.0/16"
_LONGEST_PREFIX: Final = 54
_DNS: Final = 10
"""Which address of the services' range answers names."""


class OutboundPath(StrEnum):
    """How nodes and pods reach what is outside."""

    LOAD_BALANCER = "load-balancer"
    """Through a load balancer that AKS makes."""
    NAT_GATEWAY = "nat-gateway"
    """Through a NAT gateway that AKS makes, in a network that it makes, too."""
    OWN_ROUTES = "own-routes"
    """As the route table of subnet_id says, mostly through a firewall."""

    @property
    def type(self) -> str:
        """Azure's own word."""
        return _OUTBOUND[self]


_OUTBOUND: Final[Mapping[str, str]] = {
    OutboundPath.LOAD_BALANCER: "loadBalancer",
    OutboundPath.NAT_GATEWAY: "managedNATGateway",
    OutboundPath.OWN_ROUTES: "userDefinedRouting",
}


def _is_zone(text: str) -> bool:
    name = parse_id(text).name.lower() if is_id_of(PRIVATE_DNS_ZONE, text) else ""
    return name.endswith(".azmk8s.io") and "privatelink." in f".{name}"


_ZONE: Final = Form(
    "the id of a private DNS zone that is called privatelink.<region>.azmk8s.io, or with a part before that",
    _is_zone,
)


def _range(widest: int, narrowest: int, such_as: str) -> Form:
    def is_range(text: str) -> bool:
        try:
            network = ipaddress.ip_network(text)
        except ValueError:
            return False
        return network.version == 4 and widest <= network.prefixlen <= narrowest

    words = f"an IPv4 range of /{widest} to /{narrowest}, such as {such_as}"
    return Form(words, is_range, r"[0-9./]*")


_POD_RANGE: Final = _range(8, 24, _PODS)
"""Each node takes a /24 of it."""
_SERVICE_RANGE: Final = _range(12, 28, _SERVICES)
"""https://learn.microsoft.com/azure/aks/azure-cni-overlay#ip-address-planning"""


class ClusterNetworkArgs(TypedDict):
    """Who reaches the API at all, before any role is looked at, and where nodes and pods are."""

    public_network_access: NotRequired[bool]
    """Whether the API has a public address; left out, true, and then allowed_ip_ranges says for whom."""
    allowed_ip_ranges: NotRequired[Mapping[str, pulumi.Input[str]]]
    """Public IPv4 ranges that may call the API, required with a public address; {}: nobody's."""
    api_private_dns_zone_id: NotRequired[pulumi.Input[str]]
    """Private DNS zone for the API of a cluster without a public address; left out, AKS makes one."""
    subnet_id: NotRequired[pulumi.Input[str]]
    """Subnet of the nodes; left out, AKS makes a network."""
    outbound: NotRequired[OutboundPath]
    """How nodes and pods reach what is outside; left out, load-balancer."""
    pod_ip_range: NotRequired[pulumi.Input[str]]
    """Range for pods, a /24 for each node, apart from all that they reach; left out, 10.244.0.0/16."""
    service_ip_range: NotRequired[pulumi.Input[str]]
    """Range for services, apart from all that pods reach; left out, 10.0.0.0/16."""


@dataclass(frozen=True)
class ClusterNetwork:
    """The arguments of a cluster's network, read and checked."""

    public: bool
    ip_ranges: Mapping[str, pulumi.Output[str]] | None
    zone_id: pulumi.Output[str] | None
    subnet_id: pulumi.Output[str] | None
    outbound: OutboundPath
    pods: pulumi.Output[str]
    services: pulumi.Output[str]

    def api(self) -> containerservice.ManagedClusterAPIServerAccessProfileArgs:
        """Who may call the API. Nobody runs commands in the cluster by way of Resource Manager, past the
        roles of its API. https://learn.microsoft.com/azure/aks/access-private-cluster#disable-run-command
        """
        if self.public:
            ranges = list((self.ip_ranges or {}).values()) or [_NODES_ALONE]
            return containerservice.ManagedClusterAPIServerAccessProfileArgs(
                authorized_ip_ranges=ranges, disable_run_command=True, enable_private_cluster=False
            )
        return containerservice.ManagedClusterAPIServerAccessProfileArgs(
            disable_run_command=True,
            enable_private_cluster=True,
            enable_private_cluster_public_fqdn=False,
            private_dns_zone="system" if self.zone_id is None else self.zone_id,
        )

    def profile(self) -> containerservice.ContainerServiceNetworkProfileArgs:
        """Pods have a network of their own, in which policies hold.
        https://learn.microsoft.com/azure/aks/azure-cni-powered-by-cilium
        """
        return containerservice.ContainerServiceNetworkProfileArgs(
            dns_service_ip=self.services.apply(_dns_of),
            load_balancer_sku=containerservice.LoadBalancerSku.STANDARD,
            network_dataplane=containerservice.NetworkDataplane.CILIUM,
            network_plugin=containerservice.NetworkPlugin.AZURE,
            network_plugin_mode=containerservice.NetworkPluginMode.OVERLAY,
            network_policy=containerservice.NetworkPolicy.CILIUM,
            outbound_type=self.outbound.type,
            pod_cidr=self.pods,
            service_cidr=self.services,
        )


def read_cluster_network(arguments: Arguments) -> ClusterNetwork:
    """Problems are noted in `arguments`."""
    key, public_key, zone_key = "allowed_ip_ranges", "public_network_access", "api_private_dns_zone_id"
    ranges = read_address_ranges(arguments, key, public_only=True)
    public = arguments.flag(public_key, True)
    creates = not arguments.has("existing_id")
    if creates and public and ranges is None:
        steps = (
            Step(f"give {key}: names to ranges, or an empty map for the cluster's nodes alone", (Give(key),)),
            Step(f"set {public_key} to false", (Give(public_key, "false"),)),
        )
        expected = "ranges that may call the API, or no public address"
        arguments.refuse(f"{key} and {public_key}", "neither", expected, steps)
    if not public and ranges is not None:
        expected = "no rules for a public address that the API does not have"
        step = f"take {key} out, or set {public_key} to true"
        arguments.refuse(f"{public_key} and {key}", f"false, with {key}", expected, step)
    if len(ranges or {}) > MOST_RANGES:
        step = f"join ranges, or set {public_key} to false"
        arguments.refuse(key, f"{len(ranges or {})} ranges", f"at most {MOST_RANGES}", step)
    if public and arguments.has(zone_key):
        step = f"set {public_key} to false, or take {zone_key} out"
        arguments.refuse(zone_key, "a private zone for a public address", f"{public_key} false", step)
    outbound = arguments.choice("outbound", OutboundPath, OutboundPath.LOAD_BALANCER)
    if outbound is OutboundPath.OWN_ROUTES and not arguments.has("subnet_id"):
        expected = "the subnet whose routes lead out"
        step = "give subnet_id, or take outbound out"
        arguments.refuse("outbound", f"{outbound}, without subnet_id", expected, step)
    if outbound is OutboundPath.NAT_GATEWAY and arguments.has("subnet_id"):
        # https://learn.microsoft.com/azure/aks/nat-gateway#before-you-begin
        expected = "a network that AKS makes: it puts no NAT gateway into another one"
        step = "take subnet_id out, or set outbound to load-balancer or own-routes"
        arguments.refuse("outbound", f"{outbound}, with subnet_id", expected, step)
    if outbound is OutboundPath.OWN_ROUTES and public and ranges == {}:
        expected = "the address that nodes have outside: by that they call the API"
        step = f"name the address, mostly a firewall's, or set {public_key} to false"
        arguments.refuse(f"outbound and {key}", f"{outbound}, with no range", expected, step)
    _check_apart(arguments)
    return ClusterNetwork(
        public=public,
        ip_ranges=ranges,
        zone_id=arguments.text(zone_key, _ZONE),
        subnet_id=arguments.text("subnet_id", id_form(SUBNET)),
        outbound=outbound,
        pods=arguments.text("pod_ip_range", _POD_RANGE) or pulumi.Output.from_input(_PODS),
        services=arguments.text("service_ip_range", _SERVICE_RANGE) or pulumi.Output.from_input(_SERVICES),
    )


def _check_apart(arguments: Arguments) -> None:
    """Refuse one range in the other. Told only where both are plain."""
    pods = arguments.raw("pod_ip_range") or _PODS
    services = arguments.raw("service_ip_range") or _SERVICES
    if not (_POD_RANGE.holds(pods) and _SERVICE_RANGE.holds(services)):
        return
    if ipaddress.ip_network(pods).overlaps(ipaddress.ip_network(services)):
        step = "give another pod_ip_range, or another service_ip_range"
        both = "pod_ip_range and service_ip_range"
        arguments.refuse(both, "ranges with addresses in common", "two ranges apart", step)


def dns_prefix(name: str) -> str:
    """How the address of the API begins: letters, digits and hyphens, a letter first, 1 to 54 of them."""
    legal = re.sub(r"[^0-9A-Za-z-]", "-", name)
    begun = legal if legal[0].isalpha() else f"k{legal}"
    return begun[:_LONGEST_PREFIX].strip("-")


def network_of(subnet_id: str) -> str:
    """The id of the network that a subnet is in."""
    assert is_id_of(SUBNET, subnet_id)
    return subnet_id[: subnet_id.lower().rindex("/subnets/")]


def _dns_of(services: str) -> str:
    return str(ipaddress.ip_network(services)[_DNS])
