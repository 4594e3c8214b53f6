"""Microsoft.DBforPostgreSQL/flexibleServers.

https://learn.microsoft.com/rest/api/postgresql/servers
"""

from typing import Final

from local_azure.arm import ResourceId
from local_azure.bodies import located, section
from local_azure.constants import TENANT_ID
from local_azure.database_servers.firewall import DISABLED, invalid
from local_azure.database_servers.server import FlexibleServer
from local_azure.http import JsonObject, Request
from local_azure.postgresql.server_names import SERVERS, SUFFIX
from local_azure.rules import Rule

_HIDDEN: Final = ("administratorLoginPassword", "createMode")
ENABLED: Final = "Enabled"

RULES: Final = [
    Rule(
        "D8",
        "behaviour",
        "Whatever is written or deleted is answered with 202 and where to ask for the operation, which "
        "here is done at once.",
        held_by="d8_microsofts_client_writes_and_deletes_by_operations_under_the_version_that_is_its_own",
        source="https://learn.microsoft.com/rest/api/postgresql/servers/create-or-update",
    ),
    Rule(
        "D1",
        "refusal",
        "A server's name has 3-63 lower-case letters, digits and hyphens, none of these at an end: 400 "
        "InvalidParameterValue.",
        held_by="d1_an_impossible_name_is_refused",
        source="Azure-Samples/langfuse-on-azure#15",
    ),
    Rule(
        "D1",
        "refusal",
        "A server's name is unique in the whole cloud: the name is already used.",
        held_by="d1_a_name_that_another_group_has_is_taken",
        source="Azure/azure-service-operator#2428",
    ),
    Rule(
        "D2",
        "assumed",
        "Where nothing is said of it, passwords open a server and Entra tokens do not.",
        held_by="d2_where_nothing_is_said_passwords_open_a_server_and_tokens_do_not",
        source="https://learn.microsoft.com/azure/postgresql/security/security-entra-concepts",
    ),
    Rule(
        "D2",
        "assumed",
        "A server that passwords open needs a login and a password for its administrator, one that nothing "
        "opens is refused: 400.",
        held_by="d2_a_server_needs_what_its_authentication_asks_for",
    ),
    Rule(
        "D2",
        "assumed",
        "The version of a server goes up only.",
        held_by="d2_a_version_does_not_go_down",
    ),
]


class Server(FlexibleServer):
    """A server. Its data is in a cluster of its own, which starts when somebody connects."""

    type = SERVERS

    def put(self, id: ResourceId, old: JsonObject | None, new: JsonObject, request: Request) -> JsonObject:
        self.require_name(id, old)
        location = located(new)
        given = {key: value for key, value in section(new, "properties").items() if value is not None}
        before = section(old, "properties")
        authentication = _authentication(given, before)
        if old is None:
            for key in ("version", "storage"):
                if not given.get(key):
                    raise invalid(key)
            if authentication["passwordAuth"] == ENABLED and not (
                given.get("administratorLogin") and given.get("administratorLoginPassword")
            ):
                raise invalid("administratorLogin")
        if not section(new, "sku").get("name"):
            raise invalid("sku")
        version = str(given.get("version") or before.get("version"))
        if before and int(version) < int(before["version"]):
            raise invalid("version")
        kept = {key: value for key, value in given.items() if key not in _HIDDEN}
        return {
            "identity": new.get("identity") or (old or {}).get("identity"),
            "location": location,
            "properties": {
                **(before or _made(id.name)),
                **kept,
                "authConfig": authentication,
                "network": {
                    "publicNetworkAccess": ENABLED,
                    **section(before, "network"),
                    **section(given, "network"),
                },
                "version": version,
            },
            "sku": section(new, "sku"),
            "tags": new.get("tags") or {},
        }


def _made(name: str) -> JsonObject:
    return {
        "availabilityZone": "1",
        "backup": {"backupRetentionDays": 7, "geoRedundantBackup": DISABLED},
        "fullyQualifiedDomainName": name + SUFFIX,
        "highAvailability": {"mode": DISABLED, "state": "NotEnabled"},
        "minorVersion": "0",
        "replicationRole": "Primary",
        "state": "Ready",
    }


def _authentication(given: JsonObject, before: JsonObject) -> JsonObject:
    said = {key: value for key, value in section(given, "authConfig").items() if value}
    defaults = {"activeDirectoryAuth": DISABLED, "passwordAuth": ENABLED, "tenantId": TENANT_ID}
    found = {**defaults, **section(before, "authConfig"), **said}
    if DISABLED == found["activeDirectoryAuth"] == found["passwordAuth"]:
        raise invalid("authConfig")
    return found
