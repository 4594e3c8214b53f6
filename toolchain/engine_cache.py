"""The cache of engines: a folder is there whole or not at all, and is made once."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

from toolchain import locks

UNFINISHED = ".unfinished-"


def make_once(
    folder: Path,
    make: Callable[[Path], None],
    say: Callable[[str], None],
) -> Path:
    """`folder`, made by `make` if it is not there.

    `make` gets an empty folder beside it, which takes its place by one rename: what is killed before that
    leaves an unfinished folder only, and the next set-up sweeps it away. What `make` raises is raised.
    """
    with locks.held(folder.parent / "lock", say, "is getting the engine"):
        if folder.is_dir():
            return folder
        for left_over in folder.parent.glob(f"{UNFINISHED}*"):
            shutil.rmtree(left_over, ignore_errors=True)
        unfinished = folder.parent / f"{UNFINISHED}{folder.name}-{os.getpid()}"
        unfinished.mkdir()
        try:
            make(unfinished)
            unfinished.rename(folder)
        finally:
            shutil.rmtree(unfinished, ignore_errors=True)
    return folder
