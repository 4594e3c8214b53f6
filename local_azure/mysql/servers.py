"""Microsoft.DBforMySQL/flexibleServers.

https://learn.microsoft.com/rest/api/mysql/flexibleserver/servers
"""

from typing import Final

from local_azure.arm import ResourceId
from local_azure.bodies import located, section
from local_azure.database_servers.firewall import DISABLED, invalid
from local_azure.database_servers.server import FlexibleServer
from local_azure.http import JsonObject, Request
from local_azure.mysql.server_names import SERVERS, SUFFIX
from local_azure.rules import Rule

_HIDDEN: Final = ("administratorLoginPassword", "createMode", "restorePointInTime")
_ENABLED: Final = "Enabled"
_DEFAULT_VERSION: Final = "8.0.21"

RULES: Final = [
    Rule(
        "Y1",
        "assumed",
        "A server's name has 3-63 lower-case letters, digits and hyphens, none of these at an end, and is "
        "unique in the whole cloud: 400.",
        held_by="y1_an_impossible_name_and_a_taken_one_are_refused",
    ),
    Rule(
        "Y2",
        "behaviour",
        "A server is created without a login and a password; then no password opens it.",
        held_by="y2_a_server_needs_no_password",
        source="https://learn.microsoft.com/samples/azure/azure-quickstart-templates/flexible-mysql-with-aad/",
    ),
    Rule(
        "Y2",
        "assumed",
        "A login without a password, and a password without a login, is refused: 400.",
        held_by="y2_half_a_login_is_refused",
    ),
    Rule(
        "Y8",
        "behaviour",
        "Whatever is written or deleted is answered with 202 and where to ask for the operation, which "
        "here is done at once.",
        held_by="y8_microsofts_client_writes_and_deletes_by_operations",
    ),
]


class Server(FlexibleServer):
    """A server. Its data is in a MariaDB of its own, which starts when somebody connects."""

    type = SERVERS

    def put(self, id: ResourceId, old: JsonObject | None, new: JsonObject, request: Request) -> JsonObject:
        self.require_name(id, old)
        given = {key: value for key, value in section(new, "properties").items() if value is not None}
        before = section(old, "properties")
        if old is None and bool(given.get("administratorLogin")) != bool(given.get(_HIDDEN[0])):
            raise invalid("administratorLogin" if given.get(_HIDDEN[0]) else _HIDDEN[0])
        sku = section(new, "sku")
        if not sku.get("name") or not sku.get("tier"):
            raise invalid("sku")
        kept = {key: value for key, value in given.items() if key not in _HIDDEN}
        network = {
            "publicNetworkAccess": _ENABLED,
            **section(before, "network"),
            **section(given, "network"),
        }
        if network.get("delegatedSubnetResourceId"):
            network["publicNetworkAccess"] = DISABLED
        return {
            "identity": new.get("identity") or (old or {}).get("identity"),
            "location": located(new),
            "properties": {**(before or _made(id.name)), **kept, "network": network},
            "sku": sku,
            "tags": new.get("tags") or {},
        }


def _made(name: str) -> JsonObject:
    return {
        "availabilityZone": "1",
        "backup": {"backupRetentionDays": 7, "geoRedundantBackup": DISABLED},
        "fullyQualifiedDomainName": name + SUFFIX,
        "highAvailability": {"mode": DISABLED, "state": "NotEnabled"},
        "replicaCapacity": 10,
        "replicationRole": "None",
        "state": "Ready",
        "version": _DEFAULT_VERSION,
    }
