"""Microsoft.Authorization: role assignments and the built-in role definitions.

https://learn.microsoft.com/rest/api/authorization/role-assignments
https://learn.microsoft.com/azure/role-based-access-control/troubleshooting
"""

import re
import uuid
from collections.abc import Sequence
from typing import Final

from local_azure.arm import ResourceId, ResourceType
from local_azure.authorizer import ASSIGNMENTS
from local_azure.built_in_roles import BUILT_IN_ROLES, ROLES_BY_ID, Role
from local_azure.constants import SUBSCRIPTION_SCOPE, TENANT_ID
from local_azure.errors import Refusal
from local_azure.http import JsonObject, Request, Response
from local_azure.rules import Rule

_VERSIONS: Final = frozenset({"2015-07-01", "2018-01-01-preview", "2020-04-01-preview", "2022-04-01"})
_DEFINITIONS: Final = "Microsoft.Authorization/roleDefinitions"

RULES: Final = [
    Rule("R1", "refusal", "A new principal may be unknown for a while; without principalType that refuses its grant."),
    Rule("R3", "assumed", "A principalType that is not the principal's is refused."),
    Rule("R4", "behaviour", "With principalType, an id that no directory object has is accepted."),
    Rule("R5", "refusal", "The same role for the same principal at the same scope under another name: 409."),
    Rule("R7", "refusal", "Principal, role and scope of an assignment are not allowed to be updated."),
    Rule("R8", "refusal", "The name of an assignment is a GUID, unique across subscriptions."),
    Rule("R9", "assumed", "A role definition that does not exist is refused."),
    Rule("R10", "behaviour", "A role definition id is answered qualified with the scope's subscription."),
    Rule("R18", "behaviour", "An assignment that is gone is 404 RoleAssignmentNotFound."),
    Rule("R21", "assumed", "A condition needs its version, 2.0."),
]  # fmt: skip


class RoleAssignment(ResourceType):
    """One role for one principal at one scope."""

    type = ASSIGNMENTS
    api_versions = _VERSIONS
    has_parent = False

    def put(self, id: ResourceId, old: JsonObject | None, new: JsonObject, request: Request) -> JsonObject:
        given: JsonObject = new.get("properties") or {}
        if not _is_guid(id.name):
            raise Refusal(
                400, "InvalidRoleAssignmentId", f"The role assignment ID '{id.name}' is not valid. "
                "The role assignment ID must be a GUID.",
            )  # fmt: skip
        principal_id, definition = given.get("principalId"), given.get("roleDefinitionId")
        if not principal_id or not definition:
            raise Refusal(400, "BadRequest", "The properties principalId and roleDefinitionId are required.")
        role = _role(str(definition))
        if bool(given.get("condition")) != (given.get("conditionVersion") == "2.0"):
            raise Refusal(400, "InvalidConditionVersion", "A condition and conditionVersion 2.0 go together.")
        kind = self._principal_type(str(principal_id), given.get("principalType"))
        body = _body(id, str(principal_id), role, kind, given)
        self._unique(id, body)
        if old is None:
            self.azure.authorizer.assignment_written(id.text)
        else:
            _not_moved(old, body)
        return body

    def before_delete(self, id: ResourceId, body: JsonObject, request: Request) -> None:
        self.azure.authorizer.assignment_deleted(id.text)

    def _principal_type(self, principal_id: str, given: str | None) -> str:
        """The type to store. Raises Refusal 400 when nobody can tell, or when it is another one."""
        principal = self.azure.entra.principal(principal_id)
        if given is None:
            if principal is None or self.azure.entra.is_still_replicating(principal_id):
                raise Refusal(
                    400, "PrincipalNotFound",
                    f"Principal {principal_id.replace('-', '')} does not exist in the directory {TENANT_ID}. Check "
                    "that you have the correct principal ID. If you are creating this principal and then immediately "
                    "assigning a role, this error might be related to a replication delay. In this case, set the role "
                    "assignment principalType property to a value, such as ServicePrincipal, User, or Group.",
                )  # fmt: skip
            return principal.kind
        if principal is not None and principal.kind != given:
            raise Refusal(
                400, "UnmatchedPrincipalType",
                f"The PrincipalId '{principal_id}' has type '{principal.kind}', which is different from specified "
                f"PrincipalType '{given}'.",
            )  # fmt: skip
        return given

    def _unique(self, id: ResourceId, body: JsonObject) -> None:
        wanted = _meaning(body)
        for other in self.azure.store.list(type=ASSIGNMENTS):
            if other.id.lower() == id.key:
                continue
            if other.id.rpartition("/")[2].lower() == id.name.lower():
                raise Refusal(
                    409, "RoleAssignmentUpdateNotPermitted",
                    "Tenant ID, application ID, principal ID, and scope are not allowed to be updated.",
                )  # fmt: skip
            if _meaning(other.body) == wanted:
                raise Refusal(409, "RoleAssignmentExists", "The role assignment already exists.")

    def get(self, id: ResourceId, request: Request) -> JsonObject | None:
        body = super().get(id, request)
        if body is None and request.method == "GET":
            raise Refusal(404, "RoleAssignmentNotFound", f"The role assignment '{id.name}' is not found.")
        return body

    def list_in_scope(self, scope: str, request: Request) -> Sequence[JsonObject]:
        """`$filter` may say `atScope()` or name a principal; without one, what is at, above and below the scope."""
        wanted = re.search(
            r"(?:principalId|assignedTo)\W*(?:eq)?\W*'([^']+)'", request.query.get("$filter", "")
        )
        found = [
            {"id": one.id, "name": one.id.rpartition("/")[2], "type": ASSIGNMENTS, **one.body}
            for one in self.azure.store.list(type=ASSIGNMENTS)
            if _related(one.body["properties"]["scope"], scope)
        ]
        return [one for one in found if not wanted or one["properties"]["principalId"] == wanted[1]]


class RoleDefinition(ResourceType):
    """The built-in roles; custom ones are not served."""

    type = _DEFINITIONS
    api_versions = _VERSIONS | {"2022-05-01-preview"}
    has_parent = False

    def get(self, id: ResourceId, request: Request) -> JsonObject | None:
        role = ROLES_BY_ID.get(id.name.lower())
        return _definition(role) if role else None

    def list_in_scope(self, scope: str, request: Request) -> Sequence[JsonObject]:
        wanted = re.search(r"roleName eq '([^']+)'", request.query.get("$filter", ""))
        return [
            {"id": _definition_id(role), "name": role.id, "type": self.type, **_definition(role)}
            for role in BUILT_IN_ROLES
            if not wanted or role.name == wanted[1]
        ]

    def put(self, id: ResourceId, old: JsonObject | None, new: JsonObject, request: Request) -> JsonObject:
        raise Refusal(405, "MethodNotAllowed", "The local Azure serves built-in roles only.")

    def deleted(self, id: ResourceId, body: JsonObject) -> Response:
        raise Refusal(400, "InvalidRoleDefinition", "A built-in role cannot be deleted.")


def _is_guid(text: str) -> bool:
    try:
        return str(uuid.UUID(text)) == text.lower()
    except ValueError:
        return False


def _role(definition: str) -> Role:
    role = ROLES_BY_ID.get(definition.rpartition("/")[2].lower())
    if role is None or f"{_DEFINITIONS}/".lower() not in f"/{definition.lower()}":
        raise Refusal(
            404,
            "RoleDefinitionDoesNotExist",
            f"The specified role definition with ID '{definition}' does not exist.",
        )
    return role


def _body(id: ResourceId, principal_id: str, role: Role, kind: str, given: JsonObject) -> JsonObject:
    properties: JsonObject = {
        "principalId": principal_id,
        "principalType": kind,
        "roleDefinitionId": _definition_id(role),
        "scope": id.scope,
    }
    optional = ("condition", "conditionVersion", "description", "delegatedManagedIdentityResourceId")
    return {"properties": properties | {key: given[key] for key in optional if given.get(key) is not None}}


def _meaning(body: JsonObject) -> tuple[str, str, str]:
    properties = body["properties"]
    role = properties["roleDefinitionId"].rpartition("/")[2]
    return properties["scope"].lower(), properties["principalId"].lower(), role.lower()


def _not_moved(old: JsonObject, new: JsonObject) -> None:
    if _meaning(old) != _meaning(new):
        raise Refusal(
            400, "RoleAssignmentUpdateNotPermitted",
            "Tenant ID, application ID, principal ID, and scope are not allowed to be updated.",
        )  # fmt: skip


def _related(one: str, other: str) -> bool:
    upper, lower = sorted((one.rstrip("/").lower() + "/", other.rstrip("/").lower() + "/"), key=len)
    return lower.startswith(upper)


def _definition_id(role: Role) -> str:
    return f"{SUBSCRIPTION_SCOPE}/providers/{_DEFINITIONS}/{role.id}"


def _definition(role: Role) -> JsonObject:
    permissions: JsonObject = {
        "actions": list(role.actions),
        "notActions": list(role.not_actions),
        "dataActions": list(role.data_actions),
        "notDataActions": [],
    }
    return {
        "properties": {
            "roleName": role.name,
            "type": "BuiltInRole",
            "assignableScopes": ["/"],
            "permissions": [permissions],
        }
    }


TYPES: list[type[ResourceType]] = [RoleAssignment, RoleDefinition]
