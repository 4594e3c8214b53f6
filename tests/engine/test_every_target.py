"""One web app with a link to every target of `tests/hosts`: each lets it in by its grant alone."""

from pathlib import Path

import pytest

from local_azure.server import LocalAzure
from tests import proofs
from tests.attached import AttachedEngine
from tests.hosts.cell import Cell, new_cell
from tests.hosts.row import target, targets

pytestmark = [pytest.mark.needs(getattr(proofs, need)) for name in targets() for need in target(name).needs]


@pytest.fixture
def cell(engine: AttachedEngine, cloud: LocalAzure, tmp_path: Path) -> Cell:
    return new_cell(engine, cloud, tmp_path, "web_app", targets())


def test_one_app_reaches_every_target_by_its_grants_alone_and_nothing_is_left(cell: Cell) -> None:
    assert [wrong for wrong in cell.judged().values() if wrong] == []
