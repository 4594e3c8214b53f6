"""The folder that makes a built engine whole for one checkout: `.keyless/engine/bin`.

The cached command line is shared; the language host beside it must run in this checkout's virtual
environment, and must not stay behind in the cache when this checkout is deleted. So each has a folder of
its own.
"""

import os
import shutil
import sys
from pathlib import Path

from toolchain.paths import ROOT, WORK, executable

RUNNER = "pulumi-language-python-exec"
"""The script of Pulumi's SDK that runs a Python program against an engine."""

SERVE = "import sys; sys.path[0] = sys.argv.pop(1); from toolchain.python_language_host import main; main()"

LAUNCHER = f"""#!/bin/sh
# Pulumi's Python language host, in this checkout's virtual environment. Written by `python3 -m toolchain`.
bin=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd -P)
root=${{bin%/*/*/*}}
if [ ! -x "$root/.venv/bin/python" ]; then
    echo "There is no virtual environment in $root. Make it with: cd '$root' && python3 -m toolchain" >&2
    exit 1
fi
exec "$root/.venv/bin/python" -u -c '{SERVE}' "$root" "$bin/{RUNNER}" "$@"
"""

WINDOWS_LAUNCHER = f"""@echo off\r
rem Pulumi's Python language host, in this checkout's virtual environment.\r
set "root=%~dp0..\\..\\.."\r
"%root%\\.venv\\Scripts\\python.exe" -u -c "{SERVE}" "%root%" "%~dp0{RUNNER}" %*\r
"""


def assemble(cached: Path, root: Path = ROOT) -> Path:
    """Put the engine in the folder `cached` together for the checkout `root`; the folder to put on PATH.

    Each file takes its place in one step, so this can be killed, repeated, and done while an engine runs.
    """
    folder = root / WORK.name / "engine" / "bin"
    folder.mkdir(parents=True, exist_ok=True)
    _place(executable(cached, "pulumi"), executable(folder, "pulumi"))
    _place(cached / RUNNER, folder / RUNNER)
    if sys.platform == "win32":
        _write(folder / "pulumi-language-python.cmd", WINDOWS_LAUNCHER)
    else:
        _write(folder / "pulumi-language-python", LAUNCHER)
    return folder


def _place(source: Path, target: Path) -> None:
    if target.exists() and (target.samefile(source) or _looks_like(target, source)):
        return
    fresh = _fresh(target)
    try:
        # Hard, not symbolic: the engine looks for its language host where its own file really is.
        os.link(source, fresh)
    except OSError:
        # Another file system, or one without links.
        shutil.copy2(source, fresh)
    fresh.replace(target)


def _looks_like(target: Path, source: Path) -> bool:
    """Whether `target` is the copy that was made of `source`: copies keep the time of the last change."""
    ours, theirs = target.stat(), source.stat()
    return (ours.st_size, int(ours.st_mtime)) == (theirs.st_size, int(theirs.st_mtime))


def _write(target: Path, text: str) -> None:
    if target.exists() and target.read_bytes() == text.encode() and os.access(target, os.X_OK):
        return
    fresh = _fresh(target)
    fresh.write_bytes(text.encode())
    fresh.chmod(0o755)
    fresh.replace(target)


def _fresh(target: Path) -> Path:
    fresh = target.with_name(f".{target.name}.{os.getpid()}")
    fresh.unlink(missing_ok=True)
    return fresh
