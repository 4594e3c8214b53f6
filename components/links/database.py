"""A link to a database whose grant is SQL: what all kinds of them have in common."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import pulumi

from ..contract import APPLIED_BY
from ..database_grant import DatabaseGrant, Holder, Place
from ..endpoints import read_id_and_host
from ..form import Form
from ..takes import PrincipalType
from .link import IdentityIds, Link, LinkAround, TargetLink, Told, Variables
from .needs import Granted, Grantee, Need
from .record import Record
from .scope import Scope

Spelling = Callable[[str], str]
"""What a kind of database calls a principal that has this name in Entra."""


def _as_it_is(name: str) -> str:
    return name


@dataclass(frozen=True)
class DatabaseKind:
    """What tells one kind of database from others.

    `service` is the word in the hosts of its servers, `example` such a host; `database` and `user` are the
    forms of the names in it.
    """

    dialect: str
    server_type: str
    service: str
    example: str
    database: Form
    user: Form
    spelled: Spelling = _as_it_is
    tells_user: bool = True
    """Whether code says as whom it signs in; else the token alone does."""


@dataclass(frozen=True)
class DatabaseNeed:
    """A user in a database, with what it may do there."""

    key: str
    place: Place
    scope: Scope
    access: str
    user: pulumi.Output[str] | None
    spelled: Spelling
    source: str

    @property
    def same(self) -> tuple[object, ...]:
        return (self.place.dialect, *self.scope.parts, self.place.schema, self.access)

    def told_apart(self, component: str, earlier: Sequence[Need]) -> Need:  # noqa: ARG002 - the protocol's
        return self  # two that turn out to be one are granted twice, which SQL takes

    def grant(self, name: str, to: Grantee, opts: pulumi.ResourceOptions) -> Granted:
        called = self.user
        if called is None:
            called = spelled_name(to.principal_name, self.spelled)
        holder = Holder(to.principal_id, called, PrincipalType.SERVICE_PRINCIPAL, to.client_id)
        made = DatabaseGrant(name, self.place, holder, str(self.access), to.granted_by, opts)
        return Granted(made, made, made.access)

    def words(self) -> pulumi.Output[str]:
        part = f"schema {self.place.schema} of " if self.place.schema else ""
        return pulumi.Output.format(
            "{0} in {1}{2}, by `{3}`", str(self.access), part, self.scope.id, APPLIED_BY
        )


def spelled_name(name: pulumi.Input[str], spelled: Spelling) -> pulumi.Input[str]:
    """The same where nothing is spelled anew: what is plain stays so, and a first preview can tell it."""
    if isinstance(name, str):
        return spelled(name)
    return name if spelled is _as_it_is else pulumi.Output.from_input(name).apply(spelled)


@dataclass(frozen=True)
class DatabaseLink(LinkAround[TargetLink]):
    """What is told, and as whom code signs in: that follows from the identity."""

    user_variable: str | None
    user: pulumi.Output[str] | None
    spelled: Spelling

    @property
    def variables(self) -> Variables:
        of_user = [] if self.user_variable is None else [(self.user_variable, self.source)]
        return [*self.link.variables, *of_user]

    def tells(self, ids: IdentityIds, /) -> Mapping[str, Told]:
        user = self.user
        if user is None and ids.principal_name is not None:
            user = pulumi.Output.from_input(spelled_name(ids.principal_name, self.spelled))
        told = self.link.tells(ids)
        return told if user is None or self.user_variable is None else {**told, self.user_variable: user}


def read_database_link(record: Record, kind: DatabaseKind, access: str, schema: str = "") -> Link:
    """Problems are noted in the record's arguments. `access` is a verb or what else may be granted; `schema`
    is empty where a database is granted whole.
    """
    arguments, prefix = record.arguments, record.prefix
    for key, why in (("id", "the server that the link is for"), ("database", "the database in it")):
        arguments.require(key, why)
    id, host = read_id_and_host(arguments, ("id", "endpoint"), kind.server_type, kind.service, kind.example)
    database = arguments.text("database", kind.database)
    user = arguments.text("user", kind.user)
    if id is None or host is None or database is None:
        return TargetLink(arguments.path, record.grants_here)
    scope = Scope.of(arguments.raw("id"), id)
    part = scope.within(arguments.raw("database"), "{}/databases/{}".format, database)
    place = Place(kind.dialect, id, host, database, schema)
    need = DatabaseNeed(record.name, place, part, access, user, kind.spelled, arguments.path)
    told: dict[str, Told] = {f"{prefix}_HOST": host, f"{prefix}_DATABASE": database}
    link = TargetLink(arguments.path, record.grants_here, [need], told)
    return DatabaseLink(link, f"{prefix}_USER" if kind.tells_user else None, user, kind.spelled)
