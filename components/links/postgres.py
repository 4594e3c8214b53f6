"""The link to a database of a PostgreSQL server: a role in it, which SQL gives."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, NotRequired, TypedDict

import pulumi

from ..contract import APPLIED_BY
from ..database_grant import POSTGRES as DIALECT
from ..database_grant import DatabaseGrant, Holder, Place
from ..endpoints import read_id_and_host
from ..form import Form
from ..names import POSTGRES_DATABASE, POSTGRES_SCHEMA
from ..references import POSTGRES
from ..takes import PrincipalType
from .grants import Granted, Grantee, Need, Scope
from .link import IdentityIds, Link, TargetLink, Told, Variables
from .record import Record

_ROLE_NAME: Final = Form.matching(
    "the name of a role: 1 to 63 printable characters", r"[ -~]{1,63}", r"[ -~]*"
)
_EXAMPLE: Final = "<server>.postgres.database.azure.com"
PUBLIC_SCHEMA: Final = "public"


class PostgresAccess(StrEnum):
    """What an app may do in a schema."""

    READ = "read"
    """Read its tables and views."""
    WRITE = "write"
    """Read and write them."""
    OWN = "own"
    """Make tables and other things there besides, and change and drop its own."""


class PostgresLinkArgs(TypedDict):
    """One schema of a database. Code is told `_HOST`, `_DATABASE` and `_USER`; a token is the password."""

    id: pulumi.Input[str]
    """Resource id of the flexible server, as a PostgresServer outputs it."""
    endpoint: pulumi.Input[str]
    """Host name of the server, psql-team.postgres.database.azure.com."""
    database: pulumi.Input[str]
    """Name of the database."""
    access: NotRequired[PostgresAccess]
    """What code may do there; left out, read."""
    schema: NotRequired[str]
    """The schema that the link is for; left out, public."""
    user: NotRequired[pulumi.Input[str]]
    """The role that code signs in as, where its name is not the identity's; left out, the identity's name."""


@dataclass(frozen=True)
class DatabaseNeed:
    """A role in a database, with what it may do in one schema."""

    key: str
    place: Place
    scope: Scope
    access: PostgresAccess
    user: pulumi.Output[str] | None
    source: str

    @property
    def same(self) -> tuple[object, ...]:
        return ("postgres", *self.scope.parts, self.place.schema, self.access)

    def told_apart(self, component: str, earlier: Sequence[Need]) -> Need:  # noqa: ARG002 - the protocol's
        return self  # two that turn out to be one are granted twice, which SQL takes

    def grant(self, name: str, to: Grantee, opts: pulumi.ResourceOptions) -> Granted:
        called = to.principal_name if self.user is None else self.user
        holder = Holder(to.principal_id, called, PrincipalType.SERVICE_PRINCIPAL, to.client_id)
        made = DatabaseGrant(name, self.place, holder, self.access.value, to.granted_by, opts)
        return Granted(made, made, made.access)

    def words(self) -> pulumi.Output[str]:
        schema, verb = self.place.schema, self.access.value
        return pulumi.Output.format(
            "{0} in schema {1} of {2}, by `{3}`", verb, schema, self.scope.id, APPLIED_BY
        )


@dataclass(frozen=True)
class PostgresLink:
    """What is told, and as whom code signs in: that follows from the identity."""

    link: TargetLink
    user_variable: str
    user: pulumi.Output[str] | None

    @property
    def source(self) -> str:
        return self.link.source

    @property
    def grants_here(self) -> bool:
        return self.link.grants_here

    @property
    def variables(self) -> Variables:
        return [*self.link.variables, (self.user_variable, self.source)]

    @property
    def stay_at_a_swap(self) -> Collection[str]:
        return [name for name, _ in self.variables]

    def needs(self) -> Sequence[Need]:
        return self.link.needs()

    def tells(self, ids: IdentityIds, /) -> Mapping[str, Told]:
        user = ids.principal_name if self.user is None else self.user
        return {**self.link.tells(ids), **({} if user is None else {self.user_variable: user})}

    def known(self) -> Mapping[str, Any]:
        return self.link.known()


def read_link(record: Record) -> Link:
    arguments, prefix = record.arguments, record.prefix
    for key, why in (("id", "the server that the link is for"), ("database", "the database in it")):
        arguments.require(key, why)
    id, host = read_id_and_host(arguments, ("id", "endpoint"), POSTGRES, "postgres", _EXAMPLE)
    database = arguments.text("database", POSTGRES_DATABASE.form)
    access = arguments.choice("access", PostgresAccess, PostgresAccess.READ)
    schema = arguments.plain_text("schema", PUBLIC_SCHEMA)
    if not POSTGRES_SCHEMA.holds(schema):
        step = f"name a schema, or leave it out for {PUBLIC_SCHEMA}"
        arguments.refuse(arguments.at("schema"), POSTGRES_SCHEMA.refused(schema), POSTGRES_SCHEMA.words, step)
    user = arguments.text("user", _ROLE_NAME)
    if id is None or host is None or database is None:
        return TargetLink(arguments.path, record.grants_here)
    scope = Scope.of(arguments.raw("id"), id)
    part = scope.within(arguments.raw("database"), "{}/databases/{}".format, database)
    place = Place(DIALECT, id, host, database, schema)
    need = DatabaseNeed(record.name, place, part, access, user, arguments.path)
    told: dict[str, Told] = {f"{prefix}_HOST": host, f"{prefix}_DATABASE": database}
    link = TargetLink(arguments.path, record.grants_here, [need], told)
    return PostgresLink(link, f"{prefix}_USER", user)
