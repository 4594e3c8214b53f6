"""Microsoft.Sql/servers/administrators: the Entra administrator of a server as a resource of its own, which
is how it is changed. https://learn.microsoft.com/rest/api/sql/server-azure-ad-administrators
"""

from collections.abc import Sequence
from typing import Final

from typing_extensions import override

from local_azure.arm import ResourceId
from local_azure.bodies import properties_of, section
from local_azure.constants import TENANT_ID
from local_azure.database_servers.accepted import AcceptedWrite
from local_azure.database_servers.firewall import invalid
from local_azure.errors import Refusal
from local_azure.http import JsonObject, Request
from local_azure.rules import Rule
from local_azure.sql.server_names import ADMINISTRATORS
from local_azure.sql.servers import GUID
from local_azure.store import Resource, Store

_NAME: Final = "ActiveDirectory"

RULES: Final = [
    Rule(
        "L2",
        "behaviour",
        "A server's administrator is changed in place by its own resource, ActiveDirectory, and the server "
        "answers with the new one.",
        held_by="l2_the_administrator_of_a_server_is_changed_in_place",
        source="Azure/azure-rest-api-specs#20156",
    ),
    Rule(
        "L2",
        "assumed",
        "The administrator of a server that takes Entra's tokens alone is not taken away: 400 "
        "AadOnlyAuthenticationIsEnabled.",
        held_by="l2_the_administrator_of_a_server_is_changed_in_place",
        source="https://learn.microsoft.com/azure/azure-sql/database/authentication-azure-ad-only-authentication",
    ),
]


class Administrator(AcceptedWrite):
    """What the server itself says, in the words of this type."""

    type = ADMINISTRATORS

    @override
    def get(self, id: ResourceId, request: Request) -> JsonObject | None:
        server = self.ground.store.get(id.parent)
        return _of(server) if server and id.name.lower() == _NAME.lower() else None

    @override
    def list_in_scope(self, scope: str, request: Request) -> Sequence[JsonObject] | None:
        server = self.ground.store.get(scope)
        body = _of(server) if server else None
        if server is None or body is None:
            return []
        return [{"id": f"{server.id}/administrators/{_NAME}", "name": _NAME, "type": self.type, **body}]

    @override
    def put(self, id: ResourceId, old: JsonObject | None, new: JsonObject, request: Request) -> JsonObject:
        if id.name.lower() != _NAME.lower():
            raise invalid("administratorName")
        given = section(new, "properties")
        if not given.get("login") or not GUID.fullmatch(str(given.get("sid"))):
            raise invalid("ExternalAdministrator")
        server = self.ground.store.get(id.parent)
        assert server is not None
        _change(self.ground.store, server, given)
        changed = _of(self.ground.store.get(id.parent))
        assert changed is not None
        return changed

    @override
    def before_delete(self, id: ResourceId, body: JsonObject, request: Request) -> None:
        if body["properties"]["azureADOnlyAuthentication"]:
            text = "The administrator cannot be removed while Azure AD only authentication is enabled."
            raise Refusal(400, "AadOnlyAuthenticationIsEnabled", text)


def _change(store: Store, server: Resource, given: JsonObject) -> None:
    before = section(properties_of(server.body), "administrators")
    after = {
        "azureADOnlyAuthentication": False,
        **before,
        "administratorType": _NAME,
        "login": given["login"],
        # Not said here: whether the same kind of principal has it, Entra knows.
        "principalType": before.get("principalType") or "Group",
        "sid": given["sid"],
        "tenantId": given.get("tenantId") or TENANT_ID,
    }
    properties = {**properties_of(server.body), "administrators": after}
    store.put(Resource(server.id, server.type, {**server.body, "properties": properties}))


def _of(server: Resource | None) -> JsonObject | None:
    said = section(properties_of(server.body if server else None), "administrators")
    if not said:
        return None
    keys = ("administratorType", "azureADOnlyAuthentication", "login", "sid", "tenantId")
    return {"properties": {key: said.get(key) for key in keys}}
