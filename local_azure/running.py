"""Which process serves a state folder: a lock that the kernel drops with its holder, and a file that says
where it is."""

import fcntl
import json
import os
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Self

from local_azure.private_files import private_folder


class AlreadyRunningError(Exception):
    """Another process serves this state folder."""


@dataclass(frozen=True)
class Addresses:
    """Where a server is: its process, its proxy, its plain loopback address, the authority to trust (a PEM
    file), and the variables that lead clients that know no proxy to listeners of their own."""

    pid: int
    proxy: str
    portal: str
    authority: str
    environment: dict[str, str] = field(default_factory=dict[str, str])


class Claim:
    """The right to serve `state`, held by one process at a time. A killed holder leaves a stale
    `server.json`, which the next one replaces; only the lock says whether somebody runs."""

    def __init__(self, state: Path) -> None:
        """Raises AlreadyRunningError."""
        private_folder(state)
        self._file = state / "server.json"
        self._descriptor = os.open(state / "server.lock", os.O_RDWR | os.O_CREAT, 0o600)
        if not _locked(self._descriptor):
            os.close(self._descriptor)
            raise AlreadyRunningError(f"another local Azure serves {state}")
        self.last_addresses = _read(self._file)
        self._file.unlink(missing_ok=True)

    def publish(self, addresses: Addresses) -> None:
        """Say where the server is, now that it answers; the file appears whole."""
        draft = self._file.with_suffix(".draft")
        draft.write_text(json.dumps(asdict(addresses)))
        draft.replace(self._file)

    def release(self) -> None:
        self._file.unlink(missing_ok=True)
        os.close(self._descriptor)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.release()


def running(state: Path) -> Addresses | None:
    """The server of `state`, or None when none runs or one is still starting."""
    return _read(state / "server.json") if is_claimed(state) else None


def is_claimed(state: Path) -> bool:
    """Whether a process serves `state`, or is about to."""
    try:
        descriptor = os.open(state / "server.lock", os.O_RDWR)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    else:
        return False
    finally:
        os.close(descriptor)


def _locked(descriptor: int) -> bool:
    """Take the lock, with patience for somebody who only looks whether it is taken (`is_claimed`)."""
    for _ in range(10):
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(0.02)
        else:
            return True
    return False


def _read(file: Path) -> Addresses | None:
    try:
        return Addresses(**json.loads(file.read_text()))
    except (FileNotFoundError, ValueError, TypeError):
        return None
