"""What a declared grant takes of whoever deploys: their role, where, and what they may grant with it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Self

import pulumi

from .unknowns import if_given

GRANTS: Final = "Role Based Access Control Administrator"


class PrincipalType(StrEnum):
    """What kind of principal is let in. Azure takes a principal it cannot find yet only when told its
    kind.
    """

    SERVICE_PRINCIPAL = "ServicePrincipal"
    """A managed identity or an app registration."""
    GROUP = "Group"
    """An Entra group of people."""
    USER = "User"
    """One person. Prefer a group."""


@dataclass(frozen=True)
class Takes:
    """A built-in role that the deployer needs on a scope, and why.

    `role`, `kind` and `principal_id` are what is granted with it, and to whom, where it is one that grants:
    they limit it by a condition. `principal_id` gives None for a principal that the program itself makes.
    """

    deployers_role: str
    scope_id: pulumi.Output[str]
    why: str
    role: pulumi.Output[str] | None = None
    kind: PrincipalType | None = None
    principal_id: pulumi.Output[str | None] | None = None

    @classmethod
    def to_grant(
        cls,
        role: pulumi.Output[str],
        kind: PrincipalType,
        scope_id: pulumi.Output[str],
        principal_id: pulumi.Output[str],
    ) -> Self:
        return cls(GRANTS, scope_id, "grants, under the condition", role, kind, if_given(principal_id))
