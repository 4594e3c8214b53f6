"""Roles that somebody has by a program, in whatever form: of azure-native, of `azure`, of PIM.

What PIM makes eligible is not among them: who has it can do nothing until it is activated, which PIM decides.
https://learn.microsoft.com/entra/id-governance/privileged-identity-management/pim-resource-roles-assign-roles
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from access_report.following import IDENTITY, ROLE_DEFINITION, SITES, Directory, guid_in
from access_report.resources import UNKNOWN, Resource, known
from access_report.roles import Role, built_in, defined_by
from policy.reading import at

NATIVE: Final = "authorization:RoleAssignment"
_CLASSIC: Final = "azure:authorization/assignment:Assignment"
ACTIVE: Final = "azure:pim/activeRoleAssignment:ActiveRoleAssignment"
"""An active assignment of PIM: https://www.pulumi.com/registry/packages/azure/api-docs/pim/activeroleassignment/"""
CUSTOM_ROLES: Final = (ROLE_DEFINITION, "azure:authorization/roleDefinition:RoleDefinition")
_ENDS: Final = {"durationDays": 1, "durationHours": 24, "endDateTime": 0}
"""How many of each are a day; the last is a moment."""
_WORKLOAD: Final = "serviceprincipal"


@dataclass(frozen=True)
class Assignment:
    """One role that somebody has. `role` is None where a preview cannot tell, `scope` empty."""

    resource: Resource
    role: Role | None
    scope: str
    is_of_workload: bool

    @property
    def is_above_groups(self) -> bool:
        """Whether it is on a subscription, a management group or the root."""
        parts = [part.lower() for part in self.scope.split("/") if part]
        return (
            bool(self.scope)
            and "resourcegroups" not in parts
            and (len(parts) <= 2 or parts[:2] == ["providers", "microsoft.management"])
        )

    @property
    def is_on_group(self) -> bool:
        """Whether it is on a resource group as a whole."""
        parts = [part.lower() for part in self.scope.split("/") if part]
        return len(parts) == 4 and parts[2] == "resourcegroups"


def assignments(directory: Directory) -> Iterator[Assignment]:
    """All of a stack, in its own order."""
    for resource in directory.snapshot.values():
        if resource.is_of(NATIVE) or resource.type in (_CLASSIC, ACTIVE):
            scope = at(resource, "scope")
            yield Assignment(
                resource,
                _role(directory, resource),
                str(scope) if known(scope) else "",
                is_of_workload=_is_of_workload(directory, resource),
            )


def workload(directory: Directory, assignment: Resource) -> Resource | None:
    """The identity or site of this stack that is let in, if it is one."""
    id = at(assignment, "principalId")
    if known(id):
        return directory.with_principal(str(id))
    return directory.behind(assignment, "principalId", IDENTITY) or directory.behind(
        assignment, "principalId", *SITES
    )


def lasts(assignment: Resource, today: date) -> float:
    """Days after which an assignment ends by itself: 0 where that is not known yet, infinity where it never
    does. Only PIM's has a schedule.
    """
    if assignment.type != ACTIVE:
        return math.inf
    given = {name: at(assignment, f"schedule.expiration.{name}") for name in _ENDS}
    if UNKNOWN in given.values():
        return 0
    ends = [_days(name, value, today) for name, value in given.items() if value is not None]
    return max(ends, default=math.inf)


def _days(name: str, value: Any, today: date) -> float:
    if _ENDS[name]:
        return value / _ENDS[name] if isinstance(value, int | float) else math.inf
    try:
        return (date.fromisoformat(str(value)[:10]) - today).days
    except ValueError:
        return math.inf


def _is_of_workload(directory: Directory, assignment: Resource) -> bool:
    kind = str(at(assignment, "principalType")).lower()
    return kind == _WORKLOAD or workload(directory, assignment) is not None


def _role(directory: Directory, assignment: Resource) -> Role | None:
    """Azure's role, or the custom one that the stack defines; None where a preview cannot tell."""
    for property in ("roleDefinitionId", "roleDefinitionName"):
        id = at(assignment, property)
        if known(id) and (role := built_in(str(id))) is not None:
            return role
    id = at(assignment, "roleDefinitionId")
    definition = (
        directory.role_definition(guid_in(str(id)))
        if known(id)
        else directory.only_one_behind(assignment, "roleDefinitionId", ROLE_DEFINITION)
    )
    return defined_by(definition) if definition is not None else None
