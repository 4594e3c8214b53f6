"""Checkov, in an environment of its own that is made once: nothing of ours can live with what it pins."""

import json
import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, cast

from tests.scanner.arm_template import template
from tests.scanner.waivers import Finding
from tests.unit.components.recorder import Recorded
from toolchain.paths import ROOT, TEST_VENVS, venv_python
from toolchain.virtual_environment import ensure_venv

REQUIREMENTS = ROOT / "requirements-scanner.txt"


def scan(folder: Path, programs: Mapping[str, Iterable[Recorded]]) -> Mapping[str, set[Finding]]:
    """What is found in each program, by its name, in one run. Raises AssertionError when one was not read."""
    for name, resources in programs.items():
        (folder / f"{name}.json").write_text(json.dumps(template(resources)), encoding="utf-8")
    python = ensure_venv(
        print,
        venv=TEST_VENVS / "scanner",
        requirements=REQUIREMENTS,
        lock=TEST_VENVS / "scanner.lock",
        installed_by=venv_python(),
    )
    command = [str(python), "-m", "checkov.main", "--directory", str(folder), "--framework", "arm"]
    ran = subprocess.run(
        # Compact, without the lines of each finding: they are a hundred megabytes.
        [*command, "--output", "json", "--compact", "--skip-download"],
        capture_output=True,
        check=False,
        encoding="utf-8",
    )
    assert ran.stdout, ran.stderr
    answer = cast(dict[str, Any], json.loads(ran.stdout))
    results = answer["results"]
    assert results.get("parsing_errors", []) == [], ran.stderr
    read = {Path(one["file_path"]).stem for one in (*results["passed_checks"], *results["failed_checks"])}
    assert read == programs.keys(), f"checkov read {sorted(read)} of {sorted(programs)}:\n{ran.stderr}"
    found: dict[str, set[Finding]] = {name: set() for name in programs}
    for one in results["failed_checks"]:
        provider, _, rest = str(one["resource"]).partition("/")
        type_ = f"{provider}/{rest.partition('.')[0]}"  # what follows is the name
        found[Path(one["file_path"]).stem].add((one["check_id"], type_))
    return found
