"""What `pulumi stack init` leaves, kept after the first of a name: the engine would write the same again."""

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path


class Initialised:
    """Kept in `folder` for as long as that is there."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def bring(self, name: str, parts: Sequence[str], to: Path, make: Callable[[Path], object]) -> None:
        """Put into the folder `to` what `make` leaves of `parts`, files or folders, in the one it is given.

        It is called for the first of a `name` only. Parts that are there stay as they are.
        """
        kept = self._folder / name
        if not kept.exists():
            unfinished = self._folder / f"{name}.unfinished"
            shutil.rmtree(unfinished, ignore_errors=True)
            make(unfinished)
            unfinished.rename(kept)
        for part in parts:
            source, target = kept / part, to / part
            if target.exists():
                continue
            target.parent.mkdir(parents=True, exist_ok=True)
            (shutil.copytree if source.is_dir() else shutil.copy2)(source, target)
