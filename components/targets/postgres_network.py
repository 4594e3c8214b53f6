"""From where a PostgreSQL server may be reached: by its private endpoint, and from ranges of addresses.

Source: https://learn.microsoft.com/azure/postgresql/network/concepts-networking-public
"""

from collections.abc import Mapping
from typing import Final, NotRequired, TypedDict

import pulumi

from ..arguments import Arguments
from ..references import POSTGRES
from .target_network import TargetNetwork, read_target_network

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


def read_postgres_network(arguments: Arguments) -> TargetNetwork:
    return read_target_network(arguments, POSTGRES, GROUP_ID, "the server", "postgres")
