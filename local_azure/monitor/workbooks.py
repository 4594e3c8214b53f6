"""Microsoft.Insights/workbooks: pages of text and queries that people read in the portal.

https://learn.microsoft.com/rest/api/application-insights/workbooks/create-or-update and
https://github.com/microsoft/Application-Insights-Workbooks
"""

import json
import re
import uuid
from collections.abc import Mapping
from typing import Any, Final, cast

from typing_extensions import override

from local_azure.arm import ResourceId, ResourceType
from local_azure.bodies import located, properties_of
from local_azure.errors import Refusal
from local_azure.http import JsonObject, Request
from local_azure.rules import Rule

WORKBOOKS: Final = "Microsoft.Insights/workbooks"
_NEEDED: Final = ("category", "displayName", "serializedData")
_OF_ITEM: Final[Mapping[int, str]] = {1: "json", 3: "query", 9: "parameters", 12: "items"}
"""What the content of a text, a query, parameters or a group has; of others nothing is looked at."""

RULES: Final = [
    Rule(
        "O25",
        "assumed",
        "A workbook has a GUID for a name, a category, a display name and content that is JSON with a "
        "version and items, each with what its kind has: 400 otherwise.",
        held_by="o25_a_workbook_has_a_guid_for_a_name_and_content_that_is_one",
    ),
]


class Workbook(ResourceType):
    """One page. Nobody draws it here: its queries are asked by whoever reads it."""

    type = WORKBOOKS
    api_versions = frozenset({"2021-03-08", "2021-08-01", "2022-04-01", "2023-06-01"})

    @override
    def put(self, id: ResourceId, old: JsonObject | None, new: JsonObject, request: Request) -> JsonObject:
        if not re.fullmatch(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", id.name):
            raise _bad(f"The name of a workbook is a GUID, and '{id.name}' is none.")
        given = {key: value for key, value in properties_of(new).items() if value is not None}
        if missing := [key for key in _NEEDED if not given.get(key)]:
            raise _bad(f"A workbook needs {', '.join(missing)}.")
        _check(str(given["serializedData"]))
        return {
            "identity": new.get("identity"),
            "kind": new.get("kind") or "shared",
            "location": located(new),
            "properties": {**given, "revision": uuid.uuid4().hex},
            "tags": new.get("tags") or {},
        }


def _check(text: str) -> None:
    try:
        found: object = json.loads(text)
    except ValueError:
        raise _bad("The content of a workbook is JSON.") from None
    content = _object(found)
    items: object = content.get("items")
    if not content.get("version") or not isinstance(items, list):
        raise _bad("The content of a workbook has a version and items.")
    for one in cast(list[Any], items):
        item = _object(one)
        kind, inner = item.get("type"), _object(item.get("content"))
        if not isinstance(kind, int) or not inner:
            raise _bad("Each item of a workbook has a type and a content.")
        needed = _OF_ITEM.get(kind)
        if needed and not inner.get(needed):
            raise _bad(f"An item of type {kind} has {needed}.")


def _object(found: object) -> Mapping[str, Any]:
    return cast(Mapping[str, Any], found) if isinstance(found, dict) else {}


def _bad(text: str) -> Refusal:
    return Refusal(400, "BadRequest", text)
