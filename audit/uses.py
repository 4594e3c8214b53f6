"""Uses of access: what the queries of `queries/` say, one for all rows that tell the same."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any, Final, cast

from audit.kinds import Kind

COLUMNS: Final = (
    "Target",
    "Part",
    "Operation",
    "Action",
    "PrincipalId",
    "AppId",
    "Name",
    "AssignmentId",
    "Status",
    "Hits",
    "FirstTime",
    "LastTime",
    "Addresses",
)
"""What each query about uses gives."""
_REFUSED: Final = (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN)


@dataclass(frozen=True)
class Use:
    """Calls that differ in nothing but time and address."""

    kind: Kind
    target: str
    """Id of the resource that was called, in lower case."""
    part: str
    """How the id of what was reached goes on, as /secrets/db-password; empty where the row does not say."""
    operation: str
    """As the service calls it."""
    action: str
    """What that is among the actions of roles; empty where it is not known here."""
    principal_id: str
    """Object id of who called, in lower case; empty where the row has none."""
    app_id: str
    """Client id, likewise."""
    name: str
    """What the log calls a person."""
    assignment_id: str
    """The role assignment that decided, in lower case; empty where the row does not name it."""
    status: int
    count: int
    first: datetime
    last: datetime
    addresses: tuple[str, ...]
    """Up to five from which the calls came."""

    @property
    def is_refused(self) -> bool:
        """Whether it was refused to this caller. What was not there, or failed later, was let through."""
        return self.status in _REFUSED

    @property
    def place(self) -> str:
        """Id of what was reached, as far as the row says it."""
        return self.target + self.part

    @property
    def assignment(self) -> str:
        """The GUID that names the assignment."""
        return self.assignment_id.rstrip("/").rpartition("/")[2]

    @property
    def caller(self) -> str:
        """Who called, by the one id or name that the row has."""
        return self.principal_id or self.app_id or self.name


@dataclass(frozen=True)
class Unread:
    """Rows that say nothing which could be joined: how many, of which table, and what is with them."""

    table: str
    why: str
    count: int


def uses_of(kind: Kind, rows: Iterable[Mapping[str, Any]]) -> Iterator[Use | Unread]:
    """What one query of a kind answered. Rows without a place or a time are counted as what they lack."""
    for row in rows:
        target = kind.target_in(_text(row, "Target"))
        first, last = time_of(row.get("FirstTime")), time_of(row.get("LastTime"))
        count = int(row.get("Hits") or 0)
        if not target:
            if not _is_elsewhere(row):
                yield Unread(kind.table, "without the id of a resource of its kind", count)
            continue
        if first is None or last is None:
            yield Unread(kind.table, "without a time", count)
            continue
        if row.get("Status") is None:
            yield Unread(kind.table, "without a result", count)
            continue
        operation = _text(row, "Operation")
        yield Use(
            kind,
            target,
            _text(row, "Part"),
            operation,
            kind.action_of(operation, _text(row, "Action")),
            _text(row, "PrincipalId"),
            _text(row, "AppId"),
            _text(row, "Name"),
            _text(row, "AssignmentId"),
            int(row["Status"]),
            count,
            first,
            last,
            tuple(addresses_of(row.get("Addresses"))),
        )


def _is_elsewhere(row: Mapping[str, Any]) -> bool:
    """Whether it is of a resource of another type that has rows in the same table."""
    return _text(row, "Target").startswith("/subscriptions/")


def _text(row: Mapping[str, Any], column: str) -> str:
    return str(row.get(column) or "")


def time_of(value: object) -> datetime | None:
    """A time as a client or a file gives it, UTC."""
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            return None
    if not isinstance(value, datetime):
        return None
    return value if value.tzinfo else value.replace(tzinfo=UTC)


def addresses_of(value: object) -> list[str]:
    """The addresses in a set of them, as a client or a file gives it; those that are empty are left out."""
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            return []
    found = cast(list[Any], value) if isinstance(value, list) else []
    return sorted(str(one) for one in found if one)
