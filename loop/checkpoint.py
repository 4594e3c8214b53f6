"""The state's own files after a kill or a dead machine, which may have ended in the middle of a write.

The engine's file backend writes the state (`local.json`), what it was before (`.bak`), and beside each an
`.attrs`, which it empties first and then fills. After most kills an empty one is all that is wrong: the
engine says `failed to load checkpoint: EOF`, and can do without it. https://gocloud.dev/howto/blob/#local
"""

import json
from pathlib import Path
from typing import Any

from local_azure.private_files import write_private
from loop.make import make


class StateLostError(RuntimeError):
    """Neither the state nor what it was before can be read."""


def mend_checkpoint(state: Path, stack: str, example: str = "") -> list[str]:
    """Bring the files of the backend in the folder `state` into a form that the engine reads. Returns a
    sentence for each thing that was mended. Raises StateLostError. No engine may be running on them."""
    backend = state / ".pulumi"
    mended: list[str] = []
    for file in backend.rglob("*.attrs"):
        if _read(file) is None:
            file.unlink()
            mended.append(f"removed {file.name}, the end of which a killed run had not written")
    for checkpoint in (backend / "stacks").glob(f"*/{stack}.json"):
        if _is_whole(checkpoint):
            continue
        before = checkpoint.with_name(f"{checkpoint.name}.bak")
        if not _is_whole(before):
            raise StateLostError(
                f"neither {checkpoint} nor {before.name} beside it can be read. Expected a JSON object in one"
                f" of them. `{make('clean', example)}` forgets this stack and its local Azure, and"
                f" `{make('up', example)}` begins anew"
            )
        write_private(checkpoint, before.read_bytes())
        checkpoint.with_name(f"{checkpoint.name}.attrs").unlink(missing_ok=True)
        mended.append("went back to the state before its last write, which a killed run had not finished")
    return mended


def _is_whole(file: Path) -> bool:
    found = _read(file)
    return found is not None and "checkpoint" in found


def _read(file: Path) -> dict[str, Any] | None:
    """The JSON object in a file; None for anything else, such as half of one."""
    try:
        found = json.loads(file.read_bytes())
    except (FileNotFoundError, ValueError):
        return None
    return found if isinstance(found, dict) else None  # pyright: ignore[reportUnknownVariableType]
