"""`make matrix`: every host with every target on the local Azure, and the page anew.

Some minutes a host. What was found is kept in `results.json`, with the day; a cell that never ran is in none.
"""

import datetime
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.hosts.every_cell import FOUND
from tests.hosts.results import RESULTS, results
from tests.hosts.row import hosts
from toolchain.paths import ROOT


def main(chosen: list[str]) -> int:
    """Of the hosts that are named, or of all."""
    picked = ["-k", " or ".join(f"[{one}]" for one in chosen)] if chosen else []
    with tempfile.TemporaryDirectory() as folder:
        file = str(Path(__file__).with_name("every_cell.py"))
        workers = str(min(2, len(chosen or hosts())))
        command = [sys.executable, "-m", "pytest", "-n", workers, "--dist", "worksteal", file, *picked]
        status = subprocess.run(command, cwd=ROOT, env={**os.environ, FOUND: folder}, check=False).returncode
        today = datetime.datetime.now(datetime.UTC).date().isoformat()
        found = {
            file.stem: {"on": today, "cells": json.loads(file.read_text())}
            for file in sorted(Path(folder).glob("*.json"))
        }
    RESULTS.write_text(json.dumps({**results(), **found}, indent=1, sort_keys=True) + "\n")
    subprocess.run([sys.executable, "-m", "tests.unit.reference.pages"], cwd=ROOT, check=True)
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
