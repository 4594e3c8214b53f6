"""What a host reaches: the roles its identity needs there, and the settings that tell its code where."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import pulumi

from ..roles import Role


@dataclass(frozen=True)
class Need:
    """A role that a host's identity needs on what it reaches.

    `key` ends the name of the grant's resource, so it is fixed once a stack has one.
    """

    key: str
    role: Role
    scope_id: pulumi.Output[str]


@dataclass(frozen=True)
class IdentityIds:
    """The ids of what a host runs as; None where that kind of identity has none, or it is not there yet.

    `further` are the client ids of the identities besides it, by name.
    """

    identity_id: pulumi.Output[str] | None = None
    principal_id: pulumi.Output[str] | None = None
    client_id: pulumi.Output[str] | None = None
    further: Mapping[str, pulumi.Output[str]] = field(default_factory=dict[str, pulumi.Output[str]])


class Link(Protocol):
    """One thing that a host reaches with its identity. Grant and settings come from here together."""

    @property
    def variables(self) -> Collection[str]:
        """The settings that are derived, whatever the arguments: nobody may give them by hand."""
        ...

    def needs(self) -> Sequence[Need]:
        """The roles to grant; none where somebody else grants."""
        ...

    def settings(self, ids: IdentityIds, /) -> Mapping[str, pulumi.Input[str]]:
        """What the host's code is told."""
        ...


def needs_of(links: Sequence[Link]) -> Sequence[Need]:
    """The roles that a host's identity needs, over all that it reaches."""
    return [need for link in links for need in link.needs()]
