"""What a path of the table service names: the list of tables, one of them, its entities, one of those.

https://learn.microsoft.com/rest/api/storageservices/addressing-table-service-resources
"""

import re
from dataclasses import dataclass
from typing import Final

_TABLE: Final = re.compile(r"/Tables\('(?P<table>[^']*)'\)")
_TABLES: Final = re.compile(r"/Tables(?:\(\))?")
_ENTITIES: Final = re.compile(r"/(?P<table>[^/()']+)(?:\(\))?")
_TEXT: Final = "((?:[^']|'')*)"
_ENTITY: Final = re.compile(rf"/(?P<table>[^/()']+)\(PartitionKey='{_TEXT}',\s*RowKey='{_TEXT}'\)")


@dataclass(frozen=True)
class Tables:
    """The list of tables, or, with a name, one of them."""

    table: str | None = None


@dataclass(frozen=True)
class Entities:
    """The entities of a table, or, with `keys`, one of them."""

    table: str
    keys: tuple[str, str] | None = None


def addressed(path: str) -> Tables | Entities | None:
    """What a decoded path names, None for nothing here."""
    if _TABLES.fullmatch(path):
        return Tables()
    if found := _TABLE.fullmatch(path):
        return Tables(found["table"])
    if found := _ENTITY.fullmatch(path):
        return Entities(found["table"], (_key(found[2]), _key(found[3])))
    if found := _ENTITIES.fullmatch(path):
        return Entities(found["table"])
    return None


def _key(text: str) -> str:
    return text.replace("''", "'")
