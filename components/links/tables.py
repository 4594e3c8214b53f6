"""The link to the tables of a storage account."""

from enum import StrEnum
from typing import Final, NotRequired, TypedDict

import pulumi

from ..names.storage import TABLE
from ..references import table_id
from ..roles import Role
from .link import Link
from .record import Record
from .storage import Service, read_storage_link

TABLES: Final = Service("table", "table", TABLE, table_id, "tableServiceUri")


class TableAccess(StrEnum):
    """What an app may do with tables."""

    READ = "read"
    """Read what is in them."""
    WRITE = "write"
    """Read, write and delete what is in them."""

    @property
    def role(self) -> Role:
        reads = self is TableAccess.READ
        return Role.STORAGE_TABLE_DATA_READER if reads else Role.STORAGE_TABLE_DATA_CONTRIBUTOR


class TablesLinkArgs(TypedDict):
    """The tables of a storage account, or one of them. Code is told `_ENDPOINT` and `_TABLE`."""

    id: pulumi.Input[str]
    """Resource id of the account, as a StorageAccount outputs it."""
    endpoint: pulumi.Input[str]
    """Address of its tables, https://stteam.table.core.windows.net/."""
    table: NotRequired[pulumi.Input[str]]
    """The one table that the link is for; left out, all of the account's."""
    access: NotRequired[TableAccess]
    """What code may do with entities; left out, read."""


def read_link(record: Record) -> Link:
    verb = record.arguments.choice("access", TableAccess, TableAccess.READ)
    return read_storage_link(record, TABLES, verb.role)
