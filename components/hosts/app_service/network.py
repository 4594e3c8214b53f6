"""Where an app's calls come from, and from where it may be called."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NotRequired, TypedDict

import pulumi
from pulumi_azure_native import web

from ...address_ranges import read_address_ranges
from ...arguments import Arguments
from ...azure_facts.private_links import zone_of
from ...placement import Placement
from ...private_endpoint import PrivateEndpoint, PrivateEndpointChoices, read_private_endpoint
from ...references import SITE, SUBNET, id_form
from ...taken_out import Kept, taken_out
from .hardening import SiteConfigFields

GROUP_ID: Final = "sites"
_FIRST_PRIORITY: Final = 100
_WITHOUT_NETWORKS: Final = ("F1", "D1")


def _lets_everybody_in(rules: Sequence[Mapping[str, Any]] | None) -> bool:
    """Where there are no rules, App Service answers with one that allows any address, and an import of the
    app takes it for an input. https://learn.microsoft.com/azure/app-service/app-service-ip-restrictions
    """
    everybody = ("Any", "Allow")
    return all((rule.get("ipAddress"), rule.get("action")) == everybody for rule in rules or ())


KEPT: Final = (
    Kept("virtualNetworkSubnetId", taken_out("subnet_id", "an empty text", "")),
    Kept(
        "siteConfig.ipSecurityRestrictions",
        taken_out("allowed_ip_ranges", "an empty map"),
        _lets_everybody_in,
    ),
)
"""What App Service keeps of a network that an argument gives no longer."""


class NetworkArgs(TypedDict):
    """The app's place in a virtual network, and who reaches it."""

    subnet_id: NotRequired[pulumi.Input[str]]
    """Subnet, delegated to Microsoft.Web/serverFarms, for all the app's calls; left out or empty, none."""
    public_network_access: NotRequired[bool]
    """Whether the app has a public address; left out, true, but false with a private endpoint alone."""
    allowed_ip_ranges: NotRequired[Mapping[str, pulumi.Input[str]]]
    """Ranges that may call the app and its deployment site, as name to CIDR; left out, not limited."""
    private_endpoint_subnet_id: NotRequired[pulumi.Input[str]]
    """Subnet to give the app a private address in; left out, it has none."""
    private_endpoint_location: NotRequired[pulumi.Input[str]]
    """Region of that subnet's network; left out, the app's region."""
    private_dns_zone_id: NotRequired[pulumi.Input[str]]
    """Private DNS zone privatelink.azurewebsites.net; left out, somebody else writes the record."""


@dataclass(frozen=True)
class NetworkChoices:
    """The arguments of an app's network, read and checked. `allowed` is None when it was not given;
    `leaves_subnet` is whether the subnet is an empty text, which takes one of an earlier run back.
    """

    subnet_id: pulumi.Output[str] | None
    public: bool
    allowed: Mapping[str, pulumi.Output[str]] | None
    endpoint: PrivateEndpointChoices | None
    leaves_subnet: bool = False

    @property
    def public_network_access(self) -> str:
        return "Enabled" if self.public else "Disabled"

    @property
    def outbound_vnet_routing(self) -> web.OutboundVnetRoutingArgs | None:
        """Everything goes through the subnet: a closed vault must not be called from a public address.

        In api-version 2025-05-01 this is what `vnetRouteAllEnabled` of the site's configuration was.
        https://learn.microsoft.com/azure/app-service/overview-vnet-integration#routes
        """
        if self.subnet_id is None:
            return None
        return web.OutboundVnetRoutingArgs(all_traffic=not self.leaves_subnet)

    def private_endpoint(
        self,
        host: pulumi.Resource,
        name: str,
        place: Placement,
        *,
        target_id: pulumi.Output[str],
        target_name: pulumi.Output[str],
        after: pulumi.Resource,
        group_id: pulumi.Input[str] = GROUP_ID,
    ) -> PrivateEndpoint | None:
        """The site's private address; None where it has none. Written after everything else of the site: App
        Service refuses a write while another one runs.
        """
        if self.endpoint is None:
            return None
        return PrivateEndpoint(
            name,
            self.endpoint,
            group_id=group_id,
            place=place,
            target_id=target_id,
            target_name=target_name,
            opts=pulumi.ResourceOptions(parent=host, depends_on=[after]),
        )

    def site_config(self) -> SiteConfigFields:
        if self.allowed is None:
            return {}
        actions = web.DefaultAction
        return {
            "ip_security_restrictions": [
                web.IpSecurityRestrictionArgs(
                    action="Allow", ip_address=range_, name=name, priority=_FIRST_PRIORITY + position
                )
                for position, (name, range_) in enumerate(self.allowed.items())
            ],
            "ip_security_restrictions_default_action": actions.DENY if self.allowed else actions.ALLOW,
            "scm_ip_security_restrictions_use_main": True,
        }


def read_network(arguments: Arguments) -> NetworkChoices:
    subnet_id = arguments.text_or_taken_back("subnet_id", id_form(SUBNET))
    endpoint = read_private_endpoint(arguments, zone_of(SITE, GROUP_ID))
    allowed = read_address_ranges(arguments, "allowed_ip_ranges")
    public = arguments.flag("public_network_access", endpoint is None or bool(allowed))
    if not public and allowed:
        step = "take allowed_ip_ranges out, or set public_network_access to true"
        expected = "no rules for a public address that the app does not have"
        subject = "public_network_access and allowed_ip_ranges"
        arguments.refuse(subject, "false, with allowed_ip_ranges", expected, step)
    _check_size(arguments)
    _check_subnets(arguments)
    return NetworkChoices(subnet_id, public, allowed, endpoint, arguments.is_taken_back("subnet_id"))


def _check_size(arguments: Arguments) -> None:
    """https://learn.microsoft.com/azure/app-service/networking-features"""
    size = arguments.raw("size")
    if isinstance(size, str) and size.upper() in _WITHOUT_NETWORKS:
        for key in ("subnet_id", "private_endpoint_subnet_id"):
            if arguments.has(key) and not arguments.is_taken_back(key):
                step = f"choose B1 or larger, or take {key} out"
                arguments.refuse(f"{key} and size", f"{size}, with {key}", "a size with networks", step)


def _check_subnets(arguments: Arguments) -> None:
    """https://learn.microsoft.com/azure/app-service/overview-vnet-integration#subnet-requirements"""
    own = arguments.raw("subnet_id")
    for key in ("private_endpoint_subnet_id", "vault_private_endpoint_subnet_id"):
        other = arguments.raw(key)
        if isinstance(own, str) and isinstance(other, str) and own.lower() == other.lower():
            step = f"give {key} a subnet of its own in the same network"
            expected = "two subnets: one delegated for apps, and one that is not"
            arguments.refuse(f"subnet_id and {key}", "one subnet for both", expected, step)
