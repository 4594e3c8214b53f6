"""The link to anything that has a resource id, by any role of Azure: the way out of the list of targets."""

from typing import Final, TypedDict

import pulumi

from ..access import narrow, read_role
from ..plain import is_plain
from ..references import scope_form
from .link import Link, TargetLink
from .record import Record
from .role_need import RoleNeed
from .scope import Scope

_SCOPE: Final = scope_form("the id of a resource, a resource group, a subscription or a management group")


class RoleLinkArgs(TypedDict):
    """Any role on any scope. Code is told nothing: give it what it needs with `settings`."""

    id: pulumi.Input[str]
    """Resource id of what is opened; a role on data is refused above a resource group."""
    role: pulumi.Input[str]
    """What is allowed there: the name of a role, its GUID, or the id of its definition, custom ones too."""


def read_link(record: Record) -> Link:
    """https://learn.microsoft.com/azure/role-based-access-control/role-definitions"""
    arguments = record.arguments
    arguments.require("id", _SCOPE.words)
    arguments.require("role", "the role to give there")
    id, role = arguments.text("id", _SCOPE), read_role(arguments)
    if id is None or role is None:
        return TargetLink(arguments.path, record.grants_here)
    id = narrow(arguments, "id", role, id)
    given = arguments.raw("role")
    need = RoleNeed(
        record.name, given if is_plain(given) else role, Scope.of(arguments.raw("id"), id), arguments.path
    )
    return TargetLink(arguments.path, record.grants_here, [need])
