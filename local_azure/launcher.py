"""Runs one program as a child and lives no longer than the local Azure: standard input is a pipe that nobody
writes to, and when it ends (the owner closed it, or was killed) the program's whole process group ends.

Started by file name in isolated mode, so it imports nothing of the project:
`python -I launcher.py STATUS SIGNAL SECONDS USER COMMAND…`: the open file that its exit status is written to,
the signal that asks the program to end, how long it may take to finish what it is doing, and the number of
whom it runs as, or - for who runs this.
"""

import contextlib
import os
import pwd
import signal
import subprocess
import sys
import threading


def main(told: int, asks: int, seconds: float, user: str, command: list[str]) -> None:
    """Run `command`, and write its exit status: this process ends with all that the program started."""
    child = _started(command, user)
    threading.Thread(target=_end_with_owner, args=(child, asks, seconds), daemon=True).start()
    status = child.wait()
    # Where the owner was killed nobody reads it.
    with contextlib.suppress(BrokenPipeError):
        os.write(told, str(status).encode())
    _end_group()


def _started(command: list[str], user: str) -> "subprocess.Popen[bytes]":
    if user == "-":
        return subprocess.Popen(command, stdin=subprocess.DEVNULL)
    someone = pwd.getpwuid(int(user))
    return subprocess.Popen(
        command, stdin=subprocess.DEVNULL, user=someone.pw_uid, group=someone.pw_gid, extra_groups=()
    )


def _end_with_owner(child: "subprocess.Popen[bytes]", asks: int, seconds: float) -> None:
    while os.read(0, 1024):
        pass
    child.send_signal(asks)
    try:
        child.wait(seconds)
    except subprocess.TimeoutExpired:
        _end_group()


def _end_group() -> None:
    """Whatever the program started goes with it, and this process, too."""
    os.killpg(os.getpgrp(), signal.SIGKILL)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]), sys.argv[4], sys.argv[5:])
