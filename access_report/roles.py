"""Roles as the report weighs them: what each allows, and whether one allows all that another does."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, cast

from access_report.following import guid_in
from access_report.resources import UNKNOWN, Resource, known
from components.azure_facts.access_giving import gives_access, gives_roles
from components.azure_facts.actions import Named, covered, named_by
from components.azure_facts.role_words import may
from components.azure_facts.roles import BuiltInRole, Permissions, built_in_roles, role_named

READS_SECRETS: Final = "Microsoft.KeyVault/vaults/secrets/getSecret/action"
_LISTS: Final = ("actions", "notActions", "dataActions", "notDataActions")


@dataclass(frozen=True)
class Role:
    """A role whose permissions are known: one of Azure's, or a custom one that the same stack defines."""

    name: str
    permissions: tuple[Permissions, ...]

    def covers(self, other: "Role") -> bool:
        """Whether whoever has this role needs the other one no more. A condition only ever narrows: what is
        allowed under one is covered by what is allowed without, or under the same.
        """
        return self.permissions == other.permissions or _cover(self.permissions, other.permissions)

    def allows(self, action: str, *, data: bool = False) -> bool:
        """Whether it allows every action that the pattern names, be it under conditions."""
        return covered(action, [named_by(block, data=data) for block in self.permissions])

    @property
    def gives_roles(self) -> tuple[str, ...]:
        """Each way in which its holder decides who has which role, to complete "may …": give roles, …"""
        return gives_roles(self.permissions)

    @property
    def gives_access(self) -> tuple[str, ...]:
        """Each way in which its holder gets at more than it allows, to complete "may …": give roles, act as
        an identity, … Only a role that has the same actions covers such a one.
        """
        return gives_access(self.permissions)

    @property
    def data_actions(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(action for block in self.permissions for action in block.data_actions))

    @property
    def may(self) -> str | None:
        """What completes "may …"; None where there are no words for it."""
        return may(self.permissions)


def built_in(name_or_id: str) -> Role | None:
    """Azure's role of this name, GUID or role definition id, in whatever case."""
    found = built_in_roles().get(guid_in(name_or_id)) or role_named(name_or_id)
    return _role(found) if found else None


def defined_by(definition: Resource) -> Role | None:
    """What a role definition of the stack allows; None until all of it is known."""
    given, name = definition.value("permissions"), definition.value("roleName") or definition.value("name")
    # Azure's last answer says nothing of what the update will make of it.
    if definition.given("permissions") == UNKNOWN:
        return None
    return role_of(given, str(name) if known(name) else definition.name)


def role_of(permissions: Any, name: str = "") -> Role | None:
    """A role by the `permissions` of its definition; None until all of them are known."""
    if not isinstance(permissions, list):
        return None
    blocks = [_permissions(block) for block in cast(list[Any], permissions)]
    whole = tuple(block for block in blocks if block is not None)
    return Role(name, whole) if len(whole) == len(blocks) else None


def same_condition(one: str | None, other: str | None) -> bool:
    """Whether two conditions are the same text, however it is broken into lines."""
    return (one or "").split() == (other or "").split()


def _permissions(block: Any) -> Permissions | None:
    given = cast(Mapping[str, Any], block) if isinstance(block, Mapping) else {"actions": UNKNOWN}
    lists = [cast(Any, given.get(key) or []) for key in _LISTS]
    condition = given.get("condition")
    if condition == UNKNOWN or not all(isinstance(one, list) and UNKNOWN not in one for one in lists):
        return None
    actions, but, data, but_data = (tuple(str(action) for action in one) for one in lists)
    return Permissions(actions, but, data, but_data, str(condition) if condition else None)


@lru_cache(maxsize=1_000)
def _role(role: BuiltInRole) -> Role:
    return Role(role.name, role.permissions)


@lru_cache(maxsize=10_000)
def _cover(wide: tuple[Permissions, ...], narrow: tuple[Permissions, ...]) -> bool:
    return all(_covers_block(wide, block, data=data) for block in narrow for data in (False, True))


def _covers_block(wide: Iterable[Permissions], block: Permissions, *, data: bool) -> bool:
    usable = [
        named_by(one, data=data)
        for one in wide
        if one.condition is None or same_condition(one.condition, block.condition)
    ]
    wanted = named_by(block, data=data)
    # What the narrow role leaves out itself, the wide one need not have.
    enough = [Named(wanted.but), *usable]
    return all(covered(pattern, enough) for pattern in wanted.patterns)
