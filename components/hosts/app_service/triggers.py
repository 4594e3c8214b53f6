"""What triggers and bindings of Functions read of a link: where it leads, and as whom.

A trigger names the beginning of its settings (`connection="ORDERS"`), which is that of the link's variables.
Source: https://learn.microsoft.com/azure/azure-functions/functions-reference#configure-an-identity-based-connection
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import pulumi

from ...identity import IdentityKind
from ...links.link import ConnectionLink, IdentityIds, Link, LinkAround, Told, Variables
from ...links.needs import Need
from .host_roles import Trigger

_BLOBS, _QUEUES = "blobServiceUri", "queueServiceUri"
_OF_AN_IDENTITY = ("credential", "clientId")


@dataclass(frozen=True)
class TriggerLink(LinkAround[ConnectionLink]):
    """A link as a function app has it: code is told the same, and triggers are, too."""

    identity: IdentityKind

    @property
    def variables(self) -> Variables:
        own = [(f"{self.link.prefix}__{key}", self.source) for key in self._keys()]
        return [*self.link.variables, *own]

    def needs(self) -> Sequence[Need]:
        return [*self.link.needs(), *self.link.for_triggers]

    def tells(self, ids: IdentityIds, /) -> Mapping[str, Told]:
        # Without these two the runtime takes the system-assigned identity.
        identity = {"credential": pulumi.Output.from_input("managedidentity"), "clientId": ids.client_id}
        settings = {**self.link.connection, **(identity if ids.client_id is not None else {})}
        told = {f"{self.link.prefix}__{key}": value for key, value in settings.items() if value is not None}
        return {**self.link.tells(ids), **told}

    def _keys(self) -> Sequence[str]:
        has_system = self.identity is IdentityKind.SYSTEM_ASSIGNED
        return [*self.link.connection, *(() if has_system else _OF_AN_IDENTITY)]


def with_triggers(links: Sequence[Link], identity: IdentityKind, triggers: Collection[Trigger]) -> list[Link]:
    """Each link that a trigger can use told in its words, too."""
    return [
        TriggerLink(_for_blobs(one) if Trigger.BLOB in triggers else one, identity)
        if isinstance(one, ConnectionLink) and one.connection
        else one
        for one in links
    ]


def _for_blobs(link: ConnectionLink) -> ConnectionLink:
    """A trigger of blobs puts what failed too often into a queue of the same account, so it asks for that
    address, too.

    https://learn.microsoft.com/azure/azure-functions/functions-bindings-storage-blob-trigger#identity-based-connections
    """
    blobs = link.connection.get(_BLOBS)
    if blobs is None:
        return link
    queues = blobs.apply(lambda address: address.replace(".blob.", ".queue.", 1))
    return replace(link, connection={**link.connection, _QUEUES: queues})
