"""Any role by the id of its definition: Azure's own, and the custom ones that are in the store.

https://learn.microsoft.com/azure/role-based-access-control/role-definitions
"""

from typing import Final

from components.azure_facts.roles import Permissions
from local_azure.authorization.built_in_roles import ROLES_BY_ID, Role
from local_azure.authorization.scopes import covers
from local_azure.errors import Refusal
from local_azure.http import JsonObject
from local_azure.rules import Rule
from local_azure.store import Resource, Store

DEFINITIONS: Final = "Microsoft.Authorization/roleDefinitions"

RULES: Final = [
    Rule(
        "R9",
        "assumed",
        "A role definition that does not exist is refused.",
        held_by="a_role_that_does_not_exist_is_refused",
        source="https://learn.microsoft.com/rest/api/authorization/role-assignments",
    ),
    Rule(
        "R22",
        "refusal",
        "A custom role is assigned at its assignable scopes and below them, nowhere else.",
        held_by="a_custom_role_is_assigned_at_its_assignable_scopes_and_below_only",
        source="https://learn.microsoft.com/azure/role-based-access-control/role-definitions "
        "Azure/ALZ-PowerShell-Module#144",
    ),
]


def custom_definition(store: Store, guid: str) -> Resource | None:
    """The stored definition of this name, in whatever subscription and case: a GUID is a role's in the whole
    tenant."""
    stored = store.list(type=DEFINITIONS)
    return next((one for one in stored if one.id.rpartition("/")[2].lower() == guid.lower()), None)


def role_of(store: Store, definition_id: str) -> Role | None:
    """The role that an assignment names; None where there is none."""
    guid = definition_id.rpartition("/")[2].lower()
    if built_in := ROLES_BY_ID.get(guid):
        return built_in
    stored = custom_definition(store, guid)
    return _custom_role(stored) if stored else None


def assignable_role(store: Store, definition_id: str, scope: str) -> Role:
    """The role for a new assignment at `scope`. Raises Refusal when there is none, or it is not for there."""
    role = role_of(store, definition_id)
    if role is None or f"{DEFINITIONS}/".lower() not in f"/{definition_id.lower()}":
        raise Refusal(
            404,
            "RoleDefinitionDoesNotExist",
            f"The specified role definition with ID '{definition_id}' does not exist.",
        )
    if not any(covers(one, scope) for one in role.assignable_scopes):
        raise Refusal(
            400,
            "RoleAssignmentScopeNotAssignableToRoleDefinition",
            f"The role {role.name} is not available for assignment at the requested scope.",
        )
    return role


def _custom_role(stored: Resource) -> Role:
    properties = stored.body["properties"]
    return Role(
        properties["roleName"],
        stored.id.rpartition("/")[2],
        tuple(map(_permissions, properties["permissions"])),
        tuple(properties["assignableScopes"]),
    )


def _permissions(block: JsonObject) -> Permissions:
    return Permissions(
        actions=tuple(block["actions"]),
        not_actions=tuple(block["notActions"]),
        data_actions=tuple(block["dataActions"]),
        not_data_actions=tuple(block["notDataActions"]),
        condition=None,
    )
