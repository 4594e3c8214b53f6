"""The link to a database of a MySQL server: a user in it, which SQL gives."""

import hashlib
from enum import StrEnum
from typing import Final, NotRequired, TypedDict

import pulumi

from ..database_grant import MYSQL as DIALECT
from ..names.databases import MYSQL_DATABASE, MYSQL_USER
from ..references import MYSQL
from .database import DatabaseKind, read_database_link
from .link import Link
from .record import Record

_LONGEST_USER: Final = 32


class MySqlAccess(StrEnum):
    """What an app may do in a database."""

    READ = "read"
    """Read its tables and views."""
    WRITE = "write"
    """Read and write them."""
    OWN = "own"
    """Make, change and drop tables and other things there besides."""


class MySqlLinkArgs(TypedDict):
    """A database. Code is told `_HOST`, `_DATABASE` and `_USER`; a token is the password."""

    id: pulumi.Input[str]
    """Resource id of the flexible server, as a MySqlServer outputs it."""
    endpoint: pulumi.Input[str]
    """Host name of the server, mysql-team.mysql.database.azure.com."""
    database: pulumi.Input[str]
    """Name of the database."""
    access: NotRequired[MySqlAccess]
    """What code may do there; left out, read."""
    user: NotRequired[pulumi.Input[str]]
    """The user that code signs in as, where its name is not the identity's; left out, the identity's name."""


def user_name(name: str) -> str:
    """What MySQL calls a principal: its name, cut where it is longer than a user's name may be, with a hash
    that tells it from others.
    """
    if len(name) <= _LONGEST_USER:
        return name
    digest = hashlib.sha256(name.encode()).hexdigest()[:8]
    return f"{name[: _LONGEST_USER - 9]}-{digest}"


_KIND: Final = DatabaseKind(
    DIALECT,
    MYSQL,
    "mysql",
    "<server>.mysql.database.azure.com",
    MYSQL_DATABASE.form,
    MYSQL_USER,
    user_name,
)


def read_link(record: Record) -> Link:
    access = record.arguments.choice("access", MySqlAccess, MySqlAccess.READ)
    return read_database_link(record, _KIND, access)
