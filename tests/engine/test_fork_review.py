"""`python -m loop review`: what the pipeline runs for a fork's pull request, and a laptop for any branch.

No credential, no server but the local Azure: the base is deployed, the head previewed against it.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from access_report.markdown import marker
from toolchain.paths import ROOT, VENV

PROJECT = f"""name: {{name}}
runtime:
  name: python
  options:
    virtualenv: {VENV}
"""
PROGRAM = """from pulumi_azure_native import resources

import components

group = resources.ResourceGroup("group", resource_group_name="rg-review")
vault = components.KeyVault("vault", {"purge_protection": False, "resource_group_name": group.name})
identity = components.ManagedIdentity("app", {"resource_group_name": group.name})
"""
GRANT = """components.AccessGrant(
    "app-vault",
    {
        "principal_id": identity.principal_id,
        "role": "Key Vault Secrets User",
        "scope_id": vault.id,
    },
)
"""
PACK = """from pulumi_policy import EnforcementLevel, PolicyPack, ResourceValidationPolicy


def judge(args, report):
    if args.resource_type == "azure-native:authorization:RoleAssignment":
        report("A grant | is looked at.\\nWhy: because")


level = EnforcementLevel.LEVEL
rule = ResourceValidationPolicy("grants", "Looks at grants.", judge, enforcement_level=level)
PolicyPack(name="rules", policies=[rule])
"""


def git(folder: Path, *command: str) -> None:
    author = ["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", *author, *command], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A branch `main` with a policy pack, and a pull request that adds a grant and switches the pack off."""
    folder = tmp_path / "repository"
    folder.mkdir()
    git(folder, "init", "--initial-branch=main")
    (folder / "Pulumi.yaml").write_text(PROJECT.replace("{name}", "keyless"))
    (folder / "Pulumi.local.yaml").write_text("config:\n  azure-native:location: westeurope\n")
    (folder / "__main__.py").write_text(PROGRAM)
    (folder / ".gitignore").write_text("__pycache__/\n")
    policy = folder / "policy"
    policy.mkdir()
    (policy / "PulumiPolicy.yaml").write_text(PROJECT.replace("{name}", "rules"))
    (policy / "__main__.py").write_text(PACK.replace("LEVEL", "ADVISORY"))
    git(folder, "add", ".")
    git(folder, "commit", "--message", "base")
    git(folder, "checkout", "-b", "topic")
    (folder / "__main__.py").write_text(PROGRAM + GRANT)
    (policy / "__main__.py").write_text("raise SystemExit('the pack of the pull request runs')\n")
    (folder / "policy-config.json").write_text('{"all": "disabled"}')
    git(folder, "add", ".")
    git(folder, "commit", "--message", "a grant")
    return folder


def review(repository: Path, *options: str) -> subprocess.CompletedProcess[str]:
    bare = {key: value for key, value in os.environ.items() if not key.startswith(("ARM_", "AZURE_"))}
    temporary = repository.parent / "temporary"
    temporary.mkdir(exist_ok=True)
    return subprocess.run(
        [sys.executable, "-m", "loop", "review", "--repository", str(repository), *options],
        cwd=ROOT, env={**bare, "PYTHONPATH": str(ROOT), "TMPDIR": str(temporary)},
        text=True, capture_output=True, check=False, stdin=subprocess.DEVNULL,
    )  # fmt: skip


def left_behind(repository: Path) -> list[str]:
    listing = subprocess.run(["ps", "-eo", "args"], text=True, capture_output=True, check=True).stdout
    running = [line for line in listing.splitlines() if str(repository.parent) in line]
    status = subprocess.run(
        ["git", "status", "--porcelain"], cwd=repository, text=True, capture_output=True, check=True
    )
    files = [str(path) for path in (repository.parent / "temporary").iterdir()]
    return [*running, *files, *status.stdout.splitlines()]


def test_a_pull_request_is_previewed_against_its_base_without_a_credential(
    repository: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"

    done = review(repository, "--base", "main", "--head", "topic", "--out", str(out))

    assert done.returncode == 0, done.stdout + done.stderr
    text = (out / "report.md").read_text()
    assert text.startswith(f"{marker('keyless/local')}\n")
    assert "2 creates. Grants: 1 added, 0 removed; no secret value in clear." in text
    assert "**Policy**: 0 refused, 1 to note." in text
    assert "on <code>app-vault</code>: <code>A grant &#124; is looked at.</code>" in text
    assert "**This pull request loosens the policy.**" in text
    assert "- <code>all</code> is disabled\n" in text
    assert "- <code>policy-config.json</code>\n- <code>policy/" in text
    assert "the pack of the pull request runs" not in done.stdout + done.stderr
    assert json.loads((out / "report.json").read_text())["operations"] == {"create": 2}
    assert json.loads((out / "run.json").read_text())["succeeded"] is True
    assert "<html" in (out / "report.html").read_text()
    assert not (out / "events.jsonl").exists()
    assert "RoleAssignment app-vault" in done.stdout
    assert left_behind(repository) == []


def test_the_working_tree_is_reviewed_with_what_fails_a_pipeline(repository: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    asked = ("--base", "main", "--out", str(out), "--fail-on", "wider-access")
    widened = review(repository, *asked)
    assert widened.returncode == 3, widened.stdout + widened.stderr
    assert "✗ wider-access: " in widened.stdout

    git(repository, "checkout", "main")
    pack = repository / "policy" / "__main__.py"
    pack.write_text(PACK.replace("LEVEL", "MANDATORY"))
    git(repository, "commit", "--all", "--message", "the rule stops")
    git(repository, "checkout", "-b", "other")
    (repository / "__main__.py").write_text(PROGRAM + GRANT)
    refused = review(repository, *asked)
    assert refused.returncode == 1, refused.stdout + refused.stderr
    assert "✗ grants on app-vault:\n    Looks at grants.\n    A grant | is looked at.\n" in refused.stdout
    assert json.loads((out / "run.json").read_text())["succeeded"] is False
    text = (out / "report.md").read_text()
    assert "**Policy**: 1 refused, 0 to note." in text
    assert "loosens" not in text
    assert left_behind(repository) == [" M __main__.py"]


def test_a_base_that_is_not_there_is_said_before_anything_starts(repository: Path) -> None:
    done = review(repository, "--base=--upload-pack=x")
    assert done.returncode == 1
    assert "'--upload-pack=x' is no commit" in done.stdout
    assert "`git fetch` it first" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr
