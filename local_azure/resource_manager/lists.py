"""The lists of Resource Manager: a collection of one type, and every resource of a group or the
subscription."""

import re

from local_azure.arm import ResourceId, ResourceType
from local_azure.errors import Refusal
from local_azure.http import JsonObject, Request
from local_azure.resource_manager.tree import Types
from local_azure.store import Resource, Store

_CLAUSE = re.compile(r"^\s*(resourceType|name|resourceGroup|location)\s+eq\s+'([^']*)'\s*$", re.IGNORECASE)


def shown(kind: ResourceType, id: ResourceId, body: JsonObject) -> JsonObject:
    """A resource as Resource Manager answers it."""
    return {"id": id.text, "name": id.name, "type": kind.type, **kind.view(id, body)}


def list_collection(store: Store, kind: ResourceType, scope: str, request: Request) -> list[JsonObject]:
    """Every resource of one type in `scope`."""
    special = kind.list_in_scope(scope, request)
    if special is not None:
        return list(special)
    return [
        shown(kind, ResourceId.parse(one.id), one.body) for one in store.list(under=scope, type=kind.type)
    ]


def list_resources(store: Store, types: Types, scope: str, request: Request) -> list[JsonObject]:
    """`<scope>/resources`: top-level resources without their properties, as Resource Manager keeps them in
    its cache. Raises Refusal 400 for a `$filter` that it does not know."""
    query = {key.lower(): value for key, value in request.query.items()}
    wanted = _filter(query.get("$filter", ""))
    found: list[JsonObject] = []
    for resource in store.list(under=scope):
        kind = types.get(resource.type.lower())
        if kind is None or not kind.has_parent or resource.type.count("/") != 1 or _is_group(resource):
            continue
        element = {
            key: value
            for key, value in shown(kind, ResourceId.parse(resource.id), resource.body).items()
            if key != "properties"
        }
        values = {
            "resourcetype": kind.type,
            "name": element["name"],
            "resourcegroup": ResourceId.parse(resource.id).resource_group or "",
            "location": str(element.get("location", "")),
        }
        if all(values[key].lower() == value.lower() for key, value in wanted.items()):
            found.append(element)
    top = query.get("$top", "")
    return found[: int(top)] if top.isdecimal() else found


def _is_group(resource: Resource) -> bool:
    return resource.type.lower() == "microsoft.resources/resourcegroups"


def _filter(text: str) -> dict[str, str]:
    wanted: dict[str, str] = {}
    for clause in re.split(r"\s+and\s+", text, flags=re.IGNORECASE) if text else []:
        match = _CLAUSE.match(clause)
        if not match:
            raise Refusal(
                400, "InvalidFilterInQueryString", f"Invalid $filter '{text}' specified in the query string."
            )
        wanted[match[1].lower()] = match[2]
    return wanted
