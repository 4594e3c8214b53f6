"""Whether somebody may do what a statement does: SQLite says of each statement what it touches, by its own
reading of it. https://sqlite.org/c3ref/set_authorizer.html
"""

import sqlite3
from typing import Final

from local_azure.rules import Rule
from local_azure.sql.catalog import Catalog
from local_azure.sql.refusals import denied, not_served
from local_azure.sql.rights import Rights
from local_azure.sql.tokens import SqlRefusal

RULES: Final = [
    Rule(
        "L7",
        "refusal",
        "What is not granted, by role or by permission, on the table, its schema or the database: 229 with "
        "the permission, the object, the database and the schema. A denial wins.",
        held_by="l7_a_user_without_a_grant_reads_nothing_and_a_reader_does_not_write",
        source="https://learn.microsoft.com/sql/relational-databases/errors-events/mssqlserver-229-database-engine-error",
    ),
    Rule(
        "L7",
        "behaviour",
        "Who may execute may call procedures, and by them reach tables of the same owner that are closed to "
        "the caller.",
        held_by="l7_who_may_execute_calls_procedures_and_opens_no_table",
        source="https://learn.microsoft.com/sql/relational-databases/security/authentication-access/ownership-chains",
    ),
]
_TOUCHES: Final = {
    sqlite3.SQLITE_READ: "SELECT",
    sqlite3.SQLITE_INSERT: "INSERT",
    sqlite3.SQLITE_UPDATE: "UPDATE",
    sqlite3.SQLITE_DELETE: "DELETE",
}
_ALWAYS: Final = frozenset({
    sqlite3.SQLITE_SELECT, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_RECURSIVE, sqlite3.SQLITE_TRANSACTION,
    sqlite3.SQLITE_SAVEPOINT,
})  # fmt: skip
_DEFINING: Final = frozenset({
    sqlite3.SQLITE_CREATE_TABLE, sqlite3.SQLITE_DROP_TABLE, sqlite3.SQLITE_ALTER_TABLE,
    sqlite3.SQLITE_CREATE_INDEX, sqlite3.SQLITE_DROP_INDEX, sqlite3.SQLITE_REINDEX,
})  # fmt: skip
_COUNTER: Final = "sqlite_sequence"
"""What IDENTITY counts with, which is nobody's to read or change."""


class Guard:
    """Of one statement. `defines` is the table that a statement of our own makes, changes, empties or drops;
    `chain` the owner of the procedure that it is in, whose own tables are open to who may call it; `returns`
    whether it gives out the rows that it wrote. `refusal` is what it refused."""

    def __init__(
        self,
        catalog: Catalog,
        rights: Rights,
        database: str,
        *,
        defines: str = "",
        chain: int | None = None,
        returns: bool = False,
    ) -> None:
        self._database, self._returns = database, returns
        self._defines = {defines.lower(), "sqlite_master", _COUNTER} if defines else set[str]()
        self._schemas = [one.lower() for one in catalog.schemas()]
        # SQLite does not like to be asked while it asks, so what is allowed where is read before.
        self._known = {
            (schema.lower(), name.lower()): {
                one for one in _TOUCHES.values() if owner == chain or rights.may(one, schema, object_id)
            }
            for schema, name, object_id, owner in catalog.tables()
        }
        self.refusal: SqlRefusal | None = None

    def decide(
        self, action: int, first: str | None, _second: str | None, place: str | None, _by: str | None, /
    ) -> int:
        """What SQLite calls. `place` is the schema."""
        name = (first or "").lower()
        if action in _ALWAYS or (self._defines and (action in _DEFINING or name in self._defines)):
            return sqlite3.SQLITE_OK
        permission = _TOUCHES.get(action)
        refused = self._refused(permission, first or "", place) if permission else not_served("that")
        self.refusal = self.refusal or refused
        return sqlite3.SQLITE_OK if refused is None else sqlite3.SQLITE_DENY

    def _refused(self, permission: str, name: str, place: str | None) -> SqlRefusal | None:
        if place == "sys" and not name.lower().startswith("sqlite_"):
            text = "Ad hoc updates to system catalogs are not allowed."
            return None if permission == "SELECT" else SqlRefusal(259, text)
        schema = self._schema_of(name.lower(), place)
        if schema is None:
            # Where no schema is named SQLite has found it, so it is a name that the statement itself gave.
            return SqlRefusal(208, f"Invalid object name '{name}'.") if place else None
        known = self._known[schema, name.lower()]
        if permission == "INSERT" and self._returns and "SELECT" not in known:
            permission = "SELECT"
        return None if permission in known else denied(permission, self._database, schema, name)

    def _schema_of(self, name: str, place: str | None) -> str | None:
        """Of a statement that reads no column of a table SQLite does not say where that is."""
        places = [place.lower()] if place else self._schemas
        return next((one for one in places if (one, name) in self._known), None)
