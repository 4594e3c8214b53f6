"""From the ids in a snapshot to the resources that have them, or that will have them after the update."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Final

from access_report.resources import Resource, Snapshot, known
from components.azure_facts.resource_types import arm_type
from components.azure_facts.words import word

GROUP: Final = "resources:ResourceGroup"
IDENTITY: Final = "managedidentity:UserAssignedIdentity"
INSIGHTS: Final = "applicationinsights:Component"
REGISTRY: Final = "containerregistry:Registry"
SITES: Final = ("web:WebApp", "web:WebAppSlot")
STORAGE: Final = "storage:StorageAccount"
VAULT: Final = "keyvault:Vault"
ROLE_DEFINITION: Final = "authorization:RoleDefinition"


def kind_of(resource: Resource) -> str:
    """What a resource is in a word; empty for what there is none for."""
    type_ = arm_type(resource.native_type)
    return (word(type_) if type_ else None) or ""


def name_of_kind(resource: Resource) -> str:
    """The word for what it is, else its type."""
    return kind_of(resource) or resource.native_type or resource.type


def guid_in(id: str) -> str:
    """The GUID with which the id of a role definition ends, or which it is, in lower case."""
    return id.rstrip("/").rpartition("/")[2].lower()


class Directory:
    """One snapshot, looked up by the ids that Azure gave."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self._by_id: dict[str, Resource] = {}
        self._by_principal: dict[str, Resource] = {}
        self._by_name: dict[tuple[str, str], Resource] = {}
        self._roles: dict[str, Resource] = {}
        self._children: defaultdict[str, list[Resource]] = defaultdict(list)
        for resource in snapshot.values():
            self._children[resource.parent].append(resource)
            if known(resource.id) and resource.id:
                self._by_id[resource.id.rstrip("/").lower()] = resource
            for type_ in (VAULT, *SITES):
                if resource.is_of(type_) and (name := _azure_name(resource)):
                    self._by_name.setdefault((type_, name), resource)
            if resource.is_of(ROLE_DEFINITION):
                ids = (resource.id, resource.value("roleDefinitionId"))
                self._roles |= {guid_in(str(id)): resource for id in ids if id and known(id)}
            principal = resource.value("principalId" if resource.is_of(IDENTITY) else "identity.principalId")
            if resource.is_of(IDENTITY, *SITES) and known(principal):
                self._by_principal[str(principal).lower()] = resource

    def with_id(self, id: str) -> Resource | None:
        return self._by_id.get(id.rstrip("/").lower())

    def with_principal(self, principal_id: str) -> Resource | None:
        return self._by_principal.get(principal_id.lower())

    def role_definition(self, guid: str) -> Resource | None:
        """The definition of a custom role, where it is of this stack."""
        return self._roles.get(guid.lower())

    def named(self, type_: str, name: str) -> Resource | None:
        """A vault or a site by its name in Azure."""
        return self._by_name.get((type_, name.lower()))

    def owner_of(self, id: str) -> tuple[Resource | None, str]:
        """The resource whose id this is or begins with, and the rest of the id."""
        rest = ""
        while id:
            owner = self.with_id(id)
            if owner is not None:
                return owner, rest
            id, _, last = id.rpartition("/")
            rest = f"/{last}{rest}"
        return None, rest

    def behind(self, resource: Resource, property: str, *types: str) -> Resource | None:
        """The resource of one of these types that a property's value is made from.

        Where the program passed a component's output on, what that component is made of is searched.
        """
        for urn in resource.follows.get(property, ()):
            made_from = self.snapshot.get(urn)
            if made_from is not None and made_from.is_of(*types):
                return made_from
        for urn in resource.follows.get(property, ()):
            for inner in self._inside(urn):
                if inner.is_of(*types):
                    return inner
        return None

    def only_one_behind(self, resource: Resource, property: str, *types: str) -> Resource | None:
        """The same, where there is one: of several, which of them a part of the value is made from is not
        known.
        """
        found = {
            one.urn: one
            for urn in resource.follows.get(property, ())
            for one in (self.snapshot.get(urn), *self._inside(urn))
            if one is not None and one.is_of(*types)
        }
        return next(iter(found.values())) if len(found) == 1 else None

    def component_of(self, resource: Resource, type_: str = "") -> Resource | None:
        """The nearest component around a resource, or the nearest of a type."""
        above = self.snapshot.get(resource.parent)
        while above is not None:
            if above.type != "pulumi:pulumi:Stack" and type_ in ("", above.type):
                return above
            above = self.snapshot.get(above.parent)
        return None

    def _inside(self, urn: str) -> Iterator[Resource]:
        for child in self._children.get(urn, ()):
            yield child
            yield from self._inside(child.urn)


def _azure_name(resource: Resource) -> str:
    for property in ("vaultName", "name"):
        if known(name := resource.value(property)):
            return str(name).lower()
    return ""
