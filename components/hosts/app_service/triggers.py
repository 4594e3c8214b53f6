"""What triggers and bindings of Functions read of a link: where it leads, and as whom.

A trigger names the beginning of its settings (`connection="ORDERS"`), which is that of the link's variables.
Source: https://learn.microsoft.com/azure/azure-functions/functions-reference#configure-an-identity-based-connection
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pulumi

from ...identity import IdentityKind
from ...links.grants import Need
from ...links.link import IdentityIds, Link, Told, Variables
from ...links.messaging import MessagingLink

_OF_AN_IDENTITY = ("credential", "clientId")


@dataclass(frozen=True)
class TriggerLink:
    """A link as a function app has it: code is told the same, and triggers are, too."""

    link: MessagingLink
    identity: IdentityKind

    @property
    def source(self) -> str:
        return self.link.source

    @property
    def grants_here(self) -> bool:
        return self.link.grants_here

    @property
    def variables(self) -> Variables:
        own = [(f"{self.link.prefix}__{key}", self.source) for key in self._keys()]
        return [*self.link.variables, *own]

    @property
    def stay_at_a_swap(self) -> Collection[str]:
        return [name for name, _ in self.variables]

    def needs(self) -> Sequence[Need]:
        return self.link.needs()

    def tells(self, ids: IdentityIds, /) -> Mapping[str, Told]:
        # Without these two the runtime takes the system-assigned identity.
        identity = {"credential": pulumi.Output.from_input("managedidentity"), "clientId": ids.client_id}
        settings = {**self.link.connection, **(identity if ids.client_id is not None else {})}
        told = {f"{self.link.prefix}__{key}": value for key, value in settings.items() if value is not None}
        return {**self.link.tells(ids), **told}

    def known(self) -> Mapping[str, Any]:
        return self.link.known()

    def _keys(self) -> Sequence[str]:
        has_system = self.identity is IdentityKind.SYSTEM_ASSIGNED
        return [*self.link.connection, *(() if has_system else _OF_AN_IDENTITY)]


def with_triggers(links: Sequence[Link], identity: IdentityKind) -> list[Link]:
    """Each link that a trigger can use told in its words, too."""
    return [TriggerLink(one, identity) if isinstance(one, MessagingLink) else one for one in links]
