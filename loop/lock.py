"""One run at a time in a checkout: a second `make up` waits for the first."""

import fcntl
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path

from local_azure.private_files import private_folder


@contextmanager
def only_run(work: Path, say: Callable[[str], None]) -> Generator[None]:
    """Hold the checkout's lock. The system frees it when the process ends, however it ends."""
    private_folder(work)
    with (work / "lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("another run is under way in this checkout; waiting for it to end")
            fcntl.flock(file, fcntl.LOCK_EX)
        yield
