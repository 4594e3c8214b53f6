"""What a property of an entity can be: the service's types, and how each is read, compared and written.

https://learn.microsoft.com/rest/api/storageservices/payload-format-for-table-service-operations
"""

import base64
import binascii
import math
import re
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from local_azure.errors import Refusal
from local_azure.storage.refusals import refusal

STRING, INT32, INT64, DOUBLE, BOOLEAN, DATETIME, GUID, BINARY = (
    f"Edm.{word}" for word in ("String", "Int32", "Int64", "Double", "Boolean", "DateTime", "Guid", "Binary")
)
_SPECIAL: Final = {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}
_WHOLE: Final = re.compile(r"-?\d{1,20}")

Plain = str | int | float | bool
"""As JSON has it, and as it is kept."""


@dataclass(frozen=True)
class Value:
    """`plain` is what was sent, in one spelling for each thing: dates in UTC, GUIDs in lower case."""

    type: str
    plain: Plain

    def compared(self) -> tuple[str, Plain | bytes]:
        """Something that is smaller where this is smaller; only what has the same first part is compared."""
        match self.type:
            case "Edm.String":
                return STRING, str(self.plain).encode("utf-16-be", "surrogatepass")
            case "Edm.Binary":
                return BINARY, base64.b64decode(str(self.plain))
            case "Edm.Int32" | "Edm.Int64":
                return DOUBLE, int(self.plain)
            case "Edm.Double":
                return DOUBLE, float(_SPECIAL.get(str(self.plain), self.plain))
            case _:
                return self.type, self.plain

    @property
    def size(self) -> int:
        """Bytes, as the service counts the limits of strings and binaries."""
        if self.type == BINARY:
            return len(base64.b64decode(str(self.plain)))
        return 2 * len(str(self.plain)) if self.type == STRING else 8

    @property
    def needs_type(self) -> bool:
        """Whether JSON alone does not say what it is."""
        if self.type == DOUBLE:
            return isinstance(self.plain, str) or float(self.plain).is_integer()
        return self.type in (INT64, DATETIME, GUID, BINARY)


def invalid_input() -> Refusal:
    return refusal(400, "InvalidInput", "One of the request inputs is not valid.")


def read_value(plain: object, type: object) -> Value:
    """A value as JSON has it, with the type that stands beside it, if any. Raises Refusal 400."""
    kind = _type_of(plain) if type is None else type
    read = _READERS.get(kind) if isinstance(kind, str) else None
    if read is None or not isinstance(kind, str):
        raise invalid_input()
    try:
        return Value(kind, read(plain))
    except (ValueError, TypeError, OverflowError, binascii.Error):
        raise invalid_input() from None


def written_date(when: float) -> str:
    """Seconds since the epoch as the service writes a time: to a ten-millionth of a second."""
    return datetime.fromtimestamp(when, UTC).strftime("%Y-%m-%dT%H:%M:%S.%f0Z")


def _type_of(plain: object) -> str:
    if isinstance(plain, bool):
        return BOOLEAN
    return INT32 if isinstance(plain, int) else DOUBLE if isinstance(plain, float) else STRING


def _text(plain: object) -> str:
    if not isinstance(plain, str):
        raise ValueError
    return plain


def _whole(bits: int) -> Callable[[object], int]:
    def read(plain: object) -> int:
        if isinstance(plain, bool) or not _WHOLE.fullmatch(str(plain)):
            raise ValueError
        number = int(str(plain))
        if not -(2 ** (bits - 1)) <= number < 2 ** (bits - 1):
            raise ValueError
        return number

    return read


def _boolean(plain: object) -> bool:
    if not isinstance(plain, bool):
        raise ValueError
    return plain


def _double(plain: object) -> float | str:
    if isinstance(plain, str) and plain in _SPECIAL:
        return plain
    if isinstance(plain, bool) or not isinstance(plain, str | int | float):
        raise ValueError
    number = float(plain)
    if not math.isfinite(number):
        raise ValueError
    return number


def _date(plain: object) -> str:
    when = datetime.fromisoformat(_text(plain))
    return when.replace(tzinfo=when.tzinfo or UTC).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f0Z")


def _guid(plain: object) -> str:
    return str(uuid.UUID(_text(plain)))


def _binary(plain: object) -> str:
    return base64.b64encode(base64.b64decode(_text(plain), validate=True)).decode()


_READERS: Final[Mapping[str, Callable[[object], Plain]]] = {
    STRING: _text,
    INT32: _whole(32),
    INT64: _whole(64),
    DOUBLE: _double,
    BOOLEAN: _boolean,
    DATETIME: _date,
    GUID: _guid,
    BINARY: _binary,
}
