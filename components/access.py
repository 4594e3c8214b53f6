"""The only thing in the project that creates a role assignment."""

import uuid
from collections.abc import Sequence
from typing import Final, NotRequired, TypedDict

import pulumi
from pulumi_azure_native import authorization

from .arguments import Arguments
from .assigned_before import explain_refused_grant
from .azure_facts.words import word
from .contract import ACCESS_GRANT as TOKEN
from .errors import ConfigurationError, Problem
from .existing import explained
from .form import Form
from .options import checked_options
from .outputs import register_outputs
from .placement import read_any_text
from .plain import is_plain
from .references import MANAGEMENT_GROUP, SUBSCRIPTION, guid_form, is_scope, parse_id, scope_form
from .repositories import condition_in_words
from .roles import EXPECTED as EXPECTED_ROLE
from .roles import is_role, role_facts
from .takes import PrincipalType, Takes
from .unknowns import once_checked

_OBJECT_ID: Final = guid_form("the object id of a principal in Entra, a GUID")
_SCOPE: Final = scope_form(
    "the id of a resource or a resource group, as every component and resource outputs it"
)
_ROLE: Final = Form(EXPECTED_ROLE, is_role)
_CONDITION: Final = Form(
    "a condition on attributes, as ((!(ActionMatches{'<action>'})) OR (<attribute> <operator> '<value>'))",
    lambda text: text.strip().startswith(("(", "@", "!")),
)
_CONDITION_VERSION: Final = "2.0"


_MIXED_UP: Final = Problem(
    "principal_id",
    "the client id",
    "the principal's object id",
    "give the identity's principal_id; Azure would accept the client id, and let nobody in",
)
_WHO: Final = {
    PrincipalType.SERVICE_PRINCIPAL: "identity",
    PrincipalType.GROUP: "members of group",
    PrincipalType.USER: "person",
}


class AccessGrantArgs(TypedDict):
    """Arguments of AccessGrant: who, where, and as what."""

    principal_id: pulumi.Input[str]
    """Object id in Entra of who is let in; never a client id."""
    scope_id: pulumi.Input[str]
    """Resource id of what is opened; data roles are refused above a resource group."""
    role: pulumi.Input[str]
    """What is allowed there: the name of a role, its GUID, or the id of its definition, custom ones too."""
    principal_type: NotRequired[PrincipalType]
    """The kind of principal; left out, ServicePrincipal, which every managed identity is."""
    principal_name: NotRequired[pulumi.Input[str]]
    """Who that is, in words, for the description; left out, the object id."""
    client_id: NotRequired[pulumi.Input[str]]
    """Client id of the same identity, to refuse a mix-up of the two; left out, it is not noticed."""
    granted_by: NotRequired[str]
    """What made the grant, in words, for the description; left out, this component and its name."""
    condition: NotRequired[pulumi.Input[str]]
    """Under which the role holds, in Azure's language, version 2.0; left out, always."""
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
        for key, why in (("principal_id", _OBJECT_ID), ("scope_id", _SCOPE), ("role", _ROLE)):
            arguments.require(key, why.words)
        principal_id = arguments.text("principal_id", _OBJECT_ID)
        role = read_role(arguments)
        scope_id = arguments.text("scope_id", _SCOPE)
        principal_type = arguments.choice("principal_type", PrincipalType, PrincipalType.SERVICE_PRINCIPAL)
        given_name = arguments.text("assignment_name", guid_form("the name of a role assignment, a GUID"))
        granted_by = arguments.plain_text("granted_by", f"AccessGrant '{name}'")
        condition = arguments.text("condition", _CONDITION)
        principal_name, client_id = read_any_text(arguments, "principal_name"), args.get("client_id")
        check_not_mixed_up(arguments)
        if scope_id is not None and role is not None:
            scope_id = narrow(arguments, "scope_id", role, scope_id)
        arguments.done()
        assert principal_id is not None
        assert scope_id is not None
        assert role is not None

        # What a first preview cannot read from the assignment, whose role's id follows from the scope's.
        known = {"principalType": principal_type.value, "grantedBy": granted_by}
        if is_plain(given_role := args.get("role")):
            known["role"] = role_facts(str(given_role)).title
        if isinstance(principal_name, str):
            known["principalName"] = principal_name
        super().__init__(TOKEN, name, known, checked_options("AccessGrant", name, opts))
        if opts is not None and opts.urn is not None:
            return  # looked up by its URN: the engine knows the rest

        takes = Takes.to_grant(role, principal_type, scope_id, principal_id)
        component = arguments.component
        if client_id is not None:
            principal_id = pulumi.Output.all(principal_id, client_id).apply(
                lambda ids: _principal_of(component, str(ids[0]), str(ids[1]))
            )
        who = pulumi.Output.from_input(principal_name or principal_id)
        self.access = pulumi.Output.all(who, role, scope_id, condition or "").apply(
            lambda known: sentence(principal_type, *map(str, known))
        )
        # With scope, principal and role in the name a replacement cannot collide, while deleting first
        # takes other grants that depend on the same principal with it. False has to be said: azure-native
        # itself asks for deletion first wherever a name is given.
        derived_name = pulumi.Output.all(scope_id, principal_id, role).apply(
            lambda known: grant_name(*map(str, known))
        )
        # All three are in a derived name, which is the same for ids in another case. Azure's plugin would
        # replace the assignment then, and find its name taken. A replacement writes what is declared.
        told_by_name = ["principalId", "roleDefinitionId", "scope"] if given_name is None else None
        self.assignment = authorization.RoleAssignment(
            name,
            condition=condition,
            condition_version=None if condition is None else _CONDITION_VERSION,
            description=self.access.apply(lambda text: f"{text} Granted by {granted_by}."),
            principal_id=principal_id,
            # The SDK's default is User, and a new identity is then refused until it is replicated.
            principal_type=principal_type.value,
            role_assignment_name=derived_name if given_name is None else given_name,
            role_definition_id=pulumi.Output.all(scope_id, role).apply(
                lambda known: role_facts(str(known[1])).definition_at(str(known[0]))
            ),
            scope=scope_id,
            opts=pulumi.ResourceOptions(
                parent=self,
                delete_before_replace=False,
                ignore_changes=told_by_name,
                hooks=explained(self, name, "authorization:RoleAssignment", explain_refused_grant),
            ),
        )
        self.takes = (takes,)
        self.id = self.assignment.id
        self.assignment_id = self.assignment.id
        self.name = self.assignment.name
        register_outputs(self)


def read_role(arguments: Arguments) -> pulumi.Output[str] | None:
    """What `role` says. A name that no role has is answered with a close one."""
    given = arguments.raw("role")
    if isinstance(given, str):
        try:
            role_facts(given)
        except ValueError as unknown:
            arguments.refuse(arguments.at("role"), _ROLE.refused(given), _ROLE.words, str(unknown))
            return None
    return arguments.text("role", _ROLE)


def grant_key(role: str, scope_id: str) -> str:
    """What two grants to one principal have in common when they are one, however they are spelt."""
    return f"{scope_id.rstrip('/')}/{role_facts(role).guid}".lower()


def grant_name(scope_id: str, principal_id: str, role: str) -> str:
    """The GUID that names the assignment of this role to this principal on this scope, however they are
    spelt.
    """
    seed = (scope_id.rstrip("/"), principal_id, role_facts(role).guid)
    return str(uuid.uuid5(uuid.NAMESPACE_URL, "/".join(seed).lower()))


def sentence(
    principal_type: PrincipalType, principal: str, role: str, scope_id: str, condition: str = ""
) -> str:
    """Who may do what, and where."""
    scope, facts = parse_id(scope_id), role_facts(role)
    where = f"{word(scope.type) or scope.type} {scope.name}"
    limit = f", {condition_in_words(facts.title, condition)}" if condition else ""
    may = f"{_WHO[principal_type].capitalize()} {principal} may {facts.may} in {where}"
    return f"{may} ({facts.title}){limit}."


def narrow(
    arguments: Arguments, key: str, role: pulumi.Output[str], scope_id: pulumi.Output[str]
) -> pulumi.Output[str]:
    """The scope in the argument of that name, refused where it is too wide for the `role` beside it."""
    component, subject = arguments.component, arguments.at(key)
    given_role, given_scope = arguments.raw("role"), arguments.raw(key)
    if is_plain(given_role) and is_plain(given_scope):
        if is_role(str(given_role)) and is_scope(str(given_scope)):
            arguments.problems += _too_wide(subject, str(given_role), str(given_scope))
        return scope_id

    def check(known: Sequence[str]) -> None:
        if problems := _too_wide(subject, known[1], known[0]):
            raise ConfigurationError(component, problems)

    return once_checked(scope_id, check, role)


def _too_wide(subject: str, role: str, scope_id: str) -> list[Problem]:
    """Data roles given above a group take hours to work, or never do, and open more than any app needs."""
    scope, facts = parse_id(scope_id), role_facts(role)
    if not facts.acts_on_data or not (scope.is_of(MANAGEMENT_GROUP) or scope.is_of(SUBSCRIPTION)):
        return []
    expected = f"{_SCOPE.words}; {facts.title} acts on data, so nothing wider is accepted"
    given = f"the id of a {word(scope.type)}"
    return [Problem(subject, given, expected, f"give {_SCOPE.words}")]


def check_not_mixed_up(arguments: Arguments) -> None:
    """Refuse one text as `principal_id` and as `client_id`."""
    ids = [arguments.raw(key) for key in ("principal_id", "client_id")]
    if all(isinstance(id, str) for id in ids) and str(ids[0]).lower() == str(ids[1]).lower():
        arguments.problems.append(_MIXED_UP)


def _principal_of(component: str, principal_id: str, client_id: str) -> str:
    if principal_id.lower() == client_id.lower():
        raise ConfigurationError(component, [_MIXED_UP])
    return principal_id
