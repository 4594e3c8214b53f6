"""One run of a program that answers at a port: whether it does, and how it ends."""

import contextlib
import os
import random
import signal
import socket
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from local_azure.launched import Ending, Launched

_ENDING: Final = Ending(signal.SIGTERM, 3.0)
_LOG_LIMIT: Final = 1_000_000
_PORTS: Final = range(20_000, 32_768)
"""Below what Linux, macOS and Windows hand out by themselves: nobody takes one before the program has it."""


def essential_environment(home: Path) -> dict[str, str]:
    """What any program needs. The home is the program's own: no login of the person at the keyboard reaches
    it."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.defpath])
    return {"PATH": path, "HOME": str(home), "LANG": "C.UTF-8"}


def free_port(preferred: int | None) -> int:
    """`preferred` where it is free, so that a browser's address survives a restart, else another one."""
    for port in (*([preferred] if preferred else []), *random.sample(_PORTS, 100)):
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
            return port
    raise OSError("no free port on 127.0.0.1")


class ServingProgram(Launched):
    """A running server and everything it started. `environment` is all that it gets; output goes to `log`."""

    def __init__(
        self, command: list[str], content: Path, environment: Mapping[str, str], log: Path, port: int
    ) -> None:
        self.port = port
        self._answered = False
        if log.exists() and log.stat().st_size > _LOG_LIMIT:
            log.unlink()
        with log.open("ab") as output:
            super().__init__(command, content, environment, output, _ENDING)

    def is_ready(self) -> bool:
        """Whether the program accepts connections."""
        if not self.is_alive():
            return False
        if not self._answered:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=1):
                self._answered = True
        return self._answered

    def wait_until_ready(self, seconds: float) -> bool:
        """Wait at most `seconds` for the program to accept connections; False when it ended or needs
        longer."""
        end = time.monotonic() + seconds
        while self.is_alive():
            if self.is_ready():
                return True
            if time.monotonic() >= end:
                break
            time.sleep(0.05)
        return False
