"""Microsoft.Authorization/roleDefinitions: Azure's own roles, which are read only, and custom ones.

https://learn.microsoft.com/rest/api/authorization/role-definitions
https://learn.microsoft.com/azure/role-based-access-control/custom-roles
"""

import re
from collections.abc import Iterable, Sequence
from typing import Final

from typing_extensions import override

from components.azure_facts.roles import Permissions
from local_azure.arm import ResourceId, ResourceType
from local_azure.authorization.authorizer import ASSIGNMENTS
from local_azure.authorization.built_in_roles import BUILT_IN_ROLES, ROLES_BY_ID, Role, role_definition_id
from local_azure.authorization.role_assignments import is_guid
from local_azure.authorization.roles import DEFINITIONS, custom_definition
from local_azure.authorization.scopes import covers
from local_azure.constants import SUBSCRIPTIONS
from local_azure.errors import Refusal
from local_azure.http import JsonObject, Request, Response
from local_azure.rules import Rule
from local_azure.store import Resource
from local_azure.subscriptions import scope_of

_BLOCK: Final = ("actions", "notActions", "dataActions", "notDataActions")
_CUSTOM: Final = "https://learn.microsoft.com/azure/role-based-access-control/custom-roles"
_TROUBLESHOOTING: Final = "https://learn.microsoft.com/azure/role-based-access-control/troubleshooting"

RULES: Final = [
    Rule(
        "R23",
        "refusal",
        "The name of a custom role is unique in the tenant: 409 RoleDefinitionWithSameNameExists.",
        held_by="the_name_of_a_custom_role_is_taken_in_the_whole_tenant",
        source=f"{_CUSTOM} Azure/Azure-Landing-Zones#1505 MicrosoftDocs/azure-docs#60446",
    ),
    Rule(
        "R24",
        "refusal",
        "A custom role that is still assigned is not deleted: RoleDefinitionHasAssignments.",
        held_by="a_custom_role_that_is_assigned_is_not_deleted",
        source=_TROUBLESHOOTING,
    ),
    Rule(
        "R25",
        "refusal",
        "A custom role keeps each assignable scope that it is assigned in.",
        held_by="a_custom_role_keeps_the_scopes_in_which_it_is_assigned",
        source="Azure/bicep#17145 hashicorp/terraform-provider-azurerm#31803",
    ),
    Rule(
        "R27",
        "behaviour",
        "A custom role is its subscription's, whatever scope in it named it.",
        held_by="a_custom_role_is_its_subscriptions_whatever_scope_named_it",
        source="hashicorp/terraform-provider-azurerm#7549 hashicorp/terraform-provider-azurerm#8251",
    ),
    Rule(
        "R28",
        "refusal",
        "The name of a role definition is a GUID.",
        held_by="the_name_of_a_role_definition_is_a_guid",
        source="pulumi/pulumi-azure-native#625",
    ),
    Rule(
        "R29",
        "assumed",
        "A custom role has a name and assignable scopes in subscriptions that there are, never the root.",
        held_by="a_custom_role_has_a_name_and_assignable_scopes",
        source=f"{_CUSTOM}#custom-role-properties {_TROUBLESHOOTING}",
    ),
    Rule(
        "R30",
        "assumed",
        "Azure's own roles are neither changed nor deleted.",
        held_by="built_in_roles_are_neither_written_nor_deleted",
    ),
]


class RoleDefinition(ResourceType):
    """A role, built-in or custom."""

    type = DEFINITIONS
    has_parent = False

    @override
    def kept_as(self, id: ResourceId) -> ResourceId:
        if stored := custom_definition(self.ground.store, id.name):
            return ResourceId.parse(stored.id)
        if id.subscription_id is None or id.name.lower() in ROLES_BY_ID:
            return id
        return ResourceId.parse(role_definition_id(id.name, id.scope))

    @override
    def get(self, id: ResourceId, request: Request) -> JsonObject | None:
        if built_in := ROLES_BY_ID.get(id.name.lower()):
            return _built_in(built_in)
        stored = self.ground.store.get(id.text)
        if stored is not None and _is_known_in(stored, request.path):
            return stored.body
        if request.method == "GET":
            text = f"The specified role definition with ID '{id.name}' does not exist."
            raise Refusal(404, "RoleDefinitionDoesNotExist", text)
        return None

    @override
    def list_in_scope(self, scope: str, request: Request) -> Sequence[JsonObject]:
        """What can be assigned at the scope; with `$filter` `atScopeAndBelow()` in it, too. It may also say
        `roleName eq 'N'` or `type eq 'CustomRole'`."""
        filter = request.query.get("$filter", "")
        name, kind = (re.search(rf"\b{key} eq '([^']+)'", filter) for key in ("roleName", "type"))
        below = "atscopeandbelow()" in filter.lower()
        found = [(role_definition_id(role.id, scope), _built_in(role)) for role in BUILT_IN_ROLES]
        for stored in self.ground.store.list(type=DEFINITIONS):
            scopes = _scopes(stored)
            if any(covers(one, scope) or (below and covers(scope, one)) for one in scopes):
                found.append((stored.id, stored.body))
        return [
            {"id": id, "name": id.rpartition("/")[2], "type": self.type, **body}
            for id, body in found
            if (not name or body["properties"]["roleName"].lower() == name[1].lower())
            and (not kind or body["properties"]["type"].lower() == kind[1].lower())
        ]

    @override
    def put(self, id: ResourceId, old: JsonObject | None, new: JsonObject, request: Request) -> JsonObject:
        given: JsonObject = new.get("properties") or {}
        if not is_guid(id.name):
            text = f"The role definition ID '{id.name}' is not valid. The role definition ID must be a GUID."
            raise Refusal(400, "InvalidRoleDefinitionId", text)
        if id.name.lower() in ROLES_BY_ID or (old is None and self.ground.store.get(id.text)):
            raise Refusal(409, "RoleDefinitionExists", f"The role definition '{id.name}' already exists.")
        if str(given.get("type") or "CustomRole").lower() != "customrole":
            raise Refusal(400, "InvalidRoleDefinitionType", "The type of a role definition is CustomRole.")
        name, scopes = str(given.get("roleName") or ""), list(given.get("assignableScopes") or [])
        if not name:
            raise Refusal(400, "RoleDefinitionNameNullOrEmpty", "The role definition has no name.")
        _require_scopes(scopes)
        self._require_free_name(id, name)
        self._require_scopes_of_assignments(id, scopes)
        blocks: list[JsonObject] = given.get("permissions") or []
        permissions = [{key: list(block.get(key) or []) for key in _BLOCK} for block in blocks]
        described = {"description": given["description"]} if given.get("description") else {}
        fixed = {"roleName": name, "type": "CustomRole", "assignableScopes": scopes}
        return {"properties": {**fixed, **described, "permissions": permissions}}

    @override
    def updated_status(self) -> int:
        """Microsoft's client takes no other, for a role that was there either."""
        return 201

    @override
    def before_delete(self, id: ResourceId, body: JsonObject, request: Request) -> None:
        if id.name.lower() in ROLES_BY_ID:
            raise Refusal(400, "InvalidRoleDefinition", "A built-in role cannot be deleted.")
        if self._assigned_at(id):
            text = "There are existing role assignments referencing role."
            raise Refusal(400, "RoleDefinitionHasAssignments", text)

    @override
    def deleted(self, id: ResourceId, body: JsonObject) -> Response:
        """Azure answers with what it removed."""
        return Response(200, {"id": id.text, "name": id.name, "type": self.type, **body})

    def _require_free_name(self, id: ResourceId, name: str) -> None:
        others = [one for one in self.ground.store.list(type=DEFINITIONS) if one.id.lower() != id.key]
        taken = [*(one.body["properties"]["roleName"] for one in others), *(r.name for r in BUILT_IN_ROLES)]
        if name.lower() in map(str.lower, taken):
            raise Refusal(
                409,
                "RoleDefinitionWithSameNameExists",
                "A custom role with the same name already exists in this directory. Use a different name",
            )

    def _require_scopes_of_assignments(self, id: ResourceId, scopes: Sequence[str]) -> None:
        for scope in self._assigned_at(id):
            if not any(covers(one, scope) for one in scopes):
                text = (
                    f"Role assignments found under scope '{scope}' which is being removed. Removing this "
                    "scope from the role will orphan these assignments. Delete these assignments before "
                    "removing the scope."
                )
                raise Refusal(400, "RoleScopeBeingRemovedContainsAssignments", text)

    def _assigned_at(self, id: ResourceId) -> list[str]:
        """The scopes of the role's assignments, in the whole tenant."""
        stored = [one.body["properties"] for one in self.ground.store.list(type=ASSIGNMENTS)]
        guid = f"/{id.name.lower()}"
        return [one["scope"] for one in stored if one["roleDefinitionId"].lower().endswith(guid)]


def _require_scopes(scopes: Iterable[object]) -> None:
    given = [str(one) for one in scopes]
    if not given:
        raise Refusal(400, "MissingAssignableScopes", "The role definition has no assignable scopes.")
    for scope in given:
        parts = scope.lower().split("/")
        if len(parts) < 3 or parts[:2] != ["", "subscriptions"]:
            text = f"The assignable scope '{scope}' is not that of a subscription, or of what is in one."
            raise Refusal(400, "LinkedInvalidPropertyId", text)
        if parts[2] not in SUBSCRIPTIONS:
            text = f"The linked subscription '{parts[2]}' was not found."
            raise Refusal(403, "LinkedAuthorizationFailed", text)


def _scopes(stored: Resource) -> list[str]:
    return stored.body["properties"]["assignableScopes"]


def _is_known_in(stored: Resource, path: str) -> bool:
    """Whether the subscription that the path is in has one of the role's assignable scopes."""
    return any(covers(scope_of(path), scope) for scope in _scopes(stored))


def _built_in(role: Role) -> JsonObject:
    return {
        "properties": {
            "roleName": role.name,
            "type": "BuiltInRole",
            "assignableScopes": list(role.assignable_scopes),
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
