"""Azure's built-in roles, as the local Azure reads them. What they allow are facts, which others read, too;
how an action is held against them is written down here a second time, so that one checks the other.

https://learn.microsoft.com/azure/role-based-access-control/built-in-roles
"""

import re
from dataclasses import dataclass
from fnmatch import translate
from functools import cache

from components.azure_facts.roles import Permissions, built_in_roles
from local_azure.subscriptions import scope_of


@dataclass(frozen=True)
class Role:
    """A role: what one of its blocks of `permissions` allows, it allows."""

    name: str
    id: str
    permissions: tuple[Permissions, ...]
    assignable_scopes: tuple[str, ...] = ("/",)
    """Where it can be assigned, at or below: a built-in role everywhere."""

    def allows(self, action: str, *, data: bool) -> bool:
        """Whether a block allows it, if under a condition."""
        return bool(self.conditions(action, data=data))

    def conditions(self, action: str, *, data: bool) -> list[str | None]:
        """The condition of each block that allows the action, None for a block without; none where it is not
        allowed. What a block takes out again, another block can still allow.
        """
        return [block.condition for block in self.permissions if _block_allows(block, action, data=data)]


def role_definition_id(role_id: str, scope: str = "/") -> str:
    """The id of a role definition as Azure answers it, qualified with the subscription of the scope."""
    return f"{scope_of(scope)}/providers/Microsoft.Authorization/roleDefinitions/{role_id}"


def _block_allows(block: Permissions, action: str, *, data: bool) -> bool:
    if data:
        return _matches(block.data_actions, action) and not _matches(block.not_data_actions, action)
    return _matches(block.actions, action) and not _matches(block.not_actions, action)


def _matches(patterns: tuple[str, ...], action: str) -> bool:
    return _expression(patterns).match(action) is not None


@cache
def _expression(patterns: tuple[str, ...]) -> re.Pattern[str]:
    # `vaults/*/read` is all that lets Key Vault Reader read a vault itself: `/*/` stands for one `/`, too.
    spellings = [one for pattern in patterns for one in (pattern, pattern.replace("/*/", "/"))]
    return re.compile("|".join(map(translate, spellings)) or r"(?!)", re.IGNORECASE)


BUILT_IN_ROLES = tuple(Role(role.name, role.guid, role.permissions) for role in built_in_roles().values())

ROLES_BY_ID = {role.id: role for role in BUILT_IN_ROLES}
