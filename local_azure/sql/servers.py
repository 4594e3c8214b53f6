"""Microsoft.Sql/servers: the logical server that databases are in.

https://learn.microsoft.com/rest/api/sql/servers
"""

import re
from collections.abc import Callable
from typing import Final

from typing_extensions import override

from local_azure.arm import ResourceId, ResourceType
from local_azure.bodies import located, section
from local_azure.constants import TENANT_ID
from local_azure.database_servers.names import find
from local_azure.errors import Refusal
from local_azure.ground import Ground
from local_azure.http import JsonObject, Request
from local_azure.rules import Rule
from local_azure.sql.server_names import SERVERS, SUFFIX

ENABLED: Final = "Enabled"
DISABLED: Final = "Disabled"
GUID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_HIDDEN: Final = ("administratorLoginPassword",)

RULES: Final = [
    Rule(
        "L1",
        "refusal",
        "A server's name has 1-63 lower-case letters, digits and hyphens, none of these at an end: 400 "
        "InvalidServerName.",
        held_by="l1_an_impossible_name_is_refused",
        source="https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules "
        "Azure/azure-service-operator#315",
    ),
    Rule(
        "L1",
        "refusal",
        "A server's name is unique in the whole cloud: 409 NameAlreadyExists.",
        held_by="l1_a_name_that_another_group_has_is_taken",
        source="Azure-Samples/ansible-playbooks#25",
    ),
    Rule(
        "L2",
        "assumed",
        "A server is made with an Entra administrator and Entra-only authentication, or with a login and a "
        "password: without either 400.",
        held_by="l2_a_server_needs_somebody_who_may_let_others_in",
        source="https://learn.microsoft.com/azure/azure-sql/database/authentication-azure-ad-only-authentication-create-server",
    ),
    Rule(
        "L2",
        "assumed",
        "What is said of administrators in a later write of the server changes nothing: they have a resource "
        "of their own.",
        held_by="l2_a_later_write_of_a_server_leaves_its_administrator",
        source="Azure/bicep-types-az#2320",
    ),
]


class Server(ResourceType):
    """A server. What is in its databases is in files, made when somebody connects."""

    type = SERVERS

    def __init__(self, ground: Ground, forget: Callable[[str], None]) -> None:
        """`forget` ends what is kept of a server by its name."""
        super().__init__(ground)
        self._forget = forget

    @override
    def before_delete(self, id: ResourceId, body: JsonObject, request: Request) -> None:
        self.ground.store.after_commit(lambda: self._forget(id.name))

    @override
    def put(self, id: ResourceId, old: JsonObject | None, new: JsonObject, request: Request) -> JsonObject:
        if not re.fullmatch(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?", id.name):
            raise Refusal(400, "InvalidServerName", "Invalid value given for parameter ServerName.")
        if old is None and find(self.ground.store, SERVERS, id.name):
            raise Refusal(
                409, "NameAlreadyExists", f"The name '{id.name}' already exists. Choose a different name."
            )
        location = located(new)
        given = {key: value for key, value in section(new, "properties").items() if value is not None}
        before = section(old, "properties")
        kept = {key: value for key, value in given.items() if key not in _HIDDEN}
        return {
            "identity": new.get("identity") or (old or {}).get("identity"),
            "kind": "v12.0",
            "location": location,
            "properties": {
                **(before or _made(id.name)),
                **kept,
                "administrators": section(before, "administrators") or _administrators(given),
            },
            "tags": new.get("tags") or {},
        }


def _made(name: str) -> JsonObject:
    return {
        "externalGovernanceStatus": DISABLED,
        "fullyQualifiedDomainName": name + SUFFIX,
        "minimalTlsVersion": "1.2",
        "publicNetworkAccess": ENABLED,
        "restrictOutboundNetworkAccess": DISABLED,
        "state": "Ready",
        "version": "12.0",
    }


def _administrators(given: JsonObject) -> JsonObject | None:
    """Whom a new server has. Raises Refusal 400 where nobody could ever come in."""
    said = section(given, "administrators")
    if not said.get("azureADOnlyAuthentication") and not (
        given.get("administratorLogin") and given.get("administratorLoginPassword")
    ):
        text = "Invalid value given for parameter Login. Specify a valid parameter value."
        raise Refusal(400, "InvalidParameterValue", text)
    if not said:
        return None
    if not said.get("login") or not GUID.fullmatch(str(said.get("sid"))):
        text = "Invalid value given for parameter ExternalAdministrator. Specify a valid parameter value."
        raise Refusal(400, "InvalidParameterValue", text)
    return {
        "administratorType": "ActiveDirectory",
        "azureADOnlyAuthentication": False,
        "principalType": "User",
        "tenantId": TENANT_ID,
        **said,
    }
