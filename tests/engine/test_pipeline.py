"""The pipeline from a pull request to its comment: the real engine's previews, posted to a server that
answers as GitHub does. What differs between branch, fork and bot is what GitHub says of them.
"""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from access_report.comment import main
from local_azure.server import LocalAzure
from loop.preview import Judge, Target, Wanted, preview
from tests.attached import AttachedEngine
from tests.engine.conftest import Loop
from tests.engine.given_program import given_program
from tests.engine.test_fork_review import GRANT, PACK, PROGRAM, PROJECT
from tests.unit.access_report.github_server import REPOSITORY, TOKEN, GitHubServer, github_server
from toolchain.paths import ROOT

COMMIT, LINK = "c0ffee1", "https://github.com/octo/keyless/actions/runs/20"
FOUND = f"import sys\nsys.path.insert(0, {str(ROOT)!r})\n"
LOCATION = {"azure-native:location": "westeurope"}


@pytest.fixture
def github(monkeypatch: pytest.MonkeyPatch) -> Iterator[GitHubServer]:
    with github_server() as server:
        monkeypatch.setenv("GITHUB_API_URL", server.address)
        monkeypatch.setenv("GITHUB_REPOSITORY", REPOSITORY)
        monkeypatch.setenv("GITHUB_TOKEN", TOKEN)
        yield server


def event(
    server: GitHubServer, folder: Path, owner: str = "octo", author: str = "User", **changed: Any
) -> str:
    """A run for a pull request of this author, from this account's repository."""
    repository = {"full_name": f"{owner}/keyless", "owner": {"login": owner}}
    head = {"ref": "b", "sha": COMMIT, "user": {"login": owner}, "repo": repository}
    user = {"login": "somebody", "type": author}
    server.pulls = [{"number": 7, "state": "open", "head": head, "base": {"ref": "main"}, "user": user}]
    run = {
        "actor": user,
        "head_branch": "b",
        "head_repository": repository,
        "head_sha": COMMIT,
        "html_url": LINK,
        "id": 20,
        "run_attempt": 1,
        "status": "completed",
        **changed,
    }
    file = folder / "event.json"
    file.write_text(json.dumps({"workflow_run": run}))
    return str(file)


def post(file: str, previews: Path, stacks: str) -> None:
    assert main(["--event", file, "--previews", str(previews), "--stacks", stacks]) == 0


def test_pull_requests_of_branch_fork_and_bot_end_in_one_comment_that_no_older_run_overwrites(
    engine: AttachedEngine, cloud: LocalAzure, tmp_path: Path, github: GitHubServer
) -> None:
    loop = given_program(Loop, engine, cloud, tmp_path, FOUND + PROGRAM, LOCATION)
    base = loop.stack.program
    (base / "policy").mkdir()
    (base / "policy" / "PulumiPolicy.yaml").write_text(PROJECT.replace("{name}", "rules"))
    (base / "policy" / "__main__.py").write_text(PACK.replace("LEVEL", "ADVISORY"))
    loop.stack.up("--skip-preview")
    head = tmp_path / "head"
    shutil.copytree(base, head)
    (head / "__main__.py").write_text(FOUND + PROGRAM + GRANT)
    (head / "policy-config.json").write_text('{"all": "disabled"}')
    github.changed = [{"filename": "policy-config.json"}, {"filename": "__main__.py"}]
    github.files = {("policy-config.json", COMMIT): '{"all": "disabled"}'}

    previews = tmp_path / "previews"
    target = Target(loop.stack.engine, "local", head, loop.stack.environment())
    wanted = Wanted(judge=Judge(base))
    assert preview(target, previews / "preview-0", loop.session.terminal, wanted) == 0

    # A branch of the repository: its stacks are expected, and one that left nothing is told.
    post(event(github, tmp_path), previews, '["local", "acme/prod"]')
    (own,) = github.by("github-actions[bot]")
    assert "what would change in 2 stacks, of which 1 could not be previewed" in own
    assert "- <code>keyless/acme/prod</code>: **the preview failed.**" in own
    assert "- <code>keyless/local</code>: 2 creates. Grants: 1 added, 0 removed" in own
    assert f"Of commit <code>{COMMIT}</code>, previewed by {LINK}." in own
    # The disabled policy is told, and judged all the same.
    assert "**This pull request loosens the policy.**" in own
    assert "- <code>all</code> is disabled\n" in own
    assert "on <code>app-vault</code>: <code>A grant &#124; is looked at.</code>" in own
    assert "From a fork or a bot" not in own

    # A fork, and a bot with a branch of the repository: the one stack without a credential.
    for number, (owner, author) in enumerate([("stranger", "User"), ("octo", "Bot")]):
        run = event(github, tmp_path, owner, author, id=21 + number)
        post(run, previews, '["dev", "prod"]')
        (text,) = github.by("github-actions[bot]")
        assert "### <code>keyless/local</code>: 2 creates. Grants: 1 added, 0 removed" in text
        assert "From a fork or a bot: previewed without any credential" in text
        assert "prod" not in text

    # A run begins: what was said is no longer there. One of old that ends after that changes nothing.
    post(event(github, tmp_path, id=30, status="queued"), previews, '["local"]')
    (begun,) = github.by("github-actions[bot]")
    assert "is being previewed" in begun
    assert "Grants" not in begun
    post(event(github, tmp_path, id=29), previews, '["local"]')
    assert github.by("github-actions[bot]") == [begun]

    # It ends without anything: the comment says so, and nothing harmless stands.
    post(event(github, tmp_path, id=30, conclusion="failure"), tmp_path / "nothing", '["local"]')
    (failed,) = github.by("github-actions[bot]")
    assert "### <code>keyless/local</code>: **the preview failed.**" in failed
    assert "Nothing is known of what would change." in failed
