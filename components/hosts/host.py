"""What every host does alike, whatever it is: an identity comes first and is let in, code is told what it
reaches, and everything is given out when the grants exist.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import pulumi

from ..access import AccessGrant
from ..deployer import deployer_contract
from ..diagnostics import send_diagnostics
from ..elsewhere import Elsewhere
from ..links.calls import check_order
from ..links.grants import every_access
from ..links.link import Link, Told
from ..naming import Naming
from ..options import checked_options
from ..outputs import register_outputs
from ..placement import Placement
from .declare import declare, known_at_first
from .identity import HostIdentity, left_to_owners
from .identity_choice import IdentityChoices
from .observability import ObservabilityChoices, insights_link

Resource = TypeVar("Resource", bound=pulumi.CustomResource)


@dataclass(frozen=True)
class HostChoices:
    """What is said of every host, read and checked. `component` is what messages call it; `reaches` is what
    code or the platform reaches with the identity; `observability` is None where the platform tells nothing.
    """

    component: str
    identity: IdentityChoices
    reaches: Sequence[Link]
    observability: ObservabilityChoices | None
    place: Placement
    elsewhere: Elsewhere
    foreign_tags: tuple[str, ...]

    def known(self) -> dict[str, Any]:
        """What a preview can say of it before anything else is known: the component's own inputs."""
        return known_at_first(self.identity, self.reaches)


class Host(pulumi.ComponentResource):
    """A host: something that runs as an identity. A class of its own says what it is made of."""

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
    deployer_contract: pulumi.Output[Mapping[str, str]]
    """What a deployer needs: roles, role_ids, principal_types, condition, resource_providers, commands."""

    def __init__(
        self, token: str, name: str, choices: HostChoices, opts: pulumi.ResourceOptions | None
    ) -> None:
        check_order(choices.component, opts, choices.reaches)
        kind = token.rpartition(":")[2]
        super().__init__(
            token, name, choices.known(), checked_options(kind, name, opts, choices.foreign_tags)
        )
        self.called, self.choices = name, choices
        self.is_looked_up = opts is not None and opts.urn is not None
        """Whether it was sought by its URN: the engine knows the rest."""
        self.naming = Naming(self, name)
        self.runs_as = HostIdentity(self, name, choices.identity, self.naming)
        self.links = list(choices.reaches)

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
        choices = self.choices
        self.insights = None
        if choices.observability is not None:
            self.insights = insights_link(
                self, self.called, choices.observability, choices.place, self.naming
            )
        self.links += [] if self.insights is None else [self.insights]
        made = declare(
            choices.component,
            self.runs_as,
            self.links,
            choices.place,
            host=host,
            principal=principal or _never,
            tell=tell or _nothing,
        )
        self.identity, self.grants = self.runs_as.own, self.runs_as.grants
        self.id = made.id
        return made

    def send_diagnostics(self, *, has_logs: bool = True) -> None:
        """Where the platform's logs and metrics go. `has_logs` is whether this type has any."""
        assert self.choices.observability is not None
        workspace_id = self.choices.observability.diagnostics_workspace_id
        self.diagnostics = send_diagnostics(
            self, self.called, pulumi.Output.from_input(self.id), workspace_id, has_logs=has_logs
        )

    def finished(self, also: Sequence[AccessGrant] = ()) -> None:
        """Says who may do what and what a deployer needs, when all is declared, and registers the outputs.
        `also` are grants to others.
        """
        choices = self.choices
        self.identity_id, self.principal_id, self.client_id = self.runs_as.given_out()
        self.access = every_access([*self.runs_as.granted, *also])
        left = left_to_owners(choices.identity, self.links)
        group = choices.place.resource_group_name
        self.deployer_contract = deployer_contract(self, choices.elsewhere, group, left_to_owners=left)
        register_outputs(self)


def _never(made: pulumi.Resource) -> tuple[pulumi.Output[str], pulumi.Output[str]]:
    raise AssertionError(f"{made} brings no identity of its own")


def _nothing(_made: pulumi.Resource, _told: Mapping[str, Told]) -> None:
    """Code is told with the host."""
