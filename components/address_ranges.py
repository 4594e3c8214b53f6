"""Maps of address ranges, as arguments and as Azure writes them."""

import ipaddress
from collections.abc import Mapping
from typing import Final

import pulumi

from .arguments import Arguments
from .form import Form
from .shown import entry

_NOT_PUBLIC: Final = tuple(
    ipaddress.ip_network(one) for one in ("0.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")
)
"""The first has 0.0.0.0, which databases take for whatever runs in Azure, of anybody.
https://learn.microsoft.com/azure/cosmos-db/how-to-configure-firewall"""


def read_address_ranges(
    arguments: Arguments, key: str, *, public_only: bool = False, pairs: bool = True
) -> Mapping[str, pulumi.Output[str]] | None:
    """The ranges in the form that Azure answers with, by name; None when the map was not given. `pairs` is
    whether a range may be of two addresses, where only public ones are taken.
    """
    if not arguments.has(key):
        return None
    form = (_PUBLIC if pairs else _NO_PAIR) if public_only else _ANY
    given = arguments.plain_map(key, "names to address ranges")
    return {
        name: arguments.checked(entry(key, name, given), value, form).apply(_normal)
        for name, value in given.items()
    }


def _normal(text: str) -> str:
    """A single address as the range that it is: Azure keeps it so, and would show a difference."""
    return str(ipaddress.ip_network(text)) if _is_range(text) else text


def _is_range(text: str) -> bool:
    try:
        ipaddress.ip_network(text)
    except ValueError:
        return False
    return True


def _is_public(text: str) -> bool:
    """https://learn.microsoft.com/azure/key-vault/general/network-security#ipv4-addresses-and-ranges"""
    if not _is_range(text):
        return False
    network = ipaddress.ip_network(text)
    return network.version == 4 and not any(network.overlaps(other) for other in _NOT_PUBLIC)


def _is_no_pair(text: str) -> bool:
    """https://learn.microsoft.com/azure/storage/common/storage-network-security-limitations"""
    return _is_public(text) and ipaddress.ip_network(text).prefixlen != 31


_BEGINS: Final = r"[0-9A-Fa-f.:/]*"
_ANY: Final = Form("an address or a range of addresses, such as 203.0.113.0/24", _is_range, _BEGINS)
_PUBLIC: Final = Form("a public IPv4 address or a range of them, such as 203.0.113.0/24", _is_public, _BEGINS)
_NO_PAIR: Final = Form(
    "a public IPv4 address, or a range of four or more of them, such as 203.0.113.0/24", _is_no_pair, _BEGINS
)
