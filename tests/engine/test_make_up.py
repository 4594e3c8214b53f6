"""What `make up` and `make down` run, as a newcomer sees it: up, up again, down, up."""

import os
import re
import subprocess
import sys
from pathlib import Path

from local_azure.constants import DEPLOYER
from loop.clean import KEPT, MADE
from loop.leaks import files_below
from toolchain.paths import ROOT


def run(command: str, work: Path) -> str:
    result = subprocess.run(
        [sys.executable, "-m", "loop", command, "--work", str(work)],
        cwd=ROOT, env=dict(os.environ), text=True, capture_output=True, check=False, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout


def test_up_up_down_up_is_one_command_each_and_leaves_nothing_running(tmp_path: Path) -> None:
    tracked = changed_configuration()
    try:
        first = run("up", tmp_path)
        assert "✓ the app read 2 secrets through Key Vault references in its environment" in first
        assert "✓ the app read 2 secrets with two lines of code and its own identity" in first
        assert "✓ a signed-in developer without a grant is refused by the vault (403)" in first
        assert "✓ no secret value lies in clear" in first
        assert "✓ no password, key or token of the loop itself lies anywhere but" in first
        assert re.search(r"the app +http://127\.0\.0\.1:\d+", first)
        assert f"the access map  {(tmp_path / 'access.html').as_uri()}" in first
        # Outputs are for programs, and take more than a screen; what a person needs is said at the end.
        assert "deployer_contract" not in first
        deployed = (tmp_path / "access.html").read_text(encoding="utf-8")
        assert deployed.startswith("<!doctype html>")
        assert deployed.count('<li class="wire same"') == 3

        assert readable_by_others(tmp_path) == []
        assert {path.name for path in tmp_path.iterdir()} <= {*KEPT, *MADE}

        second = run("up", tmp_path)
        assert "unchanged" in second
        assert not re.search(r"\d+ (created|updated|replaced|deleted)", second)
        assert "kept by the vault officer" in second
        assert "publishing" not in second

        asked = "pulumi config get location; pulumi stack output identity; az account show"
        location, identity, account = in_a_shell(tmp_path, asked).splitlines()
        assert (location, identity) == ("westeurope", "user-assigned")
        assert f'"name": "{DEPLOYER.client_id}"' in account

        down = run("down", tmp_path)
        assert "✓ no resource and no role assignment" in down
        assert "✓ the local Azure is stopped" in down
        assert not (tmp_path / "access.html").exists()

        third = run("up", tmp_path)
        assert "✗" not in third
    finally:
        run("down", tmp_path)
    assert processes_of(tmp_path) == []
    assert changed_configuration() == tracked
    assert list(files_below(tmp_path)) != []


def in_a_shell(work: Path, command: str) -> str:
    """What commands print where the lines of `make env` were evaluated, as the README shows."""
    shell = ["sh", "-ec", f"{run('env', work)}\n{command}"]
    return subprocess.run(shell, cwd=ROOT, text=True, capture_output=True, check=True).stdout


def readable_by_others(work: Path) -> list[Path]:
    """Everything but the plugins' launchers, in which there is nothing."""
    every = [path for path in work.rglob("*") if not path.is_symlink() and path.exists()]
    ours = [path for path in every if work / "pulumi" / "plugins" not in path.parents]
    assert len(ours) > 50
    return [path for path in (work, *ours) if path.stat().st_mode & 0o077]


def changed_configuration() -> str:
    """What git sees of the committed stack files, into which the engine would write its salt."""
    command = ["git", "status", "--porcelain", "--", "Pulumi*.yaml"]
    return subprocess.run(command, cwd=ROOT, text=True, capture_output=True, check=True).stdout


def processes_of(work: Path) -> list[str]:
    """Command lines that name the working folder."""
    listing = subprocess.run(["ps", "-eo", "args"], text=True, capture_output=True, check=True).stdout
    return [line for line in listing.splitlines() if str(work) in line]
