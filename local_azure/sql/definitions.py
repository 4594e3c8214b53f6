"""Statements that make and drop what is in a database: schemas, tables, procedures.

https://learn.microsoft.com/sql/t-sql/statements/create-table-transact-sql and its neighbours there
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from local_azure.sql.catalog import Catalog
from local_azure.sql.refusals import absent, denied_in, not_served
from local_azure.sql.rights import Rights
from local_azure.sql.tokens import SqlRefusal
from local_azure.sql.tsql import Reading, Word, for_sqlite, parts, quoted

_TYPES: Final = {
    **dict.fromkeys(("BIGINT", "INT", "SMALLINT", "TINYINT", "BIT"), "INTEGER"),
    **dict.fromkeys(("FLOAT", "REAL"), "REAL"),
    **dict.fromkeys(("NVARCHAR", "VARCHAR", "NCHAR", "CHAR", "UNIQUEIDENTIFIER"), "TEXT COLLATE NOCASE"),
    **dict.fromkeys(("VARBINARY", "BINARY"), "BLOB"),
}
"""What a column may be, and what it is in SQLite. Texts are compared as the default collation has it."""
_CONSTRAINTS: Final = frozenset({"CONSTRAINT", "PRIMARY", "UNIQUE", "FOREIGN", "CHECK"})
_SQLITES: Final = frozenset({"main", "temp"})
_MOST_SCHEMAS: Final = 9
"""SQLite attaches ten files at most, of which one is for `sys`. https://sqlite.org/limits.html"""
_LEFT_OUT: Final = frozenset({"CLUSTERED", "NONCLUSTERED"})


class Definitions:
    """Each method is one statement, from behind its first words. `execute` runs a statement of SQLite's that
    defines or empties the table that it is told; `user` is who asks."""

    def __init__(
        self,
        catalog: Catalog,
        rights: Rights,
        database: str,
        user: str,
        execute: Callable[[str, str], None],
    ) -> None:
        self._catalog, self._rights, self._database = catalog, rights, database
        self._user, self._execute = user, execute

    @property
    def statements(self) -> Mapping[tuple[str, ...], Callable[[Reading], None]]:
        return {
            ("CREATE", "SCHEMA"): self.create_schema,
            ("ALTER", "AUTHORIZATION"): self.alter_authorization,
            ("CREATE", "TABLE"): self.create_table,
            ("ALTER", "TABLE"): self.alter_table,
            ("TRUNCATE", "TABLE"): self.truncate_table,
            ("DROP", "TABLE"): lambda reading: self._drop(reading, "U", "table"),
            ("CREATE", "PROCEDURE"): self.create_procedure,
            ("CREATE", "PROC"): self.create_procedure,
            ("DROP", "PROCEDURE"): lambda reading: self._drop(reading, "P", "procedure"),
        }

    def create_schema(self, reading: Reading) -> None:
        name = reading.name()
        owner = reading.name() if reading.takes("AUTHORIZATION") else self._user
        reading.end()
        if not self._rights.may("CREATE SCHEMA"):
            raise denied_in("CREATE SCHEMA", self._database)
        if re.fullmatch(r"[A-Za-z_]\w{0,60}", name, re.ASCII) is None or name.lower() in _SQLITES:
            raise not_served(f"a schema of the name {name}")
        owner_id = self._catalog.principal(owner)
        if owner_id is None or not (self._rights.is_owner or owner == self._user):
            raise absent("find the principal", owner)
        if self._catalog.schema(name) is not None:
            raise SqlRefusal(2714, f"There is already an object named '{name}' in the database.")
        if len(self._catalog.schemas()) == _MOST_SCHEMAS:
            raise not_served(f"more than {_MOST_SCHEMAS} schemas in a database, dbo among them")
        put = "INSERT INTO sys.schemas (name, schema_id, principal_id) VALUES (?, ?, ?)"
        highest = self._catalog.one("SELECT max(5, max(schema_id) + 1) FROM sys.schemas")
        self._catalog.connection.execute(put, (name, highest, owner_id))

    def alter_authorization(self, reading: Reading) -> None:
        reading.expect("ON", "SCHEMA", "::")
        name = reading.name()
        reading.expect("TO")
        owner = self._catalog.principal(reading.name())
        reading.end()
        if self._catalog.schema(name) is None or owner is None or not self._rights.is_owner:
            raise absent("find the schema", name)
        change = "UPDATE sys.schemas SET principal_id = ? WHERE name = ?"
        self._catalog.connection.execute(change, (owner, name))

    def create_table(self, reading: Reading) -> None:
        schema, name = reading.object()
        columns = [_column(words) for words in parts(reading.inside())]
        reading.end()
        self._new(schema, name, "CREATE TABLE")
        self._execute(f"CREATE TABLE {quoted(schema)}.{quoted(name)} ({', '.join(columns)}) STRICT", name)
        self._catalog.add_object(schema, name, "U")

    def alter_table(self, reading: Reading) -> None:
        schema, name = reading.object()
        reading.expect("ADD")
        column = _column(reading.rest())
        self._existing(schema, name, "U", "alter", "table")
        self._execute(f"ALTER TABLE {quoted(schema)}.{quoted(name)} ADD COLUMN {column}", name)

    def truncate_table(self, reading: Reading) -> None:
        schema, name = reading.object()
        reading.end()
        self._existing(schema, name, "U", "truncate", "table")
        self._execute(f"DELETE FROM {quoted(schema)}.{quoted(name)}", name)

    def create_procedure(self, reading: Reading) -> None:
        schema, name = reading.object()
        rest = reading.rest()
        uppers = [word.upper for word in rest]
        if "AS" not in uppers:
            raise not_served("a procedure without AS")
        definition = " ".join(word.raw for word in rest)
        self._new(schema, name, "CREATE PROCEDURE")
        made = self._catalog.add_object(schema, name, "P")
        self._catalog.connection.execute("INSERT INTO sys.sql_modules VALUES (?, ?)", (made, definition))

    def _drop(self, reading: Reading, type: str, what: str) -> None:
        if_exists = reading.takes("IF", "EXISTS")
        schema, name = reading.object()
        reading.end()
        if if_exists and self._catalog.object_id(schema, name, type) is None:
            return
        found = self._existing(schema, name, type, "drop", what)
        if type == "U":
            self._execute(f"DROP TABLE {quoted(schema)}.{quoted(name)}", name)
        self._catalog.drop_object(found)

    def _new(self, schema: str, name: str, permission: str) -> None:
        if not (self._rights.may(permission) and self._rights.may("ALTER", schema)):
            raise denied_in(permission, self._database)
        if self._catalog.schema(schema) is None:
            raise SqlRefusal(
                2760, f'The specified schema name "{schema}" either does not exist or you do not have '
                "permission to use it.",
            )  # fmt: skip
        if self._catalog.object_id(schema, name) is not None:
            raise SqlRefusal(2714, f"There is already an object named '{name}' in the database.")

    def _existing(self, schema: str, name: str, type: str, verb: str, what: str) -> int:
        found = self._catalog.object_id(schema, name, type)
        if found is None or not self._rights.may("ALTER", schema, found):
            raise absent(f"{verb} the {what}", name, 3701)
        return found


def _column(words: Sequence[Word]) -> str:
    reading = Reading(words)
    if reading.peek() in _CONSTRAINTS:
        return for_sqlite(_local_references([one for one in words if one.upper not in _LEFT_OUT]), {})
    name = quoted(reading.name())
    word = reading.next()
    kind = word.value.upper()
    if kind not in _TYPES:
        served = ", ".join(one.lower() for one in _TYPES)
        raise not_served(f"columns of the type {word.value}; of these it does: {served}")
    if reading.peek() == "(":
        reading.inside()
    rest = [one for one in reading.rest() if one.upper not in _LEFT_OUT]
    if "IDENTITY" not in [one.upper for one in rest]:
        return f"{name} {_TYPES[kind]} {for_sqlite(_local_references(rest), {})}".strip()
    if [one.upper for one in rest if one.upper in ("PRIMARY", "KEY")] != ["PRIMARY", "KEY"]:
        raise not_served("IDENTITY on another column than the primary key")
    return f"{name} INTEGER PRIMARY KEY AUTOINCREMENT"


def _local_references(words: list[Word]) -> list[Word]:
    """`REFERENCES dbo.t` without the schema, which SQLite takes from the table itself."""
    found = list(words)
    for at, word in enumerate(words):
        if word.upper == "REFERENCES" and [one.raw for one in words[at + 2 : at + 3]] == ["."]:
            del found[at + 1 : at + 3]
    return found
