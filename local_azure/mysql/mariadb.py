"""One MariaDB as a process: made, started, asked and stopped. It listens on a socket file alone.

Its client is loaded when a server starts: who has none waits for no client.
"""

import os
import signal
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from local_azure.database_servers.home import ServerError, ServerHome
from local_azure.database_servers.process import ServerProcess
from local_azure.launched import Ending
from local_azure.mysql import entra_users
from local_azure.mysql.programs import Programs

SUPERUSER: Final = "root"
_PATIENCE: Final = 60.0
"""Seconds in which a server has to answer."""
_ENDING: Final = Ending(signal.SIGTERM, 30.0)
_SETTINGS: Final = (
    "--innodb-buffer-pool-size=8M",
    "--innodb-log-file-size=4M",
)
_RUNNING: Final = (
    "--innodb-flush-log-at-trx-commit=0",  # what is in a stand-in need not outlive a power cut
    "--performance-schema=OFF",
    "--character-set-server=utf8mb4",
    "--skip-networking",
    "--skip-ssl",
    "--skip-symbolic-links",  # a table is in the folder of the data, wherever its maker wants it
)


class StatementError(ServerError):
    """What the server said to a statement."""

    def __init__(self, code: int, words: str) -> None:
        super().__init__(words)
        self.code, self.words = code, words


class MariaDb(ServerProcess):
    """Its data is in `home` while it does not run."""

    def __init__(self, home: Path, programs: Programs) -> None:
        # In which nothing leads a program elsewhere.
        environment = {key: value for key, value in os.environ.items() if not key.startswith("MYSQL")}
        super().__init__(ServerHome(home, "keyless-my-", environment))
        self._programs = programs

    @property
    def socket(self) -> str:
        return str(self._home.run_in / "socket")

    def start(self) -> None:
        """Returns when it answers. Raises ServerError."""
        home = self._home
        is_new = home.enter(self._end_what_was_left)
        command = [
            self._programs.server,
            "--no-defaults",
            f"--datadir={home.data}",
            # Of its own: who starts removes what lies there, and would take it from another server.
            f"--tmpdir={home.run_in}",
            *self._messages(),
            *_SETTINGS,
        ]
        if is_new:
            home.make_data()
            home.run([*command, "--bootstrap"], self._own_tables())
        own = [f"--socket={self.socket}", f"--pid-file={home.data / 'mariadbd.pid'}"]
        self._process = home.launch([*command, *own, *_RUNNING], _ENDING)
        self._wait()
        if is_new:
            for statement in entra_users.SETUP:
                self.execute(statement)
            columns = [str(name) for (name,) in self.execute(entra_users.COLUMNS)]
            self.execute(entra_users.view(columns))

    def execute(self, statement: str, *values: Any) -> Sequence[tuple[Any, ...]]:
        """Run a statement as the server's superuser; its rows. Not for two threads at once. Raises
        StatementError.
        """
        import pymysql

        assert self._connection is not None, "the server does not run"
        try:
            with self._connection.cursor() as cursor:
                cursor.execute(statement, values or None)
                return list(cursor.fetchall())
        except pymysql.MySQLError as error:
            code, words = error.args if len(error.args) == 2 else (0, error)
            raise StatementError(int(code), str(words)) from error

    def _messages(self) -> list[str]:
        share = self._programs.share
        return [f"--lc-messages-dir={share}", f"--character-sets-dir={share / 'charsets'}"]

    def _own_tables(self) -> bytes:
        scripts = [script.read_bytes() for script in self._programs.scripts]
        # A bootstrap reads a statement a line.
        return b"\n".join([b"CREATE DATABASE mysql;", b"USE mysql;", *scripts, b""])

    def _end_what_was_left(self, data: Path) -> None:
        """A run that was killed took its launcher with it, which ends the server; it is waited for."""
        note = data / "mariadbd.pid"
        deadline = time.monotonic() + _PATIENCE
        while note.exists() and _is_there(int(note.read_text())) and time.monotonic() < deadline:
            time.sleep(0.02)

    def _wait(self) -> None:
        import pymysql

        assert self._process is not None
        deadline = time.monotonic() + _PATIENCE
        while True:
            try:
                self._connection = pymysql.connect(
                    unix_socket=self.socket, user=SUPERUSER, autocommit=True, charset="utf8mb4"
                )
            except pymysql.err.OperationalError as error:
                if not self._process.is_alive() or time.monotonic() > deadline:
                    raise ServerError(f"MariaDB did not start: {self._home.last_words()}") from error
                time.sleep(0.01)
            else:
                return


def _is_there(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
