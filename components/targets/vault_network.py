"""From where a vault may be called: everywhere, from some addresses and subnets, or by its private endpoint.

Source: https://learn.microsoft.com/azure/key-vault/general/network-security
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, NotRequired, TypedDict

import pulumi
from pulumi_azure_native import keyvault

from ..arguments import Arguments
from ..references import VAULT
from ..taken_out import Kept
from .network_rules import is_open, taken_out_rules
from .target_network import TargetNetwork, read_target_network

GROUP_ID: Final = "vault"


KEPT: Final = Kept("properties.networkAcls", taken_out_rules("vault"), is_open)
"""What Key Vault may keep of rules that arguments give no longer."""


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
    vault_private_endpoint_location: NotRequired[pulumi.Input[str]]
    """Region of that subnet's network; left out, the vault's region."""
    vault_private_dns_zone_id: NotRequired[pulumi.Input[str]]
    """Private DNS zone privatelink.vaultcore.azure.net; left out, somebody else writes the record."""


@dataclass(frozen=True)
class VaultNetworkChoices(TargetNetwork):
    """The arguments of a vault's network, read and checked."""

    def acls(self) -> keyvault.NetworkRuleSetArgs | None:
        """The vault's rules; None where nothing was ever said, which leaves them as they are."""
        if self.is_silent:
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
    rules = read_target_network(arguments, VAULT, GROUP_ID, "the vault", "vault")
    return VaultNetworkChoices(rules.public, rules.ip_ranges, rules.subnet_ids, rules.endpoint)
