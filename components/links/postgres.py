"""The link to a database of a PostgreSQL server: a role in it, which SQL gives."""

from enum import StrEnum
from typing import Final, NotRequired, TypedDict

import pulumi

from ..database_grant import POSTGRES as DIALECT
from ..form import Form
from ..names.databases import POSTGRES_DATABASE, POSTGRES_SCHEMA
from ..references import POSTGRES
from .database import DatabaseKind, read_database_link
from .link import Link
from .record import Record

_KIND: Final = DatabaseKind(
    DIALECT,
    POSTGRES,
    "postgres",
    "<server>.postgres.database.azure.com",
    POSTGRES_DATABASE.form,
    Form.matching("the name of a role: 1 to 63 printable characters", r"[ -~]{1,63}", r"[ -~]*"),
)
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


def read_link(record: Record) -> Link:
    arguments = record.arguments
    access = arguments.choice("access", PostgresAccess, PostgresAccess.READ)
    schema = arguments.plain_text("schema", PUBLIC_SCHEMA)
    if not POSTGRES_SCHEMA.holds(schema):
        step = f"name a schema, or leave it out for {PUBLIC_SCHEMA}"
        arguments.refuse(arguments.at("schema"), POSTGRES_SCHEMA.refused(schema), POSTGRES_SCHEMA.words, step)
    return read_database_link(record, _KIND, access, schema)
