"""Stand-ins for the programs that a set-up calls: small scripts, so that no test needs a network or Go."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

Script = Callable[[Path, str], Path]
NOT_WAITED_FOR = 3600.0
"""Seconds in place of a bound: what is waited for comes, however slow the machine is, or never."""


@pytest.fixture
def script() -> Script:
    """Writes a program: its path, and the Python it consists of."""

    def write(path: Path, source: str) -> Path:
        path.parent.mkdir(parents=True, exist_ok=True)
        # -S and -E: a stand-in needs the standard library only, and starts twice as fast.
        path.write_text(f"#!{sys.executable} -ES\nimport os, sys, pathlib\n{source}", encoding="utf-8")
        path.chmod(0o755)
        return path

    return write


@pytest.fixture
def said() -> list[str]:
    """The lines that a set-up has said; its `append` is what a set-up says them with."""
    return []
