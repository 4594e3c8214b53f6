"""Microsoft.Authorization/roleAssignments: one role for one principal at one scope.

https://learn.microsoft.com/rest/api/authorization/role-assignments
https://learn.microsoft.com/azure/role-based-access-control/troubleshooting
"""

import re
import uuid
from collections.abc import Sequence
from typing import Final

from local_azure.arm import ResourceId, ResourceType
from local_azure.authorization.authorizer import ASSIGNMENTS
from local_azure.authorization.built_in_roles import Role, role_definition_id
from local_azure.authorization.roles import assignable_role
from local_azure.constants import TENANT_ID
from local_azure.errors import Refusal
from local_azure.ground import Ground
from local_azure.http import JsonObject, Request, Response
from local_azure.resource_manager.tree import Types, require_scope
from local_azure.rules import Rule

RULES: Final = [
    Rule(
        "R1",
        "refusal",
        "A principal unknown to the directory yet: without principalType its grant is refused.",
        held_by="a_new_identity_without_a_principal_type_is_refused_for_a_while",
        source="https://learn.microsoft.com/azure/role-based-access-control/troubleshooting "
        "Azure-Samples/azure-search-openai-demo#9",
    ),
    Rule(
        "R3",
        "assumed",
        "A principalType that is not the principal's is refused.",
        held_by="the_type_of_a_known_principal_must_be_the_right_one",
        source="Azure/azure-dev#3581",
    ),
    Rule(
        "R4",
        "behaviour",
        "With principalType, an id that no directory object has is accepted.",
        held_by="a_client_id_is_accepted_where_a_principal_id_belongs",
        source="Azure/Industrial-IoT#2455 hashicorp/terraform-provider-azurerm#18113",
    ),
    Rule(
        "R5",
        "refusal",
        "The same role for the same principal at the same scope under another name: 409.",
        held_by="the_same_grant_under_another_name_is_refused",
        source="hashicorp/terraform-provider-azurerm#28694 Azure/bicep#11367",
    ),
    Rule(
        "R7",
        "refusal",
        "Principal, role and scope of an assignment are not allowed to be updated.",
        held_by="an_assignment_never_changes_its_principal_or_its_role",
        source="https://learn.microsoft.com/azure/role-based-access-control/troubleshooting "
        "pulumi/pulumi-azure-native#771 Azure/bicep#5831",
    ),
    Rule(
        "R8",
        "refusal",
        "The name of an assignment is a GUID, unique across subscriptions.",
        held_by="the_name_of_an_assignment_is_a_guid",
        source="https://learn.microsoft.com/azure/role-based-access-control/troubleshooting "
        "pulumi/pulumi-azure#121",
    ),
    Rule(
        "R10",
        "behaviour",
        "A role definition id is answered qualified with the scope's subscription.",
        held_by="a_role_is_answered_qualified_however_it_was_written",
        source="hashicorp/terraform-provider-azurerm#1454 hashicorp/terraform-provider-azurerm#19847",
    ),
    Rule(
        "G6",
        "assumed",
        "A grant on a vault, site, identity or group that does not exist is refused: 404.",
        held_by="g6_a_grant_on_what_does_not_exist_is_refused",
    ),
    Rule(
        "R18",
        "behaviour",
        "An assignment that is gone is 404 RoleAssignmentNotFound.",
        held_by="deleting_an_assignment_that_is_gone_succeeds",
        source="pulumi/pulumi-azure-native#4597 pulumi/pulumi-azure-native#4802",
    ),
    Rule(
        "R21",
        "assumed",
        "A condition needs its version, 2.0.",
        held_by="a_condition_without_its_version_is_refused",
    ),
]


class RoleAssignment(ResourceType):
    """One role for one principal at one scope."""

    type = ASSIGNMENTS
    has_parent = False

    def __init__(self, ground: Ground, types: Types) -> None:
        super().__init__(ground)
        self._types = types

    def put(self, id: ResourceId, old: JsonObject | None, new: JsonObject, request: Request) -> JsonObject:
        given: JsonObject = new.get("properties") or {}
        if not is_guid(id.name):
            raise Refusal(
                400, "InvalidRoleAssignmentId", f"The role assignment ID '{id.name}' is not valid. "
                "The role assignment ID must be a GUID.",
            )  # fmt: skip
        principal_id, definition = given.get("principalId"), given.get("roleDefinitionId")
        if not principal_id or not definition:
            raise Refusal(400, "BadRequest", "The properties principalId and roleDefinitionId are required.")
        require_scope(self.ground.store, self._types, id)
        role = assignable_role(self.ground.store, str(definition), id.scope)
        if bool(given.get("condition")) != (given.get("conditionVersion") == "2.0"):
            raise Refusal(400, "InvalidConditionVersion", "A condition and conditionVersion 2.0 go together.")
        kind = self._principal_type(str(principal_id), given.get("principalType"))
        body = _body(id, str(principal_id), role, kind, given)
        if old is not None and _meaning(old) != _meaning(body):
            raise _moved()
        self._unique(id, body)
        if old is None:
            self.ground.authorizer.assignment_written(id.text)
        return body

    def deleted(self, id: ResourceId, body: JsonObject) -> Response:
        """Azure answers with what it removed."""
        return Response(200, {"id": id.text, "name": id.name, "type": self.type, **body})

    def before_delete(self, id: ResourceId, body: JsonObject, request: Request) -> None:
        self.ground.authorizer.assignment_deleted(id.text)

    def _principal_type(self, principal_id: str, given: str | None) -> str:
        """The type to store. Raises Refusal 400 when nobody can tell, or when it is another one."""
        principal = self.ground.entra.principal(principal_id)
        if given is None:
            if principal is None or self.ground.entra.is_still_replicating(principal_id):
                raise Refusal(
                    400, "PrincipalNotFound",
                    f"Principal {principal_id.replace('-', '')} does not exist in the directory {TENANT_ID}. "
                    "Check that you have the correct principal ID. If you are creating this principal "
                    "and then "
                    "immediately assigning a role, this error might be related to a replication delay. "
                    "In this "
                    "case, set the role assignment principalType property to a value, such as "
                    "ServicePrincipal, "
                    "User, or Group.",
                )  # fmt: skip
            return principal.kind
        if principal is not None and principal.kind != given:
            raise Refusal(
                400, "UnmatchedPrincipalType",
                f"The PrincipalId '{principal_id}' has type '{principal.kind}', which is different from "
                f"specified PrincipalType '{given}'.",
            )  # fmt: skip
        return given

    def _unique(self, id: ResourceId, body: JsonObject) -> None:
        wanted = _meaning(body)
        for other in self.ground.store.list(type=ASSIGNMENTS):
            if other.id.lower() == id.key:
                continue
            if other.id.rpartition("/")[2].lower() == id.name.lower():
                raise _moved()
            if _meaning(other.body) == wanted:
                raise Refusal(409, "RoleAssignmentExists", "The role assignment already exists.")

    def get(self, id: ResourceId, request: Request) -> JsonObject | None:
        body = super().get(id, request)
        if body is None and request.method == "GET":
            raise Refusal(404, "RoleAssignmentNotFound", f"The role assignment '{id.name}' is not found.")
        return body

    def list_in_scope(self, scope: str, request: Request) -> Sequence[JsonObject]:
        """What is at, above and below the scope. `$filter` may say `atScope()` (not below),
        `principalId eq 'P'` or `assignedTo('P')` (P and its groups)."""
        filter = request.query.get("$filter", "")
        wanted = re.search(r"(principalId\s+eq|assignedTo)\W*'([^']+)'", filter, re.IGNORECASE)
        who = {wanted[2].lower()} if wanted else set[str]()
        if wanted and wanted[1].lower() == "assignedto":
            who |= self.ground.entra.groups_of(wanted[2])
        found: list[JsonObject] = []
        for one in self.ground.store.list(type=ASSIGNMENTS):
            properties = one.body["properties"]
            related = _related(properties["scope"], scope, below="atscope()" not in filter.lower())
            if related and (not wanted or properties["principalId"].lower() in who):
                found.append(
                    {"id": one.id, "name": one.id.rpartition("/")[2], "type": ASSIGNMENTS, **one.body}
                )
        return found


def is_guid(text: str) -> bool:
    """Whether it is a GUID as Azure spells names: with hyphens, without braces, in any case."""
    try:
        return str(uuid.UUID(text)) == text.lower()
    except ValueError:
        return False


def _body(id: ResourceId, principal_id: str, role: Role, kind: str, given: JsonObject) -> JsonObject:
    properties: JsonObject = {
        "principalId": principal_id,
        "principalType": kind,
        "roleDefinitionId": role_definition_id(role.id, id.scope),
        "scope": id.scope,
    }
    optional = ("condition", "conditionVersion", "description", "delegatedManagedIdentityResourceId")
    return {"properties": properties | {key: given[key] for key in optional if given.get(key) is not None}}


def _meaning(body: JsonObject) -> tuple[str, str, str]:
    properties = body["properties"]
    role = properties["roleDefinitionId"].rpartition("/")[2]
    return properties["scope"].lower(), properties["principalId"].lower(), role.lower()


def _moved() -> Refusal:
    text = "Tenant ID, application ID, principal ID, and scope are not allowed to be updated."
    return Refusal(400, "RoleAssignmentUpdateNotPermitted", text)


def _related(scope: str, asked: str, *, below: bool) -> bool:
    scope, asked = scope.rstrip("/").lower() + "/", asked.rstrip("/").lower() + "/"
    return asked.startswith(scope) or (below and scope.startswith(asked))
