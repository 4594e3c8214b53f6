"""What a private endpoint can lead to, and the private DNS zone that its address has to be in.

Sources: https://learn.microsoft.com/azure/private-link/private-endpoint-overview#private-link-resource and
https://learn.microsoft.com/azure/private-link/private-endpoint-dns
"""

from collections.abc import Mapping, Sequence
from functools import cache

from .clouds import PUBLIC
from .data import read


def groups_of(type: str) -> tuple[str, ...]:
    """The groups (sub-resources) of a type such as `Microsoft.KeyVault/vaults`, in whatever case; none for a
    type that takes no private endpoint, or is not known here. A slot of a site has the group
    `sites-<slot>` of the site besides.
    """
    return tuple(_links().get(type.lower(), {}))


def zone_of(type: str, group: str, cloud: str = PUBLIC) -> str:
    """The name of the zone, such as `privatelink.vaultcore.azure.net`; the first where there are several.
    Raises LookupError for a group that the type does not have, and for a cloud in which the zone is not known
    here.
    """
    return zones_of(type, group, cloud)[0]


def zones_of(type: str, group: str, cloud: str = PUBLIC) -> tuple[str, ...]:
    """The names of all zones in which the address of that group has to be: one for each domain under which
    the type answers. Raises LookupError as `zone_of` does.
    """
    zones = _links().get(type.lower(), {}).get(group, {})
    if cloud not in zones:
        raise LookupError(f"no private DNS zone is known for {group} of {type} in {cloud}")
    found = zones[cloud]
    return (found,) if isinstance(found, str) else tuple(found)


@cache
def _links() -> Mapping[str, Mapping[str, Mapping[str, str | Sequence[str]]]]:
    return read("private_links")
