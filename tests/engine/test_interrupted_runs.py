"""Killing a run at any moment leaves a state from which the next one recovers (P6)."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from loop.recovery import recover
from loop.stack import EngineError
from tests.engine.conftest import Loop
from tests.engine.interruptions import kill_when

SITES = "Microsoft.Web/sites"


def test_a_run_killed_in_the_middle_is_taken_up_by_the_next_and_so_is_a_destroy(
    loop: Loop, subtests: pytest.Subtests
) -> None:
    types = (
        "Microsoft.Resources/resourceGroups",
        "Microsoft.KeyVault/vaults",
        "Microsoft.Authorization/roleAssignments",
    )
    first = _killed_at_each_of(loop, subtests, types)
    with subtests.test("a destroy"):
        kill_when(loop, SITES, ["destroy"], loop.up)
        assert loop.resources(SITES) == []
        recover(loop.stack, loop.session.resource_manager)
        loop.stack.destroy()
        assert _left(loop) == ([], [])
        assert loop.up()["vault_name"] != first["vault_name"]


def test_a_run_killed_in_the_middle_or_with_its_machine_is_taken_up_by_the_next(
    loop: Loop, subtests: pytest.Subtests
) -> None:
    first = _killed_at_each_of(loop, subtests, ("Microsoft.ManagedIdentity/userAssignedIdentities", SITES))
    for name, damage, said in DAMAGES:
        with subtests.test("a machine that dies while the state is written costs one `make up`", name=name):
            (file,) = (loop.stack.state / ".pulumi" / "stacks").glob(f"*/{name}")
            damage(file)
            with pytest.raises(EngineError, match=r"EOF|unexpected end of JSON"):
                loop.stack.export()

            assert recover(loop.stack, loop.session.resource_manager) == [said]

            assert loop.up() == first
            loop.stack.preview("--expect-no-changes")
            assert recover(loop.stack, loop.session.resource_manager) == []
    loop.stack.destroy()
    assert _left(loop) == ([], [])


def _killed_at_each_of(loop: Loop, subtests: pytest.Subtests, types: Sequence[str]) -> dict[str, Any]:
    """Each run takes up the one before and is killed once it has made one of the next type; the outputs of
    the last one, which comes to its end.
    """
    before = {type: len(loop.resources(type)) for type in types}
    for type in types:
        with subtests.test("a run killed in the middle", type=type):
            if len(loop.resources(type)) > before[type]:
                loop.stack.destroy()  # the one before had come that far on a busy machine
            kill_when(loop, type, ["up"], loop.stack.destroy)
            mended = recover(loop.stack, loop.session.resource_manager)
            assert "freed the stack, which a killed run had locked" in mended
    outputs = loop.up()
    assert len(loop.resources("Microsoft.KeyVault/vaults")) == 1
    assert len(loop.resources(SITES)) == 1
    loop.stack.preview("--expect-no-changes")
    return outputs


def _left(loop: Loop) -> tuple[Any, Any]:
    left = loop.session.control("/leftovers")
    return left["resources"], left["role_assignments"]


def empty(file: Path) -> None:
    file.write_bytes(b"")


def halve(file: Path) -> None:
    whole = file.read_bytes()
    file.write_bytes(whole[: len(whole) // 2])


WENT_BACK = "went back to the state before its last write, which a killed run had not finished"
DAMAGES: Sequence[tuple[str, Callable[[Path], None], str]] = (
    ("local.json.attrs", empty, "removed local.json.attrs, the end of which a killed run had not written"),
    ("local.json", empty, WENT_BACK),
    ("local.json", halve, WENT_BACK),
)
