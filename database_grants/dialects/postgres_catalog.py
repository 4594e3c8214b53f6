"""What a PostgreSQL flexible server says of itself, to one administrator: roles, memberships, privileges."""

import os
from collections.abc import Sequence
from typing import Any, Final

import certifi
import psycopg
from psycopg import sql

from database_grants.declared import Declared
from database_grants.dialects import ServerError, Step

MAINTENANCE: Final = "postgres"
"""The database that every server has, in which roles are made."""


class Catalog:
    """One administrator's connections to a server, one for each database. Raises ServerError."""

    def __init__(self, host: str, user: str, token: str) -> None:
        self._host, self._user, self._token = host, user, token
        self._connections: dict[str, psycopg.Connection[Any]] = {}
        self._ask(MAINTENANCE, "SELECT 1")

    def close(self) -> None:
        for connection in self._connections.values():
            connection.close()
        self._connections.clear()

    def run(self, step: Step) -> None:
        try:
            self._connection(step.database).execute(step.statement.encode())
        except psycopg.Error as error:
            raise ServerError(f"{self._host} refused `{step.statement}`: {_words(error)}") from error

    def _entra_roles(self) -> dict[str, str]:
        """Object ids by role."""
        rows = self._ask(MAINTENANCE, "SELECT * FROM pgaadauth_list_principals(false)")
        return {str(row[0]): str(row[2]).lower() for row in rows}

    def _roles(self) -> set[str]:
        return {str(row[0]) for row in self._ask(MAINTENANCE, "SELECT rolname FROM pg_roles")}

    def _members(self, mark: str) -> set[tuple[str, str]]:
        """Who is a member of which of the roles with that mark; not those who may only give them."""
        asked = """
            SELECT r.rolname, m.rolname FROM pg_auth_members a
            JOIN pg_roles r ON r.oid = a.roleid JOIN pg_roles m ON m.oid = a.member
            WHERE starts_with(r.rolname, %s) AND NOT a.admin_option"""
        return {(str(row[0]), str(row[1])) for row in self._ask(MAINTENANCE, asked, mark)}

    def _is_only_ours(self, mark: str, member: str) -> bool:
        """Whether it is a principal's role that has nothing from anybody else."""
        asked = """
            SELECT count(*) FROM pg_auth_members a
            JOIN pg_roles r ON r.oid = a.roleid JOIN pg_roles m ON m.oid = a.member
            WHERE m.rolname = %s AND NOT starts_with(r.rolname, %s)"""
        ((others,),) = self._ask(MAINTENANCE, asked, member, mark)
        return others == 0 and member in self._entra_roles()

    def _where_it_owns(self, role: str) -> list[str]:
        """Databases in which a role owns something; what it set for its later tables is none."""
        asked = """
            SELECT DISTINCT d.datname FROM pg_shdepend s
            JOIN pg_database d ON d.oid = s.dbid JOIN pg_roles r ON r.oid = s.refobjid
            WHERE s.refclassid = 'pg_authid'::regclass AND r.rolname = %s AND s.deptype = 'o'
              AND s.classid <> 'pg_default_acl'::regclass ORDER BY 1"""
        return [str(row[0]) for row in self._ask(MAINTENANCE, asked, role)]

    def _relations(self, one: Declared, kinds: str) -> list[str]:
        asked = """
            SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE n.nspname = %s AND position(c.relkind::text IN %s) > 0 ORDER BY 1"""
        return [str(row[0]) for row in self._ask(one.database, asked, one.schema, kinds)]

    def _held(self, database: str, what: str, role: str, name: str, privilege: str) -> bool:
        asked = sql.SQL("SELECT {}(%s, %s, %s)").format(sql.Identifier(f"has_{what}_privilege"))
        return bool(self._ask(database, asked, role, name, privilege)[0][0])

    def _has_defaults(self, one: Declared, maker: str, letter: str, role: str, wanted: Sequence[str]) -> bool:
        asked = """
            SELECT x.privilege_type FROM pg_default_acl d
            JOIN pg_namespace n ON n.oid = d.defaclnamespace JOIN pg_roles m ON m.oid = d.defaclrole,
            aclexplode(d.defaclacl) x JOIN pg_roles g ON g.oid = x.grantee
            WHERE n.nspname = %s AND m.rolname = %s AND d.defaclobjtype::text = %s AND g.rolname = %s"""
        found = {str(row[0]) for row in self._ask(one.database, asked, one.schema, maker, letter, role)}
        return found >= set(wanted)

    def _ask(self, database: str, statement: Any, *values: str) -> list[tuple[Any, ...]]:
        try:
            return self._connection(database).execute(statement, values or None).fetchall()
        except psycopg.Error as error:
            raise ServerError(f"{self._host}, database {database}: {_words(error)}") from error

    def _connection(self, database: str) -> psycopg.Connection[Any]:
        if database not in self._connections:
            # An administrator's token goes to the server that has the name, and to nobody in between.
            self._connections[database] = psycopg.connect(
                host=self._host, dbname=database, user=self._user, password=self._token,
                sslmode="verify-full", sslrootcert=os.environ.get("PGSSLROOTCERT") or certifi.where(),
                autocommit=True, connect_timeout=30,
            )  # fmt: skip
        return self._connections[database]


def _words(error: psycopg.Error) -> str:
    """PostgreSQL's own, in one line."""
    return " ".join(str(error).split())
