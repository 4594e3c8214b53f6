"""What a workload reaches: the grants that its identity needs there, and what its code is told.

A link knows no host. It tells plain values and names of secrets, which each host spells as its platform reads
them.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, Protocol, TypeVar

import pulumi

from .needs import Need, is_left_to_owner


@dataclass(frozen=True)
class SecretRef:
    """A secret that code reads as a variable: its name in the vault at that address."""

    endpoint: pulumi.Output[str]
    secret: str


Told = pulumi.Output[str] | SecretRef
"""What one variable holds, before a host spells it."""


Variables = Sequence[tuple[str, str]]
"""Names of variables, each with how a message calls what tells it. Two may be one name: that is refused."""


@dataclass(frozen=True)
class IdentityIds:
    """The ids of what a host runs as; None where that kind of identity has none, or it is not there yet.

    `principal_name` is what Entra calls it: the identity's name, or that of the
    host it came with. `further` are the client ids of the identities besides it, by name.
    """

    identity_id: pulumi.Output[str] | None = None
    principal_id: pulumi.Output[str] | None = None
    client_id: pulumi.Output[str] | None = None
    principal_name: pulumi.Output[str] | None = None
    further: Mapping[str, pulumi.Output[str]] = field(default_factory=dict[str, pulumi.Output[str]])


class Link(Protocol):
    """One thing that a workload reaches with its identity. Grant and variables come from here together."""

    @property
    def source(self) -> str:
        """How a message calls the arguments that made the link."""
        ...

    @property
    def grants_here(self) -> bool:
        """Whether its needs are granted where the workload is declared; else whoever owns the target does."""
        ...

    @property
    def variables(self) -> Variables:
        """Each variable that the code is told."""
        ...

    @property
    def stay_at_a_swap(self) -> Collection[str]:
        """Those that belong to the identity, and so to the place that it is in."""
        ...

    def needs(self) -> Sequence[Need]:
        """What has to be granted, whoever does it."""
        ...

    def tells(self, ids: IdentityIds, /) -> Mapping[str, Told]:
        """What the code is told."""
        ...

    def known(self) -> Mapping[str, Any]:
        """What a preview can say of the link before anything else is known: for the component's inputs."""
        ...


@dataclass(frozen=True)
class TargetLink:
    """A link to a target in the words of its own file: what needs granting, and what is told."""

    source: str
    grants_here: bool
    needed: Sequence[Need] = ()
    told: Mapping[str, Told] = field(default_factory=dict[str, Told])
    recorded: Mapping[str, Any] = field(default_factory=dict[str, Any])

    @property
    def variables(self) -> Variables:
        return [(name, self.source) for name in self.told]

    @property
    def stay_at_a_swap(self) -> Collection[str]:
        return self.told

    def needs(self) -> Sequence[Need]:
        return self.needed

    def tells(self, _ids: IdentityIds, /) -> Mapping[str, Told]:
        return self.told

    def known(self) -> Mapping[str, Any]:
        return self.recorded


Inner = TypeVar("Inner", bound=Link)


@dataclass(frozen=True)
class LinkAround(Generic[Inner]):
    """What another link is, told in other words or with more besides: a class of its own says which."""

    link: Inner

    @property
    def source(self) -> str:
        return self.link.source

    @property
    def grants_here(self) -> bool:
        return self.link.grants_here

    @property
    def variables(self) -> Variables:
        return self.link.variables

    @property
    def stay_at_a_swap(self) -> Collection[str]:
        return [name for name, _ in self.variables]

    def needs(self) -> Sequence[Need]:
        return self.link.needs()

    def known(self) -> Mapping[str, Any]:
        return self.link.known()


@dataclass(frozen=True)
class ConnectionLink(TargetLink):
    """A link that triggers and bindings of Functions can use, too: `connection` are the settings that say
    where, `prefix` is what their names begin with, and `for_triggers` is what a trigger needs besides.
    """

    prefix: str = ""
    connection: Mapping[str, pulumi.Output[str]] = field(default_factory=dict[str, pulumi.Output[str]])
    for_triggers: Sequence[Need] = ()


def recorded(links: Sequence[Link]) -> dict[str, Any]:
    """What a preview can say of all links, for the component's inputs; where several say it in one map, the
    entries of all.
    """
    found: dict[str, Any] = {}
    for link in links:
        for key, value in link.known().items():
            found[key] = {**found[key], **value} if key in found else value
    return found


def granted_here(links: Sequence[Link]) -> list[Need]:
    return [need for link in links if link.grants_here for need in link.needs()]


def not_granted_here(links: Sequence[Link]) -> list[Need]:
    """Each need once that is left to whoever owns the target, without those that another link grants."""
    needs = [(link, need) for link in links for need in link.needs()]
    left = {need.same: need for link, need in needs if not link.grants_here or is_left_to_owner(need)}
    granted = {need.same for need in granted_here(links) if not is_left_to_owner(need)}
    return [need for same, need in left.items() if same not in granted]
