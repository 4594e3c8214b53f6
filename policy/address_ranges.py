"""How much of the internet a list of addresses lets in, however it is cut into ranges."""

from collections.abc import Iterable
from ipaddress import IPv4Network, IPv6Network, collapse_addresses, ip_network
from typing import Final

from access_report.weighing.networks import Network, between

_GLOBAL_4: Final = IPv4Network("0.0.0.0/0")
_EVERYBODY: Final = frozenset({"*", "any", "internet"})
_GLOBAL_6: Final = IPv6Network("2000::/3")
"""What is given out of version 6: https://www.iana.org/assignments/ipv6-address-space"""


def networks_in(text: str) -> list[Network]:
    """The networks that an entry names: an address, a range in CIDR, `first-last`, several with commas, or a
    word for everybody. None where it is none of these, such as a service tag.
    """
    if "," in text:
        return [one for part in text.split(",") for one in networks_in(part)]
    entry = text.strip()
    if entry.lower() in _EVERYBODY:
        return [_GLOBAL_4, IPv6Network("::/0")]
    first, dash, last = entry.partition("-")
    if dash:
        return between(first, last)
    try:
        return [ip_network(entry, strict=False)]
    except ValueError:
        return []


def share_of_internet(networks: Iterable[Network]) -> float:
    """From 0 to 1: the larger of the shares of version 4 and of what is given out of version 6. Ranges that
    overlap count once.
    """
    given = list(networks)
    four = collapse_addresses(one for one in given if isinstance(one, IPv4Network))
    six = collapse_addresses(one for one in given if isinstance(one, IPv6Network))
    share_of_4 = sum(one.num_addresses for one in four) / _GLOBAL_4.num_addresses
    share_of_6 = sum(_within(one) for one in six) / _GLOBAL_6.num_addresses
    return max(share_of_4, share_of_6)


def _within(network: IPv6Network) -> int:
    if network.supernet_of(_GLOBAL_6):
        return _GLOBAL_6.num_addresses
    return network.num_addresses if network.subnet_of(_GLOBAL_6) else 0
