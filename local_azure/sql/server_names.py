"""What servers and what is in them are called."""

from typing import Final

SERVERS: Final = "Microsoft.Sql/servers"
DATABASES: Final = f"{SERVERS}/databases"
ADMINISTRATORS: Final = f"{SERVERS}/administrators"
ENTRA_ONLY: Final = f"{SERVERS}/azureADOnlyAuthentications"
FIREWALL_RULES: Final = f"{SERVERS}/firewallRules"
SUBNET_RULES: Final = f"{SERVERS}/virtualNetworkRules"
SUFFIX: Final = ".database.windows.net"
PORT: Final = 1433
MASTER: Final = "master"
