"""Where a database's own server keeps its data, and where and as whom it runs.

Such servers refuse to run as root, and the state folder is its user's alone. So where this process is root,
the server runs as `nobody`, with its data in a folder of its own below the system's for temporary files, and
comes home when it ends.
"""

import contextlib
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO, Any, Final

from local_azure.launched import Ending, Launched
from local_azure.private_files import private_folder

_NOBODY: Final = "nobody"
_RUNNING_IN: Final = "running-in"
"""The file in a home that says where its data is while it runs."""


class ServerError(RuntimeError):
    """The server did not start. The message has its last words."""


class ServerHome:
    """`prefix` begins the name of the folder that it runs in; `environment` is all that its programs get."""

    def __init__(self, home: Path, prefix: str, environment: Mapping[str, str]) -> None:
        self._home, self._prefix = private_folder(home), prefix
        self._environment = dict(environment)
        self._user = _NOBODY if os.geteuid() == 0 else None
        self._run_in: Path | None = None

    @property
    def run_in(self) -> Path:
        """Short enough for a socket's path, which may have 107 bytes: a state folder's may be longer."""
        assert self._run_in is not None, "the server does not run"
        return self._run_in

    @property
    def data(self) -> Path:
        return (self.run_in if self._user else self._home) / "data"

    @property
    def log(self) -> Path:
        return self._home / "log.txt"

    def enter(self, end: Callable[[Path], None]) -> bool:
        """Make what it runs in. `end` ends what a killed run left running with its data there. Gives whether
        there is no data yet.
        """
        self._recover(end)
        self._run_in = Path(tempfile.mkdtemp(prefix=self._prefix))
        (self._home / _RUNNING_IN).write_text(str(self._run_in))
        self._own(self._run_in)
        is_new = not (self._home / "data").exists()
        if not is_new and self._user:
            shutil.move(self._home / "data", self.data)
        return is_new

    def make_data(self) -> None:
        """An empty folder for it, where a program does not make one itself."""
        self.data.mkdir(mode=0o700)
        self._own(self.data)

    def leave(self) -> None:
        """Bring the data home. May be called twice."""
        if self._run_in is not None:
            self._bring_home(self._run_in)
            self._run_in = None

    def remove(self) -> None:
        """Leave for ever: nothing of it is left."""
        self.leave()
        shutil.rmtree(self._home, ignore_errors=True)

    def run(self, command: Sequence[str | Path], text: bytes = b"") -> None:
        """Run a program to its end. Raises ServerError."""
        done = subprocess.run(
            command, cwd=self.run_in, check=False, capture_output=True, input=text, **self._as_user()
        )
        if done.returncode:
            said = done.stderr.decode(errors="replace").strip().splitlines()[-5:]
            raise ServerError(f"{Path(command[0]).name} failed: {' / '.join(said)}")

    def end(self, command: Sequence[str | Path]) -> None:
        """Run a program that ends what another run left, from anywhere, whatever it says."""
        subprocess.run(command, cwd="/", check=False, capture_output=True, **self._as_user())

    def launch(self, command: Sequence[str | Path], ending: Ending) -> Launched:
        with self.log.open("ab") as log:
            return self._launched(command, log, ending)

    def last_words(self) -> str:
        return " / ".join(self.log.read_text(errors="replace").splitlines()[-5:])

    def _launched(self, command: Sequence[str | Path], log: IO[bytes], ending: Ending) -> Launched:
        user = pwd.getpwnam(self._user).pw_uid if self._user else None
        return Launched(command, self.run_in, self._environment, log, ending, user)

    def _recover(self, end: Callable[[Path], None]) -> None:
        note = self._home / _RUNNING_IN
        if note.exists():
            run_in = Path(note.read_text())
            end((run_in if self._user else self._home) / "data")
            self._bring_home(run_in)

    def _bring_home(self, run_in: Path) -> None:
        if self._user and (run_in / "data").exists():
            shutil.move(run_in / "data", self._home / "data")
        shutil.rmtree(run_in, ignore_errors=True)
        (self._home / _RUNNING_IN).unlink(missing_ok=True)

    def _as_user(self) -> dict[str, Any]:
        """Whom a program runs as, and with which environment."""
        if self._user is None:
            return {"env": self._environment}
        user = pwd.getpwnam(self._user)
        return {"env": self._environment, "user": user.pw_uid, "group": user.pw_gid, "extra_groups": ()}

    def _own(self, folder: Path) -> None:
        if self._user:
            user = pwd.getpwnam(self._user)
            with contextlib.suppress(FileNotFoundError):
                os.chown(folder, user.pw_uid, user.pw_gid)
