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
from tests.hosts.row import Host, host, hosts

TARGET = "blobs"
IDENTITIES = "Microsoft.ManagedIdentity/userAssignedIdentities"
HONOURED_AFTER = 300
"""Seconds until a grant is honoured: Azure says up to ten minutes."""


@pytest.fixture
def cell(engine: AttachedEngine, cloud: LocalAzure, tmp_path: Path, request: pytest.FixtureRequest) -> Cell:
    return new_cell(engine, cloud, tmp_path, request.param, [TARGET])


@pytest.mark.parametrize("cell", hosts(), indirect=True)
def test_a_host_keeps_what_every_host_promises(cell: Cell, subtests: pytest.Subtests) -> None:
    """One stack from its first run to its last: each sentence begins where the one before ended."""
    before = cell.left()
    is_late = not _waits(cell.on)
    if is_late:
        cell.cloud.azure.authorizer.set_propagation(seconds=HONOURED_AFTER)
    with subtests.test("a run killed while the host is made is taken up by the next"):
        _take_up_a_killed_run(cell)
    with subtests.test("a grant that is honoured late ends well" if is_late else "code is let in"):
        cell.cloud.azure.clock.advance(HONOURED_AFTER + 1 if is_late else 0)
        cell.deliver_probe()
        cell.is_let_in(TARGET)
        cell.stack.preview("--expect-no-changes")
    cell.cloud.azure.authorizer.set_propagation()
    if len(cell.on.identities) > 1:
        with subtests.test("a linked identity is switched by one argument and one up, with no orphan"):
            first, *others = cell.on.identities
            for kind in (*others, first):
                _switch(cell, kind)
                cell.is_let_in(TARGET)
    with subtests.test("code is let in by its grant alone"):
        cell.deploy(grant=False)
        cell.is_refused(TARGET)
    if len(cell.on.identities_alone) > 1:
        with subtests.test("an identity is switched on, off and to another kind by one argument and one up"):
            _switch_alone(cell)
    with subtests.test("code is let in again by its link, and by its grant"):
        cell.reach(TARGET)
        cell.deploy(grant=True)
        cell.deliver_probe()
        cell.is_let_in(TARGET)
    with subtests.test("nothing is left"):
        cell.stack.destroy()
        assert cell.left() == before
        assert cell.session.control("/leftovers")["orphans"] == []


def _waits(on: Host) -> bool:
    """Whether Azure refuses it while its grants are not honoured, which has a stack of its own."""
    return on.is_refused_early or on.is_left_behind


def _take_up_a_killed_run(cell: Cell) -> None:
    cell.stack.write_configuration(cell.configured)
    kill_when(cell, cell.on.type, ["up"], cell.stack.destroy)
    recover(cell.stack, cell.session.resource_manager)
    cell.deploy()
    assert len(cell.resources(cell.on.type)) == 1


def _switch_alone(cell: Cell) -> None:
    """Through every kind that it has where it reaches nothing, and back where the last cannot be linked."""
    first, *others = cell.on.identities_alone
    cell.reach()
    back = [] if others[-1] in cell.on.identities else [first]
    for kind in (first, *others, *back):
        _switch(cell, kind)


def _switch(cell: Cell, kind: IdentityKind) -> None:
    """One argument and one `up`: the identity is another one, and of the one before nothing is left."""
    before = cell.outputs["host"].get("principal_id")
    kept = kind.value == cell.configured.get("identity", cell.on.identities[0].value)
    cell.deploy(identity=kind.value)
    principal = cell.outputs["host"].get("principal_id")
    assert (principal is None) == (kind is IdentityKind.NONE), kind
    assert kept == (principal == before), kind
    if before is not None and not kept:
        assert cell.cloud.azure.entra.principal(before) is None, f"{kind}: the one before is left"
    granted = {who for _, who, _ in cell.grants()} - cell.there_before
    assert granted <= {principal}, kind  # a function app's own storage lets it in without a link, too
    assert not cell.linked or granted, kind
    assert len(cell.resources(IDENTITIES)) == (kind is IdentityKind.USER_ASSIGNED), kind
    assert len(cell.resources(cell.on.type)) == 1, kind
    cell.stack.preview("--expect-no-changes")


@pytest.mark.parametrize("cell", [one for one in hosts() if _waits(host(one))], indirect=True)
def test_a_host_that_azure_refuses_before_its_grant_is_honoured_ends_well(cell: Cell) -> None:
    cell.cloud.azure.authorizer.set_propagation(seconds=HONOURED_AFTER)
    if cell.on.is_left_behind:
        _is_finished_by_the_same_command(cell)
    else:
        with time_passes(cell):
            cell.deploy()
        cell.cloud.azure.clock.advance(HONOURED_AFTER + 1)
    cell.deliver_probe()
    cell.is_let_in(TARGET)


def _is_finished_by_the_same_command(cell: Cell) -> None:
    with pytest.raises(EngineError) as refused:
        cell.deploy()
    said = refused.value.output
    assert "ContainerAppOperationError" in said
    assert "run the same command again" in said
    assert "pulumi import" not in said
    assert "already existing" not in said
    (left,) = cell.cloud.azure.store.list(type=cell.on.type)
    assert left.body["properties"]["provisioningState"] == "Failed"

    cell.cloud.azure.clock.advance(HONOURED_AFTER + 1)
    cell.deploy()
    (made,) = cell.cloud.azure.store.list(type=cell.on.type)
    assert made.id == left.id
    assert made.body["properties"]["provisioningState"] == "Succeeded"
    cell.stack.preview("--expect-no-changes")


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
