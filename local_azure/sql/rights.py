"""What somebody may do in a database: by fixed roles, and by what is granted and denied. A denial wins.

https://learn.microsoft.com/sql/relational-databases/security/authentication-access/database-level-roles
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from local_azure.sql.catalog import DATABASE, FIXED_ROLES, OBJECT, SCHEMA, Catalog

_DATA: Final = frozenset({"INSERT", "UPDATE", "DELETE"})
_TABLES: Final = frozenset({"ALTER", "CREATE TABLE", "CREATE PROCEDURE", "CREATE SCHEMA", "ALTER ANY SCHEMA"})
_BY_ROLE: Final = {
    "db_datareader": frozenset({"SELECT"}),
    "db_datawriter": _DATA,
    "db_ddladmin": _TABLES,
    "db_accessadmin": frozenset({"ALTER ANY USER"}),
    "db_securityadmin": frozenset({"ALTER ANY ROLE", "CREATE ROLE", "GRANT"}),
}
_DENIED_BY_ROLE: Final = {"db_denydatareader": frozenset({"SELECT"}), "db_denydatawriter": _DATA}


@dataclass(frozen=True)
class Rights:
    """Of the principals that somebody is: the users, and all of their roles. `is_dbo` may do everything."""

    catalog: Catalog
    principals: Collection[int]
    is_dbo: bool

    @property
    def is_owner(self) -> bool:
        return self.is_dbo or FIXED_ROLES["db_owner"] in self.principals

    def may(self, permission: str, schema: str | None = None, object_id: int | None = None) -> bool:
        """In a schema, on one thing in it, or in the database."""
        if self.is_dbo:
            return True
        said = self._said(permission, schema, object_id)
        if "D" in said or any(permission in some for some in self._of_roles(_DENIED_BY_ROLE)):
            return False
        found = self.catalog.schema(schema) if schema else None
        if self.is_owner or (found is not None and found[1] in self.principals):
            return True
        return "G" in said or any(permission in some for some in self._of_roles(_BY_ROLE))

    def _of_roles(self, table: dict[str, frozenset[str]]) -> list[frozenset[str]]:
        return [some for role, some in table.items() if FIXED_ROLES[role] in self.principals]

    def _said(self, permission: str, schema: str | None, object_id: int | None) -> set[str]:
        """G and D: what was granted and denied, there or around there; CONTROL is everything."""
        found = self.catalog.schema(schema) if schema else None
        places = [(DATABASE, 0)]
        if found is not None:
            places.append((SCHEMA, found[0]))
        if object_id is not None:
            places.append((OBJECT, object_id))
        asked = """SELECT class, major_id, grantee_principal_id, state FROM sys.database_permissions
            WHERE permission_name IN (?, 'CONTROL')"""
        rows = self.catalog.connection.execute(asked, (permission,)).fetchall()
        return {
            str(state) for kind, major, grantee, state in rows
            if (kind, major) in places and grantee in self.principals
        }  # fmt: skip
