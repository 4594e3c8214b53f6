"""Apps and a storage account without keys, in the real engine and with the real client (I9, F11)."""

from pathlib import Path
from typing import Any

import pytest
from azure.mgmt.authorization import AuthorizationManagementClient
from azure.storage.blob import BlobServiceClient
from azure.storage.fileshare import ShareClient

from local_azure.constants import OFFICER, SUBSCRIPTION_ID, VAULT_OFFICERS
from local_azure.entra.directory import Principal
from local_azure.server import LocalAzure
from loop.azure_client import package, publish
from tests.attached import AttachedEngine
from tests.engine.conftest import Loop
from tests.engine.given_program import given_program
from tests.local_azure.vault_stage import Holder
from toolchain.paths import ROOT

READER = "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1"
CONTENT = "planted-content-of-the-blob"
PROGRAM = f"""
import sys
sys.path.insert(0, {str(ROOT)!r})
import pulumi
from pulumi_azure_native import operationalinsights, resources
from components import BlobAccess, FileAccess, FunctionApp, StorageAccount, WebApp

group = resources.ResourceGroup("shop", location="westeurope")
logs = operationalinsights.Workspace("shop", resource_group_name=group.name)
storage = StorageAccount("shop", {{
    "resource_group_name": group.name,
    "diagnostics_workspace_id": logs.id,
    "containers": ["reports"],
    "queues": ["inbox"],
    "shares": ["exports"],
    "blob_writers": {{"officers": "{VAULT_OFFICERS.object_id}"}},
}})
app = WebApp("shop", {{
    "resource_group_name": group.name,
    "storage_account_id": storage.account_id,
    "storage_endpoint": storage.endpoint,
    "blob_access": BlobAccess.READ,
    "blob_container": "reports",
    "links": {{"exports": storage.files_link("exports", FileAccess.WRITE)}},
    "settings": {{"KEYLESS_BLOB": "reports/daily.txt"}},
}})
jobs = FunctionApp("jobs", {{"resource_group_name": group.name, "plan_id": app.plan_id}})
pulumi.export("app_name", app.name)
pulumi.export("url", app.url)
pulumi.export("principal_id", app.principal_id)
pulumi.export("endpoint", storage.endpoint)
pulumi.export("files", storage.file_endpoint)
pulumi.export("jobs", {{"id": jobs.app_id, "client_id": jobs.client_id, "storage": jobs.host_storage_id}})
"""


@pytest.fixture
def shop(engine: AttachedEngine, cloud: LocalAzure, tmp_path: Path) -> Loop:
    return given_program(Loop, engine, cloud, tmp_path, PROGRAM)


def upload(loop: Loop, endpoint: str) -> None:
    """By an officer, who is let in through the group that the account names."""
    officer: Principal | None = loop.cloud.azure.entra.principal(OFFICER.object_id)
    assert officer
    blobs: Any = BlobServiceClient(endpoint, Holder(loop.cloud.azure, officer))
    blobs.get_blob_client("reports", "daily.txt").upload_blob(CONTENT)


def blob_of(loop: Loop, outputs: dict[str, Any]) -> tuple[str, str]:
    """What became of the blob in the deployed app, and what Azure said."""
    blob = loop.app_status(outputs)["blob"]
    return blob["outcome"], blob["azure_says"]


def test_a_deployed_app_reads_a_blob_with_its_identity_and_is_refused_without_its_grant(shop: Loop) -> None:
    outputs = shop.up()
    upload(shop, outputs["endpoint"])
    publish(outputs["app_name"], package(ROOT / "app"), shop.session.credential)
    assert blob_of(shop, outputs) == ("arrived", "")
    (grant,) = [one for one in shop.assignments() if one["properties"]["roleDefinitionId"].endswith(READER)]
    assert grant["properties"]["principalId"] == outputs["principal_id"]
    assert grant["properties"]["scope"].endswith("/blobServices/default/containers/reports")

    write_a_file(shop, outputs)

    client = AuthorizationManagementClient(shop.session.credential, SUBSCRIPTION_ID)
    client.role_assignments.delete_by_id(grant["id"])
    assert blob_of(shop, outputs) == ("forbidden", "AuthorizationPermissionMismatch")
    shop.stack.up("--refresh", "--skip-preview")
    assert blob_of(shop, outputs) == ("arrived", "")

    function_app_needs_no_key(shop, outputs["jobs"])
    shop.stack.preview("--expect-no-changes")
    shop.stack.destroy()
    assert shop.session.control("/leftovers")["resources"] == []


def write_a_file(loop: Loop, outputs: dict[str, Any]) -> None:
    """As the app's identity: into the share that its link names."""
    principal: Principal | None = loop.cloud.azure.entra.principal(outputs["principal_id"])
    assert principal
    holder: Any = Holder(loop.cloud.azure, principal)
    share: Any = ShareClient(outputs["files"], "exports", credential=holder, token_intent="backup")
    share.get_file_client("today.csv").upload_file(CONTENT.encode())
    assert share.get_file_client("today.csv").download_file().readall() == CONTENT.encode()


def function_app_needs_no_key(loop: Loop, jobs: dict[str, str]) -> None:
    settings = loop.cloud.azure.store.get(f"{jobs['id']}/config/appsettings")
    assert settings
    assert settings.body["properties"] == {
        "AZURE_CLIENT_ID": jobs["client_id"],
        "AzureWebJobsStorage__accountName": jobs["storage"].rpartition("/")[2],
        "AzureWebJobsStorage__clientId": jobs["client_id"],
        "AzureWebJobsStorage__credential": "managedidentity",
        "FUNCTIONS_EXTENSION_VERSION": "~4",
        "FUNCTIONS_WORKER_RUNTIME": "python",
    }
    for account in loop.cloud.azure.store.list(type="Microsoft.Storage/storageAccounts"):
        assert account.body["properties"]["allowSharedKeyAccess"] is False
