"""What `python -m audit suggest` proposes is deployed: everything still works, and nothing is unused."""

import json
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from azure.core.credentials import AccessToken
from azure.core.exceptions import HttpResponseError
from azure.keyvault.secrets import SecretClient
from azure.storage.blob import ContainerClient

from audit.suggest import main
from local_azure.server import LocalAzure
from loop.azure_client import deployer_credential
from tests.attached import AttachedEngine
from tests.engine.conftest import SECRETS_OFFICER, Loop
from tests.engine.given_program import given_program
from toolchain.paths import ROOT

PROGRAM = f"""import sys

sys.path.insert(0, {str(ROOT)!r})
import pulumi
from pulumi_azure_native import operationalinsights, resources

from components import BlobAccess, KeyVault, ManagedIdentity, StorageAccount, WorkloadAccess

group = resources.ResourceGroup("shop", location="westeurope")
logs = operationalinsights.Workspace("logs", resource_group_name=group.name)
sent = {{"resource_group_name": group.name, "diagnostics_workspace_id": logs.id}}
vault = KeyVault("shop", sent)
files = StorageAccount("files", {{**sent, "containers": ["drafts", "reports"]}})
app = ManagedIdentity("app", {{"resource_group_name": group.name}})
night = ManagedIdentity("night", {{"resource_group_name": group.name}})

shop = WorkloadAccess(
    "shop",
    {{
        "principal_id": app.principal_id,
        "client_id": app.client_id,
        "links": {{
            # What the page shows.
            "main": vault.secrets_link({{"DATABASE": "database", "PAYMENTS": "payments", "MAIL": "mail"}}),
            "drafts": files.blobs_link("drafts"),  # for the new page, one day
        }},
    }},
)
worker = WorkloadAccess(
    "worker",
    {{
        "principal_id": night.principal_id,
        "client_id": night.client_id,
        "links": {{"reports": files.blobs_link(access=BlobAccess.WRITE)}},
    }},
)

for name, value in {{
    "vault_id": vault.vault_id, "vault": vault.endpoint, "files": files.endpoint,
    "shop": shop.principal_id, "worker": worker.principal_id,
}}.items():
    pulumi.export(name, value)
"""
CHANGED = """\
-from components import BlobAccess, KeyVault, ManagedIdentity, StorageAccount, WorkloadAccess
+from components import BlobAccess, KeyVault, ManagedIdentity, SecretAccess, StorageAccount, WorkloadAccess
-            "main": vault.secrets_link({"DATABASE": "database", "PAYMENTS": "payments", "MAIL": "mail"}),
-            "drafts": files.blobs_link("drafts"),  # for the new page, one day
+            "main": vault.secrets_link({"DATABASE": "database", "PAYMENTS": "payments"}, secret_access=SecretAccess.SECRET),
-        "links": {"reports": files.blobs_link(access=BlobAccess.WRITE)},
+        "links": {"reports": files.blobs_link(access=BlobAccess.READ, container="reports")},
"""  # noqa: E501  a line of the program that nobody breaks


class Holder:
    """The credential of a principal, by its object id."""

    def __init__(self, loop: Loop, object_id: str) -> None:
        self._entra = loop.cloud.azure.entra
        found = self._entra.principal(object_id)
        assert found
        self._principal = found

    def get_token(self, *scopes: str, **_: Any) -> AccessToken:
        return AccessToken(*self._entra.issue(self._principal, scopes[0].removesuffix("/.default")))


def works(loop: Loop, outputs: dict[str, Any], *names: str) -> None:
    """What the two workloads do every day."""
    secrets = SecretClient(outputs["vault"], Holder(loop, outputs["shop"]))
    assert [secrets.get_secret(name).value for name in names] == ["kept"] * len(names)
    assert list(container(loop, outputs).list_blobs()) == []


def container(loop: Loop, outputs: dict[str, Any]) -> ContainerClient:
    return ContainerClient(outputs["files"], "reports", credential=Holder(loop, outputs["worker"]))


def suggested(loop: Loop, capsys: pytest.CaptureFixture[str], *options: str) -> tuple[int, str]:
    """What the command prints of the stack, at the time that it is in the local Azure."""
    capsys.readouterr()
    now = datetime.fromtimestamp(loop.cloud.azure.clock.now(), UTC) + timedelta(seconds=1)
    deployer = deployer_credential(loop.cloud.environment())
    status = main(["--stack", loop.stack.name, *options], lambda: deployer, lambda: now)
    captured = capsys.readouterr()
    assert status != 2, captured.err
    return status, captured.out


def changed_lines(diff: str) -> str:
    """Those that go and that come, in their order."""
    lines = diff.splitlines(keepends=True)
    return "".join(line for line in lines if line[0] in "+-" and not line.startswith(("+++", "---")))


@pytest.fixture
def shop(engine: AttachedEngine, cloud: LocalAzure, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Loop:
    loop = given_program(Loop, engine, cloud, tmp_path, PROGRAM)
    for key, value in loop.stack.environment().items():
        monkeypatch.setenv(key, value)
    monkeypatch.chdir(loop.stack.program)
    return loop


def test_what_is_suggested_can_be_deployed_and_then_nothing_is_unused(
    shop: Loop, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    outputs = shop.up()
    officer = shop.cloud.azure.entra.principal_by_client_id(shop.cloud.environment()["ARM_CLIENT_ID"])
    assert officer
    shop.grant(officer.object_id, outputs["vault_id"], SECRETS_OFFICER)
    for name in ("database", "payments", "mail"):
        SecretClient(outputs["vault"], Holder(shop, officer.object_id)).set_secret(name, "kept")
    works(shop, outputs, "database", "payments")

    # The log is too young to say anything of what is not in it.
    status, text = suggested(shop, capsys, "--format", "json", "--expect-nothing")
    told = json.loads(text)
    assert (status, told["proposed"], told["byHand"], told["diff"]) == (0, [], [], "")
    assert {one["why"] for one in told["stays"]} == {"seen for 0 of 30 days"}

    shop.cloud.azure.clock.advance(timedelta(days=31).total_seconds())
    works(shop, outputs, "database", "payments")
    patch = tmp_path / "suggested.diff"
    status, text = suggested(shop, capsys, "--format", "json", "--diff", str(patch), "--expect-nothing")
    told = json.loads(text)
    assert (status, changed_lines(told["diff"])) == (4, CHANGED)
    assert patch.read_text() == told["diff"]
    assert sorted((one["kind"], one["becomes"]) for one in told["proposed"]) == [
        ("gone", "take links[drafts] out"),
        ("narrower", "read in place of write, the container reports in place of all"),
        ("narrower", "the secrets that it reads in place of the whole vault, without MAIL"),
    ]
    assert {one["days"] for one in told["proposed"]} == {30}
    assert (told["byHand"], told["addsAccess"]) == ([], False)
    assert [one for one in told["proposed"] if one["withoutEffect"]] == []

    subprocess.run(["git", "apply", str(patch)], cwd=shop.stack.program, check=True)
    outputs = shop.up()
    works(shop, outputs, "database", "payments")
    with pytest.raises(HttpResponseError, match="AuthorizationPermissionMismatch"):
        container(shop, outputs).upload_blob("new", b"")
    with pytest.raises(HttpResponseError, match="ForbiddenByRbac"):
        works(shop, outputs, "mail")

    shop.cloud.azure.clock.advance(timedelta(days=31).total_seconds())
    works(shop, outputs, "database", "payments")
    status, text = suggested(shop, capsys, "--format", "json", "--expect-nothing")
    told = json.loads(text)
    assert (status, told["proposed"], told["byHand"], told["stays"]) == (0, [], [], [])
