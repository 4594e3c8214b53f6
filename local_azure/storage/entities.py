"""An entity of a table: its two keys and its properties, as they are sent, kept and answered.

https://learn.microsoft.com/rest/api/storageservices/understanding-the-table-service-data-model
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from local_azure.http import JsonObject
from local_azure.rules import Rule
from local_azure.storage.refusals import refusal
from local_azure.storage.table_values import DATETIME, INT64, STRING, Value, read_value, written_date

KEYS: Final = ("PartitionKey", "RowKey")
TIMESTAMP: Final = "Timestamp"
_TYPE: Final = "@odata.type"
_NAME: Final = re.compile(r"[^\W\d]\w*")
_FORBIDDEN: Final = re.compile(r"[/\\#?\x00-\x1f\x7f-\x9f]")
_LONGEST_NAME: Final = 255
_LARGEST_KEY: Final = 1024
_LARGEST_VALUE: Final = 64 * 1024
_LARGEST_ENTITY: Final = 1024 * 1024
_MOST_PROPERTIES: Final = 252

RULES: Final = [
    Rule(
        "I14",
        "refusal",
        "An entity without both keys, with a key that has one of / \\ # ?, with more than 252 properties, a "
        "value of more than 64 KiB or more than 1 MiB in all is refused: 400, with a word for each.",
        held_by="i14_an_entity_that_no_table_takes_is_refused",
    ),
]


@dataclass(frozen=True)
class Entity:
    """`modified` in seconds since the epoch."""

    partition: str
    row: str
    modified: float
    properties: Mapping[str, Value]

    @property
    def etag(self) -> str:
        return f"W/\"datetime'{quote(written_date(self.modified), safe='')}'\""

    def value(self, name: str) -> Value | None:
        """Of a property or a key, None where it has none of that name."""
        match name:
            case "PartitionKey":
                return Value(STRING, self.partition)
            case "RowKey":
                return Value(STRING, self.row)
            case "Timestamp":
                return Value(DATETIME, written_date(self.modified))
            case _:
                return self.properties.get(name)

    def shown(self, selected: Collection[str] = ()) -> JsonObject:
        """The entity as a client gets it, with the properties that it asked for, or all."""
        shown: JsonObject = {"odata.etag": self.etag}
        for name in (*KEYS, TIMESTAMP, *self.properties):
            value = self.value(name)
            if value is not None and (not selected or name in selected):
                if value.needs_type and name != TIMESTAMP:
                    shown[name + _TYPE] = value.type
                shown[name] = str(value.plain) if value.type == INT64 else value.plain
        return shown


def read_key(name: str, key: object) -> str:
    """A partition's or a row's key. Raises Refusal 400."""
    if not isinstance(key, str):
        text = "The values are not specified for all properties in the entity."
        raise refusal(400, "PropertiesNeedValue", text)
    if _FORBIDDEN.search(key):
        raise refusal(400, "OutOfRangeInput", f"The '{name}' parameter of value '{key}' is out of range.")
    if 2 * len(key) > _LARGEST_KEY:
        text = "The property value exceeds the maximum allowed size."
        raise refusal(400, "PropertyValueTooLarge", text)
    return key


def read_properties(body: JsonObject) -> dict[str, Value]:
    """What a body says besides the keys, without what is null. Raises Refusal 400."""
    found: dict[str, Value] = {}
    for name, plain in body.items():
        if name.startswith("odata.") or name.endswith(_TYPE) or name in (*KEYS, TIMESTAMP) or plain is None:
            continue
        if not _NAME.fullmatch(name):
            raise refusal(400, "PropertyNameInvalid", "The property name is invalid.")
        if len(name) > _LONGEST_NAME:
            raise refusal(400, "PropertyNameTooLong", "The property name exceeds the maximum allowed length.")
        found[name] = value = read_value(plain, body.get(name + _TYPE))
        if value.size > _LARGEST_VALUE:
            text = "The property value exceeds the maximum allowed size (64KB)."
            raise refusal(400, "PropertyValueTooLarge", text)
    return found


def require_size(entity: Entity) -> None:
    """Raises Refusal 400 for more than an entity can hold."""
    if len(entity.properties) > _MOST_PROPERTIES:
        text = "The entity contains more properties than allowed."
        raise refusal(400, "TooManyProperties", text)
    names = sum(2 * len(name) for name in entity.properties)
    values = sum(value.size for value in entity.properties.values())
    if names + values + 2 * len(entity.partition + entity.row) > _LARGEST_ENTITY:
        text = "The entity is larger than the maximum allowed size (1MB)."
        raise refusal(400, "EntityTooLarge", text)
