"""What a database knows of itself, in the tables of its schema `sys`: principals, members and permissions.

https://learn.microsoft.com/sql/relational-databases/system-catalog-views/security-catalog-views-transact-sql
"""

import sqlite3
import uuid
from collections.abc import Collection
from typing import Any, Final

PUBLIC: Final = 0
DBO: Final = 1
DATABASE: Final = 0
OBJECT: Final = 1
SCHEMA: Final = 3
FIXED_ROLES: Final = {
    "db_owner": 16384, "db_accessadmin": 16385, "db_securityadmin": 16386, "db_ddladmin": 16387,
    "db_backupoperator": 16389, "db_datareader": 16390, "db_datawriter": 16391,
    "db_denydatareader": 16392, "db_denydatawriter": 16393,
}  # fmt: skip
_FIRST_OWN: Final = 5
_TABLES: Final = """
CREATE TABLE IF NOT EXISTS sys.database_principals (
  name TEXT COLLATE NOCASE UNIQUE, principal_id INTEGER PRIMARY KEY, type TEXT, type_desc TEXT,
  default_schema_name TEXT, owning_principal_id INTEGER, sid BLOB, is_fixed_role INTEGER,
  authentication_type INTEGER, authentication_type_desc TEXT
);
CREATE TABLE IF NOT EXISTS sys.database_role_members (
  role_principal_id INTEGER, member_principal_id INTEGER,
  PRIMARY KEY (role_principal_id, member_principal_id)
);
CREATE TABLE IF NOT EXISTS sys.database_permissions (
  class INTEGER, class_desc TEXT, major_id INTEGER, minor_id INTEGER, grantee_principal_id INTEGER,
  grantor_principal_id INTEGER, type TEXT, permission_name TEXT, state TEXT, state_desc TEXT,
  PRIMARY KEY (class, major_id, grantee_principal_id, permission_name)
);
CREATE TABLE IF NOT EXISTS sys.schemas (
  name TEXT COLLATE NOCASE UNIQUE, schema_id INTEGER PRIMARY KEY, principal_id INTEGER
);
CREATE TABLE IF NOT EXISTS sys.objects (
  name TEXT COLLATE NOCASE, object_id INTEGER PRIMARY KEY, schema_id INTEGER, type TEXT, type_desc TEXT,
  UNIQUE (schema_id, name)
);
CREATE TABLE IF NOT EXISTS sys.databases (
  name TEXT COLLATE NOCASE UNIQUE, database_id INTEGER PRIMARY KEY, state INTEGER, state_desc TEXT
);
CREATE TABLE IF NOT EXISTS sys.sql_modules (object_id INTEGER PRIMARY KEY, definition TEXT);
"""


def sid_of(guid: str) -> bytes:
    """The bytes of a GUID as .NET and SQL have them: the first three parts turned round.
    https://learn.microsoft.com/dotnet/api/system.guid.tobytearray"""
    return uuid.UUID(guid).bytes_le


class Catalog:
    """On a connection to which the schemas are attached, `sys` among them."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection

    def begin(self) -> None:
        """Make what a new database has; nothing where it is there."""
        for statement in _TABLES.split(";\n"):
            self.connection.execute(statement)
        if self.principal("dbo") is not None:
            return
        put = "INSERT OR IGNORE INTO sys.database_principals VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
        fixed = [("public", PUBLIC, 0), *((name, id, 1) for name, id in FIXED_ROLES.items())]
        for name, id, is_fixed in fixed:
            role = (name, id, "R", "DATABASE_ROLE", None, DBO, None, is_fixed, 0, "NONE")
            self.connection.execute(put, role)
        own = ("dbo", DBO, "E", "EXTERNAL_USER", "dbo", None, b"\x01", 0, 4, "EXTERNAL")
        self.connection.execute(put, own)
        self.connection.execute("INSERT OR IGNORE INTO sys.schemas VALUES ('dbo', 1, 1), ('sys', 4, 1)")

    def know_databases(self, names: Collection[str]) -> None:
        """What the server has, as this database sees it."""
        known = {str(row[0]) for row in self.connection.execute("SELECT name FROM sys.databases")}
        for name in known - set(names):
            self.connection.execute("DELETE FROM sys.databases WHERE name = ?", (name,))
        for name in sorted(set(names) - known):
            put = "INSERT INTO sys.databases (name, state, state_desc) VALUES (?, 0, 'ONLINE')"
            self.connection.execute(put, (name,))

    def principal(self, name: str) -> int | None:
        found = self.one("SELECT principal_id FROM sys.database_principals WHERE name = ?", name)
        return None if found is None else int(found)

    def next_principal(self) -> int:
        asked = "SELECT max(principal_id) + 1 FROM sys.database_principals WHERE principal_id < 16384"
        return max(_FIRST_OWN, int(self.one(asked)))

    def users_of(self, sids: Collection[bytes]) -> list[int]:
        """The users whose SID is one of these."""
        marks = ", ".join("?" * len(sids))
        asked = (
            f"SELECT principal_id FROM sys.database_principals WHERE type IN ('E', 'X') AND sid IN ({marks})"
        )
        return [int(row[0]) for row in self.connection.execute(asked, list(sids))]

    def with_roles(self, users: Collection[int]) -> set[int]:
        """They, everybody's role, and all roles that they are members of, through others, too."""
        found = {*users, PUBLIC}
        members = self.connection.execute("SELECT * FROM sys.database_role_members").fetchall()
        while more := {role for role, member in members if member in found} - found:
            found |= more
        return found

    def schemas(self) -> list[str]:
        asked = "SELECT name FROM sys.schemas WHERE name <> 'sys' ORDER BY schema_id"
        return [str(row[0]) for row in self.connection.execute(asked)]

    def schema(self, name: str) -> tuple[int, int] | None:
        """Its id, and its owner."""
        asked = "SELECT schema_id, principal_id FROM sys.schemas WHERE name = ?"
        row = self.connection.execute(asked, (name,)).fetchone()
        return None if row is None else (int(row[0]), int(row[1]))

    def tables(self) -> list[tuple[str, str, int, int]]:
        """Schema, name and id of each, and its owner, who is the schema's."""
        asked = """SELECT s.name, o.name, o.object_id, s.principal_id FROM sys.objects o
            JOIN sys.schemas s ON s.schema_id = o.schema_id WHERE o.type = 'U'"""
        return [
            (str(schema), str(name), int(id), int(owner))
            for schema, name, id, owner in self.connection.execute(asked)
        ]

    def object_id(self, schema: str, name: str, type: str = "") -> int | None:
        """The id of a table (`U`) or a procedure (`P`)."""
        asked = """SELECT object_id FROM sys.objects o JOIN sys.schemas s ON s.schema_id = o.schema_id
            WHERE s.name = ? AND o.name = ? AND type LIKE ?"""
        found = self.one(asked, schema, name, type or "%")
        return None if found is None else int(found)

    def add_object(self, schema: str, name: str, type: str) -> int:
        found = self.schema(schema)
        assert found is not None
        kind = {"U": "USER_TABLE", "P": "SQL_STORED_PROCEDURE"}[type]
        put = "INSERT INTO sys.objects (name, schema_id, type, type_desc) VALUES (?, ?, ?, ?)"
        made = self.connection.execute(put, (name, found[0], type, kind)).lastrowid
        assert made is not None
        return made

    def drop_object(self, object_id: int) -> None:
        for statement in (
            "DELETE FROM sys.objects WHERE object_id = ?",
            "DELETE FROM sys.sql_modules WHERE object_id = ?",
            f"DELETE FROM sys.database_permissions WHERE class = {OBJECT} AND major_id = ?",
        ):
            self.connection.execute(statement, (object_id,))

    def one(self, asked: str, *values: int | str | None) -> Any:
        row = self.connection.execute(asked, values).fetchone()
        return row[0] if row else None
