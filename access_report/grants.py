"""Who can do what, where: the role assignments of one snapshot, in the program's own names."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, cast

from access_report.following import (
    GROUP,
    IDENTITY,
    INSIGHTS,
    REGISTRY,
    ROLE_DEFINITION,
    SITES,
    STORAGE,
    VAULT,
    Directory,
    guid_in,
    kind_of,
)
from access_report.resources import UNKNOWN, Resource, known
from access_report.roles import Role, built_in, defined_by
from components.azure_facts.words import RESOURCE_GROUP, SUBSCRIPTION, types_in_words, word
from components.contract import (
    ACCESS_GRANT,
    GRANTED_BY,
    LINKS,
    PRINCIPAL_NAME,
    ROLE,
    SECRETS,
    secret_grant_name,
)

_ASSIGNMENT: Final = "authorization:RoleAssignment"
_SCOPES: Final = (GROUP, INSIGHTS, REGISTRY, STORAGE, VAULT)
"""What of a stack a grant can be on."""
_SCOPE: Final = "scope"
_LATER: Final = "that only the update will know"


@dataclass(frozen=True)
class Who:
    """A principal. `key` stays the same as long as it is the same principal."""

    key: str
    kind: str
    name: str

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"


@dataclass(frozen=True)
class Where:
    """A scope. `key` begins with the keys of the scopes around it, as far as the stack shows them."""

    key: str
    kind: str
    name: str
    """With what it lies in, where that is of this stack."""
    urn: str = ""
    """The resource of this stack that it is or lies in."""
    within: "Where | None" = None
    """That resource, where it is not the scope itself."""

    @property
    def own_name(self) -> str:
        return self.name.removesuffix(f" of {self.within}")

    @property
    def own(self) -> str:
        """What it is, whatever lies around it: a vault is the same in a group of another name."""
        return self.key[self.key.rfind(self.urn) :] if self.urn else self.key

    def contains(self, other: "Where") -> bool:
        return other.key == self.key or other.key.startswith(f"{self.key}/")

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"


@dataclass(frozen=True)
class Granted:
    """The role of an assignment. `key` stays the same as long as it is the same role."""

    key: str
    name: str
    """Its name; the GUID of a custom role that the stack does not define."""
    facts: Role | None = None
    """What it allows; None where this report cannot know it."""
    is_custom: bool = False

    def __str__(self) -> str:
        return f"custom role {self.name}" if self.is_custom else self.name

    def covers(self, other: "Granted") -> bool:
        """False when one of two different roles cannot be weighed."""
        if self.facts is None or other.facts is None:
            return self.key == other.key
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

    @property
    def role(self) -> str:
        return self.granted.name

    @property
    def facts(self) -> Role | None:
        return self.granted.facts

    @property
    def may(self) -> str:
        """What completes "who can …"."""
        role = "a custom role" if self.granted.is_custom else "this role"
        words = (self.facts.may if self.facts else None) or f"use {role}"
        return f"{words}, under a condition" if self.condition else words

    @property
    def key(self) -> tuple[str, str, str, str]:
        return self.who.key, self.granted.key, self.where.own, self.condition

    def is_same(self, other: "Grant") -> bool:
        """Whether both say the same, and allow the same: what a custom role allows can change."""
        return (
            self.key == other.key
            and self.granted.covers(other.granted)
            and other.granted.covers(self.granted)
        )

    def covers(self, other: "Grant") -> bool:
        """Whether whoever has this one needs the other no more. False when a role cannot be weighed."""
        if self.condition and self.condition != other.condition:
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
                where=_where(directory, resource, component),
                why=str(component.value(GRANTED_BY) or "") if component else "",
                condition=_condition(resource),
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
        return Who(str(id).lower(), kind, str(name if known(name) else id))
    behind = directory.behind(assignment, "principalId", IDENTITY) or directory.behind(
        assignment, "principalId", *SITES
    )
    if behind is not None:
        return principal(behind)
    return Who(f"?{assignment.urn}", kind, str(name) if known(name) else _LATER)


def _granted(directory: Directory, assignment: Resource, component: Resource | None) -> Granted:
    """In a first preview the role that the assignment is made from, or that its component was given."""
    id = assignment.value("roleDefinitionId")
    if not known(id):
        definition = directory.behind(assignment, "roleDefinitionId", ROLE_DEFINITION)
        if definition is not None:
            return _custom(definition, "")
        id = component.value(ROLE) if component else None
    if not known(id):
        return Granted(f"?{assignment.urn}", f"a role {_LATER}")
    role = built_in(str(id))
    if role is not None:
        return Granted(role.name, role.name, role)
    return _custom(directory.role_definition(guid_in(str(id))), guid_in(str(id)))


def _custom(definition: Resource | None, guid: str) -> Granted:
    if definition is None:
        return Granted(guid, guid, is_custom=True)
    facts = defined_by(definition)
    return Granted(definition.urn, facts.name if facts else guid or definition.name, facts, is_custom=True)


def _condition(assignment: Resource) -> str:
    given = assignment.given("condition")
    if given == UNKNOWN:
        given = assignment.value("condition")
    return f"one {_LATER}" if given == UNKNOWN else " ".join(str(given or "").split())


def _where(directory: Directory, assignment: Resource, component: Resource | None) -> Where:
    scope = assignment.value("scope")
    if known(scope):
        return place(directory, str(scope))
    behind = directory.behind(assignment, "scope", *_SCOPES)
    if behind is None:
        return Where(f"?{assignment.urn}", _SCOPE, _LATER)
    secret = _one_secret(directory, component) if behind.is_of(VAULT) else ""
    if not secret:
        return _whole(directory, behind)
    return _inside(directory, behind, f"/secrets/{secret}", _kind("Microsoft.KeyVault/vaults/secrets"))


def _one_secret(directory: Directory, component: Resource | None) -> str:
    """The secret that a grant of an app is for, as the grant's name ends; none where it is for the vault."""
    app = directory.component_of(component) if component else None
    if app is None or component is None:
        return ""
    links = {"": app.inputs.get(SECRETS), **_map(app.inputs.get(LINKS))}
    ends = {
        secret_grant_name(app.name, str(secret), link): str(secret)
        for link, secrets in links.items()
        for secret in _map(secrets).values()
    }
    return ends.get(component.name, "")


def _map(value: Any) -> Mapping[str, Any]:
    return cast(Mapping[str, Any], value) if isinstance(value, Mapping) else {}


def _whole(directory: Directory, resource: Resource) -> Where:
    kind = kind_of(resource) if resource.is_of(*_SCOPES) else resource.type
    return Where(_key(directory, resource), kind, resource.name, resource.urn)


def _inside(directory: Directory, owner: Resource, rest: str, kind: str) -> Where:
    around = _whole(directory, owner)
    name = f"{rest.rpartition('/')[2]} of {around}"
    return Where(around.key + rest.lower(), kind, name, owner.urn, around)


def place(directory: Directory, scope: str) -> Where:
    """A scope by its id: what of this stack it is or lies in, else what the id says."""
    owner, rest = directory.owner_of(scope)
    parts = [part for part in scope.split("/") if part]
    type_ = {4: RESOURCE_GROUP, 2: SUBSCRIPTION}.get(len(parts), "")
    if "providers" in parts:
        after = parts[len(parts) - parts[::-1].index("providers") :]
        type_ = "/".join([after[0], *after[1::2]]).lower()
    if owner is not None:
        return _inside(directory, owner, rest, _kind(type_)) if rest else _whole(directory, owner)
    return Where(scope.rstrip("/").lower(), _kind(type_) or _SCOPE, parts[-1] if parts else "/")


def _kind(type_: str) -> str:
    return word(type_) or type_


def is_our_word(kind: str) -> bool:
    """Whether the kind of a scope is a word of this project; any other is part of an id."""
    return kind in {_SCOPE, *map(word, types_in_words())}


def _key(directory: Directory, resource: Resource) -> str:
    """The URN, inside that of its group where the stack has that too: a grant on a group covers all in it."""
    group = directory.behind(resource, "resourceGroupName", GROUP)
    return f"{group.urn}/{resource.urn}" if group is not None and group.urn != resource.urn else resource.urn
