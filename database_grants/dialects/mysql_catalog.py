"""What a MySQL flexible server says of itself, to its administrator: users, whose they are, privileges."""

import os
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import certifi
import pymysql

from database_grants.dialects import ServerError, Step
from database_grants.tunnel import connected

PORT: Final = 3306
RECORD: Final = "keyless_grants"
"""The database in which the command records what each stack granted: MySQL keeps no such thing."""


@dataclass(frozen=True, order=True)
class Recorded:
    """One grant as it was recorded: what a user may do in a database, by the verb."""

    user: str
    database: str
    verb: str


class Catalog:
    """One administrator's connection to a server. Raises ServerError."""

    def __init__(self, host: str, user: str, token: str) -> None:
        self._host = host
        # An administrator's token goes to the server that has the name, and to nobody in between.
        trusted = ssl.create_default_context(cafile=os.environ.get("SSL_CERT_FILE") or certifi.where())
        self._connection: Any = pymysql.Connection(
            host=host, port=PORT, user=user, password=token, ssl=trusted, autocommit=True,
            charset="utf8mb4", connect_timeout=30, defer_connect=True,
        )  # fmt: skip
        try:
            self._connection.connect(connected(host, PORT))
        except (OSError, pymysql.MySQLError) as error:
            raise ServerError(f"{host}: {_words(error)}") from error

    def close(self) -> None:
        if self._connection.open:
            self._connection.close()

    def run(self, step: Step) -> None:
        try:
            with self._connection.cursor() as cursor:
                cursor.execute(step.statement)
        except pymysql.MySQLError as error:
            raise ServerError(f"{self._host} refused `{step.statement}`: {_words(error)}") from error

    def text(self, value: str) -> str:
        """A text as MySQL's statements have it."""
        return str(self._connection.escape(value))

    def _users(self) -> dict[str, str]:
        """Whose each user is, by its name: what a flexible server keeps of a principal of Entra's, and an
        empty text for a user of another kind.
        """
        whose = "IF(plugin = 'aad_auth', authentication_string, '')"
        asked = f"SELECT User, {whose} FROM mysql.user WHERE Host = '%'"
        return {_text(user): _text(whose) for user, whose in self._ask(asked)}

    def _is_recorded(self) -> bool:
        asked = "SELECT 1 FROM information_schema.TABLES WHERE TABLE_SCHEMA = %s AND TABLE_NAME = 'grants'"
        return bool(self._ask(asked, RECORD))

    def _recorded(self) -> dict[str, set[Recorded]]:
        """By the stack's mark."""
        found: dict[str, set[Recorded]] = {}
        if self._is_recorded():
            for mark, *rest in self._ask(f"SELECT stack, user_name, db, verb FROM {RECORD}.grants"):
                found.setdefault(_text(mark), set()).add(Recorded(*map(_text, rest)))
        return found

    def _held(self) -> dict[tuple[str, str], set[str]]:
        """Privileges by user and by what GRANT calls a database, in which `_` and `%` are escaped."""
        asked = "SELECT GRANTEE, TABLE_SCHEMA, PRIVILEGE_TYPE FROM information_schema.SCHEMA_PRIVILEGES"
        found: dict[tuple[str, str], set[str]] = {}
        for grantee, database, privilege in self._ask(asked):
            found.setdefault((_text(grantee), _text(database)), set()).add(_text(privilege).upper())
        return found

    def _has_more(self, user: str) -> bool:
        """Whether a user has any privilege on the whole server, or on a table, a column or a routine."""
        grantee = f"{self.text(user)}@'%'"
        of_user = "FROM information_schema.USER_PRIVILEGES WHERE GRANTEE = %s"
        everywhere = f"SELECT 1 {of_user} AND PRIVILEGE_TYPE <> 'USAGE'"
        tables = "SELECT 1 FROM information_schema.TABLE_PRIVILEGES WHERE GRANTEE = %s"
        columns = "SELECT 1 FROM information_schema.COLUMN_PRIVILEGES WHERE GRANTEE = %s"
        routines = "SELECT 1 FROM mysql.procs_priv WHERE User = %s"
        asked = ((everywhere, grantee), (tables, grantee), (columns, grantee), (routines, user))
        return any(self._ask(statement, value) for statement, value in asked)

    def _ask(self, statement: str, *values: str) -> Sequence[tuple[Any, ...]]:
        try:
            with self._connection.cursor() as cursor:
                cursor.execute(statement, values or None)
                return list(cursor.fetchall())
        except pymysql.MySQLError as error:
            raise ServerError(f"{self._host}: {_words(error)}") from error


def _text(value: Any) -> str:
    """Names of the server's own tables may come as bytes."""
    return value.decode() if isinstance(value, bytes) else str(value)


def _words(error: Exception) -> str:
    """MySQL's own, in one line."""
    return " ".join(str(one) for one in error.args)
