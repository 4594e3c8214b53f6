"""From where a vault may be called: everywhere, from some addresses and subnets, or by its private endpoint.

Source: https://learn.microsoft.com/azure/key-vault/general/network-security
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, NotRequired, TypedDict

import pulumi
from pulumi_azure_native import keyvault

from ..address_ranges import read_address_ranges
from ..arguments import Arguments
from ..azure_facts.private_links import zone_of
from ..private_endpoint import PrivateEndpointChoices, is_subnet, read_private_endpoint
from ..references import SUBNET, VAULT, expected_id

GROUP_ID: Final = "vault"


class VaultNetworkArgs(TypedDict):
    """Who reaches the vault at all, before any role is looked at."""

    vault_public_network_access: NotRequired[bool]
    """Whether the vault has a public address; left out, true, but false with a private endpoint alone."""
    vault_allowed_ip_ranges: NotRequired[Mapping[str, pulumi.Input[str]]]
    """Public IPv4 ranges that may call the vault, as name to CIDR; left out, addresses are not limited."""
    vault_allowed_subnet_ids: NotRequired[Mapping[str, pulumi.Input[str]]]
    """Subnets with service endpoint Microsoft.KeyVault that may call it, as name to id; left out, none."""
    vault_private_endpoint_subnet_id: NotRequired[pulumi.Input[str]]
    """Subnet to give the vault a private address in; left out, it has none."""
    vault_private_dns_zone_id: NotRequired[pulumi.Input[str]]
    """Private DNS zone privatelink.vaultcore.azure.net; left out, somebody else writes the record."""


@dataclass(frozen=True)
class VaultNetworkChoices:
    """The arguments of a vault's network, read and checked. A map that is None was not given."""

    public: bool
    ip_ranges: Mapping[str, pulumi.Output[str]] | None
    subnet_ids: Mapping[str, pulumi.Output[str]] | None
    endpoint: PrivateEndpointChoices | None

    @property
    def is_limited(self) -> bool:
        """Whether rules say who may call the public address."""
        return bool(self.ip_ranges) or bool(self.subnet_ids)

    @property
    def is_closed(self) -> bool:
        return not self.public or self.is_limited

    @property
    def public_network_access(self) -> str:
        return "Enabled" if self.public else "Disabled"

    def acls(self) -> keyvault.NetworkRuleSetArgs | None:
        """The vault's rules; None where nothing was ever said, which leaves them as they are."""
        if self.public and self.ip_ranges is None and self.subnet_ids is None:
            return None
        actions = keyvault.NetworkRuleAction
        return keyvault.NetworkRuleSetArgs(
            # Azure's own services get no further than their caller's role; apps are not among them.
            bypass=keyvault.NetworkRuleBypassOptions.AZURE_SERVICES,
            default_action=actions.DENY if self.is_closed else actions.ALLOW,
            ip_rules=[keyvault.IPRuleArgs(value=range_) for range_ in (self.ip_ranges or {}).values()],
            virtual_network_rules=[
                keyvault.VirtualNetworkRuleArgs(id=id) for id in (self.subnet_ids or {}).values()
            ],
        )


def read_vault_network(arguments: Arguments) -> VaultNetworkChoices:
    endpoint = read_private_endpoint(arguments, zone_of(VAULT, GROUP_ID), "vault_")
    ip_ranges = read_address_ranges(arguments, "vault_allowed_ip_ranges", public_only=True)
    subnet_ids = _read_subnets(arguments)
    is_limited = bool(ip_ranges) or bool(subnet_ids)
    public = arguments.flag("vault_public_network_access", endpoint is None or is_limited)
    if not public and is_limited:
        key = "vault_allowed_ip_ranges" if ip_ranges else "vault_allowed_subnet_ids"
        step = f"take {key} out, or set vault_public_network_access to true"
        expected = "no rules for a public address that the vault does not have"
        arguments.refuse(f"vault_public_network_access and {key}", f"false, with {key}", expected, step)
    if not public and endpoint is None:
        step = "give vault_private_endpoint_subnet_id, or set vault_public_network_access to true"
        expected = "a private endpoint where there is no public address"
        arguments.refuse("vault_public_network_access", "false, and nothing leads there", expected, step)
    return VaultNetworkChoices(public, ip_ranges, subnet_ids, endpoint)


def _read_subnets(arguments: Arguments) -> Mapping[str, pulumi.Output[str]] | None:
    key = "vault_allowed_subnet_ids"
    if not arguments.has(key):
        return None
    subnets = arguments.plain_map(key, "names to ids of subnets")
    return {
        name: arguments.checked(f"{key}[{name}]", id, is_subnet, expected_id(SUBNET))
        for name, id in subnets.items()
    }
