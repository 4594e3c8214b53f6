"""A function app on Flex Consumption: deployed, its code run with its identity, and gone (F14 F12)."""

import time
from pathlib import Path
from typing import Any

import httpx
import pytest
from azure.storage.blob import BlobServiceClient

from local_azure.constants import OFFICER, VAULT_OFFICERS
from local_azure.entra.directory import Principal
from local_azure.server import LocalAzure
from local_azure.storage.service import Storage
from loop.azure_client import package, publish
from loop.stack import EngineError
from tests.attached import AttachedEngine
from tests.engine.conftest import Loop
from tests.engine.given_program import given_program
from tests.local_azure.vault_stage import Holder
from tests.patience import PATIENCE
from toolchain.paths import ROOT

CONTENT = "planted-content-of-the-blob"
PROGRAM = f"""
import sys
sys.path.insert(0, {str(ROOT)!r})
import pulumi
from pulumi_azure_native import resources
from components import BlobAccess, FunctionApp, StorageAccount

config = pulumi.Config()
group = resources.ResourceGroup("shop", location="westeurope")
storage = StorageAccount("shop", {{
    "resource_group_name": group.name,
    "containers": ["reports"],
    "blob_writers": {{"officers": "{VAULT_OFFICERS.object_id}"}},
}})
jobs = FunctionApp("jobs", {{
    "resource_group_name": group.name,
    "size": config.get("size") or "FC1",
    "triggers": ["http"],
    "links": {{"reports": storage.blobs_link("reports", BlobAccess.READ)}},
    "tags": {{"team": config.get("team") or "one"}},
    **({{"http_concurrency": config.get_int("calls")}} if config.get("calls") else {{}}),
}})
pulumi.export("name", jobs.name)
pulumi.export("url", jobs.url)
pulumi.export("principal_id", jobs.principal_id)
pulumi.export("endpoint", storage.endpoint)
pulumi.export("host_storage_id", jobs.host_storage_id)
"""
CODE = """
import os
import azure.functions as func
from azure.identity import DefaultAzureCredential
from azure.storage.blob import ContainerClient

app = func.FunctionApp()

@app.route(route="report", auth_level=func.AuthLevel.ANONYMOUS)
def report(req: func.HttpRequest) -> func.HttpResponse:
    container = ContainerClient(
        os.environ["REPORTS_ENDPOINT"], os.environ["REPORTS_CONTAINER"], credential=DefaultAzureCredential()
    )
    return func.HttpResponse(container.download_blob("daily.txt").readall())
"""


@pytest.fixture
def jobs(engine: AttachedEngine, cloud: LocalAzure, tmp_path: Path) -> Loop:
    return given_program(Loop, engine, cloud, tmp_path, PROGRAM)


def test_an_app_on_flex_consumption_runs_its_code_as_its_identity_and_leaves_nothing(
    jobs: Loop, tmp_path: Path
) -> None:
    outputs = jobs.up()
    upload(jobs, outputs["endpoint"])
    (tmp_path / "code").mkdir()
    (tmp_path / "code" / "function_app.py").write_text(CODE)
    publish(outputs["name"], package(tmp_path / "code"), jobs.session.credential)
    assert answer(f"{outputs['url']}/api/report") == CONTENT

    # The code lies in its own account, in the container that the site names.
    account = outputs["host_storage_id"].rpartition("/")[2]
    assert jobs.cloud.azure.service(Storage).blobs.find(account, "app-package", "released-package.zip")
    host = {role for role, _, scope in jobs.grants() if scope == outputs["host_storage_id"].lower()}
    assert host == {"b7e6dc6d-f1e8-4753-8033-0f276bb0955b", "0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3"}
    (site,) = jobs.cloud.azure.store.list(type="Microsoft.Web/sites")
    storage = site.body["properties"]["functionAppConfig"]["deployment"]["storage"]
    assert storage["value"] == f"https://{account}.blob.core.windows.net/app-package"
    assert storage["authentication"]["type"] == "UserAssignedIdentity"
    settings = jobs.cloud.azure.store.get(f"{site.id}/config/appsettings")
    assert settings
    assert "FUNCTIONS_WORKER_RUNTIME" not in settings.body["properties"]

    jobs.stack.preview("--expect-no-changes")
    jobs.stack.write_configuration({"size": "B1"})
    with pytest.raises(EngineError) as refused:
        jobs.stack.preview()
    assert "a size of another kind, and an app on FC1" in refused.value.output
    assert "make a second FunctionApp beside it" in refused.value.output

    jobs.up(size=None, team="two", calls="8")  # a change beside it keeps what is there
    jobs.stack.write_configuration({"calls": None})
    for command in (["preview"], ["up", "--yes", "--skip-preview"]):
        with pytest.raises(EngineError) as refused:
            jobs.stack.run(*command, "--non-interactive")
        assert "1. http_concurrency" in refused.value.output
        assert "to keep what is there, say it in http_concurrency" in refused.value.output
    assert answer(f"{outputs['url']}/api/report") == CONTENT
    jobs.stack.destroy()
    assert jobs.session.control("/leftovers")["resources"] == []


def upload(loop: Loop, endpoint: str) -> None:
    """By an officer, who is let in through the group that the account names."""
    officer: Principal | None = loop.cloud.azure.entra.principal(OFFICER.object_id)
    assert officer
    blobs: Any = BlobServiceClient(endpoint, Holder(loop.cloud.azure, officer))
    blobs.get_blob_client("reports", "daily.txt").upload_blob(CONTENT)


def answer(url: str) -> str:
    """What the function answers once its host has started."""
    end = time.monotonic() + PATIENCE
    while (found := httpx.get(url, timeout=PATIENCE)).status_code == 503 and time.monotonic() < end:
        time.sleep(0.1)
    return found.text
