"""Who is meant by the id of a principal: somebody of the stack by name, anybody else by the id."""

from typing import Final

from access_report.following import (
    APPLICATION,
    CLASSIC_IDENTITY,
    HAVE_PRINCIPALS,
    IDENTITY,
    PEOPLE,
    PERSON,
    SITES,
    Directory,
)
from access_report.grants import Who
from access_report.resources import Resource, known
from access_report.scopes import later
from components.contract import PRINCIPAL_NAME

_TYPES: Final = {"group": "group", "user": "person"}
"""Of Azure's own words for types of principals those that say more than that it is one."""
_KINDS: Final = {
    IDENTITY: "identity",
    CLASSIC_IDENTITY: "identity",
    PEOPLE: "group",
    APPLICATION: "application",
    PERSON: "person",
}


def principal(resource: Resource) -> Who:
    """The principal that a resource is, or that a site's own identity is."""
    kind = _KINDS.get(resource.key_of_type, "system-assigned identity of")
    return Who(resource.urn, kind, resource.name)


def kind_of_principal(type_: object) -> str:
    """A type of Azure's, such as `Group`, in the report's word."""
    return _TYPES.get(str(type_).lower(), "principal")


def with_id(directory: Directory, id: str, kind: str = "principal", name: str = "") -> Who:
    """The principal of this object id. `name` is what the program calls one that is not of the stack."""
    found = directory.with_principal(id)
    if found is not None:
        return principal(found)
    named = (name, id) if name and name.lower() != id.lower() else (id, "")
    return Who(id.lower(), kind, *named)


def who(
    directory: Directory,
    resource: Resource,
    property: str,
    kind: str = "principal",
    component: Resource | None = None,
) -> Who:
    """The principal whose object id a property has."""
    name = component.value(PRINCIPAL_NAME) if component else None
    id = resource.value(property)
    return who_has(directory, resource, id, property, kind, str(name) if known(name) else "")


def who_has(
    directory: Directory,
    resource: Resource,
    id: object,
    property: str,
    kind: str = "principal",
    name: str = "",
) -> Who:
    """The principal of an object id; in a first preview what the property around the id is made from."""
    if known(id):
        return with_id(directory, str(id), kind, name)
    behind = directory.all_behind(resource, property, *_KINDS, *SITES, *HAVE_PRINCIPALS)
    if behind is not None:
        return principal(behind)
    return Who(f"?{resource.urn}", kind, later(directory, resource, property))
