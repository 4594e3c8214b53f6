"""Access that nobody used becomes one pull request a stack, by a job that runs nothing of the program."""

import os
import re
import shlex
import subprocess
from pathlib import Path

import pytest

from audit.suggest.command import parser
from tests.unit.workflows.read import WORKFLOWS, steps, triggers
from toolchain.engine_from_release import OfficialRelease

JOBS = WORKFLOWS["suggest.yml"]["jobs"]
DIFF = """--- a/__main__.py
+++ b/__main__.py
@@ -1,2 +1 @@
-unused = 1
 used = 2
"""
GH = """#!/bin/bash
echo "$@" >> "$ASKED"
if [ "$2" = list ]; then echo "$OPEN"; fi
"""


def script(job: str, name: str) -> str:
    (found,) = [step["run"] for step in JOBS[job]["steps"] if step.get("name") == name]
    return found


def git(folder: Path, *command: str) -> str:
    done = subprocess.run(["git", "-C", str(folder), *command], capture_output=True, text=True, check=True)
    return done.stdout


def test_nobody_but_the_clock_and_a_person_starts_it_and_only_where_a_stack_is_named() -> None:
    assert {*triggers("suggest.yml")} == {"schedule", "workflow_dispatch"}
    assert JOBS["suggest"]["if"] == "vars.AUDIT_STACK != ''"
    assert JOBS["suggest"]["env"] == {"KEYLESS_ENGINE": OfficialRelease.name}


def test_whoever_reads_azure_cannot_write_here_and_whoever_writes_runs_nothing_of_the_program() -> None:
    reads, writes = JOBS["suggest"]["permissions"], JOBS["pull-request"]["permissions"]
    assert (reads["contents"], "pull-requests" in reads, "id-token" in writes) == ("read", False, False)
    assert "environment" not in JOBS["pull-request"]
    runs = " ".join(step.get("run", "") for step in JOBS["pull-request"]["steps"])
    assert re.findall(r"\b(?:python|make|pip|pulumi|npm)\b", runs) == []


def test_the_command_has_the_options_that_it_is_called_with() -> None:
    line = next(
        line for line in script("suggest", "Suggest").replace("\\\n", " ").splitlines() if "audit" in line
    )
    words = shlex.split(line)
    assert words[:4] == [".venv/bin/python", "-m", "audit", "suggest"]
    given = parser().parse_args(words[4:])
    assert (given.format, given.evidence, given.no_preview) == ("markdown", 30, False)
    assert (given.output, given.diff) == (
        "$RUNNER_TEMP/suggestion/body.md", "$RUNNER_TEMP/suggestion/change.diff",
    )  # fmt: skip


def test_what_one_job_leaves_the_other_takes() -> None:
    of_actions = {step["uses"].partition("@")[0]: step["with"] for step in steps("suggest.yml")
                  if "artifact" in step.get("uses", "")}  # fmt: skip
    left, taken = of_actions["actions/upload-artifact"], of_actions["actions/download-artifact"]
    assert (left["name"], left["path"]) == (taken["name"], taken["path"])
    assert JOBS["pull-request"]["if"] == "needs.suggest.outputs.found == 'true'"
    assert JOBS["suggest"]["outputs"] == {"found": "${{ steps.suggestion.outputs.found }}"}


@pytest.mark.parametrize("number", ["", "12"])
def test_the_branch_has_the_change_and_one_pull_request_its_evidence(tmp_path: Path, number: str) -> None:
    server, checkout, temporary = (tmp_path / name for name in ("server", "checkout", "temporary"))
    subprocess.run(["git", "init", "--quiet", "--bare", str(server / "acme" / "shop")], check=True)
    subprocess.run(["git", "init", "--quiet", str(checkout)], check=True)
    (checkout / "__main__.py").write_text("unused = 1\nused = 2\n")
    git(checkout, "add", ".")
    git(
        checkout, "-c", "user.name=x", "-c", "user.email=x@example.com", "commit", "--quiet", "--message", "x"
    )
    (temporary / "suggestion").mkdir(parents=True)
    (temporary / "suggestion" / "change.diff").write_text(DIFF)
    (tmp_path / "gh").write_text(GH)
    (tmp_path / "gh").chmod(0o700)
    environment = {
        **os.environ,
        "ASKED": str(tmp_path / "asked"),
        "GITHUB_REPOSITORY": "acme/shop",
        "GITHUB_SERVER_URL": str(server),
        "OPEN": number,
        "PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}",
        "RUNNER_TEMP": str(temporary),
        "STACK": "acme/prod",
    }
    run = script("pull-request", "Branch and pull request")
    subprocess.run(["bash", "-ec", run], cwd=checkout, env=environment, check=True, capture_output=True)
    assert git(server / "acme" / "shop", "show", "less-access/acme-prod:__main__.py") == "used = 2\n"
    asked = (tmp_path / "asked").read_text().splitlines()
    body = f"--body-file {temporary}/suggestion/body.md"
    assert asked[1:] == [
        f"pr edit {number} {body}" if number else
        f"pr create --head less-access/acme-prod --title Access that acme/prod did not use {body}"
    ]  # fmt: skip
