"""The wheel of this checkout, and an environment that has it and not this checkout."""

import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

from toolchain.paths import ROOT, venv_python


def build_wheel(folder: Path) -> Path:
    """What `pip install <this repository>` builds, built with the pinned backend of this environment."""
    _run(sys.executable, "-m", "pip", "wheel", "-q", *_OFFLINE, "--no-build-isolation", "-w", folder, ROOT)
    (wheel,) = folder.glob("*.whl")
    return wheel


def environment_with(wheel: Path, folder: Path) -> Path:
    """A new virtual environment with the wheel in it; its interpreter.

    The SDKs, half a gigabyte, are seen through a `.pth` file that names this environment's packages. This
    checkout is not among them: nothing there is installed from it.
    """
    venv.create(folder, with_pip=False, symlinks=True)
    python = venv_python(folder)
    _run(sys.executable, "-m", "pip", "--python", python, "install", "-q", *_OFFLINE, wheel)
    (packages,) = folder.glob("lib/python*/site-packages")
    (packages / "sdks.pth").write_text(f"{sysconfig.get_paths()['purelib']}\n")
    return python


_OFFLINE = ("--no-deps", "--no-index", "--disable-pip-version-check")


def _run(*command: str | Path) -> None:
    done = subprocess.run(list(map(str, command)), check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
