"""The rows of a vault's log, read by the audit from a file: time and memory beside how many there are."""

import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from audit.sources.files import Exported
from audit.uses import Use
from toolchain.paths import ROOT

_VAULT: Final = "/subscriptions/s/resourcegroups/rg/providers/microsoft.keyvault/vaults/kv-{}"
_OID: Final = "http://schemas.microsoft.com/identity/claims/objectidentifier"
_SINCE: Final = datetime(2026, 11, 1, tzinfo=UTC)
_APPS: Final = 200
"""Each with a vault of its own and five secrets: as many rows of the result as that has places."""


@dataclass(frozen=True)
class Figure:
    megabytes: float
    """Of the file."""
    seconds: float
    memory: float
    """The most that the process had, in MB, with Python and DuckDB."""


def measure(rows: int) -> Figure:
    """In a process of its own, whose memory is nobody else's."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "AZKVAuditLogs.json"
        with file.open("w") as out:
            for line in _rows(rows):
                out.write(line)
        command = [sys.executable, "-m", "benchmarks.of_audit", folder, str(rows)]
        printed = subprocess.run(command, cwd=ROOT, text=True, capture_output=True, check=True).stdout
        seconds, memory = json.loads(printed)
        return Figure(file.stat().st_size / 1e6, seconds, memory)


def _rows(count: int) -> Iterable[str]:
    for n in range(count):
        app = n % _APPS
        row = {
            "TimeGenerated": (_SINCE + timedelta(seconds=n % 2_500_000)).isoformat(),
            "_ResourceId": _VAULT.format(app),
            "OperationName": "SecretGet",
            "HttpStatusCode": 403 if n % 1000 == 0 else 200,
            "RequestUri": f"https://kv-{app}.vault.azure.net/secrets/secret-{n % 5}/?api-version=7.5",
            "Identity": {"claim": {_OID: f"{app:08}-0000-4000-8000-000000000000", "appid": f"app-{app}"}},
            "CallerIpAddress": f"20.0.{n % 7}.{n % 251}",
            "AppliedAssignmentId": f"{app:08}-0000-4000-8000-00000000000{n % 5}",
        }
        yield f"{json.dumps(row)}\n"


def main(folder: str, rows: int) -> None:
    began = time.perf_counter()
    found = list(Exported(Path(folder), _SINCE, _SINCE + timedelta(days=30)).uses())
    seconds = time.perf_counter() - began
    assert sum(one.count for one in found if isinstance(one, Use)) == rows
    print(json.dumps([seconds, _most_memory()]))


def _most_memory() -> float:
    """In MB. On Linux `getrusage` tells what the process had that started this one, where that was more."""
    if sys.platform == "darwin":
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1_000_000
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) / 1_000


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
