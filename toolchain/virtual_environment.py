"""The virtual environment of a checkout: made from the lock requirements-dev.txt, kept up to date."""

import hashlib
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from toolchain import locks, long_commands
from toolchain.paths import ROOT, VENV, WORK, venv_python

REQUIREMENTS = ROOT / "requirements-dev.txt"
INSTALL_SECONDS = 1800.0

BASE_PYTHON = Path(getattr(sys, "_base_executable", None) or sys.executable)
"""The Python outside every virtual environment: the one to make is perhaps the one that this runs in."""


class VenvUnavailableError(Exception):
    """The virtual environment could not be made; the message says what was tried and what to do by hand."""


def ensure_venv(
    say: Callable[[str], None],
    *,
    venv: Path = VENV,
    requirements: Path = REQUIREMENTS,
    lock: Path = WORK / "venv.lock",
    base_python: Path = BASE_PYTHON,
    installed_by: Path | None = None,
) -> Path:
    """The interpreter of the virtual environment `venv`, holding exactly what the lock `requirements` pins.

    With `installed_by` it is the pip of that Python which installs, and the environment has none: putting one
    there takes seconds.

    A stamp inside it says what it was made of, and is written last: a set-up that was killed leaves no stamp.
    One that was killed while packages were being copied also leaves a marker, and then the environment is
    made anew, because pip takes a half-copied package for an installed one. Raises VenvUnavailableError.
    """
    python = venv_python(venv)
    with locks.held(lock, say, "makes the virtual environment"):
        wanted = stamp(requirements, venv)
        if python.exists() and _read(_stamp_file(venv)) == wanted:
            say(f"Python packages: up to date ({venv.name})")
            return python
        needed = "sys" if installed_by else "pip"
        if not _usable(venv, needed):
            _create(venv, base_python, say, *(["--without-pip"] if installed_by else []))
        _stamp_file(venv).unlink(missing_ok=True)
        _marker(venv).touch()
        try:
            pip = [installed_by, "-m", "pip", "--python", python] if installed_by else [python, "-m", "pip"]
            _install(pip, requirements, say)
        except VenvUnavailableError as failure:
            # A pip that gave up by itself has put everything back; what was installed before can stay.
            if not isinstance(failure.__cause__, long_commands.CommandTooLongError):
                _marker(venv).unlink()
            raise
        _marker(venv).unlink()
        _stamp_file(venv).write_text(wanted, encoding="utf-8")
        say(f"Python packages: installed ({venv.name})")
    return python


def stamp(requirements: Path, venv: Path) -> str:
    """What the environment depends on: the requirement files, the Python, its own place (it cannot move)."""
    digest = hashlib.sha256()
    for path in requirement_files(requirements):
        digest.update(path.read_bytes() + b"\0")
    return f"{digest.hexdigest()}\n{_python_version()}\n{venv.resolve()}\n"


def requirement_files(path: Path) -> Iterator[Path]:
    """`path` and every file that it includes with `-r` or `-c`, in order."""
    yield path
    for line in path.read_text(encoding="utf-8").splitlines():
        words = line.split()
        if len(words) >= 2 and words[0] in {"-r", "--requirement", "-c", "--constraint"}:
            yield from requirement_files(path.parent / words[1])


def _usable(venv: Path, needed: str) -> bool:
    """Whether packages can be put into what is there: a whole environment, of this Python, in its place, that
    has the module `needed`.
    """
    if not venv_python(venv).exists() or _marker(venv).exists():
        return False
    made_of = _read(_stamp_file(venv)).splitlines()
    if made_of and made_of[1:] != [_python_version(), str(venv.resolve())]:
        return False
    answer = subprocess.run(
        [venv_python(venv), "-c", f"import {needed}, sys; print('%d.%d' % sys.version_info[:2])"],
        capture_output=True,
        check=False,
        text=True,
    )
    return answer.returncode == 0 and answer.stdout.strip() == _python_version()


def _create(venv: Path, base_python: Path, say: Callable[[str], None], *options: str) -> None:
    say(f"Python packages: making {venv.name} with Python {_python_version()}")
    if venv.is_symlink():
        raise VenvUnavailableError(
            f"{venv} is a symbolic link to {venv.resolve()}; remove it and start again."
        )
    if venv.exists():
        # The interpreter first: a removal that is cut short leaves nothing that looks usable.
        venv_python(venv).unlink(missing_ok=True)
        shutil.rmtree(venv)
    venv.mkdir(parents=True)
    _marker(venv).touch()
    made = subprocess.run(
        [base_python, "-m", "venv", str(venv), *options],
        capture_output=True,
        check=False,
        pass_fds=locks.descriptors(),
        text=True,
    )
    if made.returncode != 0:
        raise VenvUnavailableError(
            f"The virtual environment could not be made with {base_python} -m venv:\n"
            f"{(made.stdout + made.stderr).strip()}\n"
            "Install the venv module (Debian and Ubuntu: apt install python3-venv) and start again."
        )


def _install(pip: Sequence[str | Path], requirements: Path, say: Callable[[str], None]) -> None:
    command = [
        *pip,
        "install",
        "--disable-pip-version-check",
        "--no-input",
        "--progress-bar=off",
        # Python compiles what it imports; compiling all of azure-native takes longer than everything else.
        "--no-compile",
        # Refused: a package without a hash, and one that would be built here with packages that have none.
        "--require-hashes",
        "--only-binary=:all:",
        "--requirement",
        requirements,
    ]
    say(f"Python packages: installing what {requirements.name} names (about a minute)")
    try:
        long_commands.run(
            command,
            cwd=requirements.parent,
            doing=what_pip_does,
            say=say,
            seconds=INSTALL_SECONDS,
            title="Python packages",
        )
    except long_commands.CommandFailedError as failure:
        raise VenvUnavailableError(
            f"The Python packages could not be installed: {failure}\n"
            "A package index is needed; if this machine has its own, name it in PIP_INDEX_URL.\n"
            "Then start again."
        ) from failure


def what_pip_does(line: str) -> str | None:
    """The part of a line of pip's output that is news to a person waiting; None for the rest."""
    verb, _, rest = line.partition(" ")
    if verb in {"Collecting", "Downloading", "Building", "Using"} and rest:
        return f"{verb.lower()} {rest.split()[0].rsplit('/', 1)[-1]}"
    if line.startswith("Installing collected packages"):
        return "copying packages"
    return None


def _python_version() -> str:
    return f"{sys.version_info.major}.{sys.version_info.minor}"


def _stamp_file(venv: Path) -> Path:
    return venv / "keyless-stamp.txt"


def _marker(venv: Path) -> Path:
    return venv / "keyless-installing"


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.is_file() else ""
