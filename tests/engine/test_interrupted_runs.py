"""Killing a run at any moment leaves a state from which the next one recovers (P6)."""

import os
import signal
import subprocess
import time

import pytest

from loop.recovery import recover
from loop.stack import Stack
from tests.engine.conftest import Loop


def kill_when(loop: Loop, type: str, operation: list[str]) -> None:
    """Start the engine, wait until Azure has one `type` more or less, kill the engine and all it started: its
    plugins and its program are processes of their own here, so that they end in the middle, too."""
    engine = subprocess.Popen(
        [str(loop.stack.engine / "pulumi"), *operation, "--yes", "--non-interactive", "--stack", "local"],
        cwd=loop.stack.program, env=Stack.environment(loop.stack), start_new_session=True,
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    before = len(loop.resources(type))
    while len(loop.resources(type)) == before and engine.poll() is None:
        time.sleep(0.005)
    os.killpg(engine.pid, signal.SIGKILL)
    engine.wait()


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
    kill_when(loop, type, ["up"])

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
    kill_when(loop, "Microsoft.Web/sites", ["destroy"])
    assert loop.resources("Microsoft.Web/sites") == []

    recover(loop.stack, loop.session.resource_manager)
    loop.stack.destroy()

    left = loop.session.control("/leftovers")
    assert (left["resources"], left["role_assignments"]) == ([], [])
    assert loop.up()["vault_name"] != first["vault_name"]
