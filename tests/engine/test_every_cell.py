"""What `make matrix` writes down of a host."""

import json
from pathlib import Path
from typing import Any

import pytest

from loop.stack import EngineError
from tests.hosts import every_cell
from tests.hosts.cell import Cell
from tests.hosts.row import reachable


def test_a_run_that_breaks_off_is_written_down_of_every_target_of_its_host(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An earlier run's cells are not left as they are."""

    def broken(*_: object) -> Cell:
        raise EngineError(["up"], 255, "no such type")

    monkeypatch.setenv(every_cell.FOUND, str(tmp_path))
    monkeypatch.setattr(every_cell, "new_cell", broken)
    nothing: Any = None
    with pytest.raises(EngineError):
        every_cell.test_a_host_reaches_every_target_by_its_grant_alone(
            nothing, nothing, tmp_path, "logic_app"
        )
    found = json.loads((tmp_path / "logic_app.json").read_text())
    assert found == {name: ["the run did not come to its end"] for name in reachable("logic_app")}
