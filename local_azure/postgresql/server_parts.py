"""What is in a server, as Resource Manager sees it: databases, Entra administrators and firewall rules.

https://learn.microsoft.com/rest/api/postgresql/databases and its neighbours there
"""

import re
from typing import Final

from local_azure.arm import ResourceId
from local_azure.bodies import properties_of, section
from local_azure.constants import TENANT_ID
from local_azure.database_servers import firewall
from local_azure.database_servers.accepted import Accepted
from local_azure.database_servers.firewall import invalid
from local_azure.errors import Refusal
from local_azure.http import JsonObject, Request
from local_azure.postgresql.server_names import ADMINISTRATORS, DATABASES, FIREWALL_RULES
from local_azure.postgresql.servers import ENABLED
from local_azure.rules import Rule

_GUID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_KINDS: Final = frozenset({"Group", "ServicePrincipal", "Unknown", "User"})
OWN_DATABASES: Final = frozenset({"azure_maintenance", "azure_sys", "postgres"})
"""Those that a server has from the start."""

RULES: Final = [
    Rule(
        "D3",
        "assumed",
        "An Entra administrator of a server that takes no Entra tokens is refused: 400.",
        held_by="d3_an_administrator_needs_a_server_that_takes_tokens",
        source="https://learn.microsoft.com/azure/postgresql/security/security-entra-configure",
    ),
    Rule(
        "D4",
        "assumed",
        "A database's name has up to 63 letters, digits, hyphens and underscores, a letter or underscore "
        "first, and is none of the server's own: 400.",
        held_by="d4_an_impossible_database_is_refused",
    ),
    Rule(
        "D5",
        "assumed",
        "A firewall rule is two IPv4 addresses, the first no higher than the second, on a server that is not "
        "in a subnet of its own: 400.",
        held_by="d5_an_impossible_firewall_rule_is_refused",
        source="https://learn.microsoft.com/azure/postgresql/network/concepts-networking-public",
    ),
]


class Database(Accepted):
    """A database. It is made in the server's cluster when somebody connects."""

    type = DATABASES

    def put(self, id: ResourceId, old: JsonObject | None, new: JsonObject, request: Request) -> JsonObject:
        if not re.fullmatch(r"[A-Za-z_][0-9A-Za-z_-]{0,62}", id.name) or id.name in OWN_DATABASES:
            raise invalid("databaseName")
        defaults = {"charset": "UTF8", "collation": "en_US.utf8"}
        given = {key: value for key, value in section(new, "properties").items() if value is not None}
        return {"properties": {**defaults, **section(old, "properties"), **given}}


class Administrator(Accepted):
    """A principal of Entra that may do everything that an administrator may; named by its object id."""

    type = ADMINISTRATORS

    def put(self, id: ResourceId, old: JsonObject | None, new: JsonObject, request: Request) -> JsonObject:
        server = self.ground.store.get(id.parent)
        assert server is not None
        if section(properties_of(server.body), "authConfig")["activeDirectoryAuth"] != ENABLED:
            text = "Microsoft Entra authentication is not enabled on the server."
            raise Refusal(400, "AadAuthNotEnabled", text)
        given = section(new, "properties")
        if not _GUID.fullmatch(id.name):
            raise invalid("objectId")
        if not given.get("principalName") or given.get("principalType") not in _KINDS:
            raise invalid("principalName")
        return {
            "properties": {
                "objectId": id.name,
                "principalName": given["principalName"],
                "principalType": given["principalType"],
                "tenantId": given.get("tenantId") or TENANT_ID,
            }
        }


class FirewallRule(firewall.FirewallRule):
    """Of a PostgreSQL server."""

    type = FIREWALL_RULES
