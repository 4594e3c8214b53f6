"""The link to a database of an Azure SQL server: a user in it and its roles, which SQL gives."""

from enum import StrEnum
from typing import Final, NotRequired, TypedDict

import pulumi

from ..arguments import Arguments
from ..database_grant import ROLE
from ..database_grant import SQL as DIALECT
from ..form import Form
from ..names.databases import SQL_DATABASE
from ..references import SQL
from .database import DatabaseKind, read_database_link
from .link import Link
from .record import Record

_PRINCIPAL: Final = (r"[ -~]{1,128}", r"[ -~]*")
_KIND: Final = DatabaseKind(
    DIALECT,
    SQL,
    "database",
    "<server>.database.windows.net",
    SQL_DATABASE.form,
    Form.matching("the name of a user: 1 to 128 printable characters", *_PRINCIPAL),
    tells_user=False,
)
_ROLE: Final = Form.matching(
    "the name of a role of the database's own, none of SQL's (db_owner, public, …) and none of ours "
    "(keyless~…): 1 to 100 printable characters, no space at either end",
    r"(?i)(?!(?:public|db_[a-z]+)$|keyless~)[!-~](?:[ -~]{0,98}[!-~])?",
    r"[ -~]*",
)
"""Who is in db_owner lets others in. SQL takes a name for the same in any case, and with spaces behind it."""


class SqlAccess(StrEnum):
    """What an app may do in a database."""

    READ = "read"
    """Read its tables and views."""
    WRITE = "write"
    """Read and write them."""
    EXECUTE = "execute"
    """Call its procedures and functions, and nothing else."""
    OWN = "own"
    """Read and write, and make, change and drop tables and other things there."""


class SqlLinkArgs(TypedDict):
    """One database. Code is told `_HOST` and `_DATABASE`; a token says who it is."""

    id: pulumi.Input[str]
    """Resource id of the server, as a SqlServer outputs it."""
    endpoint: pulumi.Input[str]
    """Host name of the server, sql-team.database.windows.net."""
    database: pulumi.Input[str]
    """Name of the database."""
    access: NotRequired[SqlAccess]
    """What code may do there; left out, read, or what `database_role` may."""
    database_role: NotRequired[str]
    """A role of the database's own in the place of `access`, none of SQL's `db_…`; left out, none."""
    user: NotRequired[pulumi.Input[str]]
    """What the database calls the identity; left out, the identity's name."""


def read_link(record: Record) -> Link:
    return read_database_link(record, _KIND, _privilege(record.arguments))


def _privilege(arguments: Arguments) -> str:
    access = arguments.choice("access", SqlAccess, SqlAccess.READ)
    if not arguments.has("database_role"):
        return access
    role = arguments.plain_text("database_role", "")
    if not _ROLE.holds(role):
        arguments.refuse(
            arguments.at("database_role"),
            _ROLE.refused(role),
            _ROLE.words,
            "name a role of your own; for what SQL's own roles may, take the argument out and give access",
        )
    if arguments.has("access"):
        both = f"{arguments.at('access')} and {arguments.at('database_role')}"
        step = "take one of the two out: a link of its own may have the other"
        arguments.refuse(both, "both", "what an app may do by one of them", step)
    return ROLE + role
