"""A deployment does what was approved and is checked; drift is asked for and told."""

import os
import shlex
import subprocess
from pathlib import Path

from loop.__main__ import parser as loop_options
from tests.unit.workflows.read import WORKFLOWS, jobs, steps


def test_an_update_does_what_was_approved_and_takes_the_plan_of_its_own_run() -> None:
    of_run = WORKFLOWS["deploy-stack.yml"]["jobs"]
    (preview,) = [step["run"] for step in of_run["preview"]["steps"] if step.get("name") == "Preview"]
    saved = shlex.split(preview.replace("\\\n", " ").splitlines()[0])[3:]
    assert loop_options().parse_args(saved).save_plan.as_posix() == "$RUNNER_TEMP/plan/plan.json"
    (kept,) = [
        step["with"] for step in of_run["preview"]["steps"] if "upload-artifact" in step.get("uses", "")
    ]
    (taken,) = [
        step["with"] for step in of_run["deploy"]["steps"] if "download-artifact" in step.get("uses", "")
    ]
    assert (kept["name"], kept["if-no-files-found"]) == ("${{ steps.plan.outputs.name }}", "error")
    assert of_run["preview"]["outputs"]["plan"] == kept["name"]
    assert taken["name"] == "${{ needs.preview.outputs.plan }}"
    assert "run-id" not in taken
    (update,) = [step["run"] for step in of_run["deploy"]["steps"] if step.get("name") == "Update"]
    assert '--plan "$RUNNER_TEMP/plan/plan.json"' in update
    assert "--skip-preview" not in update


def test_an_artifact_of_a_stack_of_an_organisation_has_a_name_that_github_takes(tmp_path: Path) -> None:
    """https://github.com/actions/upload-artifact#limitations: no slash"""
    uploads = [step["with"]["name"] for _, _, job in jobs() for step in job.get("steps", ())
               if "upload-artifact" in step.get("uses", "")]  # fmt: skip
    assert [name for name in uploads if "stack" in name] == []
    (naming,) = [step for step in steps("deploy-stack.yml") if step.get("id") == "plan"]
    told = tmp_path / "output"
    environment = {"STACK": "acme/dev", "GITHUB_OUTPUT": str(told), "PATH": os.environ["PATH"]}
    subprocess.run(["bash", "-ec", naming["run"]], env=environment, check=True)
    assert told.read_text() == "name=plan-acme-dev\n"


def test_a_check_for_drift_asks_azure_and_expects_nothing() -> None:
    (run,) = [step["run"] for step in steps("drift.yml") if step.get("name") == "Compare"]
    options = loop_options().parse_args(shlex.split(run)[3:])
    assert (options.command, options.refresh, options.expect_no_changes) == ("preview", True, True)


def test_a_deployment_ends_with_the_check_of_readiness() -> None:
    named = [step.get("name") for step in WORKFLOWS["deploy-stack.yml"]["jobs"]["deploy"]["steps"]]
    assert named[-3:] == ["Update", "The app's code", "Whether every secret arrives"]
    assert "readiness --stack" in steps("deploy-stack.yml")[-1]["run"]
    assert WORKFLOWS["deploy-stack.yml"]["jobs"]["deploy"]["needs"] == "preview"
