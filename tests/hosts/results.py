"""What the last `make matrix` found of each host, and on what."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final, NotRequired, TypedDict

RESULTS: Final = Path(__file__).with_name("results.json")


class HostResult(TypedDict):
    """Of one host: the day of its run, the fingerprint of what it ran on, and by target what did not hold."""

    on: str
    ran_on: NotRequired[str]
    """Left out of runs from before there were fingerprints."""
    cells: Mapping[str, Sequence[str]]


def results() -> Mapping[str, HostResult]:
    return json.loads(RESULTS.read_text()) if RESULTS.exists() else {}


def stale(
    wanted: Sequence[str], found: Mapping[str, HostResult], now: Mapping[str, str]
) -> Sequence[tuple[str, str]]:
    """Of these hosts those whose results say nothing of what there is now, and why, in words."""
    told = ((on, _why(found.get(on), now[on])) for on in wanted)
    return [(on, why) for on, why in told if why]


def _why(result: HostResult | None, now: str) -> str:
    if result is None:
        return "it has not run since it is there"
    if any(result["cells"].values()):
        return f"not all of it held on {result['on']}"
    ran_on = result.get("ran_on")
    if ran_on is None:
        return f"what it ran on on {result['on']} is not known"
    return "" if ran_on == now else f"it ran on {ran_on}, and now there is {now}"
