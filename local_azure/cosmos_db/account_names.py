"""What every part needs to know of a Cosmos DB account: its types, its addresses, its name in the cloud."""

from typing import Final

from local_azure.bodies import items, properties_of
from local_azure.store import Resource, Store

SUFFIX: Final = ".documents.azure.com"
"""What the hosts of the API for NoSQL end with."""
ACCOUNTS: Final = "Microsoft.DocumentDB/databaseAccounts"
DATABASES: Final = f"{ACCOUNTS}/sqlDatabases"
CONTAINERS: Final = f"{DATABASES}/containers"
ROLE_ASSIGNMENTS: Final = f"{ACCOUNTS}/sqlRoleAssignments"
ROLE_DEFINITIONS: Final = f"{ACCOUNTS}/sqlRoleDefinitions"
FOREIGN_NAMES: Final = "cosmos-names-of-others"
"""Names that accounts of other tenants hold; tests put some."""


def find(store: Store, host: str) -> Resource | None:
    """The account that answers under a host: its own, or that of one of its regions."""
    asked = host.removesuffix(SUFFIX)
    return next((one for one in store.list(type=ACCOUNTS) if asked in _first_words(one)), None)


def named(store: Store, name: str) -> Resource | None:
    """The account of that name, wherever it is: names are unique in the whole cloud."""
    return next((one for one in store.list(type=ACCOUNTS) if account_name(one) == name.lower()), None)


def account_name(account: Resource) -> str:
    return account.id.rpartition("/")[2].lower()


def endpoint(name: str, region: str = "") -> str:
    """The address of an account, or of it in one region, as Azure writes it: with a port."""
    return f"https://{name.lower()}{f'-{region}' if region else ''}{SUFFIX}:443/"


def region_word(location: str) -> str:
    """A location as it is in an address: `West Europe` is `westeurope`."""
    return location.replace(" ", "").lower()


def _first_words(account: Resource) -> set[str]:
    name = account_name(account)
    regions = items(properties_of(account.body), "locations")
    return {name, *(f"{name}-{region_word(str(one['locationName']))}" for one in regions)}
