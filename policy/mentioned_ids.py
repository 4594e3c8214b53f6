"""The ids of resources, which the engine tells no policy: read from wherever the stack mentions them."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Final, cast

from access_report.resources import Resource, Snapshot, known

_ID: Final = re.compile(
    r"/subscriptions/[^/\s]+/resourceGroups/([^/\s]+)(?:/providers/([^/\s]+/[^/\s]+)/([^/\s,;\"')\]]+))?",
    re.IGNORECASE,
)
_GROUP: Final = "resources:ResourceGroup"
_TYPES: Final[Mapping[str, tuple[str, str]]] = {
    "keyvault:Vault": ("microsoft.keyvault/vaults", "vaultName"),
    "managedidentity:UserAssignedIdentity": (
        "microsoft.managedidentity/userassignedidentities",
        "resourceName",
    ),
    "web:WebApp": ("microsoft.web/sites", "name"),
    _GROUP: ("", "resourceGroupName"),
}
"""Types to Azure's type, and to the input that holds the name; of a group's id the type is left empty."""


def with_ids(snapshot: Snapshot) -> Snapshot:
    """The same resources with the ids that are mentioned of them; one that nothing mentions has none."""
    found: defaultdict[tuple[str, str], set[tuple[str, str]]] = defaultdict(set)
    for resource in snapshot.values():
        for text in (*_texts(resource.inputs), *_texts(resource.outputs)):
            for match in _ID.finditer(text):
                group, type_, name = match[1], (match[2] or "").lower(), match[3] or match[1]
                found[type_, name.lower()].add((group.lower(), match[0].lower()))
                whole = match[0][: match.end(1) - match.start()]
                found["", group.lower()].add((group.lower(), whole.lower()))
    return {urn: _with_id(resource, found) for urn, resource in snapshot.items()}


def _with_id(resource: Resource, found: Mapping[tuple[str, str], set[tuple[str, str]]]) -> Resource:
    type_ = next((type_ for type_ in _TYPES if resource.is_of(type_)), None)
    if type_ is None or resource.id:
        return resource
    arm_type, key = _TYPES[type_]
    names = (resource.value(key), resource.value("name"))
    name = next((str(name).lower() for name in names if known(name)), "")
    group = resource.value("resourceGroupName")
    ids = {id for of, id in found.get((arm_type, name), ()) if not known(group) or of == str(group).lower()}
    return replace(resource, id=ids.pop()) if len(ids) == 1 else resource


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for key, item in cast(Mapping[str, Any], value).items():
            yield key
            yield from _texts(item)
    elif isinstance(value, list):
        for item in cast(list[Any], value):
            yield from _texts(item)
