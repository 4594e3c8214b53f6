"""The commands behind the Makefile: `python -m loop up | down | preview | ready | env`."""

import argparse
import shlex
import subprocess
import sys
from pathlib import Path

from loop.down import down
from loop.session import Session, session
from loop.stack import EngineError
from loop.terminal import Terminal
from loop.up import ready, up
from toolchain.engine import ensure_engine
from toolchain.paths import ROOT, WORK

POLICY = ("--policy-pack", str(ROOT / "policy"), "--policy-pack-config", str(ROOT / "policy-config.json"))
"""The rules that a preview is judged by, and what our own program is waived of."""


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m loop", description=__doc__)
    parser.add_argument("command", choices=["up", "down", "preview", "ready", "env"])
    parser.add_argument("--stack", default="local", help="preview another stack, on a real subscription")
    parser.add_argument("--work", type=Path, default=WORK, help="where everything is kept; default .keyless")
    arguments = parser.parse_args()
    if arguments.stack != "local":
        return _preview_elsewhere(arguments.stack)
    terminal = Terminal(sys.stderr if arguments.command == "env" else sys.stdout)
    try:
        with session(terminal, arguments.work.resolve()) as opened:
            return COMMANDS[arguments.command](opened)
    except (EngineError, RuntimeError) as error:
        terminal.failed(str(error))
        return 1
    except KeyboardInterrupt:
        terminal.failed("interrupted; the next `make up` or `make down` takes it up from here")
        return 130


def _preview(opened: Session) -> int:
    opened.stack.preview("--diff", *POLICY, capture=False)
    return 0


def _preview_elsewhere(stack: str) -> int:
    """The same preview of a stack that is not local: the user's own login, backend and plugins."""
    folder = ensure_engine(Terminal(sys.stdout).step).folder
    command = [str(folder / "pulumi"), "preview", "--diff", *POLICY, "--stack", stack]
    return subprocess.run(command, cwd=ROOT, check=False).returncode


def _ready(opened: Session) -> int:
    return 0 if ready(opened, opened.stack.outputs()) else 1


def _env(opened: Session) -> int:
    """Only what differs from the caller's own shell, so that it can be evaluated there."""
    for key, value in (dict(opened.environment) | opened.stack.engine_variables()).items():
        print(f"export {key}={shlex.quote(value)}")
    return 0


COMMANDS = {"up": up, "down": down, "preview": _preview, "ready": _ready, "env": _env}

if __name__ == "__main__":
    sys.exit(main())
