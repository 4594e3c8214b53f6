"""The resources of Azure that a token can be asked for though no service here answers for them."""

from typing import Final

_AUDIENCES: Final = frozenset(
    {
        "https://servicebus.azure.net",
        "https://eventhubs.azure.net",
        "https://azconfig.io",
        "https://appconfig.azure.com",
        "https://cosmos.azure.com",
        "https://containerregistry.azure.net",
        "https://search.azure.com",
        "https://eventgrid.azure.net",
        "https://webpubsub.azure.com",
        "https://cognitiveservices.azure.com",
        "https://api.loganalytics.io",
        "https://ossrdbms-aad.database.windows.net",
        "https://database.windows.net",
        "https://redis.azure.com",
    }
)
_ACCOUNTS: Final = (".documents.azure.com", ".queue.core.windows.net")
"""Hosts under which an account is a resource of its own."""


def is_known_audience(audience: str) -> bool:
    """Whether there is a resource of that name, with or without a trailing slash."""
    name = audience.rstrip("/").lower()
    return name in _AUDIENCES or (name.startswith("https://") and name.endswith(_ACCOUNTS))
