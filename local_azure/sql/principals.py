"""Statements about who there is in a database and what they may do: users, roles, members, permissions.

https://learn.microsoft.com/sql/t-sql/statements/create-user-transact-sql and its neighbours there
"""

from collections.abc import Callable, Mapping
from typing import Final

from local_azure.rules import Rule
from local_azure.sql.catalog import DATABASE, FIXED_ROLES, OBJECT, PUBLIC, SCHEMA, Catalog
from local_azure.sql.refusals import absent, not_served, syntax
from local_azure.sql.rights import Rights
from local_azure.sql.tokens import SqlRefusal
from local_azure.sql.tsql import Reading, parts

_CODES: Final = {
    "SELECT": "SL", "INSERT": "IN", "UPDATE": "UP", "DELETE": "DL", "EXECUTE": "EX", "ALTER": "AL",
    "CONTROL": "CL", "REFERENCES": "RF", "VIEW DEFINITION": "VW", "CONNECT": "CO", "CREATE TABLE": "CRTB",
    "CREATE PROCEDURE": "CRPR", "CREATE SCHEMA": "CRSM", "CREATE ROLE": "CRRL", "ALTER ANY USER": "ALUS",
    "ALTER ANY ROLE": "ALRL", "ALTER ANY SCHEMA": "ALSM",
}  # fmt: skip
"""https://learn.microsoft.com/sql/relational-databases/system-catalog-views/sys-database-permissions-transact-sql"""
_KINDS: Final = {"E": "EXTERNAL_USER", "X": "EXTERNAL_GROUPS"}
_CLASSES: Final = {DATABASE: "DATABASE", OBJECT: "OBJECT_OR_COLUMN", SCHEMA: "SCHEMA"}
_NOT_ALLOWED: Final = SqlRefusal(15247, "User does not have permission to perform this action.")

RULES: Final = [
    Rule(
        "L5",
        "behaviour",
        "A user is made from a SID and a type: E with the client id of an application or identity, X with "
        "the object id of a group, in the order of .NET's bytes.",
        held_by="l5_a_user_is_entered_by_the_identity_whose_client_id_its_sid_is",
        source="MicrosoftDocs/sql-docs#2323",
    ),
    Rule(
        "L5",
        "refusal",
        "A second user of a name (15023) or of a SID (15063), a principal that is not there (15151), a role "
        "with members (15144), an owner of a schema (15138).",
        held_by="l5_what_sql_refuses_about_principals_is_refused_by_its_numbers",
        source="https://learn.microsoft.com/sql/relational-databases/errors-events/database-engine-events-and-errors-15000-to-15999",
    ),
    Rule(
        "L6",
        "refusal",
        "Who may not make users, roles, members or grants is refused: 15247, 15151.",
        held_by="l6_an_app_lets_nobody_in",
        source="https://learn.microsoft.com/sql/relational-databases/security/authentication-access/database-level-roles",
    ),
]


class Principals:
    """Each method is one statement, from behind its first words."""

    def __init__(self, catalog: Catalog, rights: Rights, database: str) -> None:
        self._catalog, self._rights, self._database = catalog, rights, database
        self._run = catalog.connection.execute

    @property
    def statements(self) -> Mapping[tuple[str, ...], Callable[[Reading], None]]:
        return {
            ("CREATE", "USER"): self.create_user,
            ("DROP", "USER"): lambda reading: self._drop(reading, "user", "ALTER ANY USER"),
            ("CREATE", "ROLE"): self.create_role,
            ("DROP", "ROLE"): lambda reading: self._drop(reading, "role", "ALTER ANY ROLE"),
            ("ALTER", "ROLE"): self.alter_role,
            ("GRANT",): lambda reading: self._permit(reading, "G"),
            ("DENY",): lambda reading: self._permit(reading, "D"),
            ("REVOKE",): lambda reading: self._permit(reading, ""),
        }

    def create_user(self, reading: Reading) -> None:
        name = reading.name()
        if not reading.takes("WITH"):
            raise not_served(
                "users from logins or from a look-up in Entra: give WITH SID = 0x…, TYPE = E or X"
            )
        given: dict[str, str] = {}
        for words in parts(reading.rest()):
            one = Reading(words)
            key = one.next().upper
            one.expect("=")
            given[key] = one.next().raw
            one.end()
        kind = given.get("TYPE", "").upper()
        if set(given) - {"SID", "TYPE", "DEFAULT_SCHEMA"} or kind not in _KINDS or "SID" not in given:
            raise not_served("such a user: give WITH SID = 0x…, TYPE = E or X")
        try:
            sid = bytes.fromhex(given["SID"].lower().removeprefix("0x"))
        except ValueError:
            raise syntax(given["SID"]) from None
        if len(sid) != 16:
            raise SqlRefusal(15419, "Supplied parameter sid should be binary(16).")
        self._require("ALTER ANY USER")
        self._new(name)
        if self._catalog.users_of([sid]):
            raise SqlRefusal(15063, "The login already has an account under a different user name.")
        id = self._catalog.next_principal()
        put = "INSERT INTO sys.database_principals VALUES (?, ?, ?, ?, 'dbo', NULL, ?, 0, 4, 'EXTERNAL')"
        self._run(put, (name, id, kind, _KINDS[kind], sid))
        self._permission(DATABASE, 0, id, "CONNECT", "G")

    def create_role(self, reading: Reading) -> None:
        name = reading.name()
        reading.end()
        self._require("CREATE ROLE")
        self._new(name)
        self._run(
            "INSERT INTO sys.database_principals "
            "VALUES (?, ?, 'R', 'DATABASE_ROLE', NULL, 1, NULL, 0, 0, 'NONE')",
            (name, self._catalog.next_principal()),
        )

    def _drop(self, reading: Reading, what: str, permission: str) -> None:
        if_exists = reading.takes("IF", "EXISTS")
        name = reading.name()
        reading.end()
        id = self._catalog.principal(name)
        if id is None and if_exists:
            return
        kind = self._catalog.one("SELECT type FROM sys.database_principals WHERE principal_id = ?", id)
        is_role = kind == "R"
        fixed = id in (PUBLIC, 1, *FIXED_ROLES.values())
        if id is None or fixed or is_role != (what == "role") or not self._rights.may(permission):
            raise absent(f"drop the {what}", name)
        if self._catalog.one("SELECT 1 FROM sys.schemas WHERE principal_id = ?", id):
            raise SqlRefusal(
                15138, "The database principal owns a schema in the database, and cannot be dropped."
            )
        if self._catalog.one("SELECT 1 FROM sys.database_role_members WHERE role_principal_id = ?", id):
            raise SqlRefusal(15144, "The role has members. It must be empty before it can be dropped.")
        for statement in (
            "DELETE FROM sys.database_role_members WHERE member_principal_id = ?",
            "DELETE FROM sys.database_permissions WHERE grantee_principal_id = ?",
            "DELETE FROM sys.database_principals WHERE principal_id = ?",
        ):
            self._run(statement, (id,))

    def alter_role(self, reading: Reading) -> None:
        role = reading.name()
        adds = reading.takes("ADD")
        if not adds:
            reading.expect("DROP")
        reading.expect("MEMBER")
        member = reading.name()
        reading.end()
        role_id, member_id = self._catalog.principal(role), self._catalog.principal(member)
        may = self._rights.is_owner if role_id in FIXED_ROLES.values() else self._rights.may("ALTER ANY ROLE")
        if role_id in (None, PUBLIC) or not may:
            raise absent("alter the role", role)
        if member_id is None:
            raise absent("add the principal" if adds else "drop the principal", member)
        assert role_id is not None
        if adds and role_id in self._catalog.with_roles({member_id}) - {member_id}:
            return
        if adds and member_id in self._catalog.with_roles({role_id}):
            raise SqlRefusal(15413, "Cannot make a role a member of itself.")
        if adds:
            change = "INSERT OR IGNORE INTO sys.database_role_members VALUES (?, ?)"
        else:
            which = "role_principal_id = ? AND member_principal_id = ?"
            change = f"DELETE FROM sys.database_role_members WHERE {which}"
        self._run(change, (role_id, member_id))

    def _permit(self, reading: Reading, state: str) -> None:
        permissions, target = self._asked(reading)
        reading.expect(*(["TO"] if state else []))
        if not state and not reading.takes("FROM"):
            reading.expect("TO")
        for words in parts(reading.rest()):
            one = Reading(words)
            name = one.name()
            one.end()
            grantee = self._catalog.principal(name)
            if grantee is None or not self._rights.may("GRANT"):
                raise absent("find the user", name)
            for permission in permissions:
                self._permission(*target, grantee, permission, state)

    def _asked(self, reading: Reading) -> tuple[list[str], tuple[int, int]]:
        said: list[str] = [""]
        while reading.peek() not in ("ON", "TO", "FROM", ""):
            word = reading.next()
            if word.raw == ",":
                said.append("")
            else:
                said[-1] = f"{said[-1]} {word.upper}".strip()
        permissions = ["EXECUTE" if one == "EXEC" else one for one in said]
        for one in permissions:
            if one not in _CODES:
                raise not_served(f"the permission {one or reading.peek()}")
        if not reading.takes("ON"):
            return permissions, (DATABASE, 0)
        kind = reading.next().upper if reading.peek(1) == "::" else "OBJECT"
        reading.takes("::")
        if kind == "SCHEMA":
            name = reading.name()
            found = self._catalog.schema(name)
            if found is None:
                raise absent("find the schema", name)
            return permissions, (SCHEMA, found[0])
        if kind == "DATABASE":
            name = reading.name()
            if name.lower() != self._database.lower():
                raise absent("find the database", name)
            return permissions, (DATABASE, 0)
        if kind != "OBJECT":
            raise not_served(f"permissions on a {kind}")
        schema, name = reading.object()
        object_id = self._catalog.object_id(schema, name)
        if object_id is None:
            raise absent("find the object", name)
        return permissions, (OBJECT, object_id)

    def _permission(self, kind: int, major: int, grantee: int, permission: str, state: str) -> None:
        """Grant, deny, or with no state take away."""
        self._run(
            "DELETE FROM sys.database_permissions WHERE class = ? AND major_id = ? "
            "AND grantee_principal_id = ? AND permission_name = ?",
            (kind, major, grantee, permission),
        )
        if state:
            row = (
                kind, _CLASSES[kind], major, 0, grantee, 1, _CODES[permission], permission, state,
                {"G": "GRANT", "D": "DENY"}[state],
            )  # fmt: skip
            self._run("INSERT INTO sys.database_permissions VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", row)

    def _require(self, permission: str) -> None:
        if not self._rights.may(permission):
            raise _NOT_ALLOWED

    def _new(self, name: str) -> None:
        if self._catalog.principal(name) is not None:
            text = f"User, group, or role '{name}' already exists in the current database."
            raise SqlRefusal(15023, text)
