"""Virtual machines. The probe is brought and asked by Run Command: nothing reaches a machine from outside."""

import base64
import io
import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pulumi

from components import VirtualMachine
from local_azure.constants import SUBSCRIPTION_ID
from tests.hosts.row import Given, Host

if TYPE_CHECKING:
    from tests.engine.conftest import Loop

_UNPACK = """#!/usr/bin/env python3
import base64, io, sys, zipfile
zipfile.ZipFile(io.BytesIO(base64.b64decode({content!r}))).extractall("opt/probe")
"""
_ASK = """#!/usr/bin/env python3
import subprocess, sys
sys.exit(subprocess.call([sys.executable, "app.py", {target!r}], cwd="opt/probe"))
"""


class _VirtualMachine(Host):
    name = "Virtual machine"
    docs = "docs/guides/virtual-machines.md"
    type = "Microsoft.Compute/virtualMachines"
    runs_on = ("components/hosts/virtual_machines", "local_azure/virtual_machines")
    has_network = True

    def declare(self, given: Given) -> pulumi.ComponentResource:
        return VirtualMachine(
            "host",
            {
                "resource_group_name": given.group.name,
                "subnet_id": subnet(given),
                "identity": given.identity,
                "links": given.links,
            },
        )

    def deployed(self, loop: "Loop", outputs: Mapping[str, Any]) -> None:
        restart(compute(loop), outputs["vm_id"])

    def deliver(self, loop: "Loop", outputs: Mapping[str, Any], probe: Path) -> None:
        bring(compute(loop), outputs["vm_id"], probe)

    def ask(self, loop: "Loop", outputs: Mapping[str, Any], target: str) -> Mapping[str, Any]:
        return asked(compute(loop), outputs["vm_id"], target)


def subnet(given: Given) -> pulumi.Output[str]:
    """A subnet for machines."""
    assert given.network is not None
    return given.network.machines


def compute(loop: "Loop") -> Any:
    from azure.mgmt.compute import ComputeManagementClient

    return ComputeManagementClient(loop.session.credential, SUBSCRIPTION_ID, polling_interval=0.05)


def bring(client: Any, vm_id: str, probe: Path) -> None:
    """Put the probe's folder on a machine."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for file in sorted(probe.rglob("*.py")):
            archive.write(file, file.relative_to(probe))
    run(client, vm_id, _UNPACK.format(content=base64.b64encode(packed.getvalue()).decode()))


def restart(client: Any, vm_id: str) -> None:
    """What code is told is read when a machine boots."""
    group, name = _parts(vm_id)
    client.virtual_machines.begin_restart(group, name).result()


def asked(client: Any, vm_id: str, target: str) -> Mapping[str, Any]:
    """What the probe says on a machine."""
    return json.loads(run(client, vm_id, _ASK.format(target=target)))


def run(client: Any, vm_id: str, script: str) -> str:
    """What a script said on a machine; it has to succeed."""
    group, name = _parts(vm_id)
    commands = client.virtual_machine_run_commands
    body = {"location": "westeurope", "properties": {"source": {"script": script}}}
    commands.begin_create_or_update(group, name, "probe", body).result()
    view = commands.get_by_virtual_machine(group, name, "probe", expand="instanceView").instance_view
    commands.begin_delete(group, name, "probe").result()
    assert view.exit_code == 0, view.error
    return str(view.output)


def _parts(vm_id: str) -> tuple[str, str]:
    parts = vm_id.split("/")
    return parts[4], parts[-1]


HOST = _VirtualMachine()
