"""`make clean`: forget the local stack and the local Azure, in whatever form they are."""

import shutil
from pathlib import Path
from typing import Final

from loop.lock import only_run
from loop.make import make
from loop.session import stop_azure
from loop.terminal import Terminal
from toolchain.paths import WORK

KEPT: Final = ("engine", "lock", "pulumi", "venv.lock")
"""What takes long to make and holds nothing of a stack, and the locks."""
ENGINE_LOGS: Final = Path("pulumi", "logs")
"""What the engine keeps of every run by itself."""
MADE: Final = (
    "Pulumi.local.yaml", "access.html", "az", "azure", "committed.yaml", "delivered.json",
    "imported-state.json", "page.html", "passphrase", "passphrase.new", "preview", "stack", "state",
)  # fmt: skip
"""What the loop itself puts into its folder."""


def clean(work: Path, terminal: Terminal, example: str = "") -> int:
    """Stop the local Azure and delete what it and the stack keep. Returns 0. Raises RuntimeError when the
    local Azure does not stop, and, with nothing touched, when `work` is not the checkout's own folder and
    holds what the loop does not make."""
    foreign = sorted(path.name for path in _in(work) if path.name not in (*KEPT, *MADE))
    if foreign and work != WORK:
        raise RuntimeError(
            f"{work} holds what the loop does not make, so nothing is deleted there: {', '.join(foreign)}."
            " Expected a folder that `--work` of `up` has made; move these elsewhere if it is one"
        )
    with only_run(work, terminal.step):
        stop_azure(work / "azure")
        for path in [*(path for path in _in(work) if path.name not in KEPT), work / ENGINE_LOGS]:
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)
    terminal.done(f"the local stack and the local Azure are forgotten; `{make('up', example)}` begins anew")
    return 0


def _in(folder: Path) -> list[Path]:
    return list(folder.iterdir()) if folder.exists() else []
