"""The resources of Azure that a token can be asked for though no service here answers for them."""

from functools import cache

from components.azure_facts.audiences import Service, account_hosts, audiences


def is_known_audience(audience: str) -> bool:
    """Whether there is a resource of that name, with or without a trailing slash."""
    name = audience.rstrip("/").lower()
    return name in _known() or (name.startswith("https://") and name.endswith(account_hosts()))


@cache
def _known() -> frozenset[str]:
    return frozenset(one for service in Service for one in audiences(service))
