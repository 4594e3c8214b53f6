"""Which identities a site has."""

from collections.abc import Mapping
from typing import Any, cast

from access_report.following import IDENTITY, Directory
from access_report.resources import UNKNOWN, Resource
from policy.reading import at


def kind_of(site: Resource) -> str:
    """Such as `SystemAssigned, UserAssigned`; `None` where there is none, UNKNOWN until it is known."""
    return str(at(site, "identity.type"))


def is_attached(directory: Directory, site: Resource, identity: Resource) -> bool | None:
    """Whether a site has a user-assigned identity of the stack; None where a preview cannot tell."""
    ids = attached_ids(site)
    if identity.id and identity.id.rstrip("/").lower() in ids:
        return True
    if UNKNOWN not in ids:
        return False
    if _is_made_from(directory, site, identity):
        return True
    # The id of what does not exist yet can only come from the resource itself.
    return None if identity.id else False


def attached_ids(site: Resource) -> set[str]:
    """Ids of the user-assigned identities, in lower case; UNKNOWN stands for one or more not known yet."""
    given = at(site, "identity.userAssignedIdentities")
    if given is None:
        return set()
    if isinstance(given, Mapping | list):
        return {_spelt(id) for id in cast(Mapping[str, Any] | list[Any], given)}
    return {UNKNOWN}


def _spelt(id: Any) -> str:
    return str(id).rstrip("/").lower()


def _is_made_from(directory: Directory, site: Resource, identity: Resource) -> bool:
    """Through components, too."""
    follows = set(site.follows.get("identity", ()))
    above: Resource | None = identity
    while above is not None:
        if above.urn in follows:
            return True
        above = directory.snapshot.get(above.parent)
        if above is not None and above.type == "pulumi:pulumi:Stack":
            return False
    return False


def identities(directory: Directory) -> list[Resource]:
    """The user-assigned identities of the stack."""
    return [resource for resource in directory.snapshot.values() if resource.is_of(IDENTITY)]
