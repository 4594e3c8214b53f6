"""Calls of procedures in TDS, with typed parameters: how every client sends a statement that has some.

https://learn.microsoft.com/openspecs/windows_protocols/ms-tds (RPC Request, TYPE_INFO)
"""

import struct
import uuid
from dataclasses import dataclass, field
from typing import Any, Final

from local_azure.sql.packets import NoMessageError
from local_azure.sql.tokens import SqlRefusal

EXECUTE_SQL: Final = "sp_executesql"
PREPARE: Final = "sp_prepare"
EXECUTE: Final = "sp_execute"
PREPARE_AND_EXECUTE: Final = "sp_prepexec"
UNPREPARE: Final = "sp_unprepare"
_NUMBERED: Final = {10: EXECUTE_SQL, 11: PREPARE, 12: EXECUTE, 13: PREPARE_AND_EXECUTE, 15: UNPREPARE}
_NOT_SERVED: Final = 40510
_INTEGERS: Final = {1: "<B", 2: "<h", 4: "<i", 8: "<q"}
_FLOATS: Final = {4: "<f", 8: "<d"}
_WITHOUT_END: Final = 0xFFFF
_NULL: Final = 0xFFFFFFFFFFFFFFFF
_UNKNOWN: Final = 0xFFFFFFFFFFFFFFFE


@dataclass(frozen=True)
class Call:
    """`named` and `placed` are the parameters: by name, without `@`, and by their places."""

    procedure: str
    placed: list[Any] = field(default_factory=list[Any])
    named: dict[str, Any] = field(default_factory=dict[str, Any])


def after_headers(body: bytes) -> int:
    """Where a request itself begins: behind what is said of transactions."""
    if len(body) < 4:
        raise NoMessageError
    (length,) = struct.unpack_from("<I", body)
    return int(length)


def read_call(body: bytes) -> Call:
    """Raises NoMessageError, and SqlRefusal for what the local Azure does not serve."""
    try:
        return _Reader(body, after_headers(body)).call()
    except (struct.error, LookupError, UnicodeDecodeError, ValueError):
        raise NoMessageError from None


class _Reader:
    def __init__(self, body: bytes, start: int) -> None:
        self._body, self._at = body, start

    def call(self) -> Call:
        length = self._number("<H")
        if length == 0xFFFF:
            number = self._number("<H")
            if number not in _NUMBERED:
                raise SqlRefusal(_NOT_SERVED, f"The local Azure serves no system procedure {number}.")
            procedure = _NUMBERED[number]
        else:
            procedure = self._take(2 * length).decode("utf-16-le")
        self._number("<H")  # flags
        found = Call(procedure)
        while self._at < len(self._body):
            name = self._take(2 * self._number("<B")).decode("utf-16-le").removeprefix("@")
            self._number("<B")  # whether the procedure may change it
            value = self._value()
            if name:
                found.named[name] = value
            else:
                found.placed.append(value)
        return found

    def _value(self) -> Any:
        kind = self._number("<B")
        if kind in (0x26, 0x68, 0x6D, 0x24):  # integers, bits, floats, GUIDs: at most 255 bytes
            self._number("<B")
            return self._short(kind)
        if kind in (0xE7, 0xEF, 0xA7, 0xAF, 0xA5, 0xAD):  # texts and bytes
            longest = self._number("<H")
            if kind not in (0xA5, 0xAD):
                self._take(5)  # collation
            data = self._pieces() if longest == _WITHOUT_END else self._counted()
            if data is None or kind in (0xA5, 0xAD):
                return data
            return data.decode("utf-16-le" if kind in (0xE7, 0xEF) else "cp1252")
        raise SqlRefusal(
            _NOT_SERVED,
            "The local Azure takes parameters that are integers, floats, bits, texts, bytes and GUIDs; this "
            f"one is of another type (0x{kind:02X}).",
        )

    def _short(self, kind: int) -> Any:
        length = self._number("<B")
        if not length:
            return None
        if kind == 0x24:
            return str(uuid.UUID(bytes_le=self._take(length))).upper()
        return self._number(_FLOATS[length] if kind == 0x6D else _INTEGERS[length])

    def _counted(self) -> bytes | None:
        length = self._number("<H")
        return None if length == 0xFFFF else self._take(length)

    def _pieces(self) -> bytes | None:
        whole = self._number("<Q")
        if whole == _NULL:
            return None
        found = bytearray()
        while length := self._number("<I"):
            found += self._take(length)
        if whole not in (_UNKNOWN, len(found)):
            raise NoMessageError
        return bytes(found)

    def _number(self, form: str) -> Any:
        (found,) = struct.unpack_from(form, self._body, self._at)
        self._at += struct.calcsize(form)
        return found

    def _take(self, length: int) -> bytes:
        if self._at + length > len(self._body):
            raise NoMessageError
        found = self._body[self._at : self._at + length]
        self._at += length
        return found
