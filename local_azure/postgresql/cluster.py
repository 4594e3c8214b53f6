"""One PostgreSQL server as a process: made, started, asked and stopped. It listens on a socket file alone."""

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, LiteralString

import psycopg
from psycopg.sql import Composed

from local_azure.constants import TENANT_ID
from local_azure.launched import Ending, Launched
from local_azure.postgresql.entra_roles import SUPERUSER, setup
from local_azure.private_files import private_folder

SOCKET: Final = ".s.PGSQL.5432"
MAINTENANCE: Final = "postgres"
"""The database that every server has."""
_NOBODY: Final = "nobody"
_PATIENCE: Final = 60.0
"""Seconds in which a server has to answer."""
_ENDING: Final = Ending(signal.SIGINT, 30.0)
"""The fast way down, which ends connections and leaves nothing to recover."""
_RUNNING_IN: Final = "running-in"
"""The file in a cluster's home that says where its data is while it runs."""
_SETTINGS: Final = {
    "fsync": "off",  # what is in a stand-in need not outlive a power cut
    "listen_addresses": "",
    "max_connections": "100",
    "shared_buffers": "16MB",
}


class ClusterError(RuntimeError):
    """The server did not start. The message has its last words."""


class Cluster:
    """Its data is in `home` while it does not run.

    PostgreSQL refuses to run as root, and `home` is its user's alone. So where this process is root, the
    server runs as `nobody`, with its data in a folder of its own below the system's for temporary files.
    """

    def __init__(self, home: Path, programs: Path) -> None:
        self._home, self._programs = private_folder(home), programs
        self._user = _NOBODY if os.geteuid() == 0 else None
        self._process: Launched | None = None
        self._connection: psycopg.Connection[Any] | None = None
        self._run_in: Path | None = None

    @property
    def socket(self) -> str:
        assert self._run_in is not None, "the cluster does not run"
        return str(self._run_in / SOCKET)

    def start(self) -> None:
        """Returns when it answers. Raises ClusterError."""
        self._recover()
        # A socket's path may have 107 bytes, which a state folder's alone may be longer than.
        self._run_in = Path(tempfile.mkdtemp(prefix="keyless-pg-"))
        (self._home / _RUNNING_IN).write_text(str(self._run_in))
        self._own(self._run_in)
        is_new = not (self._home / "data").exists()
        if is_new:
            self._run("initdb", "-U", SUPERUSER, "--auth=trust", "-E", "UTF8", "--locale=C", "--no-sync")
        elif self._user:
            shutil.move(self._home / "data", self._data)
        settings = [f"--{key}={value}" for key, value in _SETTINGS.items()]
        with (self._home / "log.txt").open("ab") as log:
            self._process = Launched(
                [self._programs / "postgres", "-D", self._data, "-k", self._run_in, *settings],
                self._run_in, _environment(), log, _ENDING, self._user_id,
            )  # fmt: skip
        self._wait()
        if is_new:
            self.execute(MAINTENANCE, setup(TENANT_ID))

    def execute(
        self, database: str, statement: LiteralString | bytes | Composed, *values: Any
    ) -> Sequence[tuple[Any, ...]]:
        """Run a statement as the server's superuser; its rows. Not for two threads at once."""
        if database == MAINTENANCE:
            assert self._connection is not None, "the cluster does not run"
            return _rows(self._connection.execute(statement, values or None))
        # One that stayed would be in the way of whoever drops the database.
        with self._connect(database) as connection:
            return _rows(connection.execute(statement, values or None))

    def stop(self) -> None:
        """End it, and every connection to it. May be called twice."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None
        if self._process is not None:
            self._process.stop()
            self._process = None
        if self._run_in is not None:
            self._bring_home(self._run_in)
            self._run_in = None

    def remove(self) -> None:
        """Stop it for ever: nothing of it is left."""
        self.stop()
        shutil.rmtree(self._home, ignore_errors=True)

    @property
    def _data(self) -> Path:
        assert self._run_in is not None
        return (self._run_in if self._user else self._home) / "data"

    def _recover(self) -> None:
        """End what a killed run left running, and bring its data home."""
        note = self._home / _RUNNING_IN
        if not note.exists():
            return
        run_in = Path(note.read_text())
        data = (run_in if self._user else self._home) / "data"
        if (data / "postmaster.pid").exists():
            stop = [self._programs / "pg_ctl", "stop", "-D", data, "-m", "immediate"]
            subprocess.run(stop, cwd="/", check=False, capture_output=True, **self._as_user())
        self._bring_home(run_in)

    def _bring_home(self, run_in: Path) -> None:
        if self._user and (run_in / "data").exists():
            shutil.move(run_in / "data", self._home / "data")
        shutil.rmtree(run_in, ignore_errors=True)
        (self._home / _RUNNING_IN).unlink(missing_ok=True)

    def _connect(self, database: str) -> psycopg.Connection[Any]:
        # Said here, because a shell that is told where the gate is says another host and port.
        return psycopg.connect(
            host=str(self._run_in), hostaddr="", port=5432, user=SUPERUSER, dbname=database, autocommit=True,
            sslmode="disable",
        )  # fmt: skip

    def _wait(self) -> None:
        assert self._process is not None
        deadline = time.monotonic() + _PATIENCE
        while True:
            try:
                self._connection = self._connect(MAINTENANCE)
            except psycopg.OperationalError as error:
                if not self._process.is_alive() or time.monotonic() > deadline:
                    said = (self._home / "log.txt").read_text(errors="replace").splitlines()[-5:]
                    raise ClusterError(f"PostgreSQL did not start: {' / '.join(said)}") from error
                time.sleep(0.01)
            else:
                return

    def _run(self, program: str, *arguments: str) -> None:
        command = [self._programs / program, "-D", self._data, *arguments]
        done = subprocess.run(
            command, cwd=self._run_in, check=False, capture_output=True, text=True, **self._as_user()
        )
        if done.returncode:
            raise ClusterError(f"{program} failed: {done.stderr.strip()}")

    @property
    def _user_id(self) -> int | None:
        return pwd.getpwnam(self._user).pw_uid if self._user else None

    def _as_user(self) -> dict[str, Any]:
        """Whom a program runs as, and with which environment."""
        if self._user is None:
            return {"env": _environment()}
        user = pwd.getpwnam(self._user)
        return {"env": _environment(), "user": user.pw_uid, "group": user.pw_gid, "extra_groups": ()}

    def _own(self, folder: Path) -> None:
        if self._user:
            user = pwd.getpwnam(self._user)
            with contextlib.suppress(FileNotFoundError):
                os.chown(folder, user.pw_uid, user.pw_gid)


def _environment() -> dict[str, str]:
    """In which nothing leads a program elsewhere."""
    return {key: value for key, value in os.environ.items() if not key.startswith("PG")}


def _rows(cursor: psycopg.Cursor[Any]) -> Sequence[tuple[Any, ...]]:
    return cursor.fetchall() if cursor.description else []
