"""From the ids in a snapshot to the resources that have them, or that will have them after the update."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Final

from access_report.resources import Resource, Snapshot, known
from components.azure_facts.resource_types import arm_type, name_input
from components.azure_facts.words import word

COLLECTION_RULE: Final = "monitor:DataCollectionRule"
EVENT_GRID_TOPIC: Final = "eventgrid:Topic"
AUTOMATION: Final = "automation:AutomationAccount"
AI_ACCOUNT: Final = "cognitiveservices:Account"
CONFIGURATION_STORE: Final = "appconfiguration:ConfigurationStore"
EVENT_HUBS: Final = "eventhub:Namespace"
GROUP: Final = "resources:ResourceGroup"
IDENTITY: Final = "managedidentity:UserAssignedIdentity"
INSIGHTS: Final = "applicationinsights:Component"
REDIS: Final = "redisenterprise:RedisEnterprise"
REGISTRY: Final = "containerregistry:Registry"
SITES: Final = ("web:WebApp", "web:WebAppSlot")
HAVE_PRINCIPALS: Final = (
    "apimanagement:ApiManagementService",
    "app:ContainerApp",
    "app:Job",
    "app:ManagedEnvironment",
    AUTOMATION,
    "cognitiveservices:Project",
    "compute:VirtualMachine",
    "compute:VirtualMachineScaleSet",
    "containerinstance:ContainerGroup",
    "containerservice:ManagedCluster",
    "datafactory:Factory",
    "eventgrid:SystemTopic",
    "hybridcompute:Machine",
    "logic:Workflow",
    "web:StaticSite",
)
"""What else comes with a principal that grants are made for, by its component or by `WorkloadAccess`."""
SIGNALR: Final = "signalrservice:SignalR"
SEARCH: Final = "search:Service"
SERVICE_BUS: Final = "servicebus:Namespace"
STORAGE: Final = "storage:StorageAccount"
VAULT: Final = "keyvault:Vault"
WEB_PUBSUB: Final = "webpubsub:WebPubSub"
ROLE_ASSIGNMENT: Final = "authorization:RoleAssignment"
ROLE_DEFINITION: Final = "authorization:RoleDefinition"
COSMOS_ROLE: Final = "cosmosdb:SqlResourceSqlRoleDefinition"
PEOPLE: Final = "azuread:index/group:Group"
CLASSIC_IDENTITY: Final = "azure:authorization/userAssignedIdentity:UserAssignedIdentity"
CLASSIC_ROLE: Final = "azure:authorization/roleDefinition:RoleDefinition"
APPLICATION: Final = "azuread:index/servicePrincipal:ServicePrincipal"
PERSON: Final = "azuread:index/user:User"
_PRINCIPAL_IDS: Final = {
    IDENTITY: "principalId",
    CLASSIC_IDENTITY: "principalId",
    **dict.fromkeys((*SITES, *HAVE_PRINCIPALS), "identity.principalId"),
    **dict.fromkeys((PEOPLE, APPLICATION, PERSON), "objectId"),
}
"""By type, the property with the object id of the principal that a resource is, or that it has."""


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
        self._by_name: defaultdict[tuple[str, str], list[Resource]] = defaultdict(list)
        self._roles: dict[str, Resource] = {}
        self._children: defaultdict[str, list[Resource]] = defaultdict(list)
        # What the stack only reads comes first, so that what owns the same id comes over it.
        for resource in sorted(snapshot.values(), key=lambda one: not one.is_external):
            self._children[resource.parent].append(resource)
            if known(resource.id) and resource.id:
                self._by_id[resource.id.rstrip("/").lower()] = resource
            if resource.native_type and (name := _azure_name(resource)):
                self._by_name[resource.native_type, name].append(resource)
            if resource.is_of(ROLE_DEFINITION, CLASSIC_ROLE, COSMOS_ROLE):
                ids = (resource.id, resource.value("roleDefinitionId"))
                self._roles |= {guid_in(str(id)): resource for id in ids if id and known(id)}
            if principal := _principal_id(resource):
                self._by_principal[principal.lower()] = resource

    def with_id(self, id: str) -> Resource | None:
        return self._by_id.get(id.rstrip("/").lower())

    def with_principal(self, principal_id: str) -> Resource | None:
        return self._by_principal.get(principal_id.lower())

    def role_definition(self, guid: str) -> Resource | None:
        """The definition of a custom role, where it is of this stack."""
        return self._roles.get(guid.lower())

    def named(self, type_: str, name: str, group: str = "") -> Resource | None:
        """A resource by its name in Azure; with `group` only one that is, or may be, of that group."""
        found = self._by_name.get((type_, name.lower()), [])
        by_group = {_text(one, "resourceGroupName"): one for one in found}
        if group:
            return by_group.get(group.lower()) or by_group.get("")
        return found[-1] if found else None

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

    def sources(self, resource: Resource, property: str) -> Sequence[Resource]:
        """What a property's value is made from. Where that is components' outputs only, what these are made
        of: which part of it a value is from is not known.
        """
        named = [self.snapshot[urn] for urn in resource.follows.get(property, ()) if urn in self.snapshot]
        direct = [one for one in named if not one.is_component]
        return direct or list({one.urn: one for around in named for one in self._inside(around.urn)}.values())

    def behind(self, resource: Resource, property: str, *types: str) -> Resource | None:
        """The first of one of these types among what a property's value is made from."""
        found = [one for one in self.sources(resource, property) if one.is_of(*types)]
        return found[0] if found else None

    def only_one_behind(self, resource: Resource, property: str, *types: str) -> Resource | None:
        """The same, where there is one: of several, which of them a part of the value is made from is not
        known.
        """
        found = [one for one in self.sources(resource, property) if one.is_of(*types)]
        return found[0] if len(found) == 1 else None

    def all_behind(
        self, resource: Resource, property: str, *types: str, beside: Sequence[str] = ()
    ) -> Resource | None:
        """The same, where a property's value is made from it alone, or from a component that has one such; of
        what else there is, a type in `beside` does not count.
        """
        made_from = [one for one in self.sources(resource, property) if not one.is_of(*beside)]
        directly = {urn for urn in resource.follows.get(property, ()) if urn in self.snapshot}
        if not any(one.urn in directly for one in made_from):
            made_from = [one for one in made_from if one.is_of(*types)]
        return made_from[0] if len(made_from) == 1 and made_from[0].is_of(*types) else None

    def component_of(self, resource: Resource, type_: str = "") -> Resource | None:
        """The nearest component around a resource, or the nearest of a type."""
        above, passed = self.snapshot.get(resource.parent), {resource.urn}
        while above is not None and above.urn not in passed:
            if above.type != "pulumi:pulumi:Stack" and type_ in ("", above.type):
                return above
            passed.add(above.urn)
            above = self.snapshot.get(above.parent)
        return None

    def _inside(self, urn: str) -> Sequence[Resource]:
        """All that lies in a component, however deep, once each."""
        found: dict[str, Resource] = {}
        waiting = [urn]
        while waiting:
            for child in self._children.get(waiting.pop(), ()):
                if child.urn not in found:
                    found[child.urn] = child
                    waiting.append(child.urn)
        return [one for one in found.values() if not one.is_component]


def _principal_id(resource: Resource) -> str:
    """The object id of the principal that a resource is, or that a site's own identity is."""
    path = _PRINCIPAL_IDS.get(resource.key_of_type)
    id = resource.value(path) if path else None
    return str(id) if known(id) else ""


def _azure_name(resource: Resource) -> str:
    return _text(resource, name_input(resource.native_type) or "name") or _text(resource, "name")


def _text(resource: Resource, property: str) -> str:
    """A property that is known, in lower case."""
    value = resource.value(property)
    return str(value).lower() if known(value) else ""
