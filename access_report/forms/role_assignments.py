"""Roles that are assigned: https://learn.microsoft.com/azure/role-based-access-control/role-assignments"""

from collections.abc import Iterator
from dataclasses import replace

from access_report.following import CLASSIC_ROLE, ROLE_DEFINITION, Directory, guid_in
from access_report.forms.principals import kind_of_principal, who
from access_report.grants import CONDITION_LATER, Form, Grant, Granted, Limits
from access_report.resources import UNKNOWN, Resource, known
from access_report.roles import built_in, defined_by
from access_report.scopes import LATER, scope_of
from components.contract import ACCESS_GRANT, GRANTED_BY, ROLE


def role_assignment(directory: Directory, resource: Resource) -> Iterator[Grant]:
    yield assigned(directory, resource)


def assigned(
    directory: Directory, resource: Resource, form: Form = Form.ROLE, limits: Limits | None = None
) -> Grant:
    """The grant of a resource with Azure's properties of an assignment; `limits` are those that it has beside
    its condition.
    """
    component = directory.component_of(resource, ACCESS_GRANT)
    own = limits or Limits(delegated=_delegated(resource))
    return Grant(
        urn=resource.urn,
        who=who(
            directory, resource, "principalId", kind_of_principal(resource.value("principalType")), component
        ),
        granted=role_given(directory, resource, component),
        where=scope_of(directory, resource, component),
        why=str(component.value(GRANTED_BY) or "") if component else "",
        form=form,
        limits=own._replace(condition=_condition(resource)),
    )


def role_given(directory: Directory, resource: Resource, component: Resource | None = None) -> Granted:
    """In a first preview the role that the assignment is made from, or that its component was given."""
    id = resource.value("roleDefinitionId")
    is_claimed = False
    if not known(id):
        definition = directory.only_one_behind(resource, "roleDefinitionId", ROLE_DEFINITION, CLASSIC_ROLE)
        if definition is not None:
            return _custom(definition, "")
        id, is_claimed = component.value(ROLE) if component else None, True
    if not known(id):
        return Granted(f"?{resource.urn}", f"a role {LATER}")
    return replace(role_of(directory, str(id)), is_claimed=is_claimed)


def role_of(directory: Directory, name_or_id: str) -> Granted:
    """The role of a name, a GUID or the id of a definition."""
    role = built_in(name_or_id)
    if role is not None:
        return Granted(role.name, role.name, role)
    guid = guid_in(name_or_id)
    return _custom(directory.role_definition(guid), guid)


def _custom(definition: Resource | None, guid: str) -> Granted:
    if definition is None:
        return Granted(guid, guid, is_custom=True)
    facts = defined_by(definition)
    return Granted(definition.urn, facts.name if facts else guid or definition.name, facts, is_custom=True)


def _condition(assignment: Resource) -> str:
    # Azure's last answer says nothing of what the update will make of it.
    given = assignment.given("condition")
    return CONDITION_LATER if given == UNKNOWN else " ".join(str(given or "").split())


def _delegated(assignment: Resource) -> str:
    """https://learn.microsoft.com/azure/lighthouse/how-to/deploy-policy-remediation"""
    given = assignment.given("delegatedManagedIdentityResourceId")
    return f"?{assignment.urn}" if given == UNKNOWN else str(given or "").rstrip("/").lower()
