"""What servers and what is in them are called."""

from typing import Final

SERVERS: Final = "Microsoft.DBforPostgreSQL/flexibleServers"
DATABASES: Final = f"{SERVERS}/databases"
ADMINISTRATORS: Final = f"{SERVERS}/administrators"
FIREWALL_RULES: Final = f"{SERVERS}/firewallRules"
SUFFIX: Final = ".postgres.database.azure.com"
PORT: Final = 5432
