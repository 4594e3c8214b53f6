"""What every host does alike: it runs as an identity, and says what whoever deploys it needs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pulumi

from ..deployer import deployer_contract
from ..elsewhere import Elsewhere
from ..links.link import Link
from ..links.needs import Granted
from ..outputs import register_outputs
from ..placement import Placement
from .declare import known_at_first
from .has_identity import HasIdentity
from .identity import left_to_owners
from .identity_choice import IdentityChoices
from .observability import ObservabilityChoices


@dataclass(frozen=True)
class HostChoices:
    """What is said of a host, as `HasIdentityChoices` has it, and what it uses that was made elsewhere."""

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


class Host(HasIdentity):
    """A host: something that runs as an identity. A class of its own says what it is made of."""

    deployer_contract: pulumi.Output[Mapping[str, str]]
    """What a deployer needs: roles, role_ids, principal_types, condition, resource_providers, commands."""

    def finished(
        self,
        elsewhere: Elsewhere,
        also: Sequence[Granted | pulumi.ComponentResource] = (),
        *,
        certifies: bool = False,
    ) -> None:
        """Says who may do what and what a deployer needs, when all is declared, and registers the outputs.
        `also` are grants to others; `certifies` is whether a certificate is issued in a plan's group.
        """
        self.give_out_identity(also)
        self.left = left_to_owners(self.said.identity, self.links)
        self.deployer_contract = deployer_contract(
            self,
            elsewhere,
            self.said.place.resource_group_name,
            certifies=certifies,
            left_to_owners=self.left,
        )
        register_outputs(self)
