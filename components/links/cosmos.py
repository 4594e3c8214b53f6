"""The link to items of a Cosmos DB account: one of Cosmos DB's own roles."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NotRequired, TypedDict

import pulumi

from ..azure_facts.data_roles import CosmosRole
from ..cosmos_grant import CosmosGrant, Holder, spelling
from ..endpoints import host_of, read_id_and_endpoint
from ..names.databases import COSMOS_NAME
from ..references import COSMOS_DB, cosmos_container, cosmos_database
from ..takes import PrincipalType
from .link import ConnectionLink, Link, TargetLink, Told
from .needs import Granted, Grantee
from .record import Record
from .role_need import RoleNeed, parts_named
from .scope import Scope

_EXAMPLE: Final = "https://<account>.documents.azure.com/"
_PORT: Final = ":443/"
"""How Azure itself ends the address of an account."""


class CosmosAccess(StrEnum):
    """What an app may do with items of a Cosmos DB account."""

    READ = "read"
    """Read them, and ask queries."""
    WRITE = "write"
    """Read, write and delete them, and everything else in their containers."""

    @property
    def role(self) -> CosmosRole:
        return {CosmosAccess.READ: CosmosRole.READER, CosmosAccess.WRITE: CosmosRole.CONTRIBUTOR}[self]


class CosmosLinkArgs(TypedDict):
    """Items of Cosmos DB. Code is told `_ENDPOINT`, and `_DATABASE` and `_CONTAINER` where they are named."""

    id: pulumi.Input[str]
    """Resource id of the account, as a CosmosAccount outputs it."""
    endpoint: pulumi.Input[str]
    """Address of the account, https://cosno-team.documents.azure.com/."""
    database: NotRequired[pulumi.Input[str]]
    """The one database that the link is for; left out, all of the account's."""
    container: NotRequired[pulumi.Input[str]]
    """The one container of the database that the link is for; left out, all of the database's."""
    access: NotRequired[CosmosAccess]
    """What code may do with items; left out, read."""


@dataclass(frozen=True)
class CosmosNeed(RoleNeed):
    """One of Cosmos DB's roles, by its GUID: an assignment in the account and not one of Azure's."""

    account_id: pulumi.Output[str] | None = None
    access: CosmosAccess = CosmosAccess.READ

    def grant(self, name: str, to: Grantee, opts: pulumi.ResourceOptions) -> Granted:
        assert self.account_id is not None
        holder = Holder(to.principal_id, to.principal_name, PrincipalType.SERVICE_PRINCIPAL)
        made = CosmosGrant(
            name, self.account_id, self.scope.id, holder, self.access.role, to.granted_by, opts
        )
        return Granted(made, made.assignment, made.access)

    def granted(self, role: str, scope_id: str) -> str:
        return f"{spelling(scope_id)}/{role.lower()}"

    def words(self) -> pulumi.Output[str]:
        role = self.access.role.value
        return pulumi.Output.format("{0} (a role of the account's own) on {1}", role, self.scope.id)


def read_link(record: Record) -> Link:
    """https://learn.microsoft.com/azure/cosmos-db/nosql/how-to-connect-role-based-access-control"""
    arguments, prefix = record.arguments, record.prefix
    if not arguments.has("id") and not arguments.has("endpoint"):
        arguments.require("id", "the account that the link is for")
    id, endpoint = read_id_and_endpoint(
        arguments, ("id", "endpoint"), COSMOS_DB, "documents", _EXAMPLE, may_end=_PORT
    )
    verb = arguments.choice("access", CosmosAccess, CosmosAccess.READ)
    database = arguments.text("database", COSMOS_NAME.form)
    container = arguments.text("container", COSMOS_NAME.form)
    if container is not None and database is None:
        step = "name the database that the container is in"
        arguments.refuse(arguments.at("container"), "a container alone", "its database with it", step)
    if id is None or endpoint is None:
        return TargetLink(arguments.path, record.grants_here)
    address = endpoint.apply(lambda text: f"https://{host_of(text)}/")
    scope, told = Scope.of(arguments.raw("id"), id), dict[str, Told]({f"{prefix}_ENDPOINT": address})
    if database is not None:
        scope = scope.within(arguments.raw("database"), cosmos_database, database, differs_in_case=True)
        told[f"{prefix}_DATABASE"] = database
    if container is not None:
        scope = scope.within(arguments.raw("container"), cosmos_container, container, differs_in_case=True)
        told[f"{prefix}_CONTAINER"] = container
    need = CosmosNeed(record.name, verb.role.guid, scope, arguments.path, account_id=id, access=verb)
    connection = {"accountEndpoint": address}
    return ConnectionLink(
        arguments.path,
        record.grants_here,
        [need],
        told,
        parts_named([need]),
        prefix=prefix,
        connection=connection,
    )
