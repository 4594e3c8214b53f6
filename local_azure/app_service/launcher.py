"""Runs one app as a child and lives no longer than the local Azure: standard input is a pipe that nobody
writes to, and when it ends (the owner closed it, or was killed) the app's whole process group ends.

Started by file name in isolated mode, so it imports nothing of the project: `python -I launcher.py COMMAND`.
"""

import os
import signal
import subprocess
import sys
import threading

GRACE_SECONDS = 3.0
"""How long an app may take to finish what it is doing."""


def main(command: list[str]) -> int:
    """Run `command` and return its exit status."""
    child = subprocess.Popen(command, stdin=subprocess.DEVNULL)
    threading.Thread(target=_end_with_owner, args=(child,), daemon=True).start()
    status = child.wait()
    _end_group()
    return status


def _end_with_owner(child: "subprocess.Popen[bytes]") -> None:
    while os.read(0, 1024):
        pass
    child.terminate()
    try:
        child.wait(GRACE_SECONDS)
    except subprocess.TimeoutExpired:
        _end_group()


def _end_group() -> None:
    """Whatever the app started goes with it, and this process, too."""
    os.killpg(os.getpgrp(), signal.SIGKILL)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
