"""Microsoft.Authorization/roleDefinitions: the built-in roles; custom ones are not served.

https://learn.microsoft.com/rest/api/authorization/role-definitions
"""

import re
from collections.abc import Sequence

from components.azure_facts.roles import Permissions
from local_azure.arm import ResourceId, ResourceType
from local_azure.authorization.built_in_roles import BUILT_IN_ROLES, ROLES_BY_ID, Role, role_definition_id
from local_azure.errors import Refusal
from local_azure.http import JsonObject, Request


class RoleDefinition(ResourceType):
    """A built-in role."""

    type = "Microsoft.Authorization/roleDefinitions"
    api_versions = frozenset(
        {"2015-07-01", "2018-01-01-preview", "2020-04-01-preview", "2022-04-01", "2022-05-01-preview"}
    )
    has_parent = False

    def get(self, id: ResourceId, request: Request) -> JsonObject | None:
        role = ROLES_BY_ID.get(id.name.lower())
        if role is None and request.method == "GET":
            text = f"The specified role definition with ID '{id.name}' does not exist."
            raise Refusal(404, "RoleDefinitionDoesNotExist", text)
        return _definition(role) if role else None

    def list_in_scope(self, scope: str, request: Request) -> Sequence[JsonObject]:
        wanted = re.search(r"roleName eq '([^']+)'", request.query.get("$filter", ""))
        return [
            {
                "id": role_definition_id(role.id, scope),
                "name": role.id,
                "type": self.type,
                **_definition(role),
            }
            for role in BUILT_IN_ROLES
            if not wanted or role.name == wanted[1]
        ]

    def put(self, id: ResourceId, old: JsonObject | None, new: JsonObject, request: Request) -> JsonObject:
        raise Refusal(405, "MethodNotAllowed", "The local Azure serves built-in roles only.")

    def before_delete(self, id: ResourceId, body: JsonObject, request: Request) -> None:
        raise Refusal(400, "InvalidRoleDefinition", "A built-in role cannot be deleted.")


def _definition(role: Role) -> JsonObject:
    return {
        "properties": {
            "roleName": role.name,
            "type": "BuiltInRole",
            "assignableScopes": ["/"],
            "permissions": [_permissions(block) for block in role.permissions],
        }
    }


def _permissions(block: Permissions) -> JsonObject:
    condition = {"condition": block.condition, "conditionVersion": "2.0"} if block.condition else {}
    return {
        "actions": list(block.actions),
        "notActions": list(block.not_actions),
        "dataActions": list(block.data_actions),
        "notDataActions": list(block.not_data_actions),
        **condition,
    }
