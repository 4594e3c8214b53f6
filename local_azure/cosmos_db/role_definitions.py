"""Microsoft.DocumentDB/databaseAccounts/sqlRoleDefinitions: the two roles on data that every account has, and
those that are made in it.

https://learn.microsoft.com/azure/cosmos-db/nosql/reference-data-plane-security
"""

import re
import uuid
from collections.abc import Sequence
from typing import Final

from components.azure_facts.data_roles import CosmosRole, cosmos_role
from components.azure_facts.roles import Permissions
from local_azure.arm import ResourceId
from local_azure.authorization.built_in_roles import Role
from local_azure.authorization.role_assignments import is_guid
from local_azure.bodies import items, properties_of
from local_azure.cosmos_db.account_names import ROLE_ASSIGNMENTS, ROLE_DEFINITIONS
from local_azure.cosmos_db.accounts import bad_request
from local_azure.cosmos_db.data_paths import path_in
from local_azure.database_servers.accepted import Accepted
from local_azure.http import JsonObject, Request
from local_azure.rules import Rule
from local_azure.store import Store

_ACTION: Final = re.compile(r"Microsoft\.DocumentDB/databaseAccounts/(?:readMetadata|sqlDatabases/.+)")

RULES: Final = [
    Rule(
        "B6",
        "behaviour",
        "Every account has two roles on data, a reader's and a contributor's, under GUIDs that never change.",
        held_by="b6_every_account_has_a_readers_and_a_contributors_role",
        source="https://learn.microsoft.com/azure/cosmos-db/nosql/reference-data-plane-security",
    ),
    Rule(
        "B6",
        "assumed",
        "A role of an account's own has a GUID for its name, allows data actions of Cosmos DB alone, and is "
        "deleted by nobody while it is assigned: 400 BadRequest.",
        held_by="b6_a_role_of_an_accounts_own_is_checked",
    ),
]


class RoleDefinition(Accepted):
    """A role on data."""

    type = ROLE_DEFINITIONS

    def get(self, id: ResourceId, request: Request) -> JsonObject | None:
        built_in = _built_in_body(id.parent, id.name)
        return super().get(id, request) if built_in is None else built_in

    def list_in_scope(self, scope: str, request: Request) -> Sequence[JsonObject]:
        built_in = [
            (f"{scope}/sqlRoleDefinitions/{guid}", _built_in_body(scope, guid))
            for guid in (role.guid for role in CosmosRole)
        ]
        stored = [(one.id, one.body) for one in self.ground.store.list(under=scope, type=self.type)]
        found = [(id, body) for id, body in [*built_in, *stored] if body is not None]
        return [{"id": id, "name": id.rpartition("/")[2], "type": self.type, **body} for id, body in found]

    def put(self, id: ResourceId, old: JsonObject | None, new: JsonObject, request: Request) -> JsonObject:
        given = properties_of(new)
        if not is_guid(id.name):
            raise bad_request("The SQL Role Definition ID is not a GUID.")
        if cosmos_role(id.name) is not None:
            raise bad_request("A built-in SQL Role Definition cannot be changed.")
        blocks = [_permissions(one) for one in items(given, "permissions")]
        actions = [action for block in blocks for action in block.data_actions]
        if not given.get("roleName") or not actions or not given.get("assignableScopes"):
            raise bad_request("roleName, assignableScopes and permissions with dataActions are required.")
        for action in actions:
            if _ACTION.fullmatch(action) is None:
                text = f"The provided data action string [{action}] does not correspond to any valid SQL"
                raise bad_request(f"{text} data action.")
        for scope in given["assignableScopes"]:
            path_in(id.parent, str(scope))
        return {
            "properties": {
                "assignableScopes": given["assignableScopes"],
                "permissions": given["permissions"],
                "roleName": given["roleName"],
                "type": "CustomRole",
            }
        }

    def before_delete(self, id: ResourceId, body: JsonObject, request: Request) -> None:
        assigned = self.ground.store.list(under=id.parent, type=ROLE_ASSIGNMENTS)
        if request.path.lower().rstrip("/") == id.key and any(_is_of(one.body, id.name) for one in assigned):
            raise bad_request("The SQL Role Definition is assigned: delete its SQL Role Assignments first.")


def role_behind(store: Store, account_id: str, definition_id: str) -> Role | None:
    """The role that an assignment in the account names; None where there is none."""
    head, _, guid = definition_id.rpartition("/")
    if head.lower() != f"{account_id}/sqlRoleDefinitions".lower():
        return None
    if built_in := cosmos_role(guid):
        return Role(built_in.name, built_in.guid, built_in.permissions)
    stored = store.get(definition_id)
    if stored is None or stored.type != ROLE_DEFINITIONS:
        return None
    blocks = items(properties_of(stored.body), "permissions")
    return Role(str(properties_of(stored.body)["roleName"]), guid.lower(), tuple(map(_permissions, blocks)))


def _permissions(block: JsonObject) -> Permissions:
    return Permissions(
        (), (), tuple(block.get("dataActions") or ()), tuple(block.get("notDataActions") or ()), None
    )


def _built_in_body(account_id: str, guid: str) -> JsonObject | None:
    role = cosmos_role(guid)
    if role is None:
        return None
    blocks = [
        {"id": str(uuid.uuid5(uuid.NAMESPACE_URL, role.guid)), "dataActions": list(one.data_actions)}
        for one in role.permissions
    ]
    return {
        "properties": {
            "assignableScopes": [account_id],
            "permissions": [{**one, "notDataActions": []} for one in blocks],
            "roleName": role.name,
            "type": "BuiltInRole",
        }
    }


def _is_of(assignment: JsonObject, guid: str) -> bool:
    return str(properties_of(assignment)["roleDefinitionId"]).rpartition("/")[2].lower() == guid.lower()
