"""The real engine and SDKs on the stand-ins: create, see drift, mend it, delete; a secret stays one."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import grpc
import pytest
from pulumi.runtime.proto import provider_pb2_grpc

from local_azure.plugins import install_plugins
from local_azure.plugins.azure_native import AzureNative
from tests.local_azure.recorded_azure import ENVIRONMENT, RecordedAzure
from toolchain.engine import ensure_engine

PROGRAM = """
import pulumi
from pulumi_azure_native import keyvault, resources, web
from pulumi_random import RandomString

suffix = RandomString("suffix", length=6, special=False, upper=False)
group = resources.ResourceGroup("rg", location="westeurope")
vault = keyvault.Vault(
    "kv",
    resource_group_name=group.name,
    vault_name=pulumi.Output.concat("kv-", suffix.result),
    properties={"tenant_id": "t", "sku": {"family": "A", "name": "standard"}},
)
settings = web.WebAppApplicationSettings(
    "settings",
    resource_group_name=group.name,
    name="app",
    properties={"PLAIN": "1", "PLANTED": pulumi.Output.secret("planted-value")},
)
again = keyvault.Vault.get("again", vault.id)
pulumi.export("read_by_id", again.name)
pulumi.export("tenant", vault.properties.tenant_id)
"""


class Engine:
    """One stack of one program, whose azure-native is served by this process."""

    def __init__(self, folder: Path, azure: RecordedAzure, port: int) -> None:
        self.azure = azure
        self._folder = folder
        self._pulumi = ensure_engine(print).folder / "pulumi"
        (folder / "state").mkdir()
        runtime = {"name": "python", "options": {"virtualenv": sys.prefix}}
        (folder / "Pulumi.yaml").write_text(json.dumps({"name": "stand-ins", "runtime": runtime}))
        (folder / "__main__.py").write_text(PROGRAM)
        install_plugins(folder / "home")
        self._environment = {
            **os.environ,
            "PATH": f"{self._pulumi.parent}{os.pathsep}{os.environ['PATH']}",
            "PULUMI_HOME": str(folder / "home"),
            "PULUMI_BACKEND_URL": f"file://{folder / 'state'}",
            "PULUMI_CONFIG_PASSPHRASE": "test",
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
            "PULUMI_DEBUG_PROVIDERS": f"azure-native:{port}",
        }
        self("stack", "init", "test")

    def __call__(self, *arguments: str) -> str:
        command = [self._pulumi, *arguments, "--non-interactive"]
        done = subprocess.run(
            command, cwd=self._folder, env=self._environment, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def changes(self) -> dict[str, int]:
        """What a preview counts, by kind of change."""
        return json.loads(self("preview", "--json"))["changeSummary"]

    def state(self) -> str:
        return self("stack", "export")


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    azure = RecordedAzure()
    server = grpc.server(ThreadPoolExecutor(8))
    stand_in = AzureNative(azure.transport, ENVIRONMENT)
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(stand_in, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    try:
        yield Engine(tmp_path, azure, port)
    finally:
        server.stop(None).wait()


def resource(azure: RecordedAzure, part: str) -> dict[str, Any]:
    found = [body for key, body in azure.resources.items() if part in key]
    assert len(found) == 1
    return found[0]


def test_a_stack_lives_drifts_is_mended_and_goes(engine: Engine) -> None:
    assert engine.changes() == {"create": 5}
    assert engine.azure.requests == []

    engine("up", "--yes", "--skip-preview")
    outputs = json.loads(engine("stack", "output", "--json"))
    assert outputs == {"read_by_id": resource(engine.azure, "vaults/")["name"], "tenant": "t"}
    assert engine.changes() == {"same": 5}
    assert resource(engine.azure, "appsettings")["properties"] == {"PLAIN": "1", "PLANTED": "planted-value"}
    assert "planted-value" not in engine.state()

    resource(engine.azure, "appsettings")["properties"] = {"PLAIN": "by hand", "PLANTED": "planted-value"}
    engine("refresh", "--yes", "--skip-preview")
    assert engine.changes() == {"same": 4, "update": 1}
    engine("up", "--yes", "--skip-preview")
    assert resource(engine.azure, "appsettings")["properties"]["PLAIN"] == "1"
    assert "planted-value" not in engine.state()

    engine("destroy", "--yes", "--skip-preview")
    assert resource(engine.azure, "")["properties"] == {}  # the settings, which only their site takes along
    assert "resources" not in json.loads(engine.state())["deployment"]
