"""Where a role holds: the scope of an assignment, in the program's own names."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Final

from access_report.following import (
    AI_ACCOUNT,
    COLLECTION_RULE,
    CONFIGURATION_STORE,
    EVENT_GRID_TOPIC,
    EVENT_HUBS,
    GROUP,
    INSIGHTS,
    REGISTRY,
    ROLE_DEFINITION,
    SEARCH,
    SERVICE_BUS,
    SIGNALR,
    STORAGE,
    VAULT,
    WEB_PUBSUB,
    Directory,
    kind_of,
    name_of_kind,
)
from access_report.lying_in import LYING, lying_in, with_its_parts
from access_report.resources import Resource, entries, known
from components.azure_facts.resource_types import arm_type
from components.azure_facts.words import RESOURCE_GROUP, SUBSCRIPTION, types_in_words, word
from components.contract import LINKS, PARTS, SECRETS, secret_grant_name

LATER: Final = "that only the update will know"
_SCOPES: Final = (
    COLLECTION_RULE,
    EVENT_GRID_TOPIC,
    AI_ACCOUNT,
    CONFIGURATION_STORE,
    EVENT_HUBS,
    GROUP,
    INSIGHTS,
    REGISTRY,
    SEARCH,
    SERVICE_BUS,
    SIGNALR,
    STORAGE,
    VAULT,
    WEB_PUBSUB,
)
"""What of a stack a grant can be on."""
_NO_SCOPES: Final = ("appconfiguration:KeyValue", "cognitiveservices:Deployment")
"""What lies in such and has no data of its own that a role opens: a component's id waits for it."""
_SCOPE: Final = "scope"
_IN_ENTRA: Final = ("group", "application", "directory")


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
    part: str = ""
    """URN of what lies in that resource and is the scope, where the stack has it."""
    is_claimed: bool = False
    """Whether only the component around says that it is no more than this, and the update will tell."""

    @property
    def own_name(self) -> str:
        return self.name.removesuffix(f" of {self.within}")

    @property
    def own(self) -> str:
        """What it is, whatever lies around it: a vault is the same in a group of another name."""
        return self.key[self.key.rfind(self.urn) :] if self.urn else self.key

    @property
    def is_known(self) -> bool:
        """Whether the preview tells the scope."""
        return not self.key.startswith("?")

    def contains(self, other: "Where") -> bool:
        """Whether the other one is this, or lies in it. False where one of them is not known."""
        return self.is_known and other.is_known and self.key in around(other.key)

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"


def around(key: str) -> Iterator[str]:
    """The key of a scope, and every key that a scope around it can have, from the nearest on."""
    yield key
    while "/" in key:
        key = key.rpartition("/")[0]
        yield key


def scope_of(directory: Directory, assignment: Resource, component: Resource | None) -> Where:
    """Of an assignment; in a first preview by what it is made from, and by what its component says."""
    scope = assignment.value("scope")
    if known(scope):
        return _place(directory, str(scope))
    # The definition of a role goes along where the scope was checked against it.
    behind = directory.all_behind(assignment, "scope", *_SCOPES, beside=(ROLE_DEFINITION, *_NO_SCOPES))
    part = one_part(directory, component)
    if part and (target := behind or with_its_parts(directory, assignment, _SCOPE, *_SCOPES)):
        kind = word("/".join([arm_type(target.native_type) or "", *part.split("/")[1::2]]))
        if kind is not None:
            return replace(_inside(directory, target, part, kind), is_claimed=True)
    behind = behind or directory.all_behind(assignment, "scope", *LYING, beside=(ROLE_DEFINITION,))
    if behind is None:
        return Where(f"?{assignment.urn}", _SCOPE, later(directory, assignment, "scope"))
    return _whole(directory, behind)


def place_of(directory: Directory, resource: Resource) -> Where:
    """A resource of the stack as a place."""
    return _whole(directory, resource)


def place_with_id(directory: Directory, id: str) -> Where:
    """By its id: what of this stack it is or lies in, else what the id says."""
    return _place(directory, id)


def inside(around: Where, rest: str, type_: str) -> Where:
    """What lies in a place: `rest` goes on from its id, `type_` is the type there in Resource Manager."""
    name = f"{rest.rpartition('/')[2]} of {around}"
    return Where(around.key + rest.lower(), _kind(type_), name, around.urn, around)


def place_of_id(directory: Directory, resource: Resource, property: str, *types: str) -> Where:
    """The place whose id a property has; in a first preview the one of these types that it is made from."""
    id = resource.value(property)
    if known(id):
        return place_with_id(directory, str(id))
    behind = directory.all_behind(resource, property, *types)
    if behind is not None:
        return _whole(directory, behind)
    return Where(f"?{resource.urn}", _SCOPE, later(directory, resource, property))


def place_named(
    directory: Directory, resource: Resource, property: str, type_: str, *, beside: Sequence[str] = ()
) -> Where:
    """The resource of one of azure-native's types that a property names, in the group that
    `resourceGroupName` does. What the name may be made from besides is of a type in `beside`.
    """
    name, group = resource.value(property), resource.value("resourceGroupName")
    if known(name):
        found = directory.named(type_, str(name), str(group) if known(group) else "")
        if found is None:
            return Where(f"{type_}/{group}/{name}".lower(), word(arm_type(type_) or "") or type_, str(name))
        return _whole(directory, found)
    behind = directory.all_behind(resource, property, type_, beside=beside)
    if behind is not None:
        return _whole(directory, behind)
    kind = word(arm_type(type_) or "") or type_
    return Where(f"?{resource.urn}", kind, later(directory, resource, property))


def lies_in(directory: Directory, resource: Resource, where: Where) -> bool:
    """Whether a resource of the stack lies in a group, a subscription or another scope, or is it."""
    group = directory.behind(resource, "resourceGroupName", GROUP)
    within = {group.urn, f"{group.urn}/{group.urn}"} if group else set[str]()
    return where.key in within or bool(resource.id and f"{resource.id.lower()}/".startswith(f"{where.key}/"))


def later(directory: Directory, resource: Resource, property: str) -> str:
    """That only the update will know a value, and what it is made from."""
    made_from = sorted(f"{name_of_kind(one)} {one.name}" for one in directory.sources(resource, property))
    return f"{LATER}, made from {' and '.join(made_from)}" if made_from else LATER


def one_part(directory: Directory, component: Resource | None) -> str:
    """What in a target a grant of an app is for, as `/keys/invoices`, by how the grant's name ends; nothing
    where it is for all of the target.
    """
    app = directory.component_of(component) if component else None
    if app is None or component is None:
        return ""
    links = {"": app.inputs.get(SECRETS), **entries(app.inputs.get(LINKS))}
    ends = {
        secret_grant_name(app.name, str(secret), link): f"/secrets/{secret}"
        for link, secrets in links.items()
        for secret in entries(secrets).values()
    }
    ends |= {f"{app.name}-{key}": str(part) for key, part in entries(app.inputs.get(PARTS)).items()}
    return ends.get(component.name, "")


def _whole(directory: Directory, resource: Resource) -> Where:
    part = lying_in(directory, resource)
    if part is not None:
        where = _inside(directory, part.owner, part.rest, _kind(part.type))
        return replace(where, part=resource.urn)
    return Where(_key(directory, resource), kind_of(resource) or resource.type, resource.name, resource.urn)


def _inside(directory: Directory, owner: Resource, rest: str, kind: str) -> Where:
    return inside(_whole(directory, owner), rest, kind)


def _place(directory: Directory, scope: str) -> Where:
    """A scope by its id: what of this stack it is or lies in, else what the id says."""
    owner, rest = directory.owner_of(scope)
    parts = [part for part in scope.split("/") if part]
    type_ = {4: RESOURCE_GROUP, 2: SUBSCRIPTION}.get(len(parts), "")
    around = parts[:-1]
    if "providers" in around:
        after = parts[len(around) - around[::-1].index("providers") :]
        type_ = "/".join([after[0], *after[1::2]]).lower()
    if owner is not None:
        return _inside(directory, owner, rest, _kind(type_)) if rest else _whole(directory, owner)
    return Where(scope.rstrip("/").lower(), _kind(type_) or _SCOPE, parts[-1] if parts else "/")


def _kind(type_: str) -> str:
    return word(type_) or type_


def is_our_word(kind: str) -> bool:
    """Whether the kind of a scope is a word of this project; any other is part of an id."""
    return kind in _our_words()


@cache
def _our_words() -> frozenset[str | None]:
    return frozenset({_SCOPE, *_IN_ENTRA, *map(word, types_in_words())})


def _key(directory: Directory, resource: Resource) -> str:
    """The URN, inside that of its group where the stack has that too: a grant on a group covers all in it."""
    group = directory.behind(resource, "resourceGroupName", GROUP)
    return f"{group.urn}/{resource.urn}" if group is not None and group.urn != resource.urn else resource.urn
