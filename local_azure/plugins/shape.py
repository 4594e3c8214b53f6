"""Between the SDK's shape and Resource Manager's: ids, bodies, outputs, and what a preview can promise."""

import copy
from collections.abc import Callable
from functools import partial
from typing import Any, Final

from local_azure.plugins.row import Row
from local_azure.plugins.wire import UNKNOWN, PropertyMap, as_list, as_object

_TOP_LEVEL: Final = frozenset(
    {"location", "tags", "sku", "kind", "identity", "zones", "extendedLocation", "managedBy", "properties"}
    | {"id", "name", "type"}
)
"""Inputs that do not go below `properties` in a body."""
_OF_ITEMS: Final = frozenset({"id", "name", "type"})
"""The same of items of a list that are resources themselves."""


def resource_id(row: Row, subscription_id: str, inputs: PropertyMap) -> str:
    """The ARM id under which `inputs` are written; every path parameter must be known."""
    id_ = row.path.replace("{subscriptionId}", subscription_id)
    for name in row.parameters:
        id_ = id_.replace(f"{{{name}}}", str(inputs[name]).strip("/"))
    return id_


def path_parameters(row: Row, id_: str) -> PropertyMap:
    """The inputs that an existing resource's id carries. Raises ValueError for an id of another type."""
    # A scope has any number of segments, so the fixed part is matched from the end.
    template, given = row.path.strip("/").split("/"), id_.strip("/").split("/")
    found: PropertyMap = {}
    if template[0].startswith("{"):
        found[template[0][1:-1]] = "/" + "/".join(given[: len(given) - len(template) + 1])
        template, given = template[1:], given[len(given) - len(template) + 1 :]
    for expected, actual in zip(template, given, strict=False):
        if expected.startswith("{"):
            found[expected[1:-1]] = actual
        elif expected.lower() != actual.lower():
            break
    else:
        if len(template) == len(given):
            found.pop("subscriptionId", None)
            return found
    raise ValueError(f"the id {id_!r} does not have the form {row.path!r}")


def request_body(row: Row, inputs: PropertyMap) -> PropertyMap:
    """The body of a PUT."""
    body: PropertyMap = {}
    for name in row.body & inputs.keys():
        at_top = name in _TOP_LEVEL - row.below_properties
        target = body if at_top else body.setdefault("properties", {})
        target[name] = copy.deepcopy(inputs[name])
    for path, name in row.renames.items():
        _rename(body, path, name)
    for path in reversed(row.wrapped):
        top = _OF_ITEMS - {"type"} if f"{path}.type" in row.below_properties else _OF_ITEMS
        _each_item(body.get("properties"), path.split("."), partial(_wrap, top=top))
    identity = _walk(body, ["identity"])
    if identity and (ids := as_list(identity.get("userAssignedIdentities"))) is not None:
        identity["userAssignedIdentities"] = {id_: {} for id_ in ids}
    return body


def outputs(row: Row, response: PropertyMap) -> PropertyMap:
    """The SDK's outputs of an ARM answer; what the SDK does not know is left out."""
    answer = copy.deepcopy(response)
    for path, name in reversed(list(row.renames.items())):
        *parents, last = path.split(".")
        _rename(answer, ".".join([*parents, name]), last)
    for path in row.wrapped:
        _each_item(answer.get("properties"), path.split("."), _unwrap)
    properties: PropertyMap = answer.get("properties", {})
    own = {name: properties[name] for name in row.below_properties & properties.keys()}
    flat = {**properties, **answer, **own} if row.flattened else answer
    known = {name: value for name, value in flat.items() if name in row.output_names and value is not None}
    return {**known, "azureApiVersion": row.api_version}


def preview_outputs(row: Row, inputs: PropertyMap) -> PropertyMap:
    """What is known before a write: the inputs. Everything else that the resource has is unknown."""
    preview: PropertyMap = {name: copy.deepcopy(inputs.get(name, UNKNOWN)) for name in row.output_names}
    for path in row.outputs:
        *parents, last = path.split(".")
        parent = _walk(preview, parents)
        if parents and parent is not None:
            parent.setdefault(last, UNKNOWN)
    identity = _walk(preview, ["identity"])
    if identity and "userAssignedIdentities" in identity:
        identity["userAssignedIdentities"] = UNKNOWN  # a list going in, a map of principals coming out
    return {**preview, "azureApiVersion": row.api_version}


def input_projection(row: Row, resource_outputs: PropertyMap) -> PropertyMap:
    """The part of the outputs that could have been inputs, in the inputs' shape."""
    projected = {name: copy.deepcopy(value) for name, value in resource_outputs.items() if name in row.body}
    for path in row.outputs:
        *parents, last = path.split(".")
        parent = _walk(projected, parents)
        if parents and parent is not None:
            parent.pop(last, None)
    identity = _walk(projected, ["identity"])
    if identity and (ids := as_object(identity.get("userAssignedIdentities"))) is not None:
        identity["userAssignedIdentities"] = sorted(ids)
    return projected


def _walk(body: PropertyMap, path: list[str]) -> PropertyMap | None:
    """The object at `path`, or None where there is none."""
    found: PropertyMap | None = body
    for name in path:
        found = as_object(found.get(name)) if found is not None else None
    return found


def _each_item(holder: Any, path: list[str], change: Callable[[PropertyMap], None]) -> None:
    """Call `change` with each item of the list at `path`, through the objects and lists on the way."""
    found = (as_object(holder) or {}).get(path[0])
    if as_object(found) is not None and path[1:]:
        _each_item(found, path[1:], change)
        return
    items = as_list(found) or []
    for item in (found for each in items if (found := as_object(each)) is not None):
        if path[1:]:
            _each_item(item, path[1:], change)
        else:
            change(item)


def _wrap(item: PropertyMap, top: frozenset[str]) -> None:
    below = {name: item.pop(name) for name in list(item) if name not in top}
    if below:
        item["properties"] = below


def _unwrap(item: PropertyMap) -> None:
    item.update(item.pop("properties", {}))


def _rename(body: PropertyMap, path: str, name: str) -> None:
    """`path` is one of the SDK's; in it, `rules[]` stands for each item of a list."""
    items, _, below = path.partition("[].")
    *parents, last = items.split(".")
    parent = _walk(body, parents)
    if below:
        _each_item(parent, [last], lambda item: _rename(item, below, name))
    elif parent is not None and last in parent:
        parent[name] = parent.pop(last)
