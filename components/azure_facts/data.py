"""The data files beside the readers."""

import json
from pathlib import Path
from typing import Any, Final

_FOLDER: Final = Path(__file__).parent


def read(name: str) -> Any:
    """What the data file of this name, such as `roles`, holds."""
    return json.loads((_FOLDER / f"{name}.json").read_text(encoding="utf-8"))
