"""The ids of resources, which the engine tells no policy: read from wherever the stack mentions them."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Final, cast

from access_report.following import GROUP, IDENTITY, SITES, VAULT
from access_report.resources import Resource, Snapshot, known
from components.azure_facts.resource_types import arm_type, name_input

_ID: Final = re.compile(
    r"/subscriptions/[^/\s]+/resourceGroups/([^/\s]+)(?:/providers/([^/\s]+/[^/\s]+)/([^/\s,;\"')\]]+))?",
    re.IGNORECASE,
)
_TYPES: Final = (VAULT, IDENTITY, SITES[0], GROUP)


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
    if not resource.is_of(*_TYPES) or resource.id:
        return resource
    names = (resource.value(name_input(resource.native_type) or "name"), resource.value("name"))
    name = next((str(name).lower() for name in names if known(name)), "")
    # The id of a group names no type.
    type_ = "" if resource.is_of(GROUP) else (arm_type(resource.native_type) or "").lower()
    group = resource.value("resourceGroupName")
    ids = {id for of, id in found.get((type_, name), ()) if not known(group) or of == str(group).lower()}
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
