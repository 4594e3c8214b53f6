"""What servers and what is in them are called."""

from typing import Final

SERVERS: Final = "Microsoft.DBforMySQL/flexibleServers"
DATABASES: Final = f"{SERVERS}/databases"
ADMINISTRATORS: Final = f"{SERVERS}/administrators"
CONFIGURATIONS: Final = f"{SERVERS}/configurations"
FIREWALL_RULES: Final = f"{SERVERS}/firewallRules"
SUFFIX: Final = ".mysql.database.azure.com"
PORT: Final = 3306
