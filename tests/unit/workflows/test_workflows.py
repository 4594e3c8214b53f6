"""What the workflows may do, and what a pull request can never make them do."""

import re
import shlex
from collections.abc import Iterator
from typing import Any, cast

import pytest
import yaml

from access_report.comment import parser as comment_options
from loop.__main__ import parser as loop_options
from readiness.command_line import parser as readiness_options
from toolchain.paths import ROOT

FOLDER = ROOT / ".github" / "workflows"
TEXTS = {path.name: path.read_text() for path in sorted(FOLDER.iterdir())}
WORKFLOWS: dict[str, dict[Any, Any]] = {name: yaml.safe_load(text) for name, text in TEXTS.items()}
NAMES = list(TEXTS)
READ, LOGIN, COMMENT = {"contents": "read"}, {"id-token": "write"}, {"pull-requests": "write"}
PERMISSIONS = {
    ("ci.yml", "check"): READ,
    ("comment.yml", "comment"): READ | COMMENT | {"actions": "read"},
    ("deploy-stack.yml", "deploy"): READ | LOGIN,
    ("deploy-stack.yml", "preview"): READ | LOGIN,
    ("deploy.yml", "dev"): READ | LOGIN,
    ("deploy.yml", "prod"): READ | LOGIN,
    ("deploy.yml", "staging"): READ | LOGIN,
    ("drift.yml", "drift"): READ | LOGIN,
    ("preview-fork.yml", "preview"): READ,
    ("preview.yml", "preview"): READ | LOGIN | COMMENT,
}
"""Everything that any job may do."""


def jobs() -> Iterator[tuple[str, str, dict[str, Any]]]:
    for name, workflow in WORKFLOWS.items():
        for job, content in workflow["jobs"].items():
            yield name, job, content


def steps(name: str) -> list[dict[str, Any]]:
    return [step for file, _, job in jobs() if file == name for step in job.get("steps", ())]


def triggers(name: str) -> dict[str, Any]:
    given = cast(dict[str, Any] | str, WORKFLOWS[name][True])  # YAML 1.1 takes `on` for true
    return dict.fromkeys([given]) if isinstance(given, str) else given


def test_every_action_is_pinned_to_a_commit_with_its_version_beside_it() -> None:
    pinned: dict[str, set[str]] = {}
    for name, text in TEXTS.items():
        for line in re.findall(r"uses: *(.+)", text):
            if line.startswith("$/"):
                assert (ROOT / line.removeprefix("$/")).exists(), f"{name}: {line}"
                continue
            found = re.fullmatch(r"([\w.-]+/[\w.-]+)@([0-9a-f]{40}) # (v\d+\.\d+\.\d+)", line)
            assert found, f"{name}: {line}"
            pinned.setdefault(found[1], set()).add(f"{found[2]} {found[3]}")
    assert {action: len(versions) for action, versions in pinned.items()} == {
        "actions/checkout": 1,
        "actions/download-artifact": 1,
        "actions/setup-python": 1,
        "actions/upload-artifact": 1,
        "azure/login": 1,
    }


@pytest.mark.parametrize("name", NAMES)
def test_a_workflow_may_do_nothing_until_a_job_says_what(name: str) -> None:
    assert WORKFLOWS[name]["permissions"] == {}


def test_each_job_may_do_what_is_listed_here_and_no_more() -> None:
    assert {(name, job): content["permissions"] for name, job, content in jobs()} == PERMISSIONS


@pytest.mark.parametrize("name", NAMES)
def test_no_workflow_of_a_pull_request_runs_with_the_rights_of_the_base(name: str) -> None:
    assert "pull_request_target" not in TEXTS[name]
    assert ("workflow_run" in triggers(name)) == (name == "comment.yml")


@pytest.mark.parametrize("name", NAMES)
def test_nothing_that_somebody_else_wrote_is_pasted_into_a_shell(name: str) -> None:
    runs = [step["run"] for step in steps(name) if "run" in step]
    assert [run for run in runs if "${{" in run] == []
    assert "github-script" not in TEXTS[name]


@pytest.mark.parametrize("name", NAMES)
def test_no_workflow_has_a_secret_and_no_token_stays_in_a_checkout(name: str) -> None:
    assert "secrets." not in TEXTS[name]
    assert "secrets:" not in TEXTS[name]
    for step in steps(name):
        if step.get("uses", "").startswith("actions/checkout@"):
            assert step["with"]["persist-credentials"] is False
            assert not {"ref", "repository", "token", "allow-unsafe-pr-checkout"} & {*step["with"]}


def test_a_login_is_bound_to_an_environment_and_previews_to_one_of_their_own() -> None:
    bound = {
        (name, job): content.get("environment")
        for name, job, content in jobs()
        if "id-token" in content["permissions"] and "steps" in content
    }
    assert bound == {
        ("deploy-stack.yml", "deploy"): "${{ inputs.stack }}",
        ("deploy-stack.yml", "preview"): "preview-${{ inputs.stack }}",
        ("drift.yml", "drift"): "preview-${{ matrix.stack }}",
        ("preview.yml", "preview"): "preview-${{ matrix.stack }}",
    }


def test_a_forks_pull_request_gets_no_credential_whatever_it_runs() -> None:
    text = TEXTS["preview-fork.yml"]
    for word in ("secrets", "id-token", "vars.", "github.token", "azure/login", "environment:", "env:"):
        assert word not in text
    assert [*triggers("preview-fork.yml")] == ["pull_request"]


def test_each_pull_request_is_previewed_by_exactly_one_of_the_two_workflows() -> None:
    (own,), (fork,) = (
        [" ".join(job["if"].split()) for file, _, job in jobs() if file == name]
        for name in ("preview.yml", "preview-fork.yml")
    )
    head, author = "github.event.pull_request.head.repo.full_name", "github.event.pull_request.user.login"
    assert own == (f"vars.STACKS != '' && {head} == github.repository && {author} != 'dependabot[bot]'")
    assert fork == f"{head} != github.repository || {author} == 'dependabot[bot]'"


def test_the_comment_on_a_fork_runs_the_default_branch_only_and_asks_github_for_the_number() -> None:
    given = triggers("comment.yml")["workflow_run"]
    assert given == {"workflows": [WORKFLOWS["preview-fork.yml"]["name"]], "types": ["completed"]}
    install, post = [shlex.split(step["run"]) for step in steps("comment.yml") if "run" in step]
    assert install == ["python", "-m", "pip", "install", "--requirement", "access_report/requirements.txt"]
    assert post[:3] == ["python", "-m", "access_report.comment"]
    options = comment_options().parse_args(post[3:])
    assert (options.event, options.number, options.fork) == ("$GITHUB_EVENT_PATH", None, True)
    assert options.stack == "keyless/local"
    (left,) = [step["with"]["name"] for step in steps("preview-fork.yml") if step.get("name") == "Report"]
    (taken,) = [step["with"] for step in steps("comment.yml") if "download-artifact" in step.get("uses", "")]
    assert taken["name"] == left
    assert taken["path"] == "${{ runner.temp }}/preview"


def test_our_own_commands_are_called_with_options_that_they_have() -> None:
    known = {"loop": loop_options, "access_report.comment": comment_options, "readiness": readiness_options}
    called: list[tuple[str, str]] = []
    for name in NAMES:
        lines = [line for step in steps(name) for line in step.get("run", "").splitlines()]
        for line in lines:
            found = re.match(r"(?:\.venv/bin/)?python -m (\S+) (.*)", line)
            if found and found[1] in known:
                given = ["7" if word == "$NUMBER" else word for word in shlex.split(found[2])]
                known[found[1]]().parse_args(given)
                called.append((name, found[1]))
    assert called == [
        ("comment.yml", "access_report.comment"),
        ("deploy-stack.yml", "loop"),
        ("deploy-stack.yml", "readiness"),
        ("drift.yml", "loop"),
        ("preview-fork.yml", "loop"),
        ("preview.yml", "loop"),
        ("preview.yml", "access_report.comment"),
    ]


def test_a_check_for_drift_asks_azure_and_expects_nothing() -> None:
    (run,) = [step["run"] for step in steps("drift.yml") if step.get("name") == "Compare"]
    options = loop_options().parse_args(shlex.split(run)[3:])
    assert (options.command, options.refresh, options.expect_no_changes) == ("preview", True, True)


def test_a_deployment_ends_with_the_check_of_readiness() -> None:
    named = [step.get("name") for step in WORKFLOWS["deploy-stack.yml"]["jobs"]["deploy"]["steps"]]
    assert named[-3:] == ["Update", "The app's code", "Whether every secret arrives"]
    assert "readiness --stack" in steps("deploy-stack.yml")[-1]["run"]
    assert WORKFLOWS["deploy-stack.yml"]["jobs"]["deploy"]["needs"] == "preview"
