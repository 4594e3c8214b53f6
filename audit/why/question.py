"""Who wants to do what where, and what each thing that decides says to that."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Final

from audit.kinds import kinds
from components.azure_facts.actions import any_contains
from components.azure_facts.roles import built_in_roles

_FEWEST: Final = 3
"""Segments before the `*` from which on a pattern says that what it names is done with data."""
_SCOPE: Final = re.compile(
    r"/(subscriptions|providers/microsoft\.management)/[^/?#]+(/[^?#]*)?", re.IGNORECASE
)
_MANAGEMENT_GROUP: Final = re.compile(r"/providers/microsoft\.management/managementgroups/", re.IGNORECASE)
_ACTION: Final = re.compile(r"[A-Za-z]+(\.[A-Za-z]+)+(/[A-Za-z0-9_.$-]+)+")


class Answer(StrEnum):
    """What one thing that decides says, and what all say together."""

    ALLOWED = "allowed"
    REFUSED = "refused"
    DEPENDS = "depends"
    """On something that this command does not see."""


@dataclass(frozen=True)
class Step:
    """One thing that was looked at. Without an answer it decides nothing."""

    subject: str
    words: str
    answer: Answer | None = None


@dataclass(frozen=True)
class Question:
    """`principal` is an object id, `action` one of Azure's, `scope` a resource id. Raises ValueError."""

    principal: str
    action: str
    scope: str
    address: str = ""
    """The public address from which the call comes; empty where nobody says."""

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", self.principal):
            raise ValueError("expected --principal to be an object id in Entra, a GUID")
        if not _ACTION.fullmatch(self.action):
            raise ValueError("expected --action to be as Microsoft.KeyVault/vaults/secrets/getSecret/action")
        if not _SCOPE.fullmatch(self.scope):
            raise ValueError(
                "expected --scope to be a resource id, as /subscriptions/<id>/resourceGroups/<name>"
            )

    @cached_property
    def is_on_data(self) -> bool:
        """Whether the action is one on what is in a resource, which roles allow apart from the others."""
        blocks = [block for role in built_in_roles().values() for block in role.permissions]
        plain = {action.lower() for block in blocks for action in block.actions if "*" not in action}
        if self.action.lower() in plain:
            return False
        known = {action for kind in kinds().values() for action in kind.operations.values()}
        known |= {action for block in blocks for action in block.data_actions}
        telling = [one for one in known if "*" not in one or len(one.partition("*")[0].split("/")) > _FEWEST]
        return any_contains(telling, self.action)

    @property
    def subscription(self) -> str:
        parts = self.scope.split("/")
        return parts[2] if parts[1].lower() == "subscriptions" else ""

    @property
    def resource(self) -> str:
        """The resource that the scope is or lies in, as /…/vaults/kv; else the scope itself."""
        parts = self.scope.rstrip("/").split("/")
        return "/".join(parts[:9]) if len(parts) > 9 and parts[5].lower() == "providers" else self.scope

    @property
    def group(self) -> str:
        """Name of the resource group; empty above one."""
        parts = self.scope.split("/")
        return parts[4] if len(parts) > 4 and parts[3].lower() == "resourcegroups" else ""

    @property
    def type(self) -> str:
        """Of that resource, in lower case; empty above one."""
        parts = self.resource.split("/")
        return "/".join(parts[6:8]).lower() if len(parts) > 8 else ""

    @property
    def name(self) -> str:
        return self.resource.rpartition("/")[2]

    def around(self) -> Iterator[str]:
        """The scope, and each resource, group and subscription around it, from the nearest on."""
        parts = self.scope.rstrip("/").split("/")
        for end in range(len(parts), 2, -1):
            if end in (3, 5) or end > 8:
                yield "/".join(parts[:end])

    def is_in(self, scope: str) -> bool:
        """Whether what is given on a scope counts here. Azure lists of management groups those around it."""
        if _MANAGEMENT_GROUP.match(scope) and self.subscription:
            return True
        return f"{self.scope.rstrip('/')}/".lower().startswith(f"{scope.rstrip('/')}/".lower())


def together(steps: Sequence[Step]) -> Answer:
    """One refusal is enough; where something depends, so does the whole."""
    said = {step.answer for step in steps}
    if Answer.REFUSED in said:
        return Answer.REFUSED
    return Answer.DEPENDS if Answer.DEPENDS in said or Answer.ALLOWED not in said else Answer.ALLOWED
