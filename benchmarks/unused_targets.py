"""What the targets cost whoever uses none of them, when the local Azure starts."""

import statistics
import subprocess
import sys
from collections.abc import Iterable
from typing import Final

from toolchain.paths import ROOT

ROUNDS: Final = 5
OF_THE_PROGRAM: Final = (
    "app_service",
    "authorization",
    "entra",
    "graph",
    "key_vault",
    "managed_identity",
    "monitor",
    "network",
    "public_dns",
    "resource_manager",
    "storage",
)
"""The services of the local Azure without which `make up` of the checkout's own program would not end."""
_START: Final = """
import tempfile
from pathlib import Path
import local_azure.azure
from local_azure.discovery import found_services
wanted = {wanted!r}
local_azure.azure.found_services = lambda: found_services(wanted)
from local_azure.server import LocalAzure
with tempfile.TemporaryDirectory() as folder, LocalAzure(Path(folder)):
    pass
"""
_TOLD: Final = """
import time
print(time.process_time())
"""


def unused() -> Iterable[tuple[str, ...]]:
    """Processor time of a start with all services, beside those of the program alone, in turn."""
    times: dict[str, list[float]] = {"those of the program": [], "all": []}
    for _ in range(ROUNDS):
        for name, wanted in (("those of the program", OF_THE_PROGRAM), ("all", None)):
            times[name].append(_seconds(_START.format(wanted=wanted)))
    medians = {name: statistics.median(found) for name, found in times.items()}
    first = medians["those of the program"]
    for name, seconds in medians.items():
        yield f"local Azure, {name}", f"{seconds * 1000:.0f} ms", f"{seconds / first:.2f} ×"


def _seconds(statement: str) -> float:
    command = [sys.executable, "-c", statement + _TOLD]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    return float(done.stdout.splitlines()[-1])
