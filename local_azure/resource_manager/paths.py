"""What a path below management.azure.com names: one resource, a collection, or an action on either."""

from dataclasses import dataclass

from local_azure.arm import ResourceId, ResourceType

_GROUPS = "Microsoft.Resources/resourceGroups"


@dataclass(frozen=True)
class Collection:
    """All resources of a type in a scope: `<scope>/providers/<namespace>/<types>`, or the groups of a
    subscription."""

    scope: str
    type: str


def segments(path: str) -> list[str]:
    """The segments of a path; doubled slashes, which Microsoft's clients put before a scope, are one."""
    return [part for part in path.split("/") if part]


def resource(path: str) -> ResourceId | None:
    """The resource that `path` names, or None."""
    try:
        return ResourceId.parse(path)
    except ValueError:
        return None


def collection(path: str) -> Collection | None:
    """The collection that `path` names, or None."""
    parts = segments(path)
    lowered = [part.lower() for part in parts]
    if lowered[2:] == ["resourcegroups"]:
        return Collection("/" + "/".join(parts[:2]), _GROUPS)
    if "providers" not in lowered:
        return None
    last = len(lowered) - 1 - lowered[::-1].index("providers")
    names = parts[last + 2 :]
    if len(names) % 2 == 0:
        return None
    scope = parts[:last] if len(names) == 1 else parts[:-1]
    return Collection("/" + "/".join(scope), "/".join([parts[last + 1], *names[0::2]]))


def action_targets(path: str) -> list[tuple[ResourceId, str]]:
    """Each way to read a POST as an action on a resource, the nearest resource first."""
    parts = segments(path)
    lowered = [part.lower() for part in parts]
    # A vault's action is never its group's.
    shortest = len(lowered) - lowered[::-1].index("providers") + 2 if "providers" in lowered else 1
    found: list[tuple[ResourceId, str]] = []
    for split in range(len(parts) - 1, shortest, -1):
        if target := resource("/".join(parts[:split])):
            found.append((target, "/".join(parts[split:])))
    return found


def canonical(id: ResourceId, kind: ResourceType, stored_parent: str) -> ResourceId:
    """`id` in Azure's own spelling of its fixed parts and the stored spelling of its parent; its name
    stays."""
    if id.type.lower() == _GROUPS.lower():
        return ResourceId.parse(f"{stored_parent}/resourceGroups/{id.name}")
    namespace, *types = kind.type.split("/")
    parent = "" if stored_parent == "/" else stored_parent
    middle = "" if len(types) > 1 else f"/providers/{namespace}"
    return ResourceId.parse(f"{parent}{middle}/{types[-1]}/{id.name}")
