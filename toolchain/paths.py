"""Where things lie in a checkout, and where what is worth keeping between checkouts is cached."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
"""The checkout."""

WORK = ROOT / ".keyless"
"""The working state of this checkout; git ignores it, and deleting it loses nothing but time."""

TEST_VENVS = ROOT / ".keyless-tests"
"""Environments that tests make for programs of others: apart from `WORK`, all of which `make up` searches."""

VENV = ROOT / ".venv"
"""The one virtual environment of this checkout: program, tools, tests and local Azure."""

GO_MODULE = ROOT / "toolchain" / "go"
"""The Go module that pins the engine: go.mod names the versions, go.sum the checksum of every file."""


def venv_python(venv: Path = VENV) -> Path:
    """The interpreter of a virtual environment, whether or not it exists yet."""
    return venv / "Scripts" / "python.exe" if sys.platform == "win32" else venv / "bin" / "python"


def executable(folder: Path, name: str) -> Path:
    """A program called `name` in `folder`, with the ending that this system gives to programs."""
    return folder / (f"{name}.exe" if sys.platform == "win32" else name)


def cache_folder(environment: Mapping[str, str] = os.environ) -> Path:
    """The folder that all checkouts of this user share for the engine.

    `KEYLESS_CACHE` names another one; without it, the place that the system has for caches.
    """
    if chosen := environment.get("KEYLESS_CACHE"):
        return Path(chosen).expanduser().absolute()
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "keyless"
    if sys.platform == "win32":
        return Path(environment.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local") / "keyless"
    return Path(environment.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "keyless"
