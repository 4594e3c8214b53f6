"""Groups, roles of the directory and of applications, as the package `azuread` gives them.
https://learn.microsoft.com/entra/fundamentals/concept-learn-about-groups
"""

from collections.abc import Iterator
from typing import Any, Final

from access_report.following import APPLICATION, PEOPLE, Directory
from access_report.forms.federated_credentials import trusted
from access_report.forms.principals import principal, who, who_has
from access_report.grants import Form, Grant, Granted
from access_report.resources import Resource, items, known
from access_report.scopes import LATER, Where, later

_MEMBER: Final = Granted(
    "member", "membership", words="have all that the group has", verb="becomes a member of"
)
_OWNER: Final = Granted("owner", "ownership", words="decide who is a member", verb="becomes an owner of")


def group(directory: Directory, resource: Resource) -> Iterator[Grant]:
    """Those whom the group itself names."""
    where = _whole(resource)
    for property, granted in (("members", _MEMBER), ("owners", _OWNER)):
        for id in _listed(resource.given(property)):
            someone = who_has(directory, resource, id, property)
            yield Grant(resource.urn, someone, granted, where, "", Form.GROUP)


def group_member(directory: Directory, resource: Resource) -> Iterator[Grant]:
    where = _principal_as_place(directory, resource, "groupObjectId", PEOPLE, "group")
    member = who(directory, resource, "memberObjectId")
    yield Grant(resource.urn, member, _MEMBER, where, "", Form.GROUP)


def directory_role(directory: Directory, resource: Resource) -> Iterator[Grant]:
    """A role of the directory, by the id of its template: in the whole tenant, or where a scope says."""
    scopes = [resource.given(one) for one in ("directoryScopeId", "appScopeId")]
    given = [one for one in scopes if one is not None]
    where = Where("directory", "directory", "tenant")
    if given and not known(given[0]):
        where = Where(f"?{resource.urn}", "directory", LATER)
    elif given and given[0] != "/":
        where = Where(f"directory{str(given[0]).lower()}", "directory", str(given[0]))
    someone = who(directory, resource, "principalObjectId")
    granted = _by_id(resource, "roleId", "directory role")
    yield Grant(resource.urn, someone, granted, where, "", Form.DIRECTORY)


def directory_role_member(directory: Directory, resource: Resource) -> Iterator[Grant]:
    where = Where("directory", "directory", "tenant")
    someone = who(directory, resource, "memberObjectId")
    granted = _by_id(resource, "roleObjectId", "directory role")
    yield Grant(resource.urn, someone, granted, where, "", Form.DIRECTORY)


def app_role(directory: Directory, resource: Resource) -> Iterator[Grant]:
    where = _principal_as_place(directory, resource, "resourceObjectId", APPLICATION, "application")
    someone = who(directory, resource, "principalObjectId")
    granted = _by_id(resource, "appRoleId", "app role")
    yield Grant(resource.urn, someone, granted, where, "", Form.DIRECTORY)


def credential_of_application(directory: Directory, resource: Resource) -> Iterator[Grant]:
    id = resource.value("applicationId")
    where = Where(f"?{resource.urn}", "application", later(directory, resource, "applicationId"))
    if known(id):
        where = Where(str(id).lower(), "application", str(id).rpartition("/")[2])
    yield from trusted(directory, resource, where)


def _by_id(resource: Resource, property: str, kind: str) -> Granted:
    id = resource.value(property)
    words = f"use this {kind}"
    if not known(id):
        return Granted(f"?{resource.urn}", f"{kind} {LATER}", words=words)
    return Granted(str(id).lower(), f"{kind} {id}", words=words)


def _principal_as_place(
    directory: Directory, resource: Resource, property: str, type_: str, kind: str
) -> Where:
    """A group that is joined, or an application whose role is given."""
    id = resource.value(property)
    if not known(id):
        behind = directory.all_behind(resource, property, type_)
        return (
            _whole(behind)
            if behind
            else Where(f"?{resource.urn}", kind, later(directory, resource, property))
        )
    found = directory.with_principal(str(id))
    return _whole(found) if found else Where(str(id).lower(), kind, str(id))


def _whole(resource: Resource) -> Where:
    return Where(resource.urn, principal(resource).kind, resource.name, resource.urn)


def _listed(given: Any) -> list[Any]:
    """Of a list that is not known yet one that is nobody known."""
    return list(items(given)) if given is None or isinstance(given, list) else [given]
