"""What the last `make matrix` found of each host."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final, TypedDict

RESULTS: Final = Path(__file__).with_name("results.json")


class HostResult(TypedDict):
    """Of one host: the day of its run, and by target what did not hold."""

    on: str
    cells: Mapping[str, Sequence[str]]


def results() -> Mapping[str, HostResult]:
    return json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
