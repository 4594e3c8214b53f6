"""Packages from npm that tests run: those of a lock file with their integrity, kept between runs."""

import hashlib
import shutil
import subprocess
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

from tests.proofs import leave_out
from toolchain import locks

INSTALL: Final = ("npm", "ci", "--ignore-scripts")
ATTEMPTS: Final = 5
SECONDS: Final = 120
"""It takes some fifteen. npm never comes back where a registry refuses it for a while; what it fetched stays
in its cache."""


def installed(project: Path, sources: Sequence[str], kept: Path, what: str) -> Path:
    """A folder below `kept` with these files of a project and the packages of its lock file. `what` says what
    they are for, as the end of a sentence."""
    lock = hashlib.sha256((project / "package-lock.json").read_bytes()).hexdigest()[:12]
    folder = kept / lock
    folder.mkdir(parents=True, exist_ok=True)
    for source in sources:
        shutil.copy(project / source, folder / source)
    with locks.held(folder / "lock", print, f"installs the packages of {what}"):
        if not (folder / "installed").exists():
            _install(project, folder)
            (folder / "installed").touch()
    return folder


def _install(project: Path, folder: Path) -> None:
    for _ in range(ATTEMPTS):
        with suppress(subprocess.TimeoutExpired):
            run(*INSTALL, folder=folder, seconds=SECONDS)
            return
    leave_out(f"`npm ci` in {project.name}/ has to end: it did not in {ATTEMPTS} times {SECONDS} seconds")


def run(
    *command: str,
    folder: Path,
    environment: dict[str, str] | None = None,
    seconds: float | None = None,
    given: str | None = None,
) -> str:
    """What a program prints, told `given` on its standard input."""
    done = subprocess.run(
        command, cwd=folder, env=environment, check=False, capture_output=True, text=True, timeout=seconds,
        input=given,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
