"""Microsoft.OperationalInsights/workspaces/savedSearches: queries that a workspace keeps.

https://learn.microsoft.com/rest/api/loganalytics/saved-searches
"""

from typing import Final

from typing_extensions import override

from local_azure.arm import ResourceId, ResourceType
from local_azure.bodies import properties_of
from local_azure.errors import Refusal
from local_azure.http import JsonObject, Request
from local_azure.monitor.workspaces import WORKSPACES
from local_azure.rules import Rule

SEARCHES: Final = f"{WORKSPACES}/savedSearches"
_NEEDED: Final = ("category", "displayName", "query")

RULES: Final = [
    Rule(
        "O20",
        "assumed",
        "A saved search has a category, a display name and a query: 400 otherwise.",
        held_by="o20_a_saved_search_has_a_category_a_name_and_a_query",
    ),
]


class SavedSearch(ResourceType):
    """One query with its name."""

    type = SEARCHES

    @override
    def put(self, id: ResourceId, old: JsonObject | None, new: JsonObject, request: Request) -> JsonObject:
        given = {key: value for key, value in properties_of(new).items() if value is not None}
        if missing := [key for key in _NEEDED if not given.get(key)]:
            raise Refusal(400, "InvalidParameter", f"A saved search needs {', '.join(missing)}.")
        return {"properties": {"version": 2, **given}}

    @override
    def created_status(self) -> int:
        return 200  # the specification has no 201
