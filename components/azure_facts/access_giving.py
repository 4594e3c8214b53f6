"""Actions that give access: whoever may do one of them gets at more than the role itself allows.

Each way has the reason and Microsoft's page. Not among them is `Microsoft.Resources/deployments/write`: what
a deployment makes, its caller has to be allowed to make, so that it gives nothing new.
https://learn.microsoft.com/azure/azure-resource-manager/templates/overview
Nor is Lighthouse: who lets another tenant in by it has to be allowed to give roles, which is a way already.
https://learn.microsoft.com/azure/lighthouse/how-to/onboard-customer

The right to attach an identity stands twice: Azure's own roles spell it with a `*` where its name would be.
https://learn.microsoft.com/azure/role-based-access-control/built-in-roles/identity#managed-identity-operator
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from .actions import covered, named_by
from .data import read
from .roles import Permissions


@dataclass(frozen=True)
class Way:
    """One way to more access. `way` completes "may …"; `is_data` is whether its actions are on data;
    `by_roles`, whether it lets its holder decide who has which role.
    """

    way: str
    why: str
    source: str
    """Microsoft's page."""
    actions: tuple[str, ...]
    is_data: bool
    by_roles: bool


@cache
def ways() -> Sequence[Way]:
    """Every way, those by roles first."""
    return tuple(
        Way(
            row["way"],
            row["why"],
            row["source"],
            tuple(row.get("data") or row["control"]),
            is_data="data" in row,
            by_roles=row.get("roles", False),
        )
        for row in read("access_giving")
    )


@lru_cache(maxsize=2_000)
def gives_access(permissions: tuple[Permissions, ...]) -> tuple[str, ...]:
    """What completes "may …, and so get at more": each way that the blocks open, be it under a condition."""
    return tuple(dict.fromkeys(one.way for one in _open(permissions)))


@lru_cache(maxsize=2_000)
def gives_roles(permissions: tuple[Permissions, ...]) -> tuple[str, ...]:
    """The same, of the ways that decide who has which role."""
    return tuple(dict.fromkeys(one.way for one in _open(permissions) if one.by_roles))


def _open(permissions: tuple[Permissions, ...]) -> list[Way]:
    allowed = {data: [named_by(block, data=data) for block in permissions] for data in (False, True)}
    return [one for one in ways() if any(covered(action, allowed[one.is_data]) for action in one.actions)]
