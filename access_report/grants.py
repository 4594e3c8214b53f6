"""Who can do what, where: the role assignments of one snapshot, in the program's own names."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from access_report.following import IDENTITY, ROLE_DEFINITION, SITES, Directory, guid_in
from access_report.resources import UNKNOWN, Resource, known
from access_report.roles import Role, built_in, defined_by
from access_report.scopes import LATER, Where, later, scope_of
from components.contract import ACCESS_GRANT, GRANTED_BY, PRINCIPAL_NAME, ROLE

_ASSIGNMENT: Final = "authorization:RoleAssignment"
_CONDITION_LATER: Final = f"one {LATER}"


@dataclass(frozen=True)
class Who:
    """A principal. `key` stays the same as long as it is the same principal."""

    key: str
    kind: str
    name: str
    object_id: str = ""
    """Of a principal outside the stack that goes by a name, which whoever wrote the program chose."""

    def __str__(self) -> str:
        return f"{self.kind} {self.name}" + (f" ({self.object_id})" if self.object_id else "")


@dataclass(frozen=True)
class Granted:
    """The role of an assignment. `key` stays the same as long as it is the same role."""

    key: str
    name: str
    """Its name; the GUID of a custom role that the stack does not define."""
    facts: Role | None = None
    """What it allows; None where this report cannot know it."""
    is_custom: bool = False
    is_claimed: bool = False
    """Whether only the component around says that it is this one, and the update will tell."""

    def __str__(self) -> str:
        return f"custom role {self.name}" if self.is_custom else self.name

    def covers(self, other: "Granted") -> bool:
        """False when one of two roles cannot be weighed, unless they are the same and neither can."""
        if self.facts is None or other.facts is None:
            return self.facts is other.facts and self.key == other.key
        return self.facts.covers(other.facts)


@dataclass(frozen=True)
class Grant:
    """One role assignment. `condition` limits it further; empty where there is none."""

    urn: str
    who: Who
    granted: Granted
    where: Where
    why: str
    condition: str = ""
    delegated: str = ""
    """Id of the delegated managed identity, where the assignment has one: it is for another tenant's."""

    @property
    def role(self) -> str:
        return self.granted.name

    @property
    def facts(self) -> Role | None:
        return self.granted.facts

    @property
    def is_claimed(self) -> bool:
        """Whether a part of it is told by the word of a component alone: the resource says it later."""
        return self.granted.is_claimed or self.where.is_claimed

    @property
    def may(self) -> str:
        """What completes "who can …"."""
        role = "a custom role" if self.granted.is_custom else "this role"
        words = (self.facts.may if self.facts else None) or f"use {role}"
        return f"{words}, under a condition" if self.condition else words

    @property
    def key(self) -> tuple[str, str, str, str, str]:
        return self.who.key, self.granted.key, self.where.own, self.condition, self.delegated

    @property
    def is_known(self) -> bool:
        """Whether the preview tells who, which role, where, and under which condition."""
        keys = (self.who.key, self.granted.key, self.where.key, self.delegated)
        return self.condition != _CONDITION_LATER and not any(key.startswith("?") for key in keys)

    def is_same(self, other: "Grant") -> bool:
        """Whether both say the same, and allow the same: what a custom role allows can change. False where a
        part of one is not known.
        """
        return (
            self.key == other.key
            and self.is_known
            and other.is_known
            and self.granted.covers(other.granted)
            and other.granted.covers(self.granted)
        )

    def covers(self, other: "Grant") -> bool:
        """Whether whoever has this one needs the other no more. False when a role cannot be weighed."""
        if self.condition and (self.condition != other.condition or self.condition == _CONDITION_LATER):
            return False
        if self.delegated != other.delegated or self.who.key != other.who.key:
            return False
        return self.where.contains(other.where) and self.granted.covers(other.granted)


def grants(directory: Directory) -> Iterator[Grant]:
    for resource in directory.snapshot.values():
        if resource.is_of(_ASSIGNMENT):
            component = directory.component_of(resource, ACCESS_GRANT)
            yield Grant(
                urn=resource.urn,
                who=_who(directory, resource, component),
                granted=_granted(directory, resource, component),
                where=scope_of(directory, resource, component),
                why=str(component.value(GRANTED_BY) or "") if component else "",
                condition=_condition(resource),
                delegated=_delegated(resource),
            )


def by_principal(all_grants: Iterable[Grant]) -> Mapping[str, list[Grant]]:
    """Grants by the key of who has them."""
    found: defaultdict[str, list[Grant]] = defaultdict(list)
    for grant in all_grants:
        found[grant.who.key].append(grant)
    return found


def principal(resource: Resource) -> Who:
    """The principal that an identity is, or that a site's own identity is."""
    kind = "identity" if resource.is_of(IDENTITY) else "system-assigned identity of"
    return Who(resource.urn, kind, resource.name)


def _who(directory: Directory, assignment: Resource, component: Resource | None) -> Who:
    id = assignment.value("principalId")
    kind = {"Group": "group", "User": "person"}.get(str(assignment.value("principalType")), "principal")
    name = component.value(PRINCIPAL_NAME) if component else None
    if known(id):
        found = directory.with_principal(str(id))
        if found is not None:
            return principal(found)
        named = (
            (str(name), str(id)) if known(name) and str(name).lower() != str(id).lower() else (str(id), "")
        )
        return Who(str(id).lower(), kind, *named)
    behind = directory.all_behind(assignment, "principalId", IDENTITY, *SITES)
    if behind is not None:
        return principal(behind)
    return Who(f"?{assignment.urn}", kind, later(directory, assignment, "principalId"))


def _granted(directory: Directory, assignment: Resource, component: Resource | None) -> Granted:
    """In a first preview the role that the assignment is made from, or that its component was given."""
    id = assignment.value("roleDefinitionId")
    is_claimed = False
    if not known(id):
        definition = directory.only_one_behind(assignment, "roleDefinitionId", ROLE_DEFINITION)
        if definition is not None:
            return _custom(definition, "")
        id, is_claimed = component.value(ROLE) if component else None, True
    if not known(id):
        return Granted(f"?{assignment.urn}", f"a role {LATER}")
    role = built_in(str(id))
    if role is not None:
        return Granted(role.name, role.name, role, is_claimed=is_claimed)
    custom = _custom(directory.role_definition(guid_in(str(id))), guid_in(str(id)))
    return replace(custom, is_claimed=is_claimed)


def _custom(definition: Resource | None, guid: str) -> Granted:
    if definition is None:
        return Granted(guid, guid, is_custom=True)
    facts = defined_by(definition)
    return Granted(definition.urn, facts.name if facts else guid or definition.name, facts, is_custom=True)


def _condition(assignment: Resource) -> str:
    # Azure's last answer says nothing of what the update will make of it.
    given = assignment.given("condition")
    return _CONDITION_LATER if given == UNKNOWN else " ".join(str(given or "").split())


def _delegated(assignment: Resource) -> str:
    """https://learn.microsoft.com/azure/lighthouse/how-to/deploy-policy-remediation"""
    given = assignment.given("delegatedManagedIdentityResourceId")
    return f"?{assignment.urn}" if given == UNKNOWN else str(given or "").rstrip("/").lower()
