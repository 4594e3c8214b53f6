"""The databases' own servers that run, by the names that Resource Manager has for them."""

import shutil
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Generic, Protocol, TypeVar


class Runs(Protocol):
    """A server: started, stopped, and forgotten with its data. Both ends may be called twice."""

    def start(self) -> None: ...
    def stop(self) -> None: ...
    def remove(self) -> None: ...


R = TypeVar("R", bound=Runs)


class Fleet(Generic[R]):
    """Each is started when somebody connects. Who asks it anything holds `lock`: starting takes a second, all
    else little.
    """

    def __init__(self, folder: Path, make: Callable[[Path], R]) -> None:
        """`make` gets the folder that a server is at home in, and raises where its program is missing."""
        self._folder, self._make = folder, make
        self._running: dict[str, R] = {}
        self.lock = threading.Lock()

    def of(self, server_id: str) -> R:
        """The one of a server with that id, which runs from then on. Under the lock. Raises what `make` and
        `start` raise.
        """
        name = server_id.rpartition("/")[2].lower()
        if name not in self._running:
            made = self._make(self._folder / name)
            try:
                made.start()
            except BaseException:
                made.stop()
                raise
            self._running[name] = made
        return self._running[name]

    def running(self) -> list[R]:
        with self.lock:
            return list(self._running.values())

    def forget(self, name: str) -> None:
        """The server is deleted, and its data with it."""
        with self.lock:
            if made := self._running.pop(name.lower(), None):
                made.remove()
            shutil.rmtree(self._folder / name.lower(), ignore_errors=True)

    def stop(self) -> None:
        """Stop all. May be called twice."""
        with self.lock:
            for made in self._running.values():
                made.stop()
            self._running.clear()
