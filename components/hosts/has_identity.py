"""What runs as an identity, whatever it is: the identity comes first and is let in, code is told what it
reaches, and the identity's ids are given out when its grants exist.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol, TypeVar

import pulumi

from ..diagnostics import send_diagnostics
from ..links.calls import check_order
from ..links.grants import every_access
from ..links.link import Link, Told
from ..links.needs import Granted
from ..naming import Naming
from ..options import checked_options
from ..placement import Placement
from .declare import declare
from .identity import HostIdentity
from .identity_choice import IdentityChoices
from .observability import ObservabilityChoices, insights_link

Resource = TypeVar("Resource", bound=pulumi.CustomResource)


class HasIdentityChoices(Protocol):
    """What is said of everything that runs as an identity, read and checked. `component` is what messages
    call it; `reaches` is what code or the platform reaches with the identity; `observability` is None where
    the platform tells nothing.
    """

    @property
    def component(self) -> str: ...
    @property
    def identity(self) -> IdentityChoices: ...
    @property
    def reaches(self) -> Sequence[Link]: ...
    @property
    def observability(self) -> ObservabilityChoices | None: ...
    @property
    def place(self) -> Placement: ...
    @property
    def foreign_tags(self) -> tuple[str, ...]: ...
    def known(self) -> Mapping[str, Any]:
        """What a preview can say of it before anything else is known: the component's own inputs."""
        ...


class HasIdentity(pulumi.ComponentResource):
    """Something that runs as an identity. A class of its own says what it is made of."""

    name: pulumi.Output[str]
    """Its name in Azure."""
    identity_id: pulumi.Output[str | None]
    """Resource id of the user-assigned identity that code runs as; null with another kind, or none."""
    principal_id: pulumi.Output[str | None]
    """Object id of the identity that code runs as, given out when its grants exist; null with none."""
    client_id: pulumi.Output[str | None]
    """Client id of the user-assigned identity, given out when its grants exist; null where there is none."""
    access: pulumi.Output[Sequence[str]]
    """Who may do what where by a grant made here, one sentence each."""

    def __init__(
        self,
        token: str,
        name: str,
        said: HasIdentityChoices,
        opts: pulumi.ResourceOptions | None,
        *,
        also_known: Mapping[str, Any] | None = None,
    ) -> None:
        """`also_known` is what a preview can say of it besides."""
        check_order(said.component, opts, said.reaches)
        kind = token.rpartition(":")[2]
        known = {**said.known(), **(also_known or {})}
        super().__init__(token, name, known, checked_options(kind, name, opts, said.foreign_tags))
        self.called, self.said = name, said
        self.is_looked_up = opts is not None and opts.urn is not None
        """Whether it was sought by its URN: the engine knows the rest."""
        self.naming = Naming(self, name)
        self.runs_as = HostIdentity(self, name, said.identity, self.naming)
        self.links = list(said.reaches)

    def declare_between(
        self,
        host: Callable[[], Resource],
        *,
        principal: Callable[[Resource], tuple[pulumi.Output[str], pulumi.Output[str]]] | None = None,
        tell: Callable[[Resource, Mapping[str, Told]], None] | None = None,
    ) -> Resource:
        """Declare the host between what it needs before and after it. `principal` is left out where the
        identity never comes with the host, `tell` where what code is told is part of the host itself.
        """
        said = self.said
        self.insights = None
        if said.observability is not None:
            self.insights = insights_link(self, self.called, said.observability, said.place, self.naming)
        self.links += [] if self.insights is None else [self.insights]
        made = declare(
            said.component,
            self.runs_as,
            self.links,
            said.place,
            host=host,
            principal=principal or _never,
            tell=tell or _nothing,
        )
        self.identity, self.grants = self.runs_as.own, self.runs_as.grants
        self.id = made.id
        return made

    def send_diagnostics(self, *, has_logs: bool = True) -> None:
        """Where the platform's logs and metrics go. `has_logs` is whether this type has any."""
        assert self.said.observability is not None
        workspace_id = self.said.observability.diagnostics_workspace_id
        self.diagnostics = send_diagnostics(
            self, self.called, pulumi.Output.from_input(self.id), workspace_id, has_logs=has_logs
        )

    def give_out_identity(self, also: Sequence[Granted | pulumi.ComponentResource] = ()) -> None:
        """The identity's ids, and who may do what. `also` are grants to others."""
        self.identity_id, self.principal_id, self.client_id = self.runs_as.given_out()
        self.access = every_access([*self.runs_as.granted, *also])


def _never(made: pulumi.Resource) -> tuple[pulumi.Output[str], pulumi.Output[str]]:
    raise AssertionError(f"{made} brings no identity of its own")


def _nothing(_made: pulumi.Resource, _told: Mapping[str, Told]) -> None:
    """Code is told with the host."""
