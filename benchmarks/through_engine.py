"""Preview and update by the real engine against a local Azure, for as many apps as asked."""

import json
import sys
import tempfile
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from local_azure.server import LocalAzure
from loop.stack import Stack
from toolchain.engine import ensure_engine
from toolchain.paths import ROOT, VENV

PROGRAM = """import os

from benchmarks.cases import declare

declare(os.environ["CASE"], int(os.environ["APPS"]))
"""
PROJECT = f"name: keyless\nruntime:\n  name: python\n  options:\n    virtualenv: {VENV}\n"
CONFIG = "config:\n  azure-native:location: westeurope\n"


@dataclass(frozen=True)
class Figure:
    """Seconds of one preview of everything and of the update that follows, and kilobytes of its state."""

    preview: float
    up: float
    state: float


def measure(case: str, apps: int) -> Figure:
    """One preview and one update in a stack and a local Azure of their own."""
    with stack_of(case, apps) as stack:
        preview, up = _timed(stack, "preview"), _timed(stack, "up", "--yes", "--skip-preview")
        return Figure(preview, up, len(json.dumps(stack.export())) / 1024)


def update(case: str, apps: int, *, written_once: bool) -> float:
    """Seconds of the first update. The engine writes the state with each step unless `written_once`.

    https://www.pulumi.com/docs/iac/cli/environment-variables/
    """
    with stack_of(case, apps) as stack:
        once = {"PULUMI_EXPERIMENTAL": "true", "PULUMI_SKIP_CHECKPOINTS": "true"} if written_once else {}
        return _timed(replace(stack, azure={**stack.azure, **once}), "up", "--yes", "--skip-preview")


@contextmanager
def stack_of(case: str, apps: int) -> Generator[Stack]:
    """A stack that declares so many apps, nothing of it deployed."""
    with tempfile.TemporaryDirectory() as folder, LocalAzure(Path(folder) / "azure") as azure:
        program = Path(folder) / "program"
        program.mkdir()
        (program / "Pulumi.yaml").write_text(PROJECT)
        (program / "Pulumi.local.yaml").write_text(CONFIG)
        (program / "__main__.py").write_text(PROGRAM)
        asked = {"CASE": case, "APPS": str(apps), "PYTHONPATH": str(ROOT)}
        stack = Stack(_engine(), Path(folder), azure.environment() | asked, program=program)
        stack.prepare()
        yield stack


def _engine() -> Path:
    return ensure_engine(lambda text: print(text, file=sys.stderr)).folder


def _timed(stack: Stack, *command: str) -> float:
    began = time.perf_counter()
    stack.run(*command, "--non-interactive")
    return time.perf_counter() - began
