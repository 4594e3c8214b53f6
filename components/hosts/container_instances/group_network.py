"""From where a group is reached: nowhere, a subnet, or the internet.

https://learn.microsoft.com/azure/container-instances/container-instances-virtual-network-concepts
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NotRequired, TypedDict

import pulumi
from pulumi_azure_native import containerinstance

from ...arguments import Arguments
from ...errors import Give, Step, TakeOut
from ...form import Form
from ...references import SUBNET, id_form

_LABEL: Final = Form.matching(
    "5 to 63 lower-case letters, digits and hyphens, starting with a letter, not ending with a hyphen",
    r"(?=.{5,63}$)[a-z](?:[0-9a-z-]*[0-9a-z])?",
    r"(?:[a-z][0-9a-z-]*)?",
)


class GroupNetworkArgs(TypedDict):
    """The group's place in a virtual network, or on the internet."""

    subnet_id: NotRequired[pulumi.Input[str]]
    """Subnet, delegated to Microsoft.ContainerInstance/containerGroups, to run in; left out, none."""
    public_network_access: NotRequired[bool]
    """Whether the group's ports have a public address, without TLS; left out, false: it has no address."""
    dns_name_label: NotRequired[pulumi.Input[str]]
    """What its public host name begins with, which no other tenant gets after it; left out, no name."""


@dataclass(frozen=True)
class GroupNetwork:
    """The arguments of a group's network, read and checked."""

    subnet_id: pulumi.Output[str] | None
    public: bool
    label: pulumi.Output[str] | None

    @property
    def subnet_ids(self) -> Sequence[containerinstance.ContainerGroupSubnetIdArgs] | None:
        if self.subnet_id is None:
            return None
        return [containerinstance.ContainerGroupSubnetIdArgs(id=self.subnet_id)]

    def ip_address(self, ports: Sequence[int]) -> containerinstance.IpAddressArgs | None:
        """Where the ports are reached; without one, containers reach each other's all the same."""
        if not ports or not (self.public or self.subnet_id is not None):
            return None
        types, scopes = (
            containerinstance.ContainerGroupIpAddressType,
            containerinstance.DnsNameLabelReusePolicy,
        )
        return containerinstance.IpAddressArgs(
            auto_generated_domain_name_label_scope=None if self.label is None else scopes.TENANT_REUSE,
            dns_name_label=self.label,
            ports=[containerinstance.PortArgs(port=port, protocol="TCP") for port in sorted(ports)],
            type=types.PUBLIC if self.public else types.PRIVATE,
        )


def read_group_network(arguments: Arguments, has_ports: bool) -> GroupNetwork:
    public, key = arguments.flag("public_network_access", False), "public_network_access"
    subnet_id = arguments.text("subnet_id", id_form(SUBNET))
    if public and subnet_id is not None:
        steps = (
            Step("take subnet_id out", (TakeOut("subnet_id"),)),
            Step(f"set {key} to false", (Give(key, "false"),)),
        )
        expected = "one of the two: a group in a subnet has no public address"
        arguments.refuse(f"subnet_id and {key}", "both", expected, steps)
    if public and not has_ports:
        step = f"give a container ports, or take {key} out"
        arguments.refuse(f"{key} and containers", "true, without ports", "ports to reach there", step)
    if arguments.has("dns_name_label") and not public:
        step = f"set {key} to true, or take dns_name_label out"
        expected = "a public address for the host name"
        arguments.refuse(f"dns_name_label and {key}", "a host name without one", expected, step)
    return GroupNetwork(subnet_id, public, arguments.text("dns_name_label", _LABEL))
