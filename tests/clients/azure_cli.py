"""The Azure CLI as it is on PyPI, in an environment of its own that is made once: nothing of ours can live
with what it pins."""

import json
import os
import subprocess
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from tests.proofs import leave_out
from toolchain.paths import ROOT, TEST_VENVS, executable, venv_python
from toolchain.virtual_environment import VenvUnavailableError, ensure_venv

REQUIREMENTS: Final = ROOT / "requirements-az.txt"
DRIVER: Final = Path(__file__).with_name("driver.py")
HOW: Final = "reach a package index, or name one in PIP_INDEX_URL, so that the Azure CLI is installed"
_SETTINGS: Final = {
    "AZURE_CORE_COLLECT_TELEMETRY": "false",
    "AZURE_CORE_NO_COLOR": "true",
    "AZURE_CORE_ONLY_SHOW_ERRORS": "true",
    "AZURE_EXTENSION_USE_DYNAMIC_INSTALL": "no",
}


@dataclass(frozen=True)
class Ended:
    status: int
    output: str
    errors: str


def interpreter() -> Path:
    """The Python that has the CLI; where it cannot be installed, the proof is left out."""
    return installed() or leave_out(HOW)


@cache
def installed() -> Path | None:
    """Tried once: without an index pip goes on trying for a while, and each proof would wait for it again.
    What it says is in the output of the first one."""
    try:
        return ensure_venv(
            print,
            venv=TEST_VENVS / "az",
            requirements=REQUIREMENTS,
            lock=TEST_VENVS / "az.lock",
            installed_by=venv_python(),
        )
    except VenvUnavailableError as failure:
        print(failure)
        return None


def program() -> Path:
    """The command `az` itself."""
    return executable(interpreter().parent, "az")


def environment(config: Path, azure: Mapping[str, str]) -> dict[str, str]:
    """In which the CLI runs: `config` is where it keeps its logins, `azure` leads it to a local Azure."""
    bare = {key: value for key, value in os.environ.items() if not key.startswith(("ARM_", "AZURE_"))}
    return {**bare, **azure, **_SETTINGS, "AZURE_CONFIG_DIR": str(config)}


class Session:
    """Commands of one signed-in user, one after the other in one process."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def run(self, words: Sequence[str], *, given: str = "", only_parsed: bool = False) -> Ended:
        """One command: its words without `az`, what it reads from standard input."""
        assert self._process.stdin
        assert self._process.stdout
        asked = {"words": list(words), "given": given, "only_parsed": only_parsed}
        print(json.dumps(asked), file=self._process.stdin, flush=True)
        return Ended(**json.loads(self._process.stdout.readline()))


@contextmanager
def session(config: Path, azure: Mapping[str, str]) -> Generator[Session]:
    """A process that lasts as long as the `with` block."""
    with subprocess.Popen(
        [interpreter(), DRIVER],
        env=environment(config, azure),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        yield Session(process)
        assert process.stdin
        process.stdin.close()
