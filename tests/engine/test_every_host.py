"""Every host of `tests/hosts`, on what all of them promise."""

import threading
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest

from components.identity import IdentityKind
from local_azure.server import LocalAzure
from loop.recovery import recover
from loop.stack import EngineError
from tests.attached import AttachedEngine
from tests.engine.interruptions import kill_when
from tests.hosts.cell import Cell, new_cell
from tests.hosts.row import hosts

TARGET = "blobs"
HONOURED_AFTER = 300
"""Seconds until a grant is honoured: Azure says up to ten minutes."""


@pytest.fixture
def cell(engine: AttachedEngine, cloud: LocalAzure, tmp_path: Path, request: pytest.FixtureRequest) -> Cell:
    return new_cell(engine, cloud, tmp_path, request.param, [TARGET])


@pytest.mark.parametrize("cell", hosts(), indirect=True)
def test_a_host_keeps_what_every_host_promises(cell: Cell, subtests: pytest.Subtests) -> None:
    """One stack from its first run to its last: each sentence begins where the one before ended."""
    before = cell.left()
    with subtests.test("a run killed while the host is made is taken up by the next"):
        _take_up_a_killed_run(cell)
    with subtests.test("code is let in by its grant alone"):
        cell.deploy(grant=False)
        cell.is_refused(TARGET)
        cell.deploy(grant=True)
        cell.is_let_in(TARGET)
    if len(cell.on.identities) > 1:
        with subtests.test("an identity is switched by one argument and one up, with no orphan"):
            _switch_identities(cell)
    with subtests.test("nothing is left"):
        cell.stack.destroy()
        assert cell.left() == before


def _take_up_a_killed_run(cell: Cell) -> None:
    cell.stack.write_configuration(cell.configured)
    kill_when(cell, cell.on.type, ["up"], cell.stack.destroy)
    recover(cell.stack, cell.session.resource_manager)
    cell.deploy()
    assert len(cell.resources(cell.on.type)) == 1
    cell.deliver_probe()
    cell.is_let_in(TARGET)
    cell.stack.preview("--expect-no-changes")


def _switch_identities(cell: Cell) -> None:
    """Through every kind and back to the first, which it has."""
    first, *others = cell.on.identities
    principals = {cell.outputs["host"]["principal_id"]}
    for kind in (*others, first):
        cell.deploy(identity=kind.value)
        cell.is_let_in(TARGET)
        principal = cell.outputs["host"]["principal_id"]
        assert principal not in principals, kind
        principals.add(principal)
        assert {who for _, who, _ in cell.grants()} - cell.there_before == {principal}, kind
        own = cell.resources("Microsoft.ManagedIdentity/userAssignedIdentities")
        assert len(own) == (kind is IdentityKind.USER_ASSIGNED), kind
        cell.stack.preview("--expect-no-changes")


@pytest.mark.parametrize("cell", hosts(), indirect=True)
def test_a_grant_that_is_honoured_late_ends_well(cell: Cell) -> None:
    cell.cloud.azure.authorizer.set_propagation(seconds=HONOURED_AFTER)
    if cell.on.is_refused_early:
        with time_passes(cell):
            cell.deploy()
    elif cell.on.is_left_behind:
        with pytest.raises(EngineError, match="run the same command again"):
            cell.deploy()
        with time_passes(cell):
            cell.deploy()
    else:
        cell.deploy()
    cell.cloud.azure.clock.advance(HONOURED_AFTER + 1)
    cell.deliver_probe()
    cell.is_let_in(TARGET)


@contextmanager
def time_passes(cell: Cell) -> Generator[None]:
    """While the engine waits for what is honoured late, half a minute of Azure's goes by with each moment."""
    over = threading.Event()

    def pass_() -> None:
        while not over.wait(0.5):
            cell.cloud.azure.clock.advance(30)

    clock = threading.Thread(target=pass_)
    clock.start()
    try:
        yield
    finally:
        over.set()
        clock.join()
