"""Put both stand-ins where the Pulumi engine looks for plugins."""

import os
import shlex
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path
from typing import Final

_REPOSITORY: Final = Path(__file__).resolve().parents[2]
_STAND_INS: Final = {"azure-native": "pulumi-azure-native", "random": "pulumi-random"}
"""Pulumi's name of each plugin, and the Python package whose version it stands in for."""


def install_plugins(pulumi_home: Path) -> None:
    """Write `plugins/resource-<name>-v<version>/pulumi-resource-<name>` below `pulumi_home`.

    The versions are those of the installed SDKs, so that the engine asks for exactly these. A launcher starts
    the interpreter that runs this function; calling again changes nothing, and no reader sees half a file.
    """
    for name, package in _STAND_INS.items():
        folder = pulumi_home / "plugins" / f"resource-{name}-v{version(package)}"
        folder.mkdir(parents=True, exist_ok=True)
        _write_executable(folder / f"pulumi-resource-{name}", _launcher(name))


def _launcher(name: str) -> str:
    find = f"import sys; sys.path.insert(0, {str(_REPOSITORY)!r})"
    start = f"{find}; from local_azure.plugins.main import main; main({name!r})"
    # A shebang may neither hold spaces nor be long. `exec` keeps the process id that the engine knows, and
    # `-I` keeps the folder that the engine starts plugins in off the module path.
    return f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -I -c {shlex.quote(start)} "$@"\n'


def _write_executable(path: Path, text: str) -> None:
    if path.is_file() and path.read_text(encoding="utf-8") == text and os.access(path, os.X_OK):
        return
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
    Path(name).chmod(0o755)
    Path(name).replace(path)
