"""The only thing in the project that creates a role assignment."""

import uuid
from enum import StrEnum
from typing import Final, NotRequired, TypedDict

import pulumi
from pulumi_azure_native import authorization

from .arguments import Arguments, is_plain
from .assigned_before import explain_refused_grant
from .errors import ConfigurationError, Problem
from .existing import explained
from .references import MANAGEMENT_GROUP, SUBSCRIPTION, ArmId, is_guid, parse_id, role_definition_id
from .roles import ROLES, Role

TOKEN: Final = "keyless:index:AccessGrant"
_OBJECT_ID: Final = "the object id of a principal in Entra, a GUID"
_SCOPE: Final = "the id of a resource or a resource group, as every component and resource outputs it"


class PrincipalType(StrEnum):
    """What kind of principal is let in. Azure takes a principal it cannot find yet only when told its
    kind.
    """

    SERVICE_PRINCIPAL = "ServicePrincipal"
    """A managed identity or an app registration."""
    GROUP = "Group"
    """An Entra group of people."""
    USER = "User"
    """One person. Prefer a group."""


_WHO: Final = {
    PrincipalType.SERVICE_PRINCIPAL: "identity",
    PrincipalType.GROUP: "members of group",
    PrincipalType.USER: "person",
}
_WHERE: Final = {
    "microsoft.containerregistry/registries": "container registry",
    "microsoft.keyvault/vaults": "key vault",
    "microsoft.keyvault/vaults/secrets": "secret",
    "microsoft.storage/storageaccounts": "storage account",
    "microsoft.storage/storageaccounts/blobservices/containers": "container",
    "microsoft.resources/resourcegroups": "resource group",
    "microsoft.insights/components": "Application Insights",
}


class AccessGrantArgs(TypedDict):
    """Arguments of AccessGrant: who, where, and as what."""

    principal_id: pulumi.Input[str]
    """Object id in Entra of who is let in; never a client id."""
    scope_id: pulumi.Input[str]
    """Resource id of what is opened; data roles are refused above a resource group."""
    role: Role
    """What is allowed there."""
    principal_type: NotRequired[PrincipalType]
    """The kind of principal; left out, ServicePrincipal, which every managed identity is."""
    principal_name: NotRequired[pulumi.Input[str]]
    """Who that is, in words, for the description; left out, the object id."""
    client_id: NotRequired[pulumi.Input[str]]
    """Client id of the same identity, to refuse a mix-up of the two; left out, it is not noticed."""
    granted_by: NotRequired[str]
    """What made the grant, in words, for the description; left out, this component and its name."""
    assignment_name: NotRequired[pulumi.Input[str]]
    """GUID of an assignment made elsewhere, to take over with `pulumi import`; left out, one is derived."""


class AccessGrant(pulumi.ComponentResource):
    """One role for one principal on one scope: an Azure role assignment with a name that never collides.

    Source: https://learn.microsoft.com/azure/role-based-access-control/role-assignments
    """

    assignment_id: pulumi.Output[str]
    """Resource id of the role assignment."""
    name: pulumi.Output[str]
    """Name of the role assignment, a GUID that follows from scope, principal and role unless it was given."""
    access: pulumi.Output[str]
    """Who may do what, and where, in one sentence."""

    def __init__(self, name: str, args: AccessGrantArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Raises ConfigurationError when an id cannot be one, when the client id was given as the
        principal's, or when the scope is too wide for the role; for Outputs, as soon as they are known."""
        arguments = Arguments("AccessGrant", name, args, AccessGrantArgs)
        for key, why in (("principal_id", _OBJECT_ID), ("scope_id", _SCOPE), ("role", "one of the roles")):
            arguments.require(key, why)
        principal_id = arguments.text("principal_id", is_guid, _OBJECT_ID)
        role = arguments.choice("role", Role, Role.KEY_VAULT_SECRETS_USER)
        scope_words = f"{_SCOPE}; {role.value} acts on data, so nothing wider is accepted"
        scope_id = arguments.text("scope_id", lambda scope: _is_scope(scope, role), scope_words)
        principal_type = arguments.choice("principal_type", PrincipalType, PrincipalType.SERVICE_PRINCIPAL)
        given_name = arguments.text("assignment_name", is_guid, "the name of a role assignment, a GUID")
        granted_by = arguments.plain_text("granted_by", f"AccessGrant '{name}'")
        client_id, given_id = args.get("client_id"), args.get("principal_id")
        if client_id is not None and is_plain(client_id) and client_id == given_id:
            arguments.problems.append(_mixed_up(str(client_id)))
        arguments.done()
        assert principal_id is not None
        assert scope_id is not None

        # What a first preview cannot read from the assignment, whose role's id follows from the scope's.
        known = {"role": role.value, "principalType": principal_type.value, "grantedBy": granted_by}
        if isinstance(args.get("principal_name"), str):
            known["principalName"] = str(args.get("principal_name"))
        super().__init__(TOKEN, name, known, opts)
        if opts is not None and opts.urn is not None:
            return  # looked up by its URN: the engine knows the rest

        facts, component = ROLES[role], arguments.component
        if client_id is not None:
            principal_id = pulumi.Output.all(principal_id, client_id).apply(
                lambda ids: _principal_of(component, str(ids[0]), str(ids[1]))
            )
        who = pulumi.Output.from_input(args.get("principal_name") or principal_id)
        self.access = pulumi.Output.all(who, scope_id).apply(
            lambda known: sentence(principal_type, str(known[0]), role, str(known[1]))
        )
        # With scope, principal and role in the name a replacement cannot collide, while deleting first
        # takes other grants that depend on the same principal with it. False has to be said: azure-native
        # itself asks for deletion first wherever a name is given.
        derived_name = pulumi.Output.all(scope_id, principal_id).apply(
            lambda ids: grant_name(str(ids[0]), str(ids[1]), role)
        )
        self.assignment = authorization.RoleAssignment(
            name,
            description=self.access.apply(lambda text: f"{text} Granted by {granted_by}."),
            principal_id=principal_id,
            # The SDK's default is User, and a new identity is then refused until it is replicated.
            principal_type=principal_type.value,
            role_assignment_name=derived_name if given_name is None else given_name,
            role_definition_id=scope_id.apply(lambda scope: role_definition_id(scope, facts.guid)),
            scope=scope_id,
            opts=pulumi.ResourceOptions(
                parent=self,
                delete_before_replace=False,
                hooks=explained(self, name, "authorization:RoleAssignment", explain_refused_grant),
            ),
        )
        self.role, self.principal_type, self.scope_id = role, principal_type, scope_id
        self.id = self.assignment.id
        self.assignment_id = self.assignment.id
        self.name = self.assignment.name
        self.register_outputs({"assignmentId": self.assignment_id, "name": self.name, "access": self.access})


def grant_name(scope_id: str, principal_id: str, role: Role) -> str:
    """The GUID that names the assignment of this role to this principal on this scope, however they are
    spelt.
    """
    seed = (scope_id.rstrip("/"), principal_id, ROLES[role].guid)
    return str(uuid.uuid5(uuid.NAMESPACE_URL, "/".join(seed).lower()))


def sentence(principal_type: PrincipalType, principal: str, role: Role, scope_id: str) -> str:
    """Who may do what, and where."""
    scope = parse_id(scope_id)
    where = f"{_WHERE.get(scope.type.lower(), scope.type)} {scope.name}"
    may = ROLES[role].may
    return f"{_WHO[principal_type].capitalize()} {principal} may {may} in {where} ({role.value})."


def _is_scope(text: str, role: Role) -> bool:
    try:
        scope = parse_id(text)
    except ValueError:
        return False
    return not (ROLES[role].data_actions and _is_above_groups(scope))


def _is_above_groups(scope: ArmId) -> bool:
    """Data roles given there take hours to work, or never do, and open more than any app needs."""
    return scope.is_of(MANAGEMENT_GROUP) or scope.is_of(SUBSCRIPTION)


def _principal_of(component: str, principal_id: str, client_id: str) -> str:
    if principal_id.lower() == client_id.lower():
        raise ConfigurationError(component, [_mixed_up(principal_id)])
    return principal_id


def _mixed_up(id: str) -> Problem:
    step = "give the identity's principal_id; Azure would accept the client id, and let nobody in"
    return Problem("principal_id", f"{id}, which is the client id", "the principal's object id", step)
