"""Every host with every target: what `make matrix` runs, and the suite does not."""

import json
import os
from collections.abc import Mapping
from pathlib import Path

import pytest

from local_azure.server import LocalAzure
from tests.attached import AttachedEngine
from tests.engine.conftest import arrivals, cloud
from tests.hosts.cell import new_cell
from tests.hosts.row import hosts, reachable

__all__ = ["arrivals", "cloud"]
SECONDS = 120
"""How long one answer is waited for: a cell that does not hold is told, not waited for."""
FOUND = "KEYLESS_MATRIX"
"""The variable that names the folder in which each host's cells are written down."""


@pytest.mark.parametrize("on", hosts())
def test_a_host_reaches_every_target_by_its_grant_alone(
    engine: AttachedEngine, cloud: LocalAzure, tmp_path: Path, on: str
) -> None:
    linked = reachable(on)
    wrong: Mapping[str, list[str]] = {name: ["the run did not come to its end"] for name in linked}
    try:
        wrong = new_cell(engine, cloud, tmp_path, on, linked).judged(SECONDS)
    finally:
        # Also of a run that breaks off: what an earlier one found is true no longer.
        (Path(os.environ[FOUND]) / f"{on}.json").write_text(json.dumps(wrong))
    assert [one for one in wrong.values() if one] == []
