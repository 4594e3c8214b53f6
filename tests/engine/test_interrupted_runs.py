"""Killing a run at any moment leaves a state from which the next one recovers (P6)."""

from collections.abc import Callable
from pathlib import Path

import pytest

from loop.recovery import recover
from loop.stack import EngineError
from tests.engine.conftest import Loop
from tests.engine.interruptions import kill_when


@pytest.mark.parametrize(
    "type",
    [
        "Microsoft.Resources/resourceGroups",
        "Microsoft.KeyVault/vaults",
        "Microsoft.ManagedIdentity/userAssignedIdentities",
        "Microsoft.Authorization/roleAssignments",
        "Microsoft.Web/sites",
    ],
)
def test_a_run_killed_in_the_middle_is_taken_up_by_the_next(loop: Loop, type: str) -> None:
    kill_when(loop, type, ["up"], loop.stack.destroy)

    mended = recover(loop.stack, loop.session.resource_manager)

    assert "freed the stack, which a killed run had locked" in mended
    outputs = loop.up()
    assert len(loop.resources("Microsoft.KeyVault/vaults")) == 1
    assert len(loop.resources("Microsoft.Web/sites")) == 1
    loop.stack.preview("--expect-no-changes")
    loop.stack.destroy()
    left = loop.session.control("/leftovers")
    assert (left["resources"], left["role_assignments"]) == ([], []), outputs


def test_a_destroy_killed_in_the_middle_is_taken_up_by_the_next(loop: Loop) -> None:
    first = loop.up()
    kill_when(loop, "Microsoft.Web/sites", ["destroy"], loop.up)
    assert loop.resources("Microsoft.Web/sites") == []

    recover(loop.stack, loop.session.resource_manager)
    loop.stack.destroy()

    left = loop.session.control("/leftovers")
    assert (left["resources"], left["role_assignments"]) == ([], [])
    assert loop.up()["vault_name"] != first["vault_name"]


def empty(file: Path) -> None:
    file.write_bytes(b"")


def halve(file: Path) -> None:
    whole = file.read_bytes()
    file.write_bytes(whole[: len(whole) // 2])


@pytest.mark.parametrize(
    ("name", "damage", "said"),
    [
        (
            "local.json.attrs",
            empty,
            "removed local.json.attrs, the end of which a killed run had not written",
        ),
        (
            "local.json",
            empty,
            "went back to the state before its last write, which a killed run had not finished",
        ),
        (
            "local.json",
            halve,
            "went back to the state before its last write, which a killed run had not finished",
        ),
    ],
)
def test_a_machine_that_dies_while_the_state_is_written_costs_one_make_up(
    loop: Loop, name: str, damage: Callable[[Path], None], said: str
) -> None:
    first = loop.up()
    (file,) = (loop.stack.state / ".pulumi" / "stacks").glob(f"*/{name}")
    damage(file)
    with pytest.raises(EngineError, match=r"EOF|unexpected end of JSON"):
        loop.stack.export()

    assert recover(loop.stack, loop.session.resource_manager) == [said]

    assert loop.up() == first
    loop.stack.preview("--expect-no-changes")
    assert recover(loop.stack, loop.session.resource_manager) == []
