"""How a firewall rule of a database server has a range of addresses."""

import ipaddress


def ends_of(range_: str) -> tuple[str, str]:
    """The first and the last address."""
    network = ipaddress.ip_network(range_)
    return str(network[0]), str(network[-1])
