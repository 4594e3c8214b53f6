"""Microsoft.DBforPostgreSQL/flexibleServers.

https://learn.microsoft.com/rest/api/postgresql/servers
"""

import re
from collections.abc import Callable
from typing import Final

from local_azure.arm import ResourceId
from local_azure.bodies import located, section
from local_azure.constants import TENANT_ID
from local_azure.errors import Refusal
from local_azure.ground import Ground
from local_azure.http import JsonObject, Request
from local_azure.postgresql.accepted import Accepted
from local_azure.postgresql.server_names import SERVERS, SUFFIX, find
from local_azure.rules import Rule

_HIDDEN: Final = ("administratorLoginPassword", "createMode")
ENABLED: Final = "Enabled"
DISABLED: Final = "Disabled"

RULES: Final = [
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


class Server(Accepted):
    """A server. Its data is in a cluster of its own, which starts when somebody connects."""

    type = SERVERS

    def __init__(self, ground: Ground, forget: Callable[[str], None]) -> None:
        """`forget` ends the cluster of a server by its name."""
        super().__init__(ground)
        self._forget = forget

    def before_delete(self, id: ResourceId, body: JsonObject, request: Request) -> None:
        self.ground.store.after_commit(lambda: self._forget(id.name))

    def put(self, id: ResourceId, old: JsonObject | None, new: JsonObject, request: Request) -> JsonObject:
        if not re.fullmatch(r"[a-z0-9][a-z0-9-]{1,61}[a-z0-9]", id.name):
            raise _invalid("serverName")
        if old is None and find(self.ground.store, id.name):
            raise Refusal(400, "ServerNameAlreadyExists", "Specified server name is already used.")
        location = located(new)
        given = {key: value for key, value in section(new, "properties").items() if value is not None}
        before = section(old, "properties")
        authentication = _authentication(given, before)
        if old is None:
            for key in ("version", "storage"):
                if not given.get(key):
                    raise _invalid(key)
            if authentication["passwordAuth"] == ENABLED and not (
                given.get("administratorLogin") and given.get("administratorLoginPassword")
            ):
                raise _invalid("administratorLogin")
        if not section(new, "sku").get("name"):
            raise _invalid("sku")
        version = str(given.get("version") or before.get("version"))
        if before and int(version) < int(before["version"]):
            raise _invalid("version")
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
        raise _invalid("authConfig")
    return found


def _invalid(name: str) -> Refusal:
    text = f"Invalid value given for parameter {name}. Specify a valid parameter value."
    return Refusal(400, "InvalidParameterValue", text)
