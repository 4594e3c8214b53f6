"""Azure's built-in roles: every one, with what it allows.

Source: the list operation of role definitions, as Resource Manager answered it in August 2026.
https://learn.microsoft.com/azure/role-based-access-control/built-in-roles explains them, and
https://learn.microsoft.com/azure/role-based-access-control/role-definitions what permissions mean.
`make_roles.py` beside this file writes the data.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from types import MappingProxyType
from typing import Any

from .data import read


@dataclass(frozen=True)
class Permissions:
    """One block of a role's permissions; in an action `*` stands for any text, and case means nothing.

    What `not_actions` name is taken out of this block's `actions` alone: it is not denied, and another block,
    or another role, can still allow it. `condition` limits the block further; None where there is none.
    """

    actions: tuple[str, ...]
    not_actions: tuple[str, ...]
    data_actions: tuple[str, ...]
    not_data_actions: tuple[str, ...]
    condition: str | None


@dataclass(frozen=True)
class BuiltInRole:
    """A role that is in every tenant under the same GUID, in lower case here."""

    name: str
    guid: str
    permissions: tuple[Permissions, ...]


@cache
def built_in_roles() -> Mapping[str, BuiltInRole]:
    """Every built-in role by its GUID, in lower case."""
    found = {
        guid: BuiltInRole(role["name"], guid, tuple(map(_permissions, role["permissions"])))
        for guid, role in read("roles").items()
    }
    return MappingProxyType(found)


def role_named(name: str) -> BuiltInRole | None:
    """The role of this name, in whatever case; None where there is none."""
    return _by_name().get(name.strip().lower())


def close_role_names(name: str) -> list[str]:
    """Up to three names of roles that are nearly this one, the nearest first; for a message."""
    close = get_close_matches(name.strip().lower(), _by_name(), 3)
    return [_by_name()[one].name for one in close]


@cache
def _by_name() -> Mapping[str, BuiltInRole]:
    return {role.name.lower(): role for role in built_in_roles().values()}


def _permissions(block: Mapping[str, Any]) -> Permissions:
    return Permissions(
        actions=tuple(block.get("actions", ())),
        not_actions=tuple(block.get("notActions", ())),
        data_actions=tuple(block.get("dataActions", ())),
        not_data_actions=tuple(block.get("notDataActions", ())),
        condition=block.get("condition"),
    )
