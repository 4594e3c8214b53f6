"""Container apps and jobs by the real engine: runs of a job, and the example."""

import json
from pathlib import Path
from typing import Any

import httpx
import pytest
from azure.mgmt.appcontainers import ContainerAppsAPIClient

from database_grants.command_line import DONE, main
from local_azure.constants import DEPLOYER, SUBSCRIPTION_ID
from local_azure.leftovers import leftovers
from local_azure.server import LocalAzure
from tests.attached import AttachedEngine
from tests.engine.conftest import Loop
from tests.engine.example_stacks import ExampleStacks
from tests.engine.given_program import given_program
from tests.local_azure.images import push_program
from tests.local_azure.registry_stage import RegistryStage
from tests.patience import PATIENCE, until
from tests.proofs import POSTGRES
from toolchain.paths import ROOT

PROGRAM = (
    f"""
import sys
sys.path.insert(0, {str(ROOT)!r})
"""
    + """
import pulumi
from pulumi_azure_native import resources
from components import ContainerAppEnvironment, ContainerAppJob, StorageAccount
from components.links.blobs import BlobAccess

config = pulumi.Config()
group = resources.ResourceGroup("shop", location="westeurope")
environment = ContainerAppEnvironment("shop", {"resource_group_name": group.name})
host = {
    "resource_group_name": group.name,
    "environment_id": environment.environment_id,
    "container_image": config.require("image"),
    "container_registry_id": config.require("registry"),
}
files = StorageAccount("shop", {"resource_group_name": group.name, "containers": ["reports"]})
host["links"] = {"reports": files.blobs_link("reports", BlobAccess.WRITE)}
jobs = {
    "manual": ContainerAppJob("manual", host),
    "nightly": ContainerAppJob("nightly", {**host, "schedule": "0 3 * * *"}),
}
pulumi.export("jobs", {name: job.name for name, job in jobs.items()})
pulumi.export("group", group.name)
"""
)
WRITES = """
import os
from azure.identity import DefaultAzureCredential
from azure.storage.blob import ContainerClient

reports = ContainerClient(
    os.environ["REPORTS_ENDPOINT"], os.environ["REPORTS_CONTAINER"], DefaultAzureCredential()
)
reports.upload_blob(os.environ["CONTAINER_APP_JOB_EXECUTION_NAME"], b"done")
print(sorted(one.name for one in reports.list_blobs()))
"""
READS_THE_DATABASE = """
import os
from http.server import BaseHTTPRequestHandler, HTTPServer

import psycopg
from azure.identity import DefaultAzureCredential

class Answer(BaseHTTPRequestHandler):
    def do_GET(self):
        token = DefaultAzureCredential().get_token("https://ossrdbms-aad.database.windows.net/.default").token
        told = {"host": os.environ["DB_HOST"], "dbname": os.environ["DB_DATABASE"]}
        with psycopg.connect(**told, user=os.environ["DB_USER"], password=token, sslmode="require") as known:
            (user,) = known.execute("SELECT current_user").fetchone()
        self.send_response(200)
        self.end_headers()
        self.wfile.write(user.encode())

    def log_message(self, *_):
        pass

HTTPServer(("0.0.0.0", int(os.environ["PORT"])), Answer).serve_forever()
"""


def image_of(cloud: LocalAzure, code: str) -> tuple[str, str]:
    """A registry with an image of a program: its id, and the image."""
    stage = RegistryStage(cloud)
    id, host = stage.registry()
    push_program(stage.images(host, stage.with_role("AcrPush", id)), "shop", "1", {"app.py": code})
    return id, f"{host}/shop:1"


def test_a_job_writes_with_its_identity_started_by_hand_or_in_place_of_its_clock(
    engine: AttachedEngine, cloud: LocalAzure, tmp_path: Path
) -> None:
    registry, image = image_of(cloud, WRITES)
    before = leftovers(cloud.azure)
    given = {"keyless:image": image, "keyless:registry": registry}
    loop = given_program(Loop, engine, cloud, tmp_path, PROGRAM, given)
    outputs: dict[str, Any] = loop.up()
    trust = RegistryStage(cloud).trust
    client: Any = ContainerAppsAPIClient(loop.session.credential, SUBSCRIPTION_ID, **trust)
    group, jobs = outputs["group"], outputs["jobs"]
    assert client.jobs.get(group, jobs["manual"]).configuration.trigger_type == "Manual"
    clock = client.jobs.get(group, jobs["nightly"]).configuration
    assert (clock.trigger_type, clock.schedule_trigger_config.cron_expression) == ("Schedule", "0 3 * * *")
    for job in (jobs["manual"], jobs["nightly"]):
        started = client.jobs.begin_start(group, job).result().name

        def ended(job: str = job, started: str = started) -> bool:
            (one,) = [one for one in client.jobs_executions.list(group, job) if one.name == started]
            return one.status in ("Succeeded", "Failed")

        until(ended)
        (execution,) = client.jobs_executions.list(group, job)
        assert (execution.name, execution.status) == (started, "Succeeded")
        log = (cloud.azure.state / "logs" / f"container-job-{job}.log").read_text()
        assert started in log
    loop.stack.destroy()
    assert leftovers(cloud.azure) == before


@pytest.mark.needs(POSTGRES)
def test_the_example_answers_from_its_database_without_a_password(
    engine: AttachedEngine, cloud: LocalAzure, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    registry, image = image_of(cloud, READS_THE_DATABASE)
    administrators = cloud.azure.entra.register_identity("database-administrators", None)
    cloud.azure.entra.add_member(administrators.object_id, DEPLOYER.object_id)
    before = leftovers(cloud.azure)
    stacks = ExampleStacks(tmp_path, engine, cloud.environment())
    stack = stacks.prepare("container-app")
    stack.configure(
        database_administrators=administrators.object_id,
        image=image,
        people="198.51.100.0/24",
        registry_id=registry,
    )
    outputs = stack.up()
    for key, value in stacks.environment().items():
        monkeypatch.setenv(key, value)
    monkeypatch.chdir(stack.project)
    assert main(["--stack", "dev"]) == DONE
    user = httpx.get(outputs["url"], timeout=PATIENCE).text
    assert user.startswith("id-shop-dev-")
    exported = json.loads(stack("stack", "export"))
    (app,) = [
        one for one in exported["deployment"]["resources"] if one["type"] == "azure-native:app:ContainerApp"
    ]
    assert "secrets" not in app["inputs"]["configuration"]
    assert app["inputs"]["configuration"]["registries"] == [
        {
            "identity": app["inputs"]["identity"]["userAssignedIdentities"][0],
            "server": image.partition("/")[0],
        }
    ]
    stack.expect_no_changes()
    stack.destroy()
    assert leftovers(cloud.azure) == before
