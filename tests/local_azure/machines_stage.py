"""Machines as somebody has them who owns a network: written through Microsoft's own client."""

import base64
import json
import textwrap
from typing import Any

from azure.identity import ClientSecretCredential
from azure.mgmt.compute import ComputeManagementClient

from local_azure.constants import DEPLOYER, SUBSCRIPTION_ID, TENANT_ID
from local_azure.server import LocalAzure
from local_azure.virtual_machines.service import VirtualMachines
from tests.local_azure.arm import content
from tests.local_azure.networks import network_body
from tests.local_azure.vault_stage import GROUP, VaultStage

Json = dict[str, Any]
SUBNET = "snet-machines"
KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFy5cvrLvlDfgEPkNp5jCfYQrLzZJUwxSdWQ1yeMZKN2 nobody"
IMAGE = {"publisher": "Canonical", "offer": "ubuntu-24_04-lts", "sku": "server", "version": "latest"}


class Machines(VaultStage):
    """`compute` is the official client. A machine has booted when its write has returned here."""

    def __init__(self, local: LocalAzure) -> None:
        super().__init__(local)
        secret = local.environment()["AZURE_CLIENT_SECRET"]
        deployer = ClientSecretCredential(TENANT_ID, str(DEPLOYER.client_id), secret, **self.trust)
        self.compute: Any = ComputeManagementClient(
            deployer, SUBSCRIPTION_ID, polling_interval=0.02, **self.trust
        )
        network = f"{self.group}/providers/Microsoft.Network/virtualNetworks/vnet-machines"
        content(self.arm("PUT", network, network_body(snet_machines={"addressPrefix": "10.0.3.0/24"})))
        self.subnet = f"{network}/subnets/{SUBNET}"
        self._service = local.azure.service(VirtualMachines)

    def interface(self) -> str:
        id = f"{self.group}/providers/Microsoft.Network/networkInterfaces/{self.name('nic')}"
        one = {"name": "one", "properties": {"subnet": {"id": self.subnet}}}
        content(self.arm("PUT", id, {"location": "westeurope", "properties": {"ipConfigurations": [one]}}))
        return id

    def user_assigned(self) -> Json:
        return self.arm.identity(self.group, self.name("id"))

    def body(self, interface: str | None = None, **changes: Any) -> Json:
        """What a write of a machine says. `changes` are `identity`, `cloud_init` and properties."""
        given = changes.pop("identity", None)
        attached = {"id": interface or self.interface(), "properties": {"deleteOption": "Delete"}}
        properties = {
            "hardwareProfile": {"vmSize": "Standard_B2ats_v2"},
            "storageProfile": storage_profile(),
            "osProfile": os_profile(changes.pop("cloud_init", None)),
            "networkProfile": {"networkInterfaces": [attached]},
            **changes,
        }
        return {
            "location": "westeurope", "properties": properties, **({"identity": given} if given else {}),
        }  # fmt: skip

    def scale_set(self, name: str, capacity: int, *, mode: str = "Automatic", **changes: Any) -> Any:
        """Write a scale set in flexible orchestration; `changes` are `identity`, `cloud_init`, `userData`."""
        one = {"name": "one", "properties": {"subnet": {"id": self.subnet}}}
        interface = {"name": "nic", "properties": {"primary": True, "ipConfigurations": [one]}}
        profile = {
            "storageProfile": storage_profile(),
            "osProfile": {**os_profile(changes.pop("cloud_init", None)), "computerNamePrefix": "machine"},
            "networkProfile": {"networkInterfaceConfigurations": [interface]},
            **{key: changes.pop(key) for key in ("userData",) if key in changes},
        }
        profile["osProfile"].pop("computerName")
        body = {
            "location": "westeurope",
            "sku": {"name": "Standard_B2ats_v2", "capacity": capacity},
            "properties": {
                "orchestrationMode": "Flexible",
                "platformFaultDomainCount": 1,
                "upgradePolicy": {"mode": mode},
                "virtualMachineProfile": profile,
            },
            **changes,
        }
        written = self.compute.virtual_machine_scale_sets.begin_create_or_update(GROUP, name, body).result()
        self.settle()
        return written

    def instances(self, scale_set: str) -> list[str]:
        listed = self.compute.virtual_machine_scale_set_vms.list(GROUP, scale_set)
        return sorted(str(one.name) for one in listed)

    def write(self, name: str, body: Json) -> Any:
        written = self.compute.virtual_machines.begin_create_or_update(GROUP, name, body).result()
        self.settle()
        return written

    def do(self, action: str, name: str) -> None:
        """`start`, `power_off`, `restart`, `deallocate`, `reimage` or `delete` a machine."""
        getattr(self.compute.virtual_machines, f"begin_{action}")(GROUP, name).result()
        self.settle()

    def settle(self) -> None:
        """Return when every machine is as it was last written."""
        self._service.guests.settle()

    def run(self, name: str, script: str, **more: Any) -> Any:
        """How a script ended in a machine, as Azure tells it."""
        properties = {"source": {"script": "#!/usr/bin/env python3\n" + textwrap.dedent(script)}, **more}
        commands = self.compute.virtual_machine_run_commands
        body = {"location": "westeurope", "properties": properties}
        commands.begin_create_or_update(GROUP, name, "asked", body).result()
        return commands.get_by_virtual_machine(GROUP, name, "asked", expand="instanceView").instance_view

    def says(self, name: str, script: str) -> str:
        """What a script printed that has to succeed."""
        ended = self.run(name, script)
        assert ended.execution_state == "Succeeded", ended.error
        return ended.output.strip()

    def exists(self, id: str) -> bool:
        return self.azure.store.get(id) is not None


def storage_profile() -> Json:
    return {"imageReference": IMAGE, "osDisk": {"createOption": "FromImage", "deleteOption": "Delete"}}


def os_profile(cloud_init: Json | None) -> Json:
    key = {"path": "/home/azureuser/.ssh/authorized_keys", "keyData": KEY}
    linux = {"disablePasswordAuthentication": True, "ssh": {"publicKeys": [key]}}
    profile: Json = {
        "adminUsername": "azureuser", "computerName": "machine", "linuxConfiguration": linux,
    }  # fmt: skip
    if cloud_init is not None:
        profile["customData"] = encoded("#cloud-config\n" + json.dumps(cloud_init))
    return profile


def attached(*identities: Json, own: bool = False) -> Json:
    kinds = (["SystemAssigned"] if own else []) + (["UserAssigned"] if identities else [])
    ids: Json = {one["id"]: {} for one in identities}
    assigned = {"userAssignedIdentities": ids} if identities else {}
    return {"type": ", ".join(kinds) or "None", **assigned}


def encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()
