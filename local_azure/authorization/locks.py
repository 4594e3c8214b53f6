"""Microsoft.Authorization/locks: what nobody may delete, or write, whatever their role.

https://learn.microsoft.com/azure/azure-resource-manager/management/lock-resources
"""

from typing import Final

from typing_extensions import override

from local_azure.arm import ResourceId, ResourceType
from local_azure.errors import Refusal
from local_azure.ground import Ground
from local_azure.http import JsonObject, Request
from local_azure.resource_manager.tree import Types, require_scope
from local_azure.rules import Rule
from local_azure.service import Verb
from local_azure.store import Store

LOCKS: Final = "Microsoft.Authorization/locks"
_LEVELS: Final = ("CanNotDelete", "ReadOnly")

RULES: Final = [
    Rule(
        "G2",
        "refusal",
        "Nothing at, below or around a lock is deleted: 409 ScopeLocked names what is locked.",
        held_by="g2_a_lock_on_a_group_holds_back_everything_in_it_and_the_group",
    ),
    Rule(
        "G2",
        "refusal",
        "A ReadOnly lock holds back writes and every action, that which lists keys or settings, too: 409 "
        "ScopeLocked.",
        held_by="g2_a_read_only_lock_holds_back_actions_and_what_lists_keys",
        source="Azure/azure-cli#8452 Azure/azure-sdk-for-java#2560 "
        "https://learn.microsoft.com/azure/azure-resource-manager/management/lock-resources",
    ),
    Rule(
        "G2",
        "assumed",
        "A lock also holds back the deletion of role assignments on what it is on.",
        held_by="g2_a_lock_holds_back_the_grants_below_it_and_lets_new_ones_in",
    ),
    Rule(
        "G2",
        "behaviour",
        "A lock itself can be deleted, and does not reach into a vault's data plane.",
        held_by="g2_a_lock_on_a_group_holds_back_everything_in_it_and_the_group",
    ),
    Rule(
        "G2",
        "assumed",
        "A lock's level is CanNotDelete or ReadOnly; its scope must exist.",
        held_by="g2_a_lock_has_a_level",
    ),
]


class Lock(ResourceType):
    """A lock on a subscription, a group or a resource, and on everything below it."""

    type = LOCKS
    has_parent = False

    def __init__(self, ground: Ground, types: Types) -> None:
        super().__init__(ground)
        self._types = types

    @override
    def put(self, id: ResourceId, old: JsonObject | None, new: JsonObject, request: Request) -> JsonObject:
        given: JsonObject = new.get("properties") or {}
        level = next((known for known in _LEVELS if known.lower() == str(given.get("level")).lower()), None)
        if level is None:
            text = f"The lock level '{given.get('level')}' is not valid. It is one of {', '.join(_LEVELS)}."
            raise Refusal(400, "InvalidLockLevel", text)
        require_scope(self.ground.store, self._types, id)
        kept = {key: given[key] for key in ("notes", "owners") if given.get(key) is not None}
        return {"properties": {"level": level, **kept}}


def require_unlocked(store: Store, id: ResourceId, verb: Verb) -> None:
    """Raises Refusal 409 when a lock forbids it. A ReadOnly lock forbids both, CanNotDelete the one."""
    if id.type.lower() == LOCKS.lower():
        return
    held: list[str] = []
    for lock in store.list(type=LOCKS):
        scope = ResourceId.parse(lock.id).scope
        above = f"{id.key}/".startswith(f"{scope.lower()}/")
        below = verb == "delete" and f"{scope.lower()}/".startswith(f"{id.key}/")
        if (above or below) and (verb == "delete" or lock.body["properties"]["level"] == "ReadOnly"):
            held.append(scope)
    if held:
        scopes = ", ".join(f"'{scope}'" for scope in sorted(set(held)))
        text = (
            f"The scope '{id.text}' cannot perform {verb} operation because following scope(s) are locked: "
            f"{scopes}. Please remove the lock and try again."
        )
        raise Refusal(409, "ScopeLocked", text)
