"""A long command reports what it does, fails with its last words, and leaves nothing running."""

import os
import sys
import time
from pathlib import Path

import pytest

from toolchain import long_commands


def run(said: list[str], source: str, *, seconds: float = 60, every: float = 60) -> None:
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
        seconds=60,
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
    child = tmp_path / "child"
    source = f"""
import subprocess, sys, time
child = subprocess.Popen([sys.executable, '-ES', '-c', 'import time; time.sleep(600)'])
open({str(child)!r}, 'w').write(str(child.pid))
time.sleep(600)
"""

    def stop_when_started(_line: str) -> None:
        if child.exists() and child.read_text(encoding="utf-8"):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        long_commands.run(
            [sys.executable, "-ES", "-c", source],
            cwd=tmp_path,
            doing=str,
            report_every=0.05,
            say=stop_when_started,
            seconds=60,
            title="Engine",
        )
    assert _gone(int(child.read_text(encoding="utf-8")))


def test_the_time_limit_is_part_of_the_message(said: list[str]) -> None:
    with pytest.raises(long_commands.CommandTooLongError, match="had not ended after 0 s"):
        run(said, "import time; time.sleep(600)", seconds=0.1)


def _gone(pid: int) -> bool:
    """Whether the process has ended: not there, or a zombie that its new parent has yet to collect."""
    for _ in range(100):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        status = Path(f"/proc/{pid}/stat")
        if status.exists() and status.read_text(encoding="utf-8").rsplit(")", 1)[1].split()[0] == "Z":
            return True
        time.sleep(0.05)
    return False
