"""Processes of a language host, forked where the interpreter allows it and started as usual where not."""

import array
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, Any, Final

from local_azure.plugins.table import ROWS
from toolchain.host_processes import Process, Processes
from toolchain.paths import ROOT, VENV

CAN_FORK: Final = sys.platform == "linux"
"""Windows has no fork; on macOS its system libraries do not survive one."""
_SERVER: Final = Path(__file__).with_name("fork_server.py")


def preloaded() -> list[str]:
    """The resources of azure-native that programs use here: those that have a row in the stand-in."""
    return sorted(f"pulumi_azure_native.{token.partition(':')[2]}" for token in ROWS)


class Forked:
    """A process of the fork server, with what a `Popen` offers of it."""

    def __init__(self, stdout: IO[bytes], stderr: IO[bytes]) -> None:
        self.stdout: IO[bytes] | None = stdout
        self.stderr: IO[bytes] | None = stderr
        self.pid = 0
        self.returncode: int | None = None
        self.started = threading.Event()
        self.ended = threading.Event()

    def poll(self) -> int | None:
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        if not self.ended.wait(timeout):
            raise subprocess.TimeoutExpired(["a forked program"], timeout or 0)
        assert self.returncode is not None
        return self.returncode

    def send_signal(self, number: int) -> None:
        # The server reaps it and tells so a moment later: in between nobody has the number.
        with suppress(ProcessLookupError):
            if not self.ended.is_set():
                os.kill(self.pid, number)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


class ForkServer:
    """A running `fork_server.py` in the interpreter `python`, with the components of the folder `checkout`
    where it is given; it ends with this process, or with `close`."""

    def __init__(self, python: str, checkout: str = "") -> None:
        self._ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        command = [python, "-Iu", str(_SERVER), str(theirs.fileno()), checkout, *preloaded()]
        # In a session of its own: a test may kill a whole process group.
        self._server = subprocess.Popen(
            command, pass_fds=[theirs.fileno()], start_new_session=True, stdin=subprocess.DEVNULL
        )
        theirs.close()
        self._lock = threading.Lock()
        self._forked: dict[int, Forked] = {}
        self._count = 0
        self._gone = False
        threading.Thread(target=self._listen, daemon=True).start()

    def start(self, command: Sequence[str], cwd: str, environment: Mapping[str, str]) -> Forked:
        """Run `command`, without its interpreter, with both streams piped."""
        pipes = [os.pipe(), os.pipe()]
        forked = Forked(*(os.fdopen(read, "rb", buffering=0) for read, _ in pipes))
        with self._lock:
            if self._gone:
                raise RuntimeError("the fork server has ended")
            self._count += 1
            self._forked[self._count] = forked
            asked = {"id": self._count, "command": command, "cwd": cwd, "environment": dict(environment)}
            ends = array.array("i", [write for _, write in pipes])
            rights = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, ends)]
            self._ours.sendmsg([json.dumps(asked).encode()], rights)
        for _, write in pipes:
            os.close(write)
        forked.started.wait()
        return forked

    def close(self) -> None:
        """Kill what still runs, and end."""
        self._ours.shutdown(socket.SHUT_RDWR)
        self._server.wait()

    def _listen(self) -> None:
        while message := self._ours.recv(4096):
            told: dict[str, Any] = json.loads(message)
            forked = self._forked[told["id"]]
            if "pid" in told:
                forked.pid = told["pid"]
                forked.started.set()
            else:
                self._end(told["id"], told["status"])
        with self._lock:
            self._gone = True
            for id in list(self._forked):
                self._end(id, -signal.SIGKILL)

    def _end(self, id: int, status: int) -> None:
        forked = self._forked.pop(id)
        forked.returncode = status
        forked.started.set()
        forked.ended.set()


class ForkServers:
    """A fork server for each virtual environment that programs ask for, started when the first does."""

    def __init__(self) -> None:
        self._servers: dict[Path, ForkServer] = {}
        self._lock = threading.Lock()

    def of(self, python: str) -> ForkServer | None:
        """The server whose programs are as those of `python`; None where there is no safe fork, or where
        `python` is in no virtual environment, and so nothing is known of its packages."""
        environment = Path(os.path.normpath(Path(python).parent.parent))
        if not CAN_FORK or not (environment / "pyvenv.cfg").exists():
            return None
        with self._lock:
            if environment not in self._servers:
                own = environment.resolve() == VENV.resolve()
                self._servers[environment] = ForkServer(python, str(ROOT) if own else "")
            return self._servers[environment]

    def close(self) -> None:
        for server in self._servers.values():
            server.close()


class ForkedProcesses(Processes):
    """The processes of one language host, forked where they are programs of Python."""

    def __init__(self, servers: ForkServers) -> None:
        super().__init__()
        self._servers = servers

    def _open(
        self, command: Sequence[str], cwd: str, environment: Mapping[str, str], where: int | None
    ) -> Process:
        python, unbuffered, *program = command
        server = self._servers.of(python) if unbuffered == "-u" and where is not None else None
        if server is None:
            return super()._open(command, cwd, environment, where)
        return server.start(program, cwd, environment)
