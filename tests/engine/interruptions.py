"""A run of the engine that is killed in the middle."""

import contextlib
import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable

from loop.stack import Stack
from tests.attached.keeper import where_keys_are
from tests.engine.conftest import Loop


def kill_when(loop: Loop, type: str, operation: list[str], undo: Callable[[], object]) -> None:
    """Start the engine, wait until Azure has one `type` more or less, kill the engine and all it started: its
    plugins and its program are processes of their own here, so that they end in the middle, too. It shows no
    preview first, in which nothing could be interrupted. Where the machine was so busy that the run came to
    its end first, it is undone, and there is another one.

    Raises AssertionError where there is nothing to wait for: the run failed, or changed no `type`.
    """
    while not _killed(loop, type, operation):
        undo()


def _killed(loop: Loop, type: str, operation: list[str]) -> bool:
    """Whether the run was killed before its end."""
    alone = Stack.environment(loop.stack) | where_keys_are()
    options = ["--yes", "--skip-preview", "--non-interactive", "--stack", "local"]
    with tempfile.TemporaryFile("w+") as said:
        engine = subprocess.Popen(
            [str(loop.stack.engine / "pulumi"), *operation, *options],
            cwd=loop.stack.program, env=alone, start_new_session=True,
            stdin=subprocess.DEVNULL, stdout=said, stderr=subprocess.STDOUT,
        )  # fmt: skip
        before = len(loop.resources(type))
        while len(loop.resources(type)) == before and engine.poll() is None:
            time.sleep(0.005)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(engine.pid, signal.SIGKILL)
        status = engine.wait()
        said.seek(0)
        assert status in (0, -signal.SIGKILL), f"the run failed with {status}: {said.read()}"
    assert status or len(loop.resources(type)) != before, f"a whole run makes or deletes no {type}"
    return status == -signal.SIGKILL
