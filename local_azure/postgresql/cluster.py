"""One PostgreSQL server as a process: made, started, asked and stopped. It listens on a socket file alone.

Its client is loaded when a server starts: who has none waits for no client.
"""

import os
import signal
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, LiteralString

from local_azure.constants import TENANT_ID
from local_azure.database_servers.home import ServerError, ServerHome
from local_azure.database_servers.process import ServerProcess
from local_azure.launched import Ending
from local_azure.postgresql.entra_roles import SUPERUSER, setup

if TYPE_CHECKING:
    import psycopg
    from psycopg.sql import Composed

SOCKET: Final = ".s.PGSQL.5432"
MAINTENANCE: Final = "postgres"
"""The database that every server has."""
_PATIENCE: Final = 60.0
"""Seconds in which a server has to answer."""
_ENDING: Final = Ending(signal.SIGINT, 30.0)
"""The fast way down, which ends connections and leaves nothing to recover."""
_SETTINGS: Final = {
    "fsync": "off",  # what is in a stand-in need not outlive a power cut
    "listen_addresses": "",
    "max_connections": "100",
    "shared_buffers": "16MB",
}


class Cluster(ServerProcess):
    """Its data is in `home` while it does not run."""

    def __init__(self, home: Path, programs: Path) -> None:
        # In which nothing leads a program elsewhere.
        environment = {key: value for key, value in os.environ.items() if not key.startswith("PG")}
        super().__init__(ServerHome(home, "keyless-pg-", environment))
        self._programs = programs
        self._connection: psycopg.Connection[Any] | None = None

    @property
    def socket(self) -> str:
        return str(self._home.run_in / SOCKET)

    def start(self) -> None:
        """Returns when it answers. Raises ServerError."""
        home = self._home
        is_new = home.enter(self._end_what_was_left)
        if is_new:
            make = [self._programs / "initdb", "-D", home.data, "-U", SUPERUSER, "--auth=trust", "-E", "UTF8"]
            home.run([*make, "--locale=C", "--no-sync"])
        settings = [f"--{key}={value}" for key, value in _SETTINGS.items()]
        command = [self._programs / "postgres", "-D", home.data, "-k", home.run_in, *settings]
        self._process = home.launch(command, _ENDING)
        self._wait()
        if is_new:
            self.execute(MAINTENANCE, setup(TENANT_ID))

    def execute(
        self, database: str, statement: "LiteralString | bytes | Composed", *values: Any
    ) -> Sequence[tuple[Any, ...]]:
        """Run a statement as the server's superuser; its rows. Not for two threads at once. Raises
        ServerError.
        """
        import psycopg

        try:
            return self._rows_of(database, statement, values)
        except psycopg.Error as error:
            raise ServerError(str(error)) from error

    def _rows_of(
        self, database: str, statement: "LiteralString | bytes | Composed", values: tuple[Any, ...]
    ) -> Sequence[tuple[Any, ...]]:
        if database == MAINTENANCE:
            assert self._connection is not None, "the cluster does not run"
            return _rows(self._connection.execute(statement, values or None))
        # One that stayed would be in the way of whoever drops the database.
        with self._connect(database) as connection:
            return _rows(connection.execute(statement, values or None))

    def _end_what_was_left(self, data: Path) -> None:
        if (data / "postmaster.pid").exists():
            self._home.end([self._programs / "pg_ctl", "stop", "-D", data, "-m", "immediate"])

    def _connect(self, database: str) -> "psycopg.Connection[Any]":
        import psycopg

        # Said here, because a shell that is told where the gate is says another host and port.
        return psycopg.connect(
            host=str(self._home.run_in), hostaddr="", port=5432, user=SUPERUSER, dbname=database,
            autocommit=True, sslmode="disable",
        )  # fmt: skip

    def _wait(self) -> None:
        import psycopg

        assert self._process is not None
        deadline = time.monotonic() + _PATIENCE
        while True:
            try:
                self._connection = self._connect(MAINTENANCE)
            except psycopg.OperationalError as error:
                if not self._process.is_alive() or time.monotonic() > deadline:
                    raise ServerError(f"PostgreSQL did not start: {self._home.last_words()}") from error
                time.sleep(0.01)
            else:
                return


def _rows(cursor: "psycopg.Cursor[Any]") -> Sequence[tuple[Any, ...]]:
    return cursor.fetchall() if cursor.description else []
