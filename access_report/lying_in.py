"""What lies in another resource of the stack: a container in its account, a secret in its vault. A scope is
the same place whether its id was written or taken from the resource.
"""

from dataclasses import dataclass
from typing import Final

from access_report.following import ROLE_DEFINITION, STORAGE, VAULT, Directory
from access_report.resources import Resource, known
from components.azure_facts.resource_types import arm_type, name_input

_OWNERS: Final = {
    "keyvault:Key": VAULT,
    "keyvault:Secret": VAULT,
    "storage:BlobContainer": STORAGE,
    "storage:FileShare": STORAGE,
    "storage:Queue": STORAGE,
    "storage:Table": STORAGE,
}
LYING: Final = tuple(_OWNERS)
_ONLY_ONE: Final = "default"
"""The name of a service that an account has once."""


@dataclass(frozen=True)
class Lying:
    """`rest` goes on from the owner's id, `type` is the part's in Resource Manager."""

    owner: Resource
    rest: str
    type: str


def lying_in(directory: Directory, part: Resource) -> Lying | None:
    """Where a resource lies; None for what is no part, or whose owner is not of the stack."""
    owner_type, type_ = _OWNERS.get(part.native_type), arm_type(part.native_type)
    if owner_type is None or type_ is None:
        return None
    owner = _owner(directory, part, owner_type)
    if owner is None:
        return None
    *services, last = type_.removeprefix(f"{arm_type(owner_type)}/").split("/")
    name = part.value(name_input(part.native_type) or "name")
    called = str(name) if known(name) else part.name
    return Lying(owner, "".join(f"/{one}/{_ONLY_ONE}" for one in services) + f"/{last}/{called}", type_)


def _owner(directory: Directory, part: Resource, type_: str) -> Resource | None:
    if part.id and known(part.id):
        found, _ = directory.owner_of(part.id.rstrip("/").rpartition("/")[0])
        if found is not None and found.is_of(type_):
            return found
    property = name_input(type_) or "name"
    behind = directory.only_one_behind(part, property, type_)
    if behind is not None:
        return behind
    name, group = part.value(property), part.value("resourceGroupName")
    return directory.named(type_, str(name), str(group) if known(group) else "") if known(name) else None


def with_its_parts(directory: Directory, resource: Resource, property: str, *types: str) -> Resource | None:
    """The one target, of these types, that a property is made from, where nothing else is behind it but what
    is of the same service: a component gives a target's id once what lies in it is there.
    """
    made_from = [one for one in directory.sources(resource, property) if not one.is_of(ROLE_DEFINITION)]
    targets = [one for one in made_from if one.is_of(*types)]
    services = {one.native_type.partition(":")[0] for one in made_from}
    return targets[0] if len(targets) == len(services) == 1 else None
