"""Locks hold back deletions and writes of everything that they are on, for everybody.

https://learn.microsoft.com/azure/azure-resource-manager/management/lock-resources
"""

from typing import TYPE_CHECKING, Final, Literal

from local_azure.arm import ResourceId
from local_azure.errors import Refusal
from local_azure.rules import Rule

if TYPE_CHECKING:
    from local_azure.azure import Azure

LOCKS: Final = "Microsoft.Authorization/locks"

RULES: Final = [
    Rule("G2", "refusal", "Nothing at, below or around a lock is deleted: 409 ScopeLocked names what is "
         "locked."),
    Rule("G2", "assumed", "A lock also holds back the deletion of role assignments on what it is on."),
    Rule("G2", "behaviour", "A lock itself can be deleted, and does not reach into a vault's data plane."),
]  # fmt: skip


def require_unlocked(azure: "Azure", id: ResourceId, verb: Literal["write", "delete"]) -> None:
    """Raises Refusal 409 when a lock forbids it. A ReadOnly lock forbids both, CanNotDelete the one."""
    if id.type.lower() == LOCKS.lower():
        return
    held: list[str] = []
    for lock in azure.store.list(type=LOCKS):
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
