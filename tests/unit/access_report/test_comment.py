"""`python -m access_report.comment`: what is posted, whatever the files hold."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from access_report.comment import main
from access_report.markdown import LONGEST, marker
from access_report.run import Finding, Run
from tests.unit.access_report.github_server import REPOSITORY, TOKEN, GitHubServer, github_server
from tests.unit.access_report.previews import grant, identity, preview, vault

STACK = "shop/dev"
LINK = "https://github.com/octo/keyless/actions/runs/1"


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[GitHubServer]:
    with github_server() as server:
        monkeypatch.setenv("GITHUB_API_URL", server.address)
        monkeypatch.setenv("GITHUB_REPOSITORY", REPOSITORY)
        monkeypatch.setenv("GITHUB_TOKEN", TOKEN)
        yield server


def post(
    folder: Path, previewed: Any, run: Any, *options: str, number: tuple[str, ...] = ("--number", "7")
) -> int:
    for name, document in (("preview", previewed), ("run", run)):
        text = document if isinstance(document, str) else json.dumps(document)
        (folder / f"{name}.json").write_text(text)
    files = ["--preview", str(folder / "preview.json"), "--run", str(folder / "run.json")]
    return main([*files, "--stack", STACK, "--full-report", LINK, *number, *options])


def test_a_report_is_posted_and_later_updated_to_no_changes(tmp_path: Path, server: GitHubServer) -> None:
    states = [vault(), identity()]
    assert post(tmp_path, preview(states, [*states, grant()]), Run(True).document()) == 0
    (first,) = server.by("github-actions[bot]")
    assert first.startswith(marker(STACK))
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
        ({"steps": [{"urn": "urn:pulumi:prod::shop::a::b", "op": "same"}]}, Run(True).document()),
    ],
)
def test_files_that_are_no_preview_of_this_stack_make_a_comment_that_says_it_failed(
    previewed: Any, run: Any, tmp_path: Path, server: GitHubServer
) -> None:
    server.comment("github-actions[bot]", f"{marker(STACK)}\nall was well before")
    assert post(tmp_path, previewed, run) == 0
    (text,) = server.by("github-actions[bot]")
    assert text.startswith(f"{marker(STACK)}\n### <code>shop/dev</code>: the preview failed\n")
    assert f"Nothing is known of what would change. Why is in the run: {LINK}" in text
    assert "script" not in text


def test_a_run_that_left_no_file_says_that_it_failed(tmp_path: Path, server: GitHubServer) -> None:
    missing = str(tmp_path / "missing.json")
    assert main(["--preview", missing, "--run", missing, "--stack", STACK, "--number", "7"]) == 0
    assert "the preview failed" in server.by("github-actions[bot]")[0]


def test_what_a_fork_writes_into_its_files_cannot_become_markdown(
    tmp_path: Path, server: GitHubServer
) -> None:
    hostile = "</code><script>x</script> @team `a` | [l](https://evil.example)\n# big"
    run = Run(True, tuple(Finding(hostile, hostile, hostile, f"{hostile}{n}") for n in range(500)))
    assert post(tmp_path, preview([], [vault()]), run.document(), "--fork") == 0
    (text,) = server.by("github-actions[bot]")
    assert "From a fork: previewed without any credential" in text
    assert "<script" not in text
    assert "@team" not in text
    assert "](" not in text
    assert "\n# big" not in text
    assert "… and " in text
    assert len(text) < LONGEST


def test_the_number_of_a_forks_pull_request_comes_from_the_event_and_from_github(
    tmp_path: Path, server: GitHubServer, capsys: pytest.CaptureFixture[str]
) -> None:
    repository = {"full_name": "stranger/keyless", "owner": {"login": "stranger"}}
    run = {"head_repository": repository, "head_branch": "b", "head_sha": "c0ffee"}
    event = tmp_path / "event.json"
    event.write_text(json.dumps({"workflow_run": run}))
    head = {"ref": "b", "sha": "c0ffee", "user": {"login": "stranger"}, "repo": repository}
    server.pulls = [{"number": 7, "state": "open", "head": head}]
    forged = {**preview([], [vault()]), "number": 99}

    assert post(tmp_path, forged, Run(True).document(), number=("--event", str(event))) == 0
    assert len(server.by("github-actions[bot]")) == 1

    head["sha"] = "newer"
    assert post(tmp_path, forged, Run(False).document(), number=("--event", str(event))) == 0
    assert "not posted: the pull request is closed, or has a newer commit" in capsys.readouterr().out
    assert len(server.by("github-actions[bot]")) == 1


def test_a_refusal_is_one_clear_message_and_a_status(
    tmp_path: Path, server: GitHubServer, capsys: pytest.CaptureFixture[str]
) -> None:
    server.may_write = False
    assert post(tmp_path, preview([], []), Run(True).document()) == 1
    printed = capsys.readouterr().err
    assert "access_report.comment: POST" in printed
    assert "pull-requests: write" in printed
    assert TOKEN not in printed
