"""The queries, each a file that people can paste into Log Analytics."""

import json
from collections.abc import Collection
from importlib.resources import files
from typing import Final

_NOBODY: Final = "dynamic([])"
"""Where a query leaves room for ids."""


def query(name: str, ids: Collection[str] = ()) -> str:
    """The text of `<name>.kql`, with object ids in the place that it leaves for them, in lower case."""
    text = (files(__name__) / f"{name}.kql").read_text(encoding="utf-8")
    return text.replace(_NOBODY, f"dynamic({json.dumps(sorted({id.lower() for id in ids}))})")
