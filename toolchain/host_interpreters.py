"""Which Python runs a Pulumi program or plugin, and in which environment."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from toolchain.paths import venv_python


class RuntimeOptionsError(Exception):
    """The options under `runtime` in a project file cannot be followed; the message says why."""


def virtualenv(root: str, options: Mapping[str, object]) -> Path | None:
    """The virtual environment that a project in the folder `root` names, None if it names none.

    A relative path counts from the project's root. Options that our language host does not know are
    refused, not ignored. https://www.pulumi.com/docs/iac/concepts/projects/project-file/#runtime-options
    """
    given = {name: value for name, value in options.items() if value}
    if given.get("toolchain", "pip") != "pip" or given.keys() - {"virtualenv", "toolchain"}:
        asked = ", ".join(f"{name}: {value}" for name, value in sorted(given.items()))
        raise RuntimeOptionsError(
            f"The runtime options in {root} are {asked}; the Python language host that Keyless builds knows "
            "`virtualenv` and `toolchain: pip` only. For more, install Pulumi itself: "
            "https://www.pulumi.com/docs/iac/download-install/"
        )
    named = given.get("virtualenv")
    return Path(root) / str(named) if named else None


def interpreter(root: str, options: Mapping[str, object]) -> str:
    """The Python of the virtual environment that a project names, else PULUMI_PYTHON_CMD, else this one."""
    venv = virtualenv(root, options)
    if venv is None:
        return os.environ.get("PULUMI_PYTHON_CMD") or sys.executable
    python = venv_python(venv)
    if not python.exists():
        raise RuntimeOptionsError(f"The `virtualenv` in {root} has no {python}. Make it with: pulumi install")
    return str(python)


def activated(python: str, environment: Mapping[str, str]) -> dict[str, str]:
    """`environment` as activating the virtual environment of `python` would leave it."""
    folder = Path(python).parent
    found = {name: value for name, value in environment.items() if name != "PYTHONHOME"}
    if (folder.parent / "pyvenv.cfg").exists():
        found["VIRTUAL_ENV"] = str(folder.parent)
        found["PATH"] = f"{folder}{os.pathsep}{found.get('PATH', '')}"
    return found
