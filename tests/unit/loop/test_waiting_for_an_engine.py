"""A lock on the stack is waited for while the engine that holds it lives, and no longer."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from loop import recovery

waiting_for = recovery._wait_for_engine  # pyright: ignore[reportPrivateUsage]


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[int]:
    """How often it waited; the third time the engine lets go of its lock."""
    waited: list[int] = []

    def sleep(_: float) -> None:
        waited.append(len(waited))
        if len(waited) == 3:
            (tmp_path / "lock").unlink()

    monkeypatch.setattr(recovery.time, "sleep", sleep)
    return waited


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[int]:
    """A process that is called as the engine is, and does nothing. Until it says that it runs, it may still
    have the name of what started it: the kernel gives the new one after Popen was told of success.
    """
    program = tmp_path / "pulumi"
    program.write_text("#!/bin/sh\necho runs\nread line\n")
    program.chmod(0o755)
    with subprocess.Popen([program], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"runs\n"
        yield process.pid
        process.kill()


def lock(tmp_path: Path, content: object) -> Path:
    (tmp_path / "lock").write_text(json.dumps(content))
    return tmp_path / "lock"


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a script is called as its shell")
def test_an_engine_that_lives_is_waited_for_until_it_lets_go(
    tmp_path: Path, waits: list[int], engine: int
) -> None:
    waiting_for(lock(tmp_path, {"pid": engine}))
    assert len(waits) == 3


def test_another_process_that_got_its_number_since_is_not_waited_for(
    tmp_path: Path, waits: list[int]
) -> None:
    """As after the death of the machine; the number here is that of the test itself."""
    waiting_for(lock(tmp_path, {"pid": os.getpid()}))
    assert waits == []


@pytest.mark.parametrize("content", [{}, [], "half", {"pid": None}, {"pid": 2**70}, {"pid": "no number"}])
def test_a_lock_that_names_no_process_is_not_waited_for(
    tmp_path: Path, waits: list[int], content: object
) -> None:
    waiting_for(lock(tmp_path, content))
    assert waits == []


def test_an_engine_that_has_ended_is_not_waited_for(tmp_path: Path, waits: list[int]) -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    waiting_for(lock(tmp_path, {"pid": ended.pid}))
    assert waits == []
