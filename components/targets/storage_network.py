"""From where a storage account may be called: everywhere, from some addresses and subnets, or by the private
endpoints of its services.

Source: https://learn.microsoft.com/azure/storage/common/storage-network-security
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NotRequired, TypedDict

import pulumi
from pulumi_azure_native import storage

from ..arguments import Arguments
from ..azure_facts.private_links import zone_of
from ..private_endpoint import PrivateEndpointChoices, read_endpoint_location, zone_form
from ..references import STORAGE, SUBNET, id_form
from ..shown import described, entry
from ..taken_out import Kept
from .network_rules import NetworkRules, is_open, read_network_rules, taken_out_rules

SERVICES: Final = ("blob", "queue", "table", "file")
"""What code reaches in an account. Each has an address, a private endpoint and a zone of its own."""
_SUBNET_KEY: Final = "storage_private_endpoint_subnet_id"
_ZONES_KEY: Final = "storage_private_dns_zone_ids"


KEPT: Final = Kept("networkRuleSet", taken_out_rules("storage"), is_open)
"""What an account keeps of rules that arguments give no longer.
https://github.com/pulumi/pulumi-azure-native/issues/2507"""


class StorageNetworkArgs(TypedDict):
    """Who reaches the account at all, before any role is looked at."""

    storage_public_network_access: NotRequired[bool]
    """Whether the account has public addresses; left out, true, but false with private endpoints alone."""
    storage_allowed_ip_ranges: NotRequired[Mapping[str, pulumi.Input[str]]]
    """Public IPv4 ranges that may call the account, as name to CIDR; left out, addresses are not limited."""
    storage_allowed_subnet_ids: NotRequired[Mapping[str, pulumi.Input[str]]]
    """Subnets with service endpoint Microsoft.Storage that may call it, as name to id; left out, none."""
    storage_private_endpoint_subnet_id: NotRequired[pulumi.Input[str]]
    """Subnet for a private address of its blobs, and of queues, tables and shares it has; left out, none."""
    storage_private_endpoint_location: NotRequired[pulumi.Input[str]]
    """Region of that subnet's network; left out, the account's region."""
    storage_private_dns_zone_ids: NotRequired[Mapping[str, pulumi.Input[str]]]
    """Zones privatelink.<service>.core.windows.net, as blob, queue, table, file to id; left out, others'."""


@dataclass(frozen=True)
class StorageNetworkChoices(NetworkRules):
    """The arguments of an account's network, read and checked. `endpoints` are by service."""

    endpoints: Mapping[str, PrivateEndpointChoices]

    def rule_set(self) -> storage.NetworkRuleSetArgs | None:
        """The account's rules; None where nothing was ever said, which leaves them as they are."""
        if self.is_silent:
            return None
        actions = storage.DefaultAction
        return storage.NetworkRuleSetArgs(
            # Azure's own services get no further than their caller's role; apps are not among them.
            bypass=storage.Bypass.AZURE_SERVICES,
            default_action=actions.DENY if self.is_closed else actions.ALLOW,
            ip_rules=[
                storage.IPRuleArgs(action=storage.Action.ALLOW, i_p_address_or_range=range_.apply(_as_a_rule))
                for range_ in (self.ip_ranges or {}).values()
            ],
            virtual_network_rules=[
                storage.VirtualNetworkRuleArgs(action=storage.Action.ALLOW, virtual_network_resource_id=id)
                for id in (self.subnet_ids or {}).values()
            ],
        )


def read_storage_network(arguments: Arguments, used: Sequence[str]) -> StorageNetworkChoices:
    """`used` are the services that the account has something in."""
    endpoints = _read_endpoints(arguments, used)
    has_endpoint = bool(endpoints)
    rules = read_network_rules(arguments, "storage", "the account", has_endpoint=has_endpoint, pairs=False)
    return StorageNetworkChoices(rules.public, rules.ip_ranges, rules.subnet_ids, endpoints)


def _read_endpoints(arguments: Arguments, used: Sequence[str]) -> Mapping[str, PrivateEndpointChoices]:
    subnet_id = arguments.text(_SUBNET_KEY, id_form(SUBNET))
    location = read_endpoint_location(arguments, "storage_")
    zones = _read_zones(arguments)
    if subnet_id is None:
        if zones:
            step = f"give {_SUBNET_KEY} too, or take {_ZONES_KEY} out"
            expected = f"{_SUBNET_KEY} with it"
            arguments.refuse(_ZONES_KEY, "zones without a private endpoint", expected, step)
        return {}
    private = [service for service in SERVICES if service in ("blob", *used) or service in zones]
    return {service: PrivateEndpointChoices(subnet_id, zones.get(service), location) for service in private}


def _read_zones(arguments: Arguments) -> Mapping[str, pulumi.Output[str]]:
    zones: dict[str, pulumi.Output[str]] = {}
    given = arguments.plain_map(_ZONES_KEY, "blob, queue, table and file to ids of zones")
    for service, id in given.items():
        subject = entry(_ZONES_KEY, service, given)
        if service not in SERVICES:
            step = f"name the zone after its service, one of {', '.join(SERVICES)}"
            arguments.refuse(subject, described(service), f"one of {', '.join(SERVICES)}", step)
            continue
        zones[service] = arguments.checked(subject, id, zone_form(zone_of(STORAGE, service)))
    return zones


def _as_a_rule(range_: str) -> str:
    """A single address without its length: a rule of an account takes no range that is that small.

    https://learn.microsoft.com/azure/storage/common/storage-network-security-limitations
    """
    return range_.removesuffix("/32")
