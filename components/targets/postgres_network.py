"""From where a PostgreSQL server may be reached: by its private endpoint, and from ranges of addresses.

Source: https://learn.microsoft.com/azure/postgresql/network/concepts-networking-public
"""

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, NotRequired, TypedDict

import pulumi

from ..arguments import Arguments
from ..azure_facts.private_links import zone_of
from ..private_endpoint import PrivateEndpointChoices, read_private_endpoint
from ..references import POSTGRES
from .network_rules import NetworkRules, read_network_rules

GROUP_ID: Final = "postgresqlServer"


class PostgresNetworkArgs(TypedDict):
    """Who reaches the server at all, before any role is looked at."""

    postgres_public_network_access: NotRequired[bool]
    """Whether the server has a public address; left out, true, but false with a private endpoint alone."""
    postgres_allowed_ip_ranges: NotRequired[Mapping[str, pulumi.Input[str]]]
    """Public IPv4 ranges that may connect, as name to CIDR; left out, nobody by the public address."""
    postgres_private_endpoint_subnet_id: NotRequired[pulumi.Input[str]]
    """Subnet to give the server a private address in; left out, it has none."""
    postgres_private_endpoint_location: NotRequired[pulumi.Input[str]]
    """Region of that subnet's network; left out, the server's region."""
    postgres_private_dns_zone_id: NotRequired[pulumi.Input[str]]
    """Private DNS zone privatelink.postgres.database.azure.com; left out, somebody else writes the record."""


@dataclass(frozen=True)
class PostgresNetworkChoices(NetworkRules):
    """The arguments of a server's network, read and checked."""

    endpoint: PrivateEndpointChoices | None


def read_postgres_network(arguments: Arguments) -> PostgresNetworkChoices:
    endpoint = read_private_endpoint(arguments, zone_of(POSTGRES, GROUP_ID), "postgres_")
    rules = read_network_rules(arguments, "postgres", "the server", has_endpoint=endpoint is not None)
    return PostgresNetworkChoices(rules.public, rules.ip_ranges, rules.subnet_ids, endpoint)


def ends_of(range_: str) -> tuple[str, str]:
    """The first and the last address of a range, which is how a firewall rule of a server has it."""
    network = ipaddress.ip_network(range_)
    return str(network[0]), str(network[-1])
