"""The identity of one host while the host is declared: created, let in, attached, handed out."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import pulumi
from pulumi_azure_native import web
from pulumi_azure_native.web.outputs import ManagedServiceIdentityResponse

from ..access import AccessGrant, AccessGrantArgs
from ..app_settings import CLIENT_ID
from ..identity import IdentityKind, ManagedIdentity, ManagedIdentityArgs
from ..names import IDENTITY as IDENTITY_NAME
from ..naming import Naming
from ..placement import Placement
from ..unknowns import answered
from .further_identities import client_id_variable
from .identity_choice import IdentityChoices
from .link import Link, Need

MANY_GRANTS: Final = 50
"""From here on a host's grants are worth a warning: 80 such apps fill a subscription.
https://learn.microsoft.com/azure/role-based-access-control/troubleshoot-limits"""


class HostIdentity:
    """What a host runs as, and everything that identity is granted.

    A user-assigned identity is let in before the host exists (`grant_before`), a system-assigned one as soon
    as it does (`grant_after`); an existing one is granted by its owner, never here.
    """

    def __init__(
        self, host: pulumi.ComponentResource, name: str, choices: IdentityChoices, naming: Naming
    ) -> None:
        self._host, self._name, self._choices, self._naming = host, name, choices, naming
        self.own: ManagedIdentity | None = None
        self.ids = choices.given
        self.grants: list[AccessGrant] = []

    def create(self, place: Placement) -> None:
        """Create the host's own identity, or read the existing one where its ids were not given; read those
        besides it.
        """
        further = {
            name: ManagedIdentity(
                f"{self._name}-{name}", {"existing_id": id}, pulumi.ResourceOptions(parent=self._host)
            )
            for name, id in self._choices.further.items()
        }
        self.ids = replace(self.ids, further={name: one.client_id for name, one in further.items()})
        if self._choices.kind is IdentityKind.USER_ASSIGNED:
            args: ManagedIdentityArgs = {
                "resource_group_name": place.resource_group_name,
                "identity_name": self._naming.choose(self._choices.name, IDENTITY_NAME),
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
        )

    @property
    def attachment(self) -> web.ManagedServiceIdentityArgs:
        """What a site says of its identity. The kind is always stated: left out, Azure keeps an identity
        that was taken away.
        """
        kinds, attached = web.ManagedServiceIdentityType, list(self._choices.further.values())
        if self.ids.identity_id is not None:
            attached = [self.ids.identity_id, *attached]
        if not attached:
            system = self._choices.kind is IdentityKind.SYSTEM_ASSIGNED
            return web.ManagedServiceIdentityArgs(type=kinds.SYSTEM_ASSIGNED if system else kinds.NONE)
        alone = self.ids.identity_id is not None
        both = kinds.SYSTEM_ASSIGNED_USER_ASSIGNED
        return web.ManagedServiceIdentityArgs(
            type=kinds.USER_ASSIGNED if alone else both, user_assigned_identities=attached
        )

    @property
    def reference_identity(self) -> pulumi.Input[str]:
        """Which identity reads Key Vault references. Unsaid, Azure takes the system-assigned one, also of an
        app that has none.
        """
        return "SystemAssigned" if self.ids.identity_id is None else self.ids.identity_id

    def grant_before(self, needs: Sequence[Need]) -> None:
        """Let a user-assigned identity in, before the host exists."""
        if self._choices.kind is IdentityKind.USER_ASSIGNED and self.own is not None:
            self._grant(needs, self.own.name)

    def grant_after(
        self,
        needs: Sequence[Need],
        answer: pulumi.Output[ManagedServiceIdentityResponse | None],
        host_name: pulumi.Output[str],
    ) -> None:
        """Let a system-assigned identity in, which Azure made with the host and named in its answer."""
        if self._choices.kind is IdentityKind.SYSTEM_ASSIGNED:
            principal_id = answered(answer, _principal_id, "the app's principal id")
            self.ids = replace(self.ids, principal_id=principal_id)
            self._grant(needs, host_name)

    def once_granted(self, id: pulumi.Output[str] | None) -> pulumi.Output[str | None]:
        """An id that promises the grants. It waits for their URNs, which a preview knows; ids it would
        not.
        """
        urns = [grant.assignment.urn for grant in self.grants]
        return pulumi.Output.all(id, *urns).apply(lambda known: known[0])

    def settings(self, links: Sequence[Link]) -> dict[str, pulumi.Input[str]]:
        """What the host's code is told: of each link, and what it names to get a token. That only of
        user-assigned identities: the system-assigned one has no client id here and needs none.
        """
        told: dict[str, pulumi.Input[str]] = {}
        if self.ids.client_id is not None:
            told[CLIENT_ID] = self.ids.client_id
        told |= {client_id_variable(name): client_id for name, client_id in self.ids.further.items()}
        for link in links:
            told |= link.settings(self.ids)
        return told

    def _grant(self, needs: Sequence[Need], principal_name: pulumi.Output[str]) -> None:
        if len(needs) > MANY_GRANTS:
            pulumi.log.warn(
                f"{len(needs)} role assignments for one identity; a subscription has 4,000 in all. Next: "
                "secret_access vault, with a vault that holds this app's secrets only.",
                self._host,
            )
        for need in needs:
            assert self.ids.principal_id is not None
            args: AccessGrantArgs = {
                "principal_id": self.ids.principal_id,
                "principal_name": principal_name,
                "role": need.role,
                "scope_id": need.scope_id,
                "granted_by": f"{type(self._host).__name__} '{self._name}'",
            }
            if self.ids.client_id is not None:
                args["client_id"] = self.ids.client_id
            options = pulumi.ResourceOptions(parent=self._host)
            self.grants.append(AccessGrant(f"{self._name}-{need.key}", args, options))


def _principal_id(identity: ManagedServiceIdentityResponse | None) -> str | None:
    return identity.principal_id if identity else None
