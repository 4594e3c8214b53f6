"""What a server answers in TDS: rows, refusals, and that it is done.

https://learn.microsoft.com/openspecs/windows_protocols/ms-tds (Packet Data Token Stream Definition)
"""

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

TDS_7_4: Final = 0x74000004
_COLLATION: Final = b"\x09\x04\xd0\x00\x34"
"""SQL_Latin1_General_CP1_CI_AS, which databases have where nothing is said."""
_MORE: Final = 1
_FAILED: Final = 2
_COUNTED: Final = 0x10
_ATTENDED: Final = 0x20
_DONE: Final = 0xFD
_DONE_IN_PROCEDURE: Final = 0xFF
_DONE_PROCEDURE: Final = 0xFE
_INTEGER: Final = b"\x26\x08"
_FLOAT: Final = b"\x6d\x08"
_TEXT: Final = b"\xe7"
_BYTES: Final = b"\xa5"
_WITHOUT_END: Final = 0xFFFF
_LONGEST_NAME: Final = 127
"""Characters, which are 254 units at most."""
_LONGEST_MESSAGE: Final = 2047
"""Characters, as in SQL Server."""
_UNKNOWN_LENGTH: Final = b"\xfe" + b"\xff" * 7
_NULL_LENGTH: Final = b"\xff" * 8
_NULLABLE: Final = 1
DATABASE: Final = 1
PACKET_SIZE: Final = 4
COLLATION: Final = 7
BEGUN: Final = 8
COMMITTED: Final = 9
ROLLED_BACK: Final = 10


@dataclass(eq=False)
class SqlRefusal(Exception):
    """What SQL refuses: its number, its words, and how bad it is (14 rights, 15 syntax, 16 anything else)."""

    number: int
    message: str
    severity: int = 16
    state: int = 1

    def sent(self) -> bytes:
        return _message(0xAA, self.number, self.message, self.severity, self.state)


@dataclass(frozen=True)
class Rows:
    """The answer to a statement: columns where it has rows, else how many it changed, if it counts."""

    columns: Sequence[str] = ()
    rows: Sequence[Sequence[Any]] = ()
    changed: int | None = None


def login_accepted(database: str, *, federated: bool) -> bytes:
    answer = changed(DATABASE, _short(database) + _short("master"))
    answer += changed(COLLATION, bytes([len(_COLLATION)]) + _COLLATION + b"\0")
    answer += changed(PACKET_SIZE, _short("4096") + _short("4096"))
    name = _short("Microsoft SQL Server")
    body = b"\x01" + struct.pack(">I", TDS_7_4) + name + b"\x0c\x00\x07\xd0"
    answer += b"\xad" + struct.pack("<H", len(body)) + body
    if federated:
        # Acknowledged without a nonce: the client sent none.
        answer += b"\xae\x02" + struct.pack("<I", 0) + b"\xff"
    return answer + done()


def changed(kind: int, values: bytes) -> bytes:
    """That something of the session is another now."""
    return b"\xe3" + struct.pack("<HB", len(values) + 1, kind) + values


def transaction(kind: int, number: int) -> bytes:
    """That a transaction began or ended."""
    said = b"\x08" + struct.pack("<Q", number)
    return changed(kind, said + b"\0" if kind == BEGUN else b"\0" + said)


def answered(results: Sequence[Rows], refusal: SqlRefusal | None = None) -> bytes:
    """The whole answer to a batch: a refusal is its last part."""
    answer = b""
    for number, one in enumerate(results, 1):
        is_last = number == len(results) and refusal is None
        answer += _rows(one) + _done(_DONE, one, 0 if is_last else _MORE)
    if refusal is not None:
        return answer + refusal.sent() + _done(_DONE, Rows(), _FAILED)
    return answer if results else done()


def answered_call(
    results: Sequence[Rows], refusal: SqlRefusal | None = None, handle: int | None = None
) -> bytes:
    """The same to a call of a procedure, which ends with what it returned: for a statement that was prepared,
    its handle, too."""
    answer = b"".join(_rows(one) + _done(_DONE_IN_PROCEDURE, one, _MORE) for one in results)
    if refusal is not None:
        return answer + refusal.sent() + _done(_DONE_PROCEDURE, Rows(), _FAILED)
    answer += b"\x79" + struct.pack("<i", 0)
    if handle is not None:
        answer += struct.pack("<BHBBIH", 0xAC, 0, 0, 1, 0, 0) + b"\x26\x04" + struct.pack("<Bi", 4, handle)
    return answer + _done(_DONE_PROCEDURE, Rows(), 0)


def attended() -> bytes:
    """That a client's wish to break off was heard."""
    return _done(_DONE, Rows(), _ATTENDED)


def done() -> bytes:
    return _done(_DONE, Rows(), 0)


def refused(refusal: SqlRefusal) -> bytes:
    return refusal.sent() + _done(_DONE, Rows(), _FAILED)


def _done(token: int, result: Rows, status: int) -> bytes:
    count = len(result.rows) if result.columns else result.changed
    flags = status if count is None else status | _COUNTED
    return struct.pack("<BHHQ", token, flags, 0xC1 if result.columns else 0, count or 0)


def _rows(result: Rows) -> bytes:
    if not result.columns:
        return b""
    kinds = [_kind([row[at] for row in result.rows]) for at in range(len(result.columns))]
    answer = b"\x81" + struct.pack("<H", len(result.columns))
    for name, kind in zip(result.columns, kinds, strict=True):
        answer += struct.pack("<IH", 0, _NULLABLE) + _described(kind) + _short(name[:_LONGEST_NAME])
    pieces = [answer]
    for row in result.rows:
        pieces.append(b"\xd1" + b"".join(_value(kind, one) for kind, one in zip(kinds, row, strict=True)))
    return b"".join(pieces)


def _kind(values: Sequence[Any]) -> bytes:
    """One type for all values of a column, as SQLite gives one to each value."""
    kinds: set[type] = {type(one) for one in values if one is not None}
    if kinds and kinds <= {int}:
        return _INTEGER
    if kinds and kinds <= {int, float}:
        return _FLOAT
    return _BYTES if kinds == {bytes} else _TEXT


def _described(kind: bytes) -> bytes:
    if kind == _TEXT:
        return kind + struct.pack("<H", _WITHOUT_END) + _COLLATION
    return kind + struct.pack("<H", _WITHOUT_END) if kind == _BYTES else kind


def _value(kind: bytes, value: Any) -> bytes:
    if value is None:
        return b"\0" if kind in (_INTEGER, _FLOAT) else _NULL_LENGTH
    if kind == _INTEGER:
        return struct.pack("<Bq", 8, value)
    if kind == _FLOAT:
        return struct.pack("<Bd", 8, value)
    data = value if kind == _BYTES else str(value).encode("utf-16-le")
    piece = struct.pack("<I", len(data)) + data if data else b""
    return _UNKNOWN_LENGTH + piece + struct.pack("<I", 0)


def _message(token: int, number: int, text: str, severity: int, state: int) -> bytes:
    words = text[:_LONGEST_MESSAGE].encode("utf-16-le")
    body = struct.pack("<IBBH", number, state, severity, len(words) // 2) + words
    body += b"\0" + b"\0" + struct.pack("<I", 1)
    return struct.pack("<BH", token, len(body)) + body


def _short(text: str) -> bytes:
    """A text of up to 255 units of UTF-16, behind their number."""
    units = text.encode("utf-16-le")
    return struct.pack("<B", len(units) // 2) + units
