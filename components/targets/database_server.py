"""What flexible servers have in common, whichever database they are of: what is in them is made one after
another, and SQL grants it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

import pulumi
from pulumi_azure_native import authorization

from ..database_grant import Place
from ..deployer import Owed
from ..unknowns import answered
from .address_ends import ends_of
from .database_people import grant_databases
from .groups import Groups
from .target import Target

ENABLED: Final = "Enabled"
DISABLED: Final = "Disabled"


class Server(Protocol):
    """A server of azure-native's."""

    @property
    def name(self) -> pulumi.Output[str]: ...
    @property
    def fully_qualified_domain_name(self) -> pulumi.Output[str]: ...


@dataclass(frozen=True)
class Part:
    """Something in a server: how its resource's name ends, its class, and its inputs besides where it is.
    With `stays` it cannot be deleted by itself, and goes with the server.
    """

    name: str
    make: Callable[..., pulumi.CustomResource]
    inputs: Mapping[str, Any] = field(default_factory=dict[str, Any])
    stays: bool = False


class DatabaseServer(Target):
    """A database server: something an identity can be let into by SQL."""

    server_id: pulumi.Output[str]
    """Resource id of the server, given out when its databases and administrators exist."""
    endpoint: pulumi.Output[str]
    """Host name of the server."""

    def declare_server(
        self,
        resource: pulumi.CustomResource,
        server: Server,
        parts: Sequence[Part],
        people: Mapping[str, Groups],
        places: Callable[[], Mapping[str, Place]],
        left_to_owners: Sequence[Owed] = (),
    ) -> None:
        """All that is in the server, around it and granted there. `resource` and `server` are one; `places`
        are its databases by name, and asked for when the server's address is known; `left_to_owners` is what
        somebody else has to grant.
        """
        self.name = server.name
        content = [] if self.adopted else self._one_after_another(resource, server, parts)
        # Who signs in needs a database, and a user that an administrator makes.
        self.server_id = self.declare_around(resource, content, grants=())
        host = answered(server.fully_qualified_domain_name, lambda name: name, "its host name")
        self.endpoint = self.once_reachable(host)
        self.grants = grant_databases(self, self.called, people, places())
        self.finished(left_to_owners)

    def tenant(self, chosen: pulumi.Output[str] | None) -> pulumi.Output[str]:
        """The Entra tenant of those who may be let in: where none is chosen, the deployment's own."""
        if chosen is not None:
            return chosen
        return authorization.get_client_config_output(opts=pulumi.InvokeOptions(parent=self)).tenant_id

    def _one_after_another(
        self, resource: pulumi.CustomResource, server: Server, parts: Sequence[Part]
    ) -> list[pulumi.CustomResource]:
        """A server takes one write at a time."""
        made: list[pulumi.CustomResource] = []
        for part in parts:
            opts = pulumi.ResourceOptions(
                parent=self, depends_on=made[-1:], deleted_with=resource if part.stays else None
            )
            where = {"resource_group_name": self.target.place.resource_group_name, "server_name": server.name}
            made.append(part.make(f"{self.called}-{part.name}", **part.inputs, **where, opts=opts))
        return made


def databases_of(make: Callable[..., pulumi.CustomResource], databases: Sequence[str]) -> list[Part]:
    return [Part(database, make, {"database_name": database}) for database in databases]


def firewall_of(
    make: Callable[..., pulumi.CustomResource], ip_ranges: Mapping[str, pulumi.Output[str]] | None
) -> list[Part]:
    """A rule for each range: nobody else is let in by the public address."""
    return [
        Part(
            rule,
            make,
            {
                "end_ip_address": range_.apply(lambda text: ends_of(text)[1]),
                "firewall_rule_name": rule,
                "start_ip_address": range_.apply(lambda text: ends_of(text)[0]),
            },
        )
        for rule, range_ in (ip_ranges or {}).items()
    ]
