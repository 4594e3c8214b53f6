"""Who used which access of a deployed stack: what `python -m audit` says is what really happened."""

import contextlib
import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from azure.core.credentials import AccessToken
from azure.core.exceptions import HttpResponseError
from azure.keyvault.secrets import SecretClient
from azure.storage.blob import ContainerClient

from audit.command_line import main
from components.azure_facts.log_tables import log_tables
from local_azure.constants import DEVELOPER
from local_azure.monitor.service import Monitor
from local_azure.monitor.workbooks import WORKBOOKS
from local_azure.server import LocalAzure
from loop.azure_client import deployer_credential
from tests.attached import AttachedEngine
from tests.engine.conftest import SECRETS_OFFICER, SECRETS_USER, Loop
from tests.engine.directory import let_send_the_directorys_logs
from tests.engine.given_program import given_program
from toolchain.paths import ROOT

PLANTED = "planted-value-that-no-report-repeats"
PROGRAM = f"""
import sys
sys.path.insert(0, {str(ROOT)!r})
import pulumi
from pulumi_azure_native import resources
from components import AccessReview, BlobAccess, EntraLog, KeyVault, ManagedIdentity, ReviewedLog
from components import SecretAccess, StorageAccount, WorkloadAccess

group = resources.ResourceGroup("shop", location="westeurope")
where = {{"resource_group_name": group.name}}
vault = KeyVault("shop", where)
files = StorageAccount("files", {{**where, "containers": ["reports"]}})
review = AccessReview("review", {{
    **where,
    "resources": {{
        "vault": {{"id": vault.vault_id}},
        "files": {{"id": files.account_id, "log": ReviewedLog.BLOBS}},
    }},
    "entra_logs": [EntraLog.MANAGED_IDENTITIES, EntraLog.CHANGES],
}})

def workload(name, links):
    identity = ManagedIdentity(name, where)
    return WorkloadAccess(name, {{
        "principal_id": identity.principal_id, "client_id": identity.client_id, "links": links,
    }})

secrets = {{"DATABASE": "database", "PAYMENTS": "payments", "MAIL": "mail"}}
shop = workload("shop-app", {{"main": vault.secrets_link(secrets, SecretAccess.SECRET)}})
worker = workload("worker", {{"reports": files.blobs_link("reports", BlobAccess.WRITE)}})
for name, value in {{
    "vault_id": vault.vault_id, "vault": vault.endpoint, "files": files.endpoint,
    "shop": shop.principal_id, "worker": worker.principal_id, "workspace": review.workspace_id,
}}.items():
    pulumi.export(name, value)
"""


class Holder:
    """The credential of a principal, by its object id or its name."""

    def __init__(self, loop: Loop, who: str) -> None:
        self._entra = loop.cloud.azure.entra
        found = self._entra.principal(who) or self._entra.user_by_name(who)
        assert found
        self._principal = found

    def get_token(self, *scopes: str, **_: Any) -> AccessToken:
        return AccessToken(*self._entra.issue(self._principal, scopes[0].removesuffix("/.default")))


def line_of(text: str) -> int:
    """The line of the program that has this text."""
    return next(n for n, line in enumerate(PROGRAM.splitlines(), 1) if text in line)


def audited(
    loop: Loop, capsys: pytest.CaptureFixture[str], *options: str, since: str = "30d"
) -> tuple[int, str]:
    """What the command prints of the deployed stack, at the time that it is in the local Azure."""
    state = loop.session.work / "exported.json"
    state.write_text(json.dumps(loop.stack.export()))
    capsys.readouterr()
    now = datetime.fromtimestamp(loop.cloud.azure.clock.now(), UTC) + timedelta(seconds=1)
    # A new one each time: a token of a month ago would still be in the other's cache.
    deployer = deployer_credential(loop.cloud.environment())
    status = main(["--state", str(state), "--since", since, *options], lambda: deployer, lambda: now)
    return status, capsys.readouterr().out


def verdicts(told: Mapping[str, Any]) -> dict[str, str]:
    return {
        re.sub(r"^(?:secret|container) (\S+)( of .*)?", r"\1", one["where"]): one["verdict"]
        for one in told["grants"]
    }


@pytest.fixture
def shop(engine: AttachedEngine, cloud: LocalAzure, tmp_path: Path) -> Loop:
    return given_program(Loop, engine, cloud, tmp_path, PROGRAM)


def test_the_audit_says_what_was_used_by_whom_and_what_never_was(
    shop: Loop, capsys: pytest.CaptureFixture[str]
) -> None:
    deployer = shop.cloud.environment()["ARM_CLIENT_ID"]
    officer = shop.cloud.azure.entra.principal_by_client_id(deployer)
    assert officer
    let_send_the_directorys_logs(shop.cloud, officer.object_id)
    shop.stack.up("--skip-preview")
    outputs = shop.stack.outputs()
    shop.grant(officer.object_id, outputs["vault_id"], SECRETS_OFFICER)

    def secrets(who: str) -> SecretClient:
        return SecretClient(outputs["vault"], Holder(shop, who))

    for name in ("database", "payments", "mail"):
        secrets(officer.object_id).set_secret(name, PLANTED)
    for name in ("database", "database", "payments"):
        assert secrets(outputs["shop"]).get_secret(name).value == PLANTED
    container = ContainerClient(outputs["files"], "reports", credential=Holder(shop, outputs["worker"]))
    assert list(container.list_blobs()) == []
    # A stranger: an identity that somebody let in by hand.
    stranger = shop.cloud.azure.entra.register_identity("stranger", None)
    by_hand = shop.grant(stranger.object_id, outputs["vault_id"], SECRETS_USER)
    assert secrets(stranger.object_id).get_secret("mail").value == PLANTED
    with contextlib.suppress(HttpResponseError):
        secrets(DEVELOPER.name).get_secret("database")
        pytest.fail("the developer was let in")

    from_elsewhere = ("--known-from", "203.0.113.0/24")
    status, text = audited(shop, capsys, "--format", "json", "--fail-on", "unused", *from_elsewhere)
    told = json.loads(text)
    assert status == 0  # the log is too young for that
    assert verdicts(told) == {
        "database": "used", "payments": "used", "mail": "not used yet", "reports": "used",
    }  # fmt: skip
    used = {one["where"].split()[1]: one for one in told["grants"]}
    assert (used["database"]["count"], used["payments"]["count"]) == (2, 1)
    assert used["database"]["component"] == "WorkloadAccess shop-app"
    here, there = line_of("return WorkloadAccess(name"), line_of('shop = workload("shop-app"')
    assert used["database"]["line"] == {
        "file": "__main__.py", "line": here,
        "calledFrom": {"file": "__main__.py", "line": there, "calledFrom": None},
    }  # fmt: skip
    # The worker may write, and only ever read.
    read = "Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read"
    worker = used["reports"]
    assert (worker["role"], worker["actions"], worker["component"]) == (
        "Storage Blob Data Contributor", [read], "WorkloadAccess worker",
    )  # fmt: skip
    assert worker["parts"] == {"/blobservices/default/containers/reports": 1}
    strangers = [one for one in told["unknownCallers"] if one["objectId"] == stranger.object_id]
    assert [(one["operation"], one["count"], one["assignment"]) for one in strangers] == [
        ("SecretGet", 1, by_hand.rpartition("/")[2])
    ]
    (refused,) = told["refused"]
    assert (refused["operation"], refused["where"].partition(" of ")[0]) == ("SecretGet", "secret database")
    assert DEVELOPER.name in refused["who"] or refused["objectId"]
    assert (told["notUnderstood"], told["notRead"]) == ([], [])
    # The last tokens of the stack's identities, and of nobody else.
    signed_in = {(one["objectId"], one["resource"]): one for one in told["signIns"]["found"]}
    assert set(signed_in) == {
        (outputs["shop"], "Azure Key Vault"),
        (outputs["worker"], "Azure Storage"),
    }
    mine = signed_in[outputs["shop"], "Azure Key Vault"]
    assert (mine["result"], mine["as"], mine["count"]) == ("0", "managedIdentity", 3)
    assert (mine["addresses"], mine["isFromElsewhere"]) == (["198.51.100.7"], True)
    assert told["signIns"]["gotNoToken"] == []
    assert len(told["conditions"]["sign-in-elsewhere"]) == 2

    # A month later, in which the app went on and nobody else came back.
    shop.cloud.azure.clock.advance(timedelta(days=31).total_seconds())
    secrets(outputs["shop"]).get_secret("database")
    status, text = audited(shop, capsys, "--format", "json", "--fail-on", "unused", "unknown-caller")
    later = json.loads(text)
    assert status == 3
    assert verdicts(later) == {
        "database": "used", "payments": "never used", "mail": "never used", "reports": "never used",
    }  # fmt: skip
    assert {one["loggedDays"] for one in later["grants"] if one["verdict"] == "never used"} == {30}
    assert (later["unknownCallers"], later["refused"]) == ([], [])
    assert len(later["conditions"]["unused"]) == 3
    assert [one["objectId"] for one in later["signIns"]["found"]] == [outputs["shop"]]
    assert later["signIns"]["found"][0]["last"] > mine["last"]
    assert [one["objectId"] for one in later["signIns"]["gotNoToken"]] == [outputs["worker"]]

    for format in ("terminal", "markdown", "json", "html"):
        _, printed = audited(shop, capsys, "--format", format, since="60d")
        assert "database" in printed
        assert PLANTED not in printed
        assert "eyJ" not in printed
        assert "Azure Key Vault" in printed
    workbook = next(one for one in shop.cloud.azure.store.list(type=WORKBOOKS))
    kept = shop.cloud.azure.service(Monitor).rows
    rows = {name: kept.of(outputs["workspace"], name) for name in log_tables()}
    assert {name for name, found in rows.items() if found} == {
        "AZKVAuditLogs", "StorageBlobLogs", "AADManagedIdentitySignInLogs", "AuditLogs",
    }  # fmt: skip
    assert stranger.object_id in json.dumps(rows["AuditLogs"])
    for text in (json.dumps(workbook.body), json.dumps(rows)):
        assert PLANTED not in text
        assert "eyJ" not in text
