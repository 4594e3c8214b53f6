"""Files and folders that only their owner reads: keys, credentials, state.

POSIX modes say it: 0600 and 0700. Windows has none; there a folder is as private as the one above it, and
that of a user's profile is. https://docs.python.org/3/library/os.html#os.chmod
"""

import os
import stat
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

_OWNER_ALONE: Final = 0o700


class SharedFolderError(RuntimeError):
    """A folder that cannot become private, as others work in it."""


def private_folder(path: Path) -> Path:
    """`path`, made 0700 with all that is missing above it, or narrowed to 0700 if it is there and wider.
    Raises SharedFolderError for one such as `/tmp`, in which everybody may write.
    """
    for missing in reversed([one for one in (path, *path.parents) if not one.exists()]):
        missing.mkdir(mode=_OWNER_ALONE, exist_ok=True)
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & stat.S_ISVTX:
        raise SharedFolderError(
            f"{path} is shared: everybody may write there. Expected a folder of your own; name one below it,"
            f" such as {path / 'keyless'}"
        )
    if sys.platform != "win32" and mode & ~_OWNER_ALONE:
        path.chmod(_OWNER_ALONE)
    return path


@contextmanager
def private_umask() -> Generator[None]:
    """What this process and those that it starts create in a `with` block is their user's alone, whoever
    creates it: the engine, its plugins, an app."""
    before = os.umask(0o077)
    try:
        yield
    finally:
        os.umask(before)


def write_private(path: Path, content: bytes) -> None:
    """Write a whole file that only its owner can read, or nothing at all."""
    draft = path.with_name(path.name + ".new")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)
    draft.replace(path)
