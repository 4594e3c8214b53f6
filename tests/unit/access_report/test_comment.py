"""`python -m access_report.comment`: what is posted, whatever the files hold."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from access_report.comment import main
from access_report.mark import Moment, mark
from access_report.markdown import LONGEST
from access_report.run import Finding, Run
from tests.unit.access_report.github_server import REPOSITORY, TOKEN, GitHubServer, github_server
from tests.unit.access_report.previews import grant, identity, preview, vault

BY_HAND = mark("shop", Moment(0, 1, True, "c0ffee1"))
HEAD = {"full_name": "octo/keyless", "owner": {"login": "octo"}}
LINK = "https://github.com/octo/keyless/actions/runs/1"


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[GitHubServer]:
    with github_server() as server:
        monkeypatch.setenv("GITHUB_API_URL", server.address)
        monkeypatch.setenv("GITHUB_REPOSITORY", REPOSITORY)
        monkeypatch.setenv("GITHUB_TOKEN", TOKEN)
        yield server


def left(folder: Path, previewed: Any, run: Any) -> None:
    """What a run leaves of one stack."""
    folder.mkdir(exist_ok=True)
    for name, document in (("preview", previewed), ("run", run)):
        text = document if isinstance(document, str) else json.dumps(document)
        (folder / f"{name}.json").write_text(text)


def of_stack(stack: str, project: str = "shop") -> Any:
    """A preview that makes a vault there."""
    previewed = json.dumps(preview([], [vault()]))
    return json.loads(previewed.replace("urn:pulumi:dev::shop::", f"urn:pulumi:{stack}::{project}::"))


def post(folder: Path, previewed: Any, run: Any, *options: str, stacks: str = '["dev"]') -> int:
    left(folder, previewed, run)
    asked = ["--previews", str(folder), "--project", "shop", "--stacks", stacks, "--full-report", LINK]
    return main([*asked, "--number", "7", "--commit", "c0ffee1", *options])


def event(folder: Path, **changed: Any) -> str:
    """A file with the event of a run's end, as GitHub writes it."""
    run = {
        "actor": {"login": "somebody", "type": "User"},
        "conclusion": "success",
        "head_branch": "b",
        "head_repository": HEAD,
        "head_sha": "c0ffee1",
        "html_url": LINK,
        "id": 20,
        "run_attempt": 1,
        "status": "completed",
        **changed,
    }
    file = folder / "event.json"
    file.write_text(json.dumps({"action": run["status"], "workflow_run": run}))
    return str(file)


def pull(repository: dict[str, Any] = HEAD, **changed: Any) -> dict[str, Any]:
    owner = {"login": repository["owner"]["login"], "type": "User"}
    head = {"ref": "b", "sha": "c0ffee1", "user": owner, "repo": repository}
    return {"number": 7, "state": "open", "head": head, "base": {"ref": "main"}, "user": owner, **changed}


def on(folder: Path, file: str, stacks: str = '["dev"]') -> int:
    return main(["--event", file, "--previews", str(folder), "--project", "shop", "--stacks", stacks])


def test_a_report_is_posted_and_later_updated_to_no_changes(tmp_path: Path, server: GitHubServer) -> None:
    states = [vault(), identity()]
    assert post(tmp_path, preview(states, [*states, grant()]), Run(True).document()) == 0
    (first,) = server.by("github-actions[bot]")
    assert first.startswith(BY_HAND)
    assert "Grants: 1 added, 0 removed" in first

    assert post(tmp_path, preview(states, states), Run(True).document()) == 0
    (second,) = server.by("github-actions[bot]")
    assert "no changes. No grant changes" in second
    assert "The preview did not" not in second
    assert "Policy" not in second


def test_findings_of_the_policy_pack_stand_above_the_report_those_that_stop_first(
    tmp_path: Path, server: GitHubServer
) -> None:
    event: dict[str, Any] = {
        "policyName": "vault-rbac",
        "enforcementLevel": "advisory",
        "resourceUrn": "urn:pulumi:dev::shop::azure-native:keyvault:Vault::vault",
        "message": "Vaults have no policies.\nIt has two.\nWhy: …",
    }
    events: list[dict[str, Any]] = [
        {"policyEvent": event},
        {"policyEvent": event},
        {"sequence": 3, "preludeEvent": {}},
    ]
    stop = {**event, "policyName": "zz-stops", "enforcementLevel": "mandatory"}
    run = Run.of_events([*events, {"policyEvent": stop}], succeeded=False)
    assert [finding.rule for finding in run.findings] == ["zz-stops", "vault-rbac"]

    assert post(tmp_path, preview([], [identity(), vault(), grant()]), run.document()) == 0

    (text,) = server.by("github-actions[bot]")
    assert "**The preview did not come to its end: what follows may not be all.**" in text
    assert text.splitlines()[1].startswith(
        "### <code>shop/dev</code>: as far as the preview came: 3 creates."
    )
    assert "**Policy**: 1 refused, 1 to note." in text
    assert text.index("zz-stops") < text.index("vault-rbac") < text.index("Access that changes")
    assert "<code>It has two.</code>" in text
    assert "Why" not in text


@pytest.mark.parametrize(
    ("previewed", "run"),
    [
        ("", Run(True).document()),
        ("[" * 100_000, Run(True).document()),
        ({"steps": None}, Run(True).document()),
        ({"steps": [{"op": "create"}]}, Run(True).document()),
        ({"steps": [3]}, Run(True).document()),
        (preview([], [vault()]), {"findings": [{"html": "<script>"}], "succeeded": True}),
        (preview([], [vault()]), []),
    ],
)
def test_files_that_are_no_preview_of_this_stack_make_a_comment_that_says_it_failed(
    previewed: Any, run: Any, tmp_path: Path, server: GitHubServer
) -> None:
    server.comment("github-actions[bot]", f"{BY_HAND}\nall was well before")
    assert post(tmp_path, previewed, run) == 0
    (text,) = server.by("github-actions[bot]")
    assert text.startswith(
        f"{BY_HAND}\n### <code>shop/dev</code>: **the preview failed.** Why is in the run."
    )
    assert "Nothing is known of what would change." in text
    assert LINK in text
    assert "script" not in text


def test_a_file_beyond_the_bound_is_no_preview(
    tmp_path: Path, server: GitHubServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    previewed, run = preview([], [vault()]), Run(True).document()
    monkeypatch.setattr("access_report.comment.LARGEST", len(json.dumps(previewed)) - 1)
    assert post(tmp_path, previewed, run) == 0
    assert "the preview failed" in server.by("github-actions[bot]")[0]


def test_a_run_that_left_no_file_says_that_it_failed(tmp_path: Path, server: GitHubServer) -> None:
    server.pulls = [pull()]
    assert on(tmp_path, event(tmp_path, conclusion="timed_out")) == 0
    assert "the preview failed" in server.by("github-actions[bot]")[0]


@pytest.mark.parametrize(("project", "stack"), [("shop", "prod"), ("renamed", "dev")])
def test_a_preview_of_another_stack_or_project_is_said_to_be_one(
    project: str, stack: str, tmp_path: Path, server: GitHubServer
) -> None:
    assert post(tmp_path, of_stack(stack, project), Run(True).document()) == 0
    (text,) = server.by("github-actions[bot]")
    assert "not the stack that was asked for" in text
    assert f"the preview is of <code>{project}/{stack}</code>, expected was <code>shop/dev</code>" in text
    assert "the preview failed" not in text
    assert "1 create" not in text


def test_a_stack_of_an_organisation_is_found_by_its_own_name(tmp_path: Path, server: GitHubServer) -> None:
    assert post(tmp_path, preview([], [vault()]), Run(True).document(), stacks='["acme/dev"]') == 0
    (text,) = server.by("github-actions[bot]")
    assert "### <code>shop/acme/dev</code>: 1 create." in text


def test_all_stacks_of_a_run_are_in_one_comment_also_one_that_left_nothing(
    tmp_path: Path, server: GitHubServer
) -> None:
    server.pulls = [pull()]
    states = [vault(), identity()]
    left(tmp_path / "preview-0", preview(states, [*states, grant()]), Run(True).document())
    assert on(tmp_path, event(tmp_path), stacks='["dev", "prod"]') == 0
    (text,) = server.by("github-actions[bot]")
    assert text.startswith(f"{mark('shop', Moment(20, 1, True, 'c0ffee1'))}\n")
    assert "what would change in 2 stacks, of which 1 could not be previewed" in text
    assert "- <code>shop/dev</code>: 1 create." in text
    assert "- <code>shop/prod</code>: **the preview failed.**" in text
    assert "Of commit <code>c0ffee1</code>" in text
    assert "read the change itself too" in text
    assert "From a fork" not in text


def test_a_run_begins_with_marking_the_comment_as_out_of_date(tmp_path: Path, server: GitHubServer) -> None:
    server.pulls = [pull()]
    assert on(tmp_path, event(tmp_path, status="queued", conclusion=None)) == 0
    assert server.by("github-actions[bot]") == []

    left(tmp_path, preview([], [vault()]), Run(True).document())
    assert on(tmp_path, event(tmp_path, id=19)) == 0
    assert on(tmp_path, event(tmp_path, status="in_progress", conclusion=None)) == 0
    (text,) = server.by("github-actions[bot]")
    assert "is being previewed" in text
    assert "grant" not in text.lower()


def test_a_run_of_old_that_ends_late_leaves_the_newer_ones_comment(
    tmp_path: Path, server: GitHubServer, capsys: pytest.CaptureFixture[str]
) -> None:
    server.pulls = [pull()]
    left(tmp_path, preview([], [vault(), identity()]), Run(True).document())
    assert on(tmp_path, event(tmp_path, id=21)) == 0
    before = server.by("github-actions[bot]")
    left(tmp_path, preview([], []), Run(True).document())
    assert on(tmp_path, event(tmp_path, id=20, run_attempt=3)) == 0
    assert "a newer run has written the comment already" in capsys.readouterr().out
    assert server.by("github-actions[bot]") == before


def test_what_a_pull_request_changes_of_its_judge_is_told_as_github_tells_it(
    tmp_path: Path, server: GitHubServer
) -> None:
    server.pulls = [pull()]
    server.changed = [
        {"filename": "policy-config.json"},
        {"filename": "app/x", "previous_filename": "policy/x"},
    ]
    server.files = {
        ("policy-config.json", "main"): "{}",
        ("policy-config.json", "c0ffee1"): '{"all": "disabled"}',
    }
    left(tmp_path, preview([], [vault()]), Run(True).document())
    assert on(tmp_path, event(tmp_path)) == 0
    (text,) = server.by("github-actions[bot]")
    assert "**This pull request loosens the policy.**" in text
    assert "- <code>all</code> is disabled\n" in text
    assert "- <code>policy/x</code>\n" in text
    assert "app/x" not in text
    assert text.index("is disabled") < text.index("1 create") or "1 create" in text.splitlines()[1]


def test_a_rule_that_is_switched_off_behind_more_files_than_github_lists_is_told(
    tmp_path: Path, server: GitHubServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("access_report.github.MOST_FILES", 40)
    server.pulls = [pull()]
    server.changed = [{"filename": f"a/{number}"} for number in range(40)]
    server.files = {("policy-config.json", "c0ffee1"): '{"all": "disabled"}'}
    left(tmp_path, preview([], [vault()]), Run(True).document())
    assert on(tmp_path, event(tmp_path)) == 0
    (text,) = server.by("github-actions[bot]")
    assert "- <code>all</code> is disabled\n" in text
    assert "**It changes more files than GitHub lists.**" in text


def test_what_a_fork_writes_into_its_files_cannot_become_markdown(
    tmp_path: Path, server: GitHubServer
) -> None:
    hostile = "</code><script>x</script> @team `a` | [l](https://evil.example)\n# big"
    run = Run(True, tuple(Finding(hostile, hostile, hostile, f"{hostile}{n}") for n in range(500)))
    server.pulls = [pull({"full_name": "stranger/keyless", "owner": {"login": "stranger"}})]
    left(tmp_path, of_stack("local"), run.document())
    head = server.pulls[0]["head"]["repo"]
    assert on(tmp_path, event(tmp_path, head_repository=head)) == 0
    (text,) = server.by("github-actions[bot]")
    assert "From a fork or a bot: previewed without any credential" in text
    assert "### <code>shop/local</code>: 1 create." in text
    assert "<script" not in text
    assert "@team" not in text
    assert "](" not in text
    assert "\n# big" not in text
    assert "… and " in text
    assert len(text) < LONGEST


def test_the_number_of_a_pull_request_comes_from_the_event_and_from_github(
    tmp_path: Path, server: GitHubServer, capsys: pytest.CaptureFixture[str]
) -> None:
    server.pulls = [pull()]
    left(tmp_path, {**preview([], [vault()]), "number": 99}, Run(True).document())
    assert on(tmp_path, event(tmp_path)) == 0
    (before,) = server.by("github-actions[bot]")

    server.pulls[0]["head"]["sha"] = "newer"
    assert on(tmp_path, event(tmp_path, id=22)) == 0
    assert "not posted: the pull request is closed, or has a newer commit" in capsys.readouterr().out
    assert server.by("github-actions[bot]") == [before]


@pytest.mark.parametrize("stacks", ["", "dev", "[]", "[1]", "{}"])
def test_stacks_that_are_no_list_of_names_are_refused_with_one_that_is(
    stacks: str, tmp_path: Path, server: GitHubServer, capsys: pytest.CaptureFixture[str]
) -> None:
    assert post(tmp_path, preview([], []), Run(True).document(), stacks=stacks) == 1
    assert 'expected one such as ["dev", "prod"]' in capsys.readouterr().err
    assert server.comments == []


def test_a_refusal_is_one_clear_message_and_a_status(
    tmp_path: Path, server: GitHubServer, capsys: pytest.CaptureFixture[str]
) -> None:
    server.may_write = False
    assert post(tmp_path, preview([], []), Run(True).document()) == 1
    printed = capsys.readouterr().err
    assert "access_report.comment: POST" in printed
    assert "pull-requests: write" in printed
    assert TOKEN not in printed
