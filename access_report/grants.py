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
    SITES,
    STORAGE,
    VAULT,
    Directory,
    kind_of,
)
from access_report.known_roles import GUIDS, KNOWN_ROLES, KnownRole
from access_report.resources import Resource, known

_ASSIGNMENT: Final = "authorization:RoleAssignment"
_SCOPES: Final = (GROUP, INSIGHTS, REGISTRY, STORAGE, VAULT)
"""What of a stack a grant can be on."""
_KINDS: Final[Mapping[str, str]] = {
    "microsoft.keyvault/vaults": "key vault",
    "microsoft.keyvault/vaults/secrets": "secret",
    "microsoft.storage/storageaccounts": "storage account",
    "microsoft.containerregistry/registries": "container registry",
    "microsoft.insights/components": "Application Insights",
}
OUR_KINDS: Final = frozenset({*_KINDS.values(), "resource group", "subscription", "scope"})
"""The kinds of a scope that are words of this report; any other is part of an id."""


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
class Grant:
    """One role assignment. `role` is its name, or the GUID of one that this report does not know."""

    urn: str
    who: Who
    role: str
    where: Where
    why: str

    @property
    def facts(self) -> KnownRole | None:
        return KNOWN_ROLES.get(GUIDS.get(self.role, ""))

    @property
    def key(self) -> tuple[str, str, str]:
        return self.who.key, self.role, self.where.own

    def covers(self, other: "Grant") -> bool:
        """Whether whoever has this one needs the other no more. False when a role cannot be weighed."""
        if not self.where.contains(other.where):
            return False
        if self.role == other.role:
            return True
        return self.facts is not None and other.facts is not None and self.facts.covers(other.facts)


def grants(directory: Directory) -> Iterator[Grant]:
    for resource in directory.snapshot.values():
        if resource.is_of(_ASSIGNMENT):
            component = directory.component_of(resource, ":AccessGrant")
            yield Grant(
                urn=resource.urn,
                who=_who(directory, resource, component),
                role=_role(resource, component),
                where=_where(directory, resource, component),
                why=str(component.value("grantedBy") or "") if component else "",
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
    name = component.value("principalName") if component else None
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
    return Who(f"?{assignment.urn}", kind, str(name) if known(name) else "that only the update will know")


def _role(assignment: Resource, component: Resource | None) -> str:
    id = assignment.value("roleDefinitionId")
    if known(id):
        guid = str(id).rstrip("/").rpartition("/")[2].lower()
        return KNOWN_ROLES[guid].name if guid in KNOWN_ROLES else guid
    role = component.value("role") if component else None
    return str(role) if known(role) else "a role that only the update will know"


def _where(directory: Directory, assignment: Resource, component: Resource | None) -> Where:
    scope = assignment.value("scope")
    if known(scope):
        return place(directory, str(scope))
    behind = directory.behind(assignment, "scope", *_SCOPES)
    if behind is None:
        return Where(f"?{assignment.urn}", "scope", "that only the update will know")
    secret = _one_secret(directory, component) if behind.is_of(VAULT) else ""
    return _inside(directory, behind, f"/secrets/{secret}", "secret") if secret else _whole(directory, behind)


def _one_secret(directory: Directory, component: Resource | None) -> str:
    """The secret that a grant of an app is for, as the grant's name ends; none where it is for the vault."""
    app = directory.component_of(component) if component else None
    link: Any = app.inputs.get("secrets") if app else None
    names = cast(Mapping[str, str], link).values() if isinstance(link, Mapping) else ()
    ends = {f"{app.name}-secret-{str(name).lower()}": str(name) for name in names} if app else {}
    return ends.get(component.name, "") if component else ""


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
    kind = "resource group" if len(parts) == 4 else "subscription" if len(parts) == 2 else ""
    if "providers" in parts:
        after = parts[len(parts) - parts[::-1].index("providers") :]
        type_ = "/".join([after[0], *after[1::2]]).lower()
        kind = _KINDS.get(type_, type_)
    if owner is not None:
        return _inside(directory, owner, rest, kind) if rest else _whole(directory, owner)
    return Where(scope.rstrip("/").lower(), kind or "scope", parts[-1] if parts else "/")


def _key(directory: Directory, resource: Resource) -> str:
    """The URN, inside that of its group where the stack has that too: a grant on a group covers all in it."""
    group = directory.behind(resource, "resourceGroupName", GROUP)
    return f"{group.urn}/{resource.urn}" if group is not None and group.urn != resource.urn else resource.urn
