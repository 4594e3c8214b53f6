"""One set-up at a time: a lock that the operating system lets go of when its holder dies, however it dies.

The commands that a set-up runs hold its locks too. When a set-up is killed, pip or Go may live on for a
while; the next set-up waits for their end, and does not work on the same files beside them.
"""

import sys
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

REPORT_EVERY_SECONDS = 15.0

_descriptors: set[int] = set()


def descriptors() -> tuple[int, ...]:
    """The file descriptors of the locks that this process holds: `pass_fds` of a command that it starts."""
    # Windows has no such inheritance, and lets a killed set-up's commands work on without the lock.
    return () if sys.platform == "win32" else tuple(_descriptors)


@contextmanager
def held(path: Path, say: Callable[[str], None], doing: str) -> Generator[None]:
    """Hold the lock file `path` for the length of a `with` block; wait for whoever holds it.

    `doing` says in the waiting line what the other one does, such as "builds the engine".
    The file itself stays: removing it would let two holders lock two different files of one name.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with path.open("a+b") as file:
        started = time.monotonic()
        report_at = started
        while not _try(file):
            if time.monotonic() >= report_at:
                waited = round(time.monotonic() - started)
                say(f"Another set-up {doing}; waiting for it ({waited} s). Lock: {path}")
                report_at = time.monotonic() + REPORT_EVERY_SECONDS
            time.sleep(0.1)
        _descriptors.add(file.fileno())
        try:
            yield
        finally:
            _descriptors.discard(file.fileno())
            _release(file)


if sys.platform == "win32":

    def _try(file: IO[bytes]) -> bool:
        file.seek(0)
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def _release(file: IO[bytes]) -> None:
        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_UNLCK, 1)

else:

    def _try(file: IO[bytes]) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _release(file: IO[bytes]) -> None:
        fcntl.flock(file, fcntl.LOCK_UN)
