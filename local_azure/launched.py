"""A program that runs as a child of the local Azure and ends with it, also where it is killed."""

import contextlib
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final

from local_azure.lookups import led_here

_LAUNCHER: Final = Path(__file__).with_name("launcher.py")
_SLACK_SECONDS: Final = 5.0
"""How much longer than its program a launcher may take to end."""


@dataclass(frozen=True)
class Ending:
    """The signal that asks a program to end, and the seconds that it has to finish what it is doing."""

    asks: signal.Signals
    seconds: float


class Launched:
    """`environment` is all that the program gets, but that Python finds in it what leads it here; both of
    its streams go to `output`. `user` is the number of whom it runs as; left out, who runs this.
    """

    def __init__(
        self,
        command: Sequence[str | Path],
        folder: Path,
        environment: Mapping[str, str],
        output: IO[bytes],
        ending: Ending,
        user: int | None = None,
    ) -> None:
        self._ending = ending
        self._status: int | None = None
        self._reading = threading.Lock()
        self._told: int | None
        self._told, told = os.pipe()
        how = [str(told), str(int(ending.asks)), str(ending.seconds), "-" if user is None else str(user)]
        self._launcher: subprocess.Popen[Any] = subprocess.Popen(
            [sys.executable, "-I", str(_LAUNCHER), *how, *command],
            cwd=folder, env=led_here(environment), stdin=subprocess.PIPE, stdout=output, stderr=output,
            start_new_session=True, pass_fds=[told],
        )  # fmt: skip
        os.close(told)

    @property
    def pid(self) -> int:
        """The process group of the program."""
        return self._launcher.pid

    def is_alive(self) -> bool:
        return self._launcher.poll() is None

    @property
    def exit_status(self) -> int | None:
        """What the program ended with, below 0 the signal that ended it; None while it runs, and where its
        launcher was killed.
        """
        # Who waits for the end and who stops it may be two threads; a number that is closed twice may be the
        # file of somebody else by then.
        with self._reading:
            if self._told is not None and not self.is_alive():
                said = os.read(self._told, 32)
                self._status = int(said) if said else None
                os.close(self._told)
                self._told = None
            return self._status

    def wait_for_end(self, seconds: float) -> None:
        """Wait at most `seconds` for the program to end by itself."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._launcher.wait(seconds)

    def end(self) -> None:
        """Tell the program to end; `stop` waits for it."""
        if self._launcher.stdin:
            self._launcher.stdin.close()

    def stop(self) -> None:
        """End the program and everything it started; returns when it is gone."""
        self.end()
        self.wait_for_end(self._ending.seconds + _SLACK_SECONDS)
        # The launcher ends its group itself; this is for a launcher that hangs or was killed.
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._launcher.pid, signal.SIGKILL)
        self._launcher.wait()
        _ = self.exit_status
