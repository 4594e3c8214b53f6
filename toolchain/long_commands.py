"""Run a command that takes minutes: say what it is doing now and then, and leave nothing running behind."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from toolchain import locks

REPORT_EVERY_SECONDS = 10.0
KEPT_LINES = 30


class CommandFailedError(Exception):
    """A command ended with another status than 0, could not be started, or took too long."""


class CommandTooLongError(CommandFailedError):
    """A command had to be stopped in the middle of its work."""


def run(
    command: Sequence[str | Path],
    *,
    cwd: Path,
    doing: Callable[[str], str | None],
    environment: Mapping[str, str] | None = None,
    say: Callable[[str], None],
    seconds: float,
    title: str,
    report_every: float = REPORT_EVERY_SECONDS,
) -> None:
    """Run `command` to its end.

    Every `report_every` seconds one line is said: `title`, the seconds since the start, and what `doing`
    made of the latest line of output that it did not answer None for. Raises CommandFailedError with the
    last lines of output.
    """
    words = [str(word) for word in command]
    try:
        process = subprocess.Popen(
            words,
            cwd=cwd,
            env=None if environment is None else dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
            pass_fds=locks.descriptors(),
            # A group of its own, so that the compilers it starts can be stopped with it.
            start_new_session=sys.platform != "win32",
        )
    except OSError as error:
        raise CommandFailedError(f"`{words[0]}` could not be started: {error}") from error
    last: deque[str] = deque(maxlen=KEPT_LINES)
    now = [""]

    def read() -> None:
        assert process.stdout is not None
        for line in process.stdout:
            last.append(line.rstrip())
            if found := doing(line.strip()):
                now[0] = found

    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    started = time.monotonic()
    try:
        while True:
            left = seconds - (time.monotonic() - started)
            if left <= 0:
                raise CommandTooLongError(
                    f"`{' '.join(words)}` had not ended after {seconds:.0f} s" + _tail(last)
                )
            try:
                process.wait(min(report_every, left))
                break
            except subprocess.TimeoutExpired:
                say(f"{title}: {time.monotonic() - started:.0f} s" + (f", {now[0]}" if now[0] else ""))
    finally:
        if process.poll() is None:
            _kill(process)
    reader.join(5)
    if process.returncode != 0:
        raise CommandFailedError(f"`{' '.join(words)}` ended with status {process.returncode}" + _tail(last))


def _kill(process: "subprocess.Popen[str]") -> None:
    if sys.platform == "win32":
        process.kill()
    else:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _tail(lines: Sequence[str]) -> str:
    return "".join(f"\n      {line}" for line in lines if line)
