"""The MariaDB behind each server: started when somebody connects, and made what Resource Manager says."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from local_azure.bodies import properties_of
from local_azure.database_servers.fleet import Fleet
from local_azure.ground import Ground
from local_azure.mysql import entra_users
from local_azure.mysql.entra_users import NewUser, Whose
from local_azure.mysql.mariadb import MariaDb, StatementError
from local_azure.mysql.programs import programs
from local_azure.mysql.server_names import ADMINISTRATORS, DATABASES
from local_azure.mysql.wire import MySqlRefusal
from local_azure.store import Resource

_FOR_USERS: Final = 1227
"""MySQL's number for who lacks a privilege of the whole server."""


class NoServerError(RuntimeError):
    """No MariaDB is installed."""


class MariaDbs(Fleet[MariaDb]):
    """By the names of servers."""

    def __init__(self, ground: Ground) -> None:
        super().__init__(ground.state / "mysql", _mariadb)
        self._ground = ground

    def ready(self, server: Resource) -> str:
        """The socket of the server's MariaDB, which has the databases and the administrator that it is to
        have. Raises NoServerError and ServerError.
        """
        with self.lock:
            mariadb = self.of(server.id)
            self._administrator(server, mariadb)
            self._databases(server, mariadb)
            return mariadb.socket

    def whose(self, server: Resource, user: str) -> Whose | None:
        """Whose a user of that name is; None for nobody's, and for one that is not there."""
        with self.lock:
            rows = self.of(server.id).execute(entra_users.IDENTITY_OF, user, user)
            return Whose.read(str(rows[0][0])) if rows and rows[0][0] else None

    def make_user(self, server: Resource, by: str, asked: NewUser) -> None:
        """Raises MySqlRefusal."""
        with self.lock:
            mariadb = self.of(server.id)
            if list(mariadb.execute(entra_users.MAY_MAKE_USERS, by)) != [("Y",)]:
                needed = "you need (at least one of) the CREATE USER privilege(s) for this operation"
                raise MySqlRefusal(_FOR_USERS, "42000", f"Access denied; {needed}")
            identity = asked.identity(self._ground.entra)
            try:
                _make(mariadb, asked.called, identity)
            except StatementError as error:
                raise MySqlRefusal(error.code, "HY000", error.words) from error

    def _administrator(self, server: Resource, mariadb: MariaDb) -> None:
        """A server has one at most."""
        wanted: dict[str, str] = {}
        for child in self._ground.store.list(under=server.id, type=ADMINISTRATORS):
            given = properties_of(child.body)
            if identity := self._identity(str(given["sid"]), str(given["login"])):
                wanted[str(given["login"])] = identity
        managed = _managed(mariadb, "administrator")
        for name in managed - wanted.keys():
            mariadb.execute("DROP USER IF EXISTS %s@'%%'", name)
            mariadb.execute("DELETE FROM mysql.keyless_managed WHERE name = %s", name)
        for name, identity in wanted.items():
            if name in managed:
                mariadb.execute(entra_users.MARK, identity, name)
            else:
                _make(mariadb, name, identity)
                for statement in entra_users.ADMINISTRATOR:
                    mariadb.execute(statement, name)
                mariadb.execute("INSERT INTO mysql.keyless_managed VALUES ('administrator', %s)", name)

    def _identity(self, id: str, login: str) -> str | None:
        """Of an application by its client id, of people and groups by their object id."""
        entra = self._ground.entra
        found = entra.principal_by_client_id(id)
        if found is None and (other := entra.principal(id)) and other.kind != "ServicePrincipal":
            found = other
        return entra_users.identity_of(found, login) if found else None

    def _databases(self, server: Resource, mariadb: MariaDb) -> None:
        wanted = {
            child.id.rpartition("/")[2]: properties_of(child.body)
            for child in self._ground.store.list(under=server.id, type=DATABASES)
        }
        managed = _managed(mariadb, "database")
        for name in managed - wanted.keys():
            mariadb.execute(f"DROP DATABASE IF EXISTS {_quoted(name)}")
            mariadb.execute("DELETE FROM mysql.keyless_managed WHERE name = %s", name)
        for name in wanted.keys() - managed:
            # The collations of MySQL 8 are not MariaDB's; the character sets are.
            mariadb.execute(f"CREATE DATABASE {_quoted(name)} CHARACTER SET %s", str(wanted[name]["charset"]))
            mariadb.execute("INSERT INTO mysql.keyless_managed VALUES ('database', %s)", name)


def _mariadb(home: Path) -> MariaDb:
    found = programs()
    if found is None:
        raise NoServerError
    return MariaDb(home, found)


def _make(mariadb: MariaDb, name: str, identity: str) -> None:
    mariadb.execute("CREATE USER %s@'%%'", name)
    mariadb.execute(entra_users.MARK, identity, name)


def _managed(mariadb: MariaDb, kind: str) -> set[str]:
    rows: Sequence[tuple[Any, ...]] = mariadb.execute(
        "SELECT name FROM mysql.keyless_managed WHERE kind = %s", kind
    )
    return {str(row[0]) for row in rows}


def _quoted(name: str) -> str:
    return "`" + name.replace("`", "``") + "`"
