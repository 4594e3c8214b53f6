"""What is in a server, as Resource Manager sees it: databases, its Entra administrator, its configuration and
its firewall rules.

https://learn.microsoft.com/rest/api/mysql/flexibleserver/azure-ad-administrators and its neighbours there
"""

import re
from collections.abc import Mapping
from typing import Any, Final

from local_azure.arm import ResourceId
from local_azure.bodies import section
from local_azure.constants import TENANT_ID
from local_azure.database_servers import firewall
from local_azure.database_servers.accepted import Accepted
from local_azure.database_servers.firewall import invalid
from local_azure.errors import Refusal, not_served
from local_azure.http import JsonObject, Request
from local_azure.mysql.entra_users import LONGEST
from local_azure.mysql.server_names import ADMINISTRATORS, CONFIGURATIONS, DATABASES, FIREWALL_RULES
from local_azure.rules import Rule

_GUID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_OWN_DATABASES: Final = frozenset({"information_schema", "mysql", "performance_schema", "sys"})
"""Those that a server has from the start."""
_ENTRA: Final = "ActiveDirectory"
_SWITCHES: Final = {"aad_auth_only": "OFF", "require_secure_transport": "ON"}
"""What is configured here, and how it is where nobody says so."""

RULES: Final = [
    Rule(
        "Y3",
        "behaviour",
        "An Entra administrator needs a user-assigned identity that the server has, to look principals up "
        "with; one that it lacks is refused: 400.",
        held_by="y3_an_administrator_needs_an_identity_that_the_server_has",
        source="https://learn.microsoft.com/azure/mysql/flexible-server/concepts-azure-ad-authentication",
    ),
    Rule(
        "Y3",
        "behaviour",
        "A server has one Entra administrator; another one takes its place.",
        held_by="y3_another_administrator_takes_the_place_of_the_first",
        source="https://learn.microsoft.com/azure/mysql/flexible-server/concepts-azure-ad-authentication",
    ),
    Rule(
        "Y4",
        "assumed",
        "A database's name has 1-64 letters, digits, hyphens and underscores, and is none of the server's "
        "own: 400.",
        held_by="y4_an_impossible_database_is_refused",
    ),
    Rule(
        "Y6",
        "assumed",
        "A firewall rule is two IPv4 addresses, the first no higher than the second, on a server that is not "
        "in a subnet of its own: 400.",
        held_by="y6_an_impossible_firewall_rule_is_refused",
    ),
]


class Database(Accepted):
    """A database. It is made in the server's MariaDB when somebody connects."""

    type = DATABASES

    def put(self, id: ResourceId, old: JsonObject | None, new: JsonObject, request: Request) -> JsonObject:
        if not re.fullmatch(r"[0-9A-Za-z_-]{1,64}", id.name) or id.name.lower() in _OWN_DATABASES:
            raise invalid("databaseName")
        defaults = {"charset": "utf8mb4", "collation": "utf8mb4_0900_ai_ci"}
        given = {key: value for key, value in section(new, "properties").items() if value is not None}
        return {"properties": {**defaults, **section(old, "properties"), **given}}


class Administrator(Accepted):
    """The principal of Entra that may let others in: of a group or a person the object id, of an application
    the client id.
    """

    type = ADMINISTRATORS

    def put(self, id: ResourceId, old: JsonObject | None, new: JsonObject, request: Request) -> JsonObject:
        given = section(new, "properties")
        if id.name != _ENTRA or given.get("administratorType", _ENTRA) != _ENTRA:
            raise invalid("administratorName")
        if not _GUID.fullmatch(str(given.get("sid"))):
            raise invalid("sid")
        login = str(given.get("login") or "")
        if not 0 < len(login) <= LONGEST:
            raise invalid("login")
        identity = str(given.get("identityResourceId") or "").lower()
        server = self.ground.store.get(id.parent)
        assert server is not None
        assigned = section(section(server.body, "identity"), "userAssignedIdentities")
        if identity not in {one.lower() for one in assigned}:
            raise invalid("identityResourceId")
        return {
            "properties": {
                "administratorType": _ENTRA,
                "identityResourceId": given["identityResourceId"],
                "login": login,
                "sid": given["sid"],
                "tenantId": given.get("tenantId") or TENANT_ID,
            }
        }


class Configuration(Accepted):
    """A parameter of the server. The two that are known here are as this gate always is; others are refused,
    because nothing would follow from them.
    """

    type = CONFIGURATIONS

    def put(self, id: ResourceId, old: JsonObject | None, new: JsonObject, request: Request) -> JsonObject:
        if id.name not in _SWITCHES:
            raise not_served(f"the parameter {id.name} of MySQL servers")
        given: Mapping[str, Any] = section(new, "properties")
        asked = given.get("value")
        value = str(asked or _SWITCHES[id.name]).upper()
        if value not in {"ON", "OFF"}:
            raise invalid("value")
        if value == "OFF" and asked:
            raise Refusal(501, "NotServed", f"The local Azure has no MySQL server with {id.name} OFF.")
        return {
            "properties": {
                "allowedValues": "ON,OFF",
                "dataType": "Enumeration",
                "defaultValue": _SWITCHES[id.name],
                "isReadOnly": "False",
                "source": "user-override",
                "value": value,
            }
        }


class FirewallRule(firewall.FirewallRule):
    """Of a MySQL server."""

    type = FIREWALL_RULES
