"""`make clean`: forget the local stack and the local Azure, in whatever form they are."""

import shutil
from pathlib import Path
from typing import Final

from loop.lock import only_run
from loop.session import stop_azure
from loop.terminal import Terminal

KEPT: Final = ("engine", "lock", "pulumi", "venv.lock")
"""What takes long to make and holds nothing of a stack, and the locks."""


def clean(work: Path, terminal: Terminal) -> int:
    """Stop the local Azure and delete what it and the stack keep. Returns 0. Raises RuntimeError when the
    local Azure does not stop."""
    with only_run(work, terminal.step):
        stop_azure(work / "azure")
        for path in work.iterdir():
            if path.name in KEPT:
                continue
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink()
    terminal.done("the local stack and the local Azure are forgotten; `make up` begins anew")
    return 0
