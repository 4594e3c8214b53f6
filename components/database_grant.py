"""A grant inside a database: declared here, granted by SQL.

Resource Manager cannot give it. So it is a record in the state, which `python -m database_grants` reads, and
until that has run nobody is let in.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import pulumi

from .azure_facts.words import word
from .contract import APPLIED_BY
from .contract import DATABASE_GRANT as TOKEN
from .outputs import register_outputs
from .plain import is_plain
from .references import parse_id
from .takes import PrincipalType

POSTGRES: Final = "postgres"
"""Whose SQL it is: the name of a module in `database_grants/dialects`."""
MYSQL: Final = "mysql"
SQL: Final = "sql"
ROLE: Final = "role "
"""How a privilege begins that is a role of the database's own, whose name follows."""
_WHO: Final = {
    PrincipalType.SERVICE_PRINCIPAL: "Identity",
    PrincipalType.GROUP: "Members of group",
    PrincipalType.USER: "Person",
}
_MAY: Final[Mapping[str, str]] = {
    "read": "read what is in",
    "write": "read and write what is in",
    "execute": "call the procedures of",
    "own": "make, change and drop what is in",
}


@dataclass(frozen=True)
class Place:
    """A schema of a database of a server, by whose SQL it is granted there. `schema` is empty where it is for
    the whole database.
    """

    dialect: str
    server_id: pulumi.Output[str]
    host: pulumi.Output[str]
    database: pulumi.Input[str]
    schema: str = ""


@dataclass(frozen=True)
class Holder:
    """Who is let in. `name` is what the database calls the principal, and what code signs in as."""

    principal_id: pulumi.Output[str]
    name: pulumi.Input[str]
    kind: PrincipalType
    client_id: pulumi.Output[str] | None = None


class DatabaseGrant(pulumi.ComponentResource):
    """What one principal may do in one database: nothing in Azure, until the command has run."""

    dialect: pulumi.Output[str]
    """Whose SQL grants it."""
    server_id: pulumi.Output[str]
    """Resource id of the server."""
    host: pulumi.Output[str]
    """Host name of the server."""
    database: pulumi.Output[str]
    """Name of the database."""
    schema: pulumi.Output[str]
    """Name of the schema in it; empty where it is for the whole database."""
    privilege: pulumi.Output[str]
    """The verb: read, write, execute or own; or `role` and the name of a role of the database."""
    principal_id: pulumi.Output[str]
    """Object id in Entra of who is let in."""
    principal_name: pulumi.Output[str]
    """What the database calls the principal."""
    principal_type: pulumi.Output[str]
    """ServicePrincipal, Group or User."""
    client_id: pulumi.Output[str | None]
    """Client id of the same identity, where it is known."""
    access: pulumi.Output[str]
    """Who may do what, and where, once the command has run, in one sentence."""

    def __init__(
        self,
        name: str,
        place: Place,
        holder: Holder,
        privilege: str,
        granted_by: str,
        opts: pulumi.ResourceOptions,
    ) -> None:
        # Under the names of `components/contract.py`: what a first preview knows.
        known: dict[str, object] = {
            "dialect": place.dialect,
            "schema": place.schema,
            "privilege": privilege,
            "principalType": holder.kind.value,
            "grantedBy": granted_by,
            "database": place.database,
            "serverId": place.server_id,
            "principalId": holder.principal_id,
        }
        if is_plain(holder.name):
            known["principalName"] = holder.name
        super().__init__(TOKEN, name, known, opts)
        self.dialect, self.schema = (pulumi.Output.from_input(one) for one in (place.dialect, place.schema))
        self.privilege = pulumi.Output.from_input(privilege)
        self.server_id, self.host = place.server_id, place.host
        self.database = pulumi.Output.from_input(place.database)
        self.principal_id, self.principal_name = holder.principal_id, pulumi.Output.from_input(holder.name)
        self.principal_type = pulumi.Output.from_input(holder.kind.value)
        self.client_id = pulumi.Output.from_input(holder.client_id)
        who = _WHO[holder.kind]
        may = _MAY.get(privilege) or f"do what the role {privilege.removeprefix(ROLE)} may in"
        part = f"schema {place.schema} of " if place.schema else ""
        self.access = pulumi.Output.all(self.principal_name, self.database, self.server_id).apply(
            lambda told: (
                f"{who} {told[0]} may {may} {part}database {told[1]} of {word(parse_id(told[2]).type)} "
                f"{parse_id(told[2]).name}, once `{APPLIED_BY}` has let it in."
            )
        )
        register_outputs(self)
