"""Resources as a tree: what must exist above one, and what goes when one goes."""

from collections.abc import Mapping
from typing import Final

from local_azure.arm import ResourceId, ResourceType
from local_azure.errors import Refusal
from local_azure.http import JsonObject, Request
from local_azure.rules import Rule
from local_azure.store import Store

Types = Mapping[str, ResourceType]

RULES: Final = [
    Rule(
        "G6",
        "assumed",
        "What is missing is named: 404 ResourceGroupNotFound, ParentResourceNotFound or ResourceNotFound.",
        held_by="g6_what_is_not_there_is_said_with_the_thing_that_is_missing",
    ),
    Rule(
        "G7",
        "assumed",
        "A name that exists in another location is refused: 409 InvalidResourceLocation.",
        held_by="g7_a_resource_never_moves_to_another_location",
    ),
    Rule(
        "R18",
        "behaviour",
        "Deleting a scope deletes the role assignments on it and below.",
        held_by="r18_deleting_a_scope_deletes_the_assignments_on_it_and_below",
        source="pulumi/pulumi-azure-native#4528",
    ),
    Rule(
        "K19",
        "behaviour",
        "Deleting a group deletes each resource in it by the rules of its type.",
        held_by="k19_a_vault_that_goes_with_its_group_is_soft_deleted_and_holds_its_name",
        source="https://learn.microsoft.com/azure/azure-resource-manager/management/delete-resource-group",
    ),
]


def require_parents(store: Store, types: Types, id: ResourceId) -> None:
    """The group and the enclosing resource of `id` must exist. Raises Refusal 404."""
    if id.resource_group and id.type.lower() != "microsoft.resources/resourcegroups":
        group = f"/subscriptions/{id.subscription_id}/resourceGroups/{id.resource_group}"
        if store.get(group) is None:
            raise Refusal(
                404, "ResourceGroupNotFound", f"Resource group '{id.resource_group}' could not be found."
            )
    if id.type.count("/") < 2:
        return
    parent = ResourceId.parse(id.parent)
    kind = types.get(parent.type.lower())
    # `locations/westeurope` and the like are places in a path, not resources.
    if kind and kind.get(parent, Request("GET", "management.azure.com", parent.text)) is None:
        text = "Can not perform requested operation on nested resource. "
        raise Refusal(404, "ParentResourceNotFound", f"{text}Parent resource '{parent.name}' not found.")


def require_scope(store: Store, types: Types, id: ResourceId) -> None:
    """What a grant or a lock is on must be there; a secret's existence is the vault's own business. Raises
    Refusal 404."""
    try:
        scope = ResourceId.parse(id.scope)
    except ValueError:
        return
    require_parents(store, types, scope)
    kind = types.get(scope.type.lower())
    if kind is None or scope.type.lower() == "microsoft.keyvault/vaults/secrets":
        return
    if kind.get(scope, Request("GET", "management.azure.com", scope.text)) is None:
        if scope.resource_group == scope.name:
            text = f"Resource group '{scope.name}' could not be found."
            raise Refusal(404, "ResourceGroupNotFound", text)
        text = f"The Resource '{scope.type}/{scope.name}' was not found."
        raise Refusal(404, "ResourceNotFound", text)


def stored_parent(store: Store, id: ResourceId) -> str:
    """The id of what encloses `id`, in its stored spelling when it is stored."""
    parent = store.get(id.parent)
    return parent.id if parent else id.parent


def location_of(store: Store, id: ResourceId, given: JsonObject | None) -> str:
    """Where a resource is: as it is stored, as a write says it, or as what it is in; empty where nothing
    says so."""
    if said := str((given or {}).get("location") or ""):
        return said
    while True:
        stored = store.get(id.text)
        if stored and stored.body.get("location"):
            return str(stored.body["location"])
        if id.type.lower() in ("microsoft.resources/resourcegroups", "microsoft.resources/subscriptions"):
            return ""
        try:
            id = ResourceId.parse(id.parent)
        except ValueError:
            return ""


def require_same_location(id: ResourceId, old: JsonObject | None, new: JsonObject) -> None:
    """A resource never moves. Raises Refusal 409."""
    before, after = (old or {}).get("location"), new.get("location")
    if not before or not after or _plain(before) == _plain(after):
        return
    if id.type.lower() == "microsoft.resources/resourcegroups":
        code, place = "InvalidResourceGroupLocation", ""
    else:
        code, place = "InvalidResourceLocation", f" in resource group '{id.resource_group}'"
    text = (
        f"The resource '{id.name}' already exists in location '{_plain(before)}'{place}. A resource with the "
        f"same name cannot be created in location '{_plain(after)}'. Please select a new resource name."
    )
    raise Refusal(409, code, text)


def delete_tree(store: Store, types: Types, id: ResourceId, request: Request) -> None:
    """Remove `id` and all below it. A resource that others hold back is tried again when they are gone (a
    plan whose sites go too). Raises the first Refusal when nothing more can go; the caller's transaction then
    undoes it all."""
    kind = types.get(id.type.lower())
    stored = store.get(id.text)
    if kind and (body := stored.body if stored else kind.get(id, request)) is not None:
        kind.before_delete(id, body, request)
    pending = _children(store, id)
    while pending:
        held: list[tuple[ResourceId, Refusal]] = []
        for child in pending:
            try:
                delete_tree(store, types, child, request)
            except Refusal as refusal:
                held.append((child, refusal))
        if len(held) == len(pending):
            raise held[0][1]
        pending = [child for child, _ in held]
    store.delete(id.text)


def _children(store: Store, id: ResourceId) -> list[ResourceId]:
    """The nearest stored resources below `id`, in the order of their ids."""
    nearest: list[ResourceId] = []
    for below in sorted((ResourceId.parse(one.id) for one in store.list(under=id.text)), key=_depth):
        if not any(below.key.startswith(f"{above.key}/") for above in nearest):
            nearest.append(below)
    return sorted(nearest, key=lambda child: child.key)


def _depth(id: ResourceId) -> int:
    return id.key.count("/")


def _plain(location: str) -> str:
    return location.replace(" ", "").lower()
