"""Microsoft.Authorization/locks: what nobody may delete, or write, whatever their role.

https://learn.microsoft.com/azure/azure-resource-manager/management/lock-resources
"""

from typing import Final

from typing_extensions import override

from local_azure.arm import ResourceId, ResourceType
from local_azure.errors import Refusal
from local_azure.http import JsonObject, Request
from local_azure.locks import LOCKS
from local_azure.resource_tree import require_scope
from local_azure.rules import Rule

_LEVELS: Final = ("CanNotDelete", "ReadOnly")

RULES: Final = [
    Rule("G2", "assumed", "A lock's level is CanNotDelete or ReadOnly; its scope must exist."),
]


class Lock(ResourceType):
    """A lock on a subscription, a group or a resource, and on everything below it."""

    type = LOCKS
    api_versions = frozenset({"2016-09-01", "2017-04-01", "2020-05-01"})
    has_parent = False

    @override
    def put(self, id: ResourceId, old: JsonObject | None, new: JsonObject, request: Request) -> JsonObject:
        given: JsonObject = new.get("properties") or {}
        level = next((known for known in _LEVELS if known.lower() == str(given.get("level")).lower()), None)
        if level is None:
            text = f"The lock level '{given.get('level')}' is not valid. It is one of {', '.join(_LEVELS)}."
            raise Refusal(400, "InvalidLockLevel", text)
        require_scope(self.azure, id)
        kept = {key: given[key] for key in ("notes", "owners") if given.get(key) is not None}
        return {"properties": {"level": level, **kept}}


TYPES: list[type[ResourceType]] = [Lock]
