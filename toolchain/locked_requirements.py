"""`make lock`: every package that is installed, with its version and the hashes of its files.

An `.in` file says what is asked for; the `.txt` file beside it holds that and everything it needs, for every
system and every Python that the README names. The `.txt` is what pip, Pulumi and App Service install.
https://docs.astral.sh/uv/pip/compile/
"""

import argparse
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from toolchain.paths import ROOT, VENV, executable, venv_python

OLDEST_PYTHON: Final = "3.11"
"""From here on the locks hold; the same as `requires-python` in pyproject.toml."""


@dataclass(frozen=True)
class Lock:
    """One lock: what it is made of, and the lock whose versions it takes for what both hold."""

    source: str
    agrees_with: str | None = None

    @property
    def path(self) -> str:
        """Relative to the checkout, as all paths here, with `/`."""
        return self.source.removesuffix(".in") + ".txt"


WHOLE: Final = Lock("requirements-dev.in")
"""Of everything that is installed into `.venv`: the others are parts of it."""

LOCKS: Final = (
    WHOLE,
    *(
        Lock(f"{folder}requirements.in", agrees_with=WHOLE.path)
        for folder in ("", "access_report/", "app/", "components/", "policy/")
    ),
    Lock("requirements-az.in"),
    Lock("requirements-scanner.in"),
)
"""In the order in which they are made."""


def command(lock: Lock, *, upgrade: bool) -> Sequence[str | Path]:
    """What makes one lock. The versions that it has stay, unless `upgrade` asks for the newest ones."""
    return (
        executable(venv_python(VENV).parent, "uv"),
        *("pip", "compile", "--quiet", lock.source, "--output-file", lock.path),
        *("--universal", "--python-version", OLDEST_PYTHON, "--generate-hashes"),
        # What is built on the machine is built with packages that no hash is asked of.
        *("--only-binary", ":all:", "--emit-build-options"),
        *("--no-emit-index-url", "--no-emit-find-links"),
        *("--annotation-style", "line", "--custom-compile-command", "make lock"),
        *(("--constraints", lock.agrees_with) if lock.agrees_with else ()),
        *(("--upgrade",) if upgrade else ()),
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Make every lock; 0, or the status of the first that could not be made."""
    parser = argparse.ArgumentParser(description=__doc__, prog="python -m toolchain.locked_requirements")
    parser.add_argument("--upgrade", action="store_true", help="the newest versions of what is not pinned")
    upgrade = parser.parse_args(arguments).upgrade
    for lock in LOCKS:
        ended = subprocess.run(command(lock, upgrade=upgrade), check=False, cwd=ROOT)
        if ended.returncode != 0:
            print(f"{lock.path} was not made.", file=sys.stderr)
            return ended.returncode
    return 0


if __name__ == "__main__":
    sys.exit(main())
