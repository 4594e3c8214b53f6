"""The identity of one host while the host is declared: created, let in, handed out."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from enum import Enum
from typing import TypeVar

import pulumi

from ..identity import IdentityKind, ManagedIdentity, ManagedIdentityArgs
from ..links.grants import grant_all
from ..links.link import Link, Told, not_granted_here
from ..links.needs import Granted, Grantee, Need
from ..names.everywhere import IDENTITY as IDENTITY_NAME
from ..naming import Naming
from ..placement import Placement
from ..references import parse_id
from .further_identities import CLIENT_ID, client_id_variable
from .identity_choice import IdentityChoices

Id = pulumi.Output[str | None]
Kind = TypeVar("Kind", bound=Enum)
"""How one service of Azure calls the kinds of identities."""


class HostIdentity:
    """What a host runs as, and everything that identity is granted.

    A user-assigned identity is let in before the host exists (`grant_before`), a system-assigned one as soon
    as it does (`grant_after`); an existing one is granted by its owner, never here.
    """

    def __init__(
        self, host: pulumi.ComponentResource, name: str, choices: IdentityChoices, naming: Naming
    ) -> None:
        self._host, self._name, self._naming = host, name, naming
        self.choices = choices
        self.own: ManagedIdentity | None = None
        self.ids = choices.given
        self.granted: list[Granted] = []

    @property
    def grants(self) -> list[pulumi.Resource]:
        """What has to be there before the host's code runs: each grant, and what is outside of it."""
        return list({one: None for each in self.granted for one in (each.resource, each.gate)})

    def create(self, place: Placement) -> None:
        """Create the host's own identity, or read the existing one where its ids were not given; read those
        besides it.
        """
        further = {
            name: ManagedIdentity(
                f"{self._name}-{name}", {"existing_id": id}, pulumi.ResourceOptions(parent=self._host)
            )
            for name, id in self.choices.further.items()
        }
        if self.ids.identity_id is not None:
            named = self.ids.identity_id.apply(lambda id: parse_id(id).name)
            self.ids = replace(self.ids, principal_name=named)
        self.ids = replace(self.ids, further={name: one.client_id for name, one in further.items()})
        if self.choices.kind is IdentityKind.USER_ASSIGNED:
            args: ManagedIdentityArgs = {
                "resource_group_name": place.resource_group_name,
                "identity_name": self._naming.choose(self.choices.name, IDENTITY_NAME),
            }
            if place.location is not None:
                args["location"] = place.location
            if place.tags is not None:
                args["tags"] = place.tags
        elif self.ids.identity_id is not None and self.ids.principal_id is None:
            args = {"existing_id": self.ids.identity_id}
        else:
            return
        self.own = ManagedIdentity(self._name, args, pulumi.ResourceOptions(parent=self._host))
        self.ids = replace(
            self.ids,
            identity_id=self.own.identity_id,
            principal_id=self.own.principal_id,
            client_id=self.own.client_id,
            principal_name=self.own.name,
        )

    def attachment(
        self, kinds: type[Kind], besides: Sequence[pulumi.Output[str]] = (), *, brings_one: bool = False
    ) -> tuple[Kind, Sequence[pulumi.Output[str]] | None]:
        """What a host says of its identities: their kind, and the ids of those that are user-assigned, with
        those `besides`. The kind is always said: left out, Azure keeps an identity that was taken away.
        `brings_one` is whether Azure makes one with the host, whatever its code runs as.
        """
        ids = [*self.choices.further.values(), *besides]
        if self.ids.identity_id is not None:
            ids = [self.ids.identity_id, *ids]
        own = brings_one or self.choices.kind is IdentityKind.SYSTEM_ASSIGNED
        if not ids:
            return kinds["SYSTEM_ASSIGNED" if own else "NONE"], None
        return kinds["SYSTEM_ASSIGNED_USER_ASSIGNED" if own else "USER_ASSIGNED"], ids

    def named_as(self, host_name: pulumi.Output[str]) -> None:
        """Say what Entra will call a system-assigned identity, where code is told that before its host is
        there.
        """
        if self.choices.kind is IdentityKind.SYSTEM_ASSIGNED:
            self.ids = replace(self.ids, principal_name=host_name)

    def grant_before(self, needs: Sequence[Need]) -> None:
        """Let a user-assigned identity in, before the host exists."""
        if self.choices.kind is IdentityKind.USER_ASSIGNED and self.own is not None:
            self._grant(needs, self.own.name)

    def grant_after(
        self, needs: Sequence[Need], principal: Callable[[], tuple[pulumi.Output[str], pulumi.Output[str]]]
    ) -> None:
        """Let a system-assigned identity in, which Azure made with the host: its object id and the host's
        name.
        """
        if self.choices.kind is IdentityKind.SYSTEM_ASSIGNED:
            principal_id, host_name = principal()
            self.ids = replace(self.ids, principal_id=principal_id, principal_name=host_name)
            self._grant(needs, host_name)

    def given_out(self) -> tuple[Id, Id, Id]:
        """The ids of identity, principal and client for a host's outputs; None where there is none. The last
        two promise the grants.
        """
        ids = self.ids
        identity_id: Id = pulumi.Output.from_input(ids.identity_id)
        return identity_id, self._once_granted(ids.principal_id), self._once_granted(ids.client_id)

    def _once_granted(self, id: pulumi.Output[str] | None) -> Id:
        """It waits for the URNs of the grants, which a preview knows; their ids it would not."""
        urns = [one.gate.urn for one in self.granted]
        return pulumi.Output.all(id, *urns).apply(lambda known: known[0])

    def told(self, links: Sequence[Link]) -> dict[str, Told]:
        """What the host's code is told: of each link, and what it names to get a token. That only of
        user-assigned identities: the system-assigned one has no client id here and needs none.
        """
        told: dict[str, Told] = {}
        if self.ids.client_id is not None:
            told[CLIENT_ID] = self.ids.client_id
        told |= {client_id_variable(name): client_id for name, client_id in self.ids.further.items()}
        for link in links:
            told |= link.tells(self.ids)
        return told

    def _grant(self, needs: Sequence[Need], principal_name: pulumi.Output[str]) -> None:
        assert self.ids.principal_id is not None
        by = f"{type(self._host).__name__} '{self._name}'"
        to = Grantee(self.ids.principal_id, principal_name, by, self.ids.client_id)
        self.granted += grant_all(self._host, self._name, needs, to)


def left_to_owners(choices: IdentityChoices, links: Sequence[Link]) -> list[Need]:
    """What somebody else has to grant: an existing identity's owner everything, and whoever owns a target
    what the link leaves to them.
    """
    if choices.kind is IdentityKind.NONE:
        return []
    if choices.is_granted_here:
        return not_granted_here(links)
    return list({need.same: need for link in links for need in link.needs()}.values())
