"""What the workflows may do, and what a pull request can never make them do."""

import re
import shlex
from typing import Any

import pytest
import yaml

from access_report.comment import parser as comment_options
from access_report.judge import PATHS
from loop.__main__ import parser as loop_options
from readiness.command_line import parser as readiness_options
from tests.unit.workflows.read import FOLDER, NAMES, TEXTS, WORKFLOWS, jobs, steps, triggers
from toolchain.engine_from_release import OfficialRelease
from toolchain.paths import ROOT

ALL_OF_A_RUN = ("requested", "in_progress", "completed")
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
    ("preview.yml", "azure"): READ | LOGIN,
    ("preview.yml", "local"): READ,
    ("suggest.yml", "pull-request"): COMMENT | {"contents": "write"},
    ("suggest.yml", "suggest"): READ | LOGIN,
}
"""Everything that any job may do."""


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
        ("preview.yml", "azure"): "preview-${{ matrix.stack }}",
        ("suggest.yml", "suggest"): "preview-${{ vars.AUDIT_STACK }}",
    }


@pytest.mark.parametrize("name", ["preview.yml", "deploy-stack.yml", "drift.yml"])
def test_the_engine_of_a_job_with_a_credential_is_the_one_with_a_checksum(name: str) -> None:
    environment = WORKFLOWS[name]["env"]
    assert environment == {"KEYLESS_ENGINE": OfficialRelease.name}
    assert not [step for step in steps(name) if "KEYLESS_ENGINE" in step.get("env", {})]
    with_credential = {file for file, _, job in jobs() if "azure/login" in str(job.get("steps"))}
    assert with_credential == {"preview.yml", "deploy-stack.yml", "drift.yml", "suggest.yml"}


def of_preview(job: str) -> dict[str, Any]:
    return WORKFLOWS["preview.yml"]["jobs"][job]


def test_a_pull_request_from_elsewhere_gets_no_credential_whatever_it_runs() -> None:
    text = yaml.safe_dump(of_preview("local"))
    for word in ("secrets", "id-token", "vars.", "github.token", "azure/login", "environment:", "env:"):
        assert word not in text
    assert [*triggers("preview.yml")] == ["pull_request"]


def test_only_pull_requests_of_the_repositorys_people_are_previewed_with_a_credential() -> None:
    own, other = (" ".join(of_preview(job)["if"].split()) for job in ("azure", "local"))
    terms = [
        "github.event.pull_request.head.repo.full_name == github.repository",
        "github.event.pull_request.user.type != 'Bot'",
        "github.event.sender.type != 'Bot'",
    ]
    assert own == " && ".join(["vars.STACKS != ''", *terms])
    opposite = [re.sub("[!=]=", lambda found: "!=" if found[0] == "==" else "==", term) for term in terms]
    assert other == " || ".join(opposite)


def test_no_job_that_runs_a_pull_requests_code_may_write_a_comment() -> None:
    writers = {key for key, may in PERMISSIONS.items() if COMMENT.items() <= may.items()}
    # The second runs on the default branch, and nothing of the program.
    assert writers == {("comment.yml", "comment"), ("suggest.yml", "pull-request")}
    tokens = [name for name, text in TEXTS.items() if "github.token" in text]
    assert tokens == ["comment.yml", "suggest.yml"]


@pytest.mark.parametrize("job", ["azure", "local"])
def test_the_judge_of_a_pull_request_is_what_it_is_merged_into(job: str) -> None:
    given = of_preview(job)["steps"]
    (checkout,) = [step["with"] for step in given if step.get("uses", "").startswith("actions/checkout@")]
    assert checkout["fetch-depth"] == 2
    runs = [step["run"].splitlines() for step in given if "run" in step]
    assert runs[:2] == [
        ["git worktree add --detach judge HEAD^1", "make -C judge setup"],
        ["make setup"],
    ]
    (preview,) = [step for step in given if step.get("name") == "Preview"]
    assert preview["working-directory"] == "judge"
    options = loop_options().parse_args(shlex.split(preview["run"])[3:])
    if job == "azure":
        assert (options.command, str(options.program)) == ("preview", "..")
    else:
        assert (options.command, str(options.repository), options.base, options.head) == (
            "review", "..", "HEAD^1", "HEAD",
        )  # fmt: skip


def test_a_comment_is_marked_when_a_preview_begins_and_made_when_it_ends_by_the_default_branchs_code() -> (
    None
):
    given = triggers("comment.yml")["workflow_run"]
    assert given == {"workflows": [WORKFLOWS["preview.yml"]["name"]], "types": [*ALL_OF_A_RUN]}
    install, post = [shlex.split(step["run"]) for step in steps("comment.yml") if "run" in step]
    assert install[:4] == ["python", "-m", "pip", "install"]
    assert install[-2:] == ["--requirement", "access_report/requirements.txt"]
    assert post[:3] == ["python", "-m", "access_report.comment"]
    options = comment_options().parse_args(post[3:])
    assert (options.event, options.number, options.stacks) == ("$GITHUB_EVENT_PATH", None, "$STACKS")
    assert options.previews == "$RUNNER_TEMP/previews"


def test_what_previews_leave_is_what_the_comment_takes() -> None:
    left = {
        job: [step["with"]["name"] for step in of_preview(job)["steps"] if step.get("name") == "Report"]
        for job in ("azure", "local")
    }
    assert left == {"azure": ["preview-${{ strategy.job-index }}"], "local": ["preview-0"]}
    (taken,) = [step["with"] for step in steps("comment.yml") if "download-artifact" in step.get("uses", "")]
    assert taken["pattern"] == "preview-*"
    assert taken["path"] == "${{ runner.temp }}/previews"


def test_comments_are_written_one_at_a_time_and_only_those_that_write_stand_in_the_queue() -> None:
    assert "concurrency" not in WORKFLOWS["comment.yml"]
    queue = WORKFLOWS["comment.yml"]["jobs"]["comment"]["concurrency"]
    assert queue["cancel-in-progress"] is False
    assert "head_repository.full_name" in queue["group"]
    assert "head_branch" in queue["group"]


def test_whoever_owns_the_judge_is_asked_before_it_changes() -> None:
    lines = (FOLDER.parent / "CODEOWNERS").read_text().splitlines()
    owned = [line.split() for line in lines if line and not line.startswith("#")]
    assert {owner for _, *owners in owned for owner in owners} == {"@your-organisation/access-reviewers"}
    patterns = {pattern.strip("/").split("*")[0] for pattern, *_ in owned}
    assert {"/requirements*.in", "/requirements*.txt"} <= {pattern for pattern, *_ in owned}
    assert {path.rstrip("/") for path in PATHS} <= patterns
    for pattern, *_ in owned:
        assert list(ROOT.glob(pattern.strip("/"))), pattern


def test_our_own_commands_are_called_with_options_that_they_have() -> None:
    known = {"loop": loop_options, "access_report.comment": comment_options, "readiness": readiness_options}
    called: list[tuple[str, str]] = []
    for name in NAMES:
        runs = [step.get("run", "").replace("\\\n", " ") for step in steps(name)]
        lines = [line for run in runs for line in run.splitlines()]
        for line in lines:
            found = re.match(r"(?:\.venv/bin/)?python -m (\S+) (.*)", line)
            if found and found[1] in known:
                known[found[1]]().parse_args(shlex.split(found[2].replace("$STACK", "acme/dev")))
                called.append((name, found[1]))
    assert called == [
        ("comment.yml", "access_report.comment"),
        ("deploy-stack.yml", "loop"),
        ("deploy-stack.yml", "readiness"),
        ("drift.yml", "loop"),
        ("preview.yml", "loop"),
        ("preview.yml", "loop"),
    ]
