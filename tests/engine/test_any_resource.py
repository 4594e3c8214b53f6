"""Whatever has a principal, through the real engine: declared by hand, let in by WorkloadAccess, made again,
and gone (I20 I22 I23)."""

import os
import subprocess
import sys
import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import pytest
from azure.core.exceptions import HttpResponseError
from azure.storage.blob import ContainerClient

from local_azure.constants import OFFICER, VAULT_OFFICERS
from local_azure.hybrid_compute.challenge import is_writable, keys_folder
from local_azure.hybrid_compute.service import HybridCompute
from local_azure.lookups import led_here
from local_azure.server import LocalAzure
from local_azure.with_identity.service import ResourcesWithIdentity
from tests.attached import AttachedEngine
from tests.engine.conftest import Loop
from tests.engine.given_program import given_program
from tests.local_azure.vault_stage import Holder
from tests.proofs import leave_out
from toolchain.paths import ROOT

HOSTS: Final = ("agent", "api", "factory", "machine", "project", "runbooks", "site", "topic")
READER: Final = "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1"
PROGRAM = f"""
import sys
sys.path.insert(0, {str(ROOT)!r})
import pulumi
from pulumi_azure_native import (
    apimanagement, automation, cognitiveservices, datafactory, eventgrid, hybridcompute, resources, web,
)
from components import StorageAccount, WorkloadAccess

config = pulumi.Config()
end = config.get("end") or "one"
group = resources.ResourceGroup("shop", location="westeurope")
where = {{"resource_group_name": group.name, "location": "westeurope"}}
own = {{"type": "SystemAssigned"}}
files = StorageAccount("shop", {{
    "resource_group_name": group.name, "containers": ["reports"],
    "blob_writers": {{"officers": "{VAULT_OFFICERS.object_id}"}},
}})
models = cognitiveservices.Account(
    "models", account_name=f"models-{{end}}", kind="AIServices", sku={{"name": "S0"}}, identity=own,
    properties={{"custom_sub_domain_name": f"models-{{end}}", "allow_project_management": True}}, **where,
)
hosts = {{
    "api": apimanagement.ApiManagementService(
        "api", service_name=f"api-{{end}}", publisher_email="shop@example.com", publisher_name="Shop",
        sku={{"name": "Developer", "capacity": 1}}, identity=own, **where,
    ),
    "factory": datafactory.Factory("factory", factory_name=f"factory-{{end}}", identity=own, **where),
    "machine": hybridcompute.Machine("machine", machine_name=f"machine-{{end}}", identity=own, **where),
    "project": cognitiveservices.Project(
        "project", account_name=models.name, project_name=f"project-{{end}}", properties={{}}, identity=own,
        **where,
    ),
    "runbooks": automation.AutomationAccount(
        "runbooks", automation_account_name=f"runbooks-{{end}}", sku={{"name": "Basic"}},
        disable_local_auth=True, identity=own, **where,
    ),
    "site": web.StaticSite(
        "site", name=f"site-{{end}}", sku={{"name": "Standard", "tier": "Standard"}}, identity=own, **where,
    ),
    "topic": eventgrid.SystemTopic(
        "topic", system_topic_name=f"topic-{{end}}", source=files.account_id,
        topic_type="Microsoft.Storage.StorageAccounts", identity=own, **where,
    ),
}}
principals = {{name: one.identity.apply(lambda it: it.principal_id) for name, one in hosts.items()}}
principals["agent"] = config.require("agent")
for name, principal_id in principals.items():
    access = WorkloadAccess(name, {{
        "principal_id": principal_id,
        "principal_name": name,
        "links": {{"reports": files.blobs_link("reports")}},
    }})
    pulumi.export(name, {{"principal": access.principal_id, "access": access.access}})
pulumi.export("endpoint", files.endpoint)
pulumi.export("ids", {{name: one.id for name, one in hosts.items()}})
"""
CODE = """
import os, sys
from azure.identity import DefaultAzureCredential
from azure.storage.blob import ContainerClient

reports = ContainerClient(sys.argv[1], "reports", credential=DefaultAzureCredential())
print(reports.download_blob("daily.txt").readall().decode())
"""


def container(loop: Loop, object_id: str) -> Any:
    principal = loop.cloud.azure.entra.principal(object_id)
    assert principal is not None
    return ContainerClient(
        loop.stack.outputs()["endpoint"], "reports", credential=Holder(loop.cloud.azure, principal),
        proxies={"https": loop.cloud.proxy_url}, connection_verify=loop.cloud.addresses.authority,
        retry_total=0,
    )  # fmt: skip


def principals(outputs: Mapping[str, Any]) -> dict[str, str]:
    return {name: outputs[name]["principal"] for name in HOSTS}


def reads(loop: Loop, object_id: str) -> bool:
    try:
        return bool(container(loop, object_id).download_blob("daily.txt").readall() == b"daily")
    except HttpResponseError as error:
        if error.status_code == 403:
            return False
        raise


def run(loop: Loop, told: Mapping[str, str]) -> str:
    """What code prints that is told nothing else, on a machine that nobody has signed in on."""
    folder = loop.stack.program
    (folder / "runbook.py").write_text(CODE)
    environment = led_here({
        **loop.cloud.client_environment(), **told,
        "PATH": os.environ["PATH"], "HOME": str(folder), "AZURE_CONFIG_DIR": str(folder),
    })  # fmt: skip
    command = [sys.executable, str(folder / "runbook.py"), loop.stack.outputs()["endpoint"]]
    ran = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout.strip()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("any")


def test_whatever_has_a_principal_is_let_in_made_again_and_leaves_nothing(
    engine: AttachedEngine, cloud: LocalAzure, folder: Path
) -> None:
    # An agent's identity is made in Entra, of a blueprint, and no resource of Azure's has it.
    agent_id = cloud.azure.entra.register_application(str(uuid.uuid4()), "shop agent").object_id
    loop = given_program(Loop, engine, cloud, folder, PROGRAM, {"keyless:agent": agent_id})
    loop.stack.up("--skip-preview")
    outputs = loop.stack.outputs()
    container(loop, OFFICER.object_id).upload_blob("daily.txt", b"daily")
    first = principals(outputs)
    assert [name for name in HOSTS if not reads(loop, first[name])] == []
    assert {principal for role, principal, _ in loop.grants() if role == READER} == set(first.values())
    for name in HOSTS:
        (sentence,) = outputs[name]["access"]
        assert sentence.startswith(f"Identity {name} may ")
    loop.stack.preview("--expect-no-changes", "--refresh")

    # A runbook's sandbox, and a machine that Arc connects: unmodified clients, with what these are told.
    runbooks = cloud.azure.service(ResourcesWithIdentity).runbooks
    assert run(loop, runbooks.environment(outputs["ids"]["runbooks"])) == "daily"
    if is_writable():
        agent = cloud.azure.service(HybridCompute).agent
        assert run(loop, agent.environment(outputs["ids"]["machine"])) == "daily"
        assert list(keys_folder().glob("*.key")) == []

    # Under another name each of them is another resource, with another principal: the grant follows.
    loop.stack.write_configuration({"end": "two"})
    loop.stack.up("--skip-preview")
    second = principals(loop.stack.outputs())
    assert {name for name in HOSTS if first[name] == second[name]} == {"agent"}
    assert [name for name in HOSTS if not reads(loop, second[name])] == []
    gone = [cloud.azure.entra.principal(first[name]) for name in HOSTS if name != "agent"]
    assert gone == [None] * 7
    assert loop.session.control("/leftovers")["orphans"] == []

    loop.stack.destroy()
    left = loop.session.control("/leftovers")
    assert (left["resources"], left["role_assignments"], left["orphans"]) == ([], [], [])
    assert [cloud.azure.entra.principal(second[name]) for name in HOSTS if name != "agent"] == [None] * 7


def test_the_agents_files_have_a_place_on_this_machine() -> None:
    """What the test above leaves out where they have none."""
    if not is_writable():
        leave_out(f"make {keys_folder()} writable, where Azure's client looks for Arc's files")
