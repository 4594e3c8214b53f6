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
    """What cannot become a private folder: others work in it, it is somebody else's, or it is a file."""


def private_folder(path: Path) -> Path:
    """`path`, made 0700 with all that is missing above it, or narrowed to 0700 if it is there and wider.
    Raises SharedFolderError for one such as `/tmp`, in which everybody may write, and for one of another
    user, who could open it again, and for a file.
    """
    for missing in reversed([one for one in (path, *path.parents) if not one.exists()]):
        missing.mkdir(mode=_OWNER_ALONE, exist_ok=True)
    found = path.stat()
    if sys.platform != "win32" and found.st_uid != os.geteuid():
        raise SharedFolderError(
            f"{path} belongs to another user (of the number {found.st_uid}), who could open it for everybody."
            " Expected a folder of your own: remove it, or name another one"
        )
    if not stat.S_ISDIR(found.st_mode):
        raise SharedFolderError(f"{path} is a file. Expected a folder, or a name that is free")
    mode = stat.S_IMODE(found.st_mode)
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
    draft.unlink(missing_ok=True)  # one that a killed run left may be wider, or a link
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
    draft.replace(path)
