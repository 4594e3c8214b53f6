"""What a server is called, and how it is found by its host."""

from typing import Final

from local_azure.store import Resource, Store

SERVERS: Final = "Microsoft.DBforPostgreSQL/flexibleServers"
DATABASES: Final = f"{SERVERS}/databases"
ADMINISTRATORS: Final = f"{SERVERS}/administrators"
FIREWALL_RULES: Final = f"{SERVERS}/firewallRules"
SUFFIX: Final = ".postgres.database.azure.com"
PORT: Final = 5432


def find(store: Store, name: str) -> Resource | None:
    """The server of that name: names are unique in the whole cloud."""
    servers = store.list(type=SERVERS)
    return next((one for one in servers if one.id.rpartition("/")[2].lower() == name.lower()), None)
