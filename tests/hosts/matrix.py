"""`make matrix`: every host with every target on the local Azure, and the page anew.

Some minutes a host. What was found is kept in `results.json`, with the day and the fingerprint of what it ran
on; a cell that never ran is in none. A host whose fingerprint is the same still, and of which all held, is
not run again, unless it is named.
"""

import datetime
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from tests.hosts.every_cell import FOUND
from tests.hosts.fingerprint import fingerprints
from tests.hosts.results import RESULTS, results, stale
from tests.hosts.row import hosts
from toolchain.paths import ROOT


def main(chosen: list[str]) -> int:
    """Of the hosts that are named, or of all whose results are stale."""
    now = fingerprints()
    old = stale(hosts(), results(), now)
    for on, why in old:
        print(f"{on}: stale, as {why}")
    chosen = chosen or [on for on, _ in old]
    for on in hosts():
        if on not in chosen:
            print(f"{on}: not run")
    return _run(chosen, now) if chosen else 0


def _run(chosen: list[str], now: Mapping[str, str]) -> int:
    picked = ["-k", " or ".join(f"[{one}]" for one in chosen)]
    with tempfile.TemporaryDirectory() as folder:
        file = str(Path(__file__).with_name("every_cell.py"))
        workers = str(min(2, len(chosen)))
        command = [sys.executable, "-m", "pytest", "-n", workers, "--dist", "worksteal", file, *picked]
        status = subprocess.run(command, cwd=ROOT, env={**os.environ, FOUND: folder}, check=False).returncode
        today = datetime.datetime.now(datetime.UTC).date().isoformat()
        found = {
            file.stem: {"on": today, "ran_on": now[file.stem], "cells": json.loads(file.read_text())}
            for file in sorted(Path(folder).glob("*.json"))
        }
    RESULTS.write_text(json.dumps({**results(), **found}, indent=1, sort_keys=True) + "\n")
    subprocess.run([sys.executable, "-m", "tests.unit.reference.pages"], cwd=ROOT, check=True)
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
