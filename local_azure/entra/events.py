"""What happens in the directory, for its logs: who got a token, who was refused one, and what was changed.

https://learn.microsoft.com/entra/identity/monitoring-health/concept-sign-ins
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from local_azure.entra.principals import Principal
from local_azure.errors import Refusal

APPLICATIONS: Final = "ApplicationManagement"
GROUPS: Final = "GroupManagement"
_NUMBER: Final = re.compile(r"AADSTS(\d+): (.*)", re.DOTALL)


class Credential(StrEnum):
    """By what a client said who it is.

    https://learn.microsoft.com/graph/api/resources/signin (`clientCredentialType`)
    """

    NONE = "none"
    SECRET = "clientSecret"
    FEDERATED = "federatedIdentityCredential"
    MANAGED = "managedIdentity"


@dataclass(frozen=True)
class Way:
    """How somebody signed in. `protocol` is that of a person: `ropc`, `deviceCode` or `none`."""

    credential: Credential = Credential.NONE
    protocol: str = "none"
    is_interactive: bool = True
    """Whether a person did something for it."""


@dataclass(frozen=True)
class SignInAttempt:
    """A token that somebody got, or did not. `number` is that of `AADSTS…`, 0 of a token that was given."""

    principal: Principal
    audience: str
    """What it is for, as it was asked for; empty where nobody said."""
    way: Way
    number: int = 0
    why: str = ""

    def refused(self, refusal: Refusal) -> "SignInAttempt | None":
        """The same without a token; None for a refusal that is none of Entra's."""
        found = _NUMBER.match(refusal.message)
        return replace(self, number=int(found[1]), why=found[2]) if found else None


@dataclass(frozen=True)
class Changed:
    """A change in the directory, in the words of its audit log.

    https://learn.microsoft.com/entra/identity/monitoring-health/reference-audit-activities
    """

    activity: str
    """As `Add service principal`."""
    category: str
    """APPLICATIONS or GROUPS."""
    targets: Sequence[tuple[str, str, str]]
    """What was changed: id, name and type."""
    by: Principal | None = None
    """None for what Azure did on its own, as for a managed identity."""

    @staticmethod
    def of(
        activity: str, category: str, found: Sequence[Principal | None], by: Principal | None
    ) -> "Changed":
        """A change of these, of which those that there are."""
        return Changed(activity, category, [(one.object_id, one.name, one.kind) for one in found if one], by)


Event = SignInAttempt | Changed


def usual_way(principal: Principal) -> Way:
    """A managed identity's host speaks for it; of others nothing is known."""
    return Way(Credential.MANAGED if principal.resource_id else Credential.NONE)
