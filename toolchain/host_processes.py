"""The processes of our Python language host: started, read and ended, so that none outlives the engine."""

import os
import queue
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from typing import IO, Protocol


class Process(Protocol):
    """What is asked of a process that was started; a `subprocess.Popen` of bytes is one."""

    stdout: IO[bytes] | None
    stderr: IO[bytes] | None
    returncode: int | None

    def poll(self) -> int | None: ...
    def wait(self, timeout: float | None = None) -> int: ...
    def send_signal(self, number: int, /) -> None: ...
    def terminate(self) -> None: ...
    def kill(self) -> None: ...


GRACE_SECONDS = 2.0
"""How long a process may take to end by itself; the engine gives its language host five seconds."""


class Processes:
    """The processes that one language host has started."""

    def __init__(self) -> None:
        self._running: set[Process] = set()
        self._stopped = False
        self._lock = threading.Lock()

    def start(
        self, command: Sequence[str], cwd: str, environment: Mapping[str, str], *, piped: bool
    ) -> Process:
        """Start `command`; what is not `piped` writes to this host's own output, which the engine shows."""
        where = subprocess.PIPE if piped else None
        with self._lock:
            if self._stopped:
                raise RuntimeError("the language host is ending")
            process = self._open(command, cwd, environment, where)
            self._running.add(process)
        return process

    def _open(
        self, command: Sequence[str], cwd: str, environment: Mapping[str, str], where: int | None
    ) -> Process:
        # In this host's process group: the engine interrupts, and if need be kills, the whole group.
        return subprocess.Popen(
            command, cwd=cwd, env=dict(environment), stdin=subprocess.DEVNULL, stdout=where, stderr=where
        )

    def wait(self, process: Process) -> int:
        """The status that `process` ends with."""
        status = process.wait()
        with self._lock:
            self._running.discard(process)
        return status

    def output(self, process: Process) -> Iterator[tuple[str, bytes]]:
        """`stdout` and `stderr` of a piped process, a piece at a time; it has ended when this has."""
        pieces: queue.SimpleQueue[tuple[str, bytes]] = queue.SimpleQueue()

        def read(name: str, pipe: IO[bytes]) -> None:
            while piece := os.read(pipe.fileno(), 65536):
                pieces.put((name, piece))
            pipe.close()
            pieces.put((name, b""))

        assert process.stdout is not None
        assert process.stderr is not None
        for name, pipe in (("stdout", process.stdout), ("stderr", process.stderr)):
            threading.Thread(target=read, args=(name, pipe), daemon=True).start()
        open_streams = 2
        while open_streams:
            name, piece = pieces.get()
            if piece:
                yield name, piece
            else:
                open_streams -= 1
        self.wait(process)

    def stop(self) -> None:
        """End every process and start no more; none is left when this returns."""
        with self._lock:
            self._stopped = True
            running = list(self._running)
        end(*running)


def end(*processes: Process, grace: float | None = None) -> None:
    """Interrupt `processes`, and kill those that do not end in `grace` seconds: GRACE_SECONDS, left out."""
    for process in processes:
        if process.poll() is not None:
            continue
        if sys.platform == "win32":
            process.terminate()
        else:
            process.send_signal(signal.SIGINT)
    until = time.monotonic() + (GRACE_SECONDS if grace is None else grace)
    for process in processes:
        try:
            process.wait(max(0.0, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def wait_until_gone(engine: str) -> None:
    """Return when the engine at the address `engine` is gone; it holds our input open while it lives."""
    while os.read(0, 4096):
        pass
    host, _, port = engine.rpartition(":")
    while True:
        # Asked as well, because a closed input alone may have another reason.
        try:
            socket.create_connection((host, int(port)), timeout=1).close()
        except OSError:
            return
        time.sleep(1)
