"""What logs there are of the use of access: which table, filled from what, says what an action was.

Sources: https://learn.microsoft.com/azure/azure-monitor/reference/tables-index and, of the operations,
https://learn.microsoft.com/azure/key-vault/general/logging,
https://learn.microsoft.com/azure/storage/blobs/monitor-blob-storage-reference,
https://learn.microsoft.com/azure/cosmos-db/monitor-reference,
https://learn.microsoft.com/azure/service-bus-messaging/monitor-service-bus-reference and
https://learn.microsoft.com/azure/azure-app-configuration/monitor-app-configuration-reference.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

from access_report.grants import Form, Grant
from components.azure_facts.actions import contains


@dataclass(frozen=True, eq=False)
class Kind:
    """One kind of use that Azure can log."""

    name: str
    words: str
    """What its rows are of, in a sentence: calls to a key vault."""
    actions: tuple[str, ...]
    """What the actions begin with that leave rows of it, in lower case."""
    type: str
    """Type of the resource whose diagnostic setting sends it, in lower case."""
    setting: str
    """How the id that the setting is on goes on from that resource's, as /blobServices/default."""
    table: str
    queries: tuple[str, ...]
    """Files in `queries/` that ask for it; each gives the same columns."""
    categories: tuple[str, ...]
    """The log categories that have all of it."""
    groups: tuple[str, ...]
    """The groups of categories that have all of those, in lower case."""
    operations: Mapping[str, str]
    """An operation, or a log category, as a row calls it, to the action in Azure's roles."""

    def action_of(self, operation: str, said: str = "") -> str:
        """What a row's operation is among the actions of roles; empty where it is not known here."""
        if "/" in said:
            return said
        return self.operations.get(operation) or self.operations.get(said) or ""

    def is_left_by(self, action: str) -> bool:
        """Whether a pattern of actions names some that leave rows of it."""
        within = any(contains(f"{head}*", action) for head in self.actions)
        return within or any(contains(action, one) for one in self.operations.values())

    def target_in(self, scope: str) -> str:
        """The resource of its type that an id is or lies in, in lower case; empty where it is neither."""
        parts = scope.lower().strip("/").split("/")
        if len(parts) >= 8 and "/".join(parts[5:7]) == self.type and parts[4] == "providers":
            return "/" + "/".join(parts[:8])
        return ""


_NOT_ON_DATA: Final = (
    "microsoft.containerregistry/registries/p",
    "microsoft.storage/storageaccounts/blobservices/generateuserdelegationkey/",
)
"""What such actions begin with that leave rows all the same, in lower case."""


@cache
def kinds() -> Mapping[str, Kind]:
    """Every kind of use that has a log, by its name."""
    every: Mapping[str, Mapping[str, Any]] = json.loads(
        (files("audit") / "facts" / "kinds.json").read_text(encoding="utf-8")
    )
    return {
        name: Kind(
            name,
            one["words"],
            tuple(one["actions"]),
            one["type"],
            one["setting"],
            one["table"],
            tuple(one["queries"]),
            tuple(one["categories"]),
            tuple(one["groups"]),
            one["operations"],
        )
        for name, one in every.items()
    }


def kinds_of(grant: Grant, scope: str) -> tuple[Kind, ...]:
    """The logs in which the use of a grant on a scope can be seen; none of what is no role on data."""
    if grant.form not in (Form.ROLE, Form.DATA):
        return ()
    return tuple(one for one in kinds().values() if _may_hold(one, scope) and _leaves(one, grant))


def _may_hold(kind: Kind, scope: str) -> bool:
    """Whether the scope is or lies in a resource of the kind, or has room for one."""
    if kind.target_in(scope):
        below = scope.lower().removeprefix(kind.target_in(scope))
        service = kind.setting.lower().removesuffix("/default")
        return not below or not service or below.startswith(service)
    return "/providers/" not in scope.lower()


def _leaves(kind: Kind, grant: Grant) -> bool:
    if grant.facts is None:
        return True  # a custom role that the stack does not define may allow anything
    blocks = grant.facts.permissions
    # What lets into a registry, and what gets a key to sign with, is among the actions, all else among those
    # on data.
    every = [action for block in blocks for action in (*block.data_actions, *_narrow(block.actions))]
    return any(kind.is_left_by(action) for action in every)


def _narrow(actions: tuple[str, ...]) -> list[str]:
    return [one for one in actions if one.lower().startswith(_NOT_ON_DATA)]
