"""One run of an app: how it is started, whether it answers, how it ends.

https://learn.microsoft.com/azure/app-service/configure-language-python says what App Service starts.
"""

import contextlib
import random
import re
import signal
import socket
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from local_azure.launched import Ending, Launched

_APP_FILES: Final = ("application.py", "app.py", "index.py", "server.py")
_APP: Final = re.compile(r"^(?:def |class )?app\b", re.MULTILINE)
_ENDING: Final = Ending(signal.SIGTERM, 3.0)
_LOG_LIMIT: Final = 1_000_000
_PORTS: Final = range(20_000, 32_768)
"""Below what Linux, macOS and Windows hand out by themselves: nobody takes one before the app has it."""


NO_APP: Final = f"No startup command was detected: none of {', '.join(_APP_FILES)} defines app.\n"
"""What the log of a site says whose code cannot be started."""


def shell_command(line: str) -> list[str]:
    """The command for a site's own start-up command, which App Service hands to a shell."""
    return ["/bin/sh", "-c", line]


def detect_command(content: Path, port: int) -> list[str] | None:
    """The command for the code in `content`: gunicorn for the first known file with an `app`, else None."""
    for name in _APP_FILES:
        file = content / name
        if file.is_file() and _APP.search(file.read_text("utf-8", "replace")):
            module = f"{file.stem}:app"
            # One worker, and the time that App Service itself gives a request.
            options = ["--workers", "1", "--timeout", "600", "--graceful-timeout", "2", "--no-control-socket"]
            return [sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}", *options, module]
    return None


def free_port(preferred: int | None) -> int:
    """`preferred` where it is free, so that a browser's address survives a restart, else another one."""
    for port in (*([preferred] if preferred else []), *random.sample(_PORTS, 100)):
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
            return port
    raise OSError("no free port on 127.0.0.1")


class AppProcess(Launched):
    """A running app and everything it started. `environment` is all that it gets; output goes to `log`."""

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
        """Whether the app accepts connections."""
        if not self.is_alive():
            return False
        if not self._answered:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=1):
                self._answered = True
        return self._answered

    def wait_until_ready(self, seconds: float) -> bool:
        """Wait at most `seconds` for the app to accept connections; False when it ended or needs longer."""
        end = time.monotonic() + seconds
        while self.is_alive():
            if self.is_ready():
                return True
            if time.monotonic() >= end:
                break
            time.sleep(0.05)
        return False
