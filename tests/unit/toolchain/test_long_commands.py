"""A long command reports what it does, fails with its last words, and leaves nothing running."""

import contextlib
import os
import sys
from pathlib import Path

import pytest

from tests.unit.toolchain.conftest import NOT_WAITED_FOR
from toolchain import long_commands


def run(
    said: list[str], source: str, *, seconds: float = NOT_WAITED_FOR, every: float = NOT_WAITED_FOR
) -> None:
    long_commands.run(
        [sys.executable, "-ES", "-c", source],
        cwd=Path("/"),
        doing=lambda line: line.upper() if line.startswith("step") else None,
        report_every=every,
        say=said.append,
        seconds=seconds,
        title="Engine",
    )


def test_a_command_that_ends_before_the_first_report_says_nothing(said: list[str]) -> None:
    run(said, "print('step one')")
    assert said == []


def test_a_report_names_the_latest_step_and_the_seconds(said: list[str], tmp_path: Path) -> None:
    gate = tmp_path / "gate"

    def say(line: str) -> None:
        said.append(line)
        if line.endswith("STEP TWO"):
            gate.touch()

    source = "print('step one\\nstep two\\nnoise', flush=True)\nimport os, time\n"
    source += f"while not os.path.exists({str(gate)!r}): time.sleep(0.02)"
    long_commands.run(
        [sys.executable, "-ES", "-c", source],
        cwd=tmp_path,
        doing=lambda line: line.upper() if line.startswith("step") else None,
        report_every=0.1,
        say=say,
        seconds=NOT_WAITED_FOR,
        title="Engine",
    )
    assert said[-1].startswith("Engine: ")
    assert said[-1].endswith(" s, STEP TWO")


def test_a_failure_carries_the_status_and_the_last_lines(said: list[str]) -> None:
    with pytest.raises(long_commands.CommandFailedError) as failure:
        run(said, "import sys; print('out'); print('err', file=sys.stderr); sys.exit(3)")
    assert "ended with status 3" in str(failure.value)
    assert str(failure.value).splitlines()[-2:] in (["      err", "      out"], ["      out", "      err"])


def test_a_program_that_is_not_there_is_named(said: list[str], tmp_path: Path) -> None:
    with pytest.raises(long_commands.CommandFailedError, match="`/no/such/go` could not be started"):
        long_commands.run(
            ["/no/such/go"], cwd=tmp_path, doing=str, say=said.append, seconds=1, title="Engine"
        )


@pytest.mark.skipif(sys.platform == "win32", reason="process groups are POSIX")
def test_a_command_that_takes_too_long_is_stopped_with_what_it_has_started(tmp_path: Path) -> None:
    # What the child writes is read to the end, which comes when the child is gone, and not before.
    written = tmp_path / "written"
    child = "import time; print('on', flush=True); time.sleep(600); print('done')"
    os.mkfifo(written)
    reading = os.open(written, os.O_RDONLY | os.O_NONBLOCK)
    source = f"""
import subprocess, sys, time
subprocess.Popen([sys.executable, '-ES', '-c', {child!r}], stdout=open({str(written)!r}, 'w'))
time.sleep(600)
"""
    heard = bytearray()

    def stop_when_started(_line: str) -> None:
        with contextlib.suppress(BlockingIOError):
            heard.extend(os.read(reading, 100))
        if heard:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        long_commands.run(
            [sys.executable, "-ES", "-c", source],
            cwd=tmp_path,
            doing=str,
            report_every=0.05,
            say=stop_when_started,
            seconds=NOT_WAITED_FOR,
            title="Engine",
        )
    os.set_blocking(reading, True)
    with os.fdopen(reading, "rb") as rest:
        assert bytes(heard) + rest.read() == b"on\n"


def test_the_time_limit_is_part_of_the_message(said: list[str]) -> None:
    with pytest.raises(long_commands.CommandTooLongError, match="had not ended after 0 s"):
        run(said, "import time; time.sleep(600)", seconds=0.1)
