"""A target and a host of somebody else's, through the real engine; and a secret in a setting is warned of."""

from pathlib import Path

import pytest

from local_azure.server import LocalAzure
from loop.stack import EngineError
from tests.attached import AttachedEngine
from tests.engine.conftest import Loop
from tests.engine.given_program import given_program
from tests.unit.components.inbox_target import MAKES
from toolchain.paths import ROOT

PROCESSOR = "8a0f0c08-91a1-4084-bc3d-661d67233fed"
PLANTED = "planted-value-that-no-warning-repeats"
PROGRAM = f"""
import sys
from typing import NotRequired
sys.path.insert(0, {str(ROOT)!r})
import pulumi
from pulumi_azure_native import resources
from components import FunctionApp, StorageAccount, WebApp, WebAppSlot, WorkloadAccess
from components.links import LinkArgs
from tests.unit.components.inbox_target import InboxLinkArgs
from tests.unit.components.worker_host import Worker

LinkArgs.__annotations__["inbox"] = NotRequired[InboxLinkArgs]
config = pulumi.Config()
group = resources.ResourceGroup("shop", location="westeurope")
where = {{"resource_group_name": group.name}}
files = StorageAccount("files", where)

def inbox(name):
    return {{name: {{"inbox": {{"id": files.account_id, "endpoint": files.queue_endpoint}}}}}}

web = WebApp("web", {{
    **where, "size": "S1", "links": inbox("for-web"),
    "settings": {{"PASSWORD": config.require_secret("password")}},
    "sticky_settings": ["FOR_SLOT_ENDPOINT", "FOR_SLOT_QUEUE"],
}})
slot = WebAppSlot("slot", {{
    "app_id": web.app_id, "plan_id": web.plan_id, "slot_name": "canary",
    "sticky_settings": web.sticky_settings, "links": inbox("for-slot"),
}})
jobs = FunctionApp("jobs", {{**where, "plan_id": slot.plan_id, "links": inbox("for-jobs")}})
worker = Worker("worker", {{
    **where, "plan_id": jobs.plan_id, "worker_name": "worker-of-the-tests", "links": inbox("for-worker"),
    "identity": config.require("workerIdentity"),
}})
nightly = WorkloadAccess("nightly", {{"principal_id": worker.principal_id, "links": inbox("for-nightly")}})
pulumi.export("web", web.app_id)
pulumi.export("slot", slot.slot_id)
pulumi.export("jobs", jobs.app_id)
pulumi.export("worker", {{"id": worker.site.id, "principal": worker.principal_id}})
pulumi.export("environment", nightly.environment)
pulumi.export("contract", nightly.deployer_contract)
"""


@pytest.fixture
def seams(engine: AttachedEngine, cloud: LocalAzure, tmp_path: Path) -> Loop:
    config = {"keyless:workerIdentity": "user-assigned"}
    loop = given_program(Loop, engine, cloud, tmp_path, PROGRAM, config)
    loop.stack.run("config", "set", "--secret", "keyless:password", PLANTED)
    return loop


def settings_of(loop: Loop, id: str) -> dict[str, str]:
    found = loop.cloud.azure.store.get(f"{id}/config/appsettings")
    assert found
    return found.body["properties"]


def test_a_new_target_and_a_new_host_are_deployed_as_the_projects_own_are(seams: Loop) -> None:
    said = seams.stack.up("--skip-preview")
    outputs = seams.stack.outputs()

    queues = {
        one.id.rpartition("/")[2]
        for one in seams.cloud.azure.store.list(type="Microsoft.Storage/storageAccounts/queueServices/queues")
    }
    assert queues == {"for-web", "for-slot", "for-jobs", "for-worker", "for-nightly"}
    opened = [scope.rpartition("/")[2] for role, _, scope in seams.grants() if role == PROCESSOR]
    assert sorted(opened) == ["for-jobs", "for-nightly", "for-slot", "for-web", "for-worker"]
    for name, id in (
        ("web", outputs["web"]),
        ("slot", outputs["slot"]),
        ("jobs", outputs["jobs"]),
        ("worker", outputs["worker"]["id"]),
    ):
        assert settings_of(seams, id)[f"FOR_{name.upper()}_QUEUE"] == f"for-{name}"
    assert outputs["environment"]["FOR_NIGHTLY_QUEUE"] == "for-nightly"
    assert MAKES in outputs["contract"]["roles"]

    warnings = [line for line in said.splitlines() if "lies in clear" in line]
    expected = (
        "warning: settings[PASSWORD] of WebApp 'web': a secret that lies in clear in the app's settings. "
        "Next: put the value into the vault, and write secrets: {PASSWORD: <secret name>}."
    )
    assert warnings != []  # while it happens, and once more below it
    assert [line for line in warnings if not line.rstrip().endswith(expected)] == []
    assert PLANTED not in said

    seams.stack.preview("--expect-no-changes")
    seams.stack.run("config", "set", "keyless:workerIdentity", "system-assigned")
    with pytest.raises(EngineError) as refused:
        seams.stack.preview()
    assert "given     system-assigned, with links[for-worker].inbox" in refused.value.output
    seams.stack.destroy()
    assert seams.session.control("/leftovers")["resources"] == []
