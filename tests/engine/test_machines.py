"""The mission's sentences on machines, by the real engine and Microsoft's own clients."""

from pathlib import Path
from typing import Any

from local_azure.leftovers import leftovers
from local_azure.server import LocalAzure
from tests.attached import AttachedEngine
from tests.engine.conftest import Loop
from tests.engine.given_program import given_program
from tests.hosts.rows.scale_set import instances
from tests.hosts.rows.virtual_machine import compute, run
from toolchain.paths import ROOT

PROGRAM = (
    f"""
import sys
sys.path.insert(0, {str(ROOT)!r})
"""
    + """
import pulumi
from pulumi_azure_native import network, resources
from components import (
    KeyVault, StorageAccount, VirtualMachine, VirtualMachineScaleSet
)
from components.links.blobs import BlobAccess

config = pulumi.Config()
group = resources.ResourceGroup("shop", location="westeurope")
made = network.VirtualNetwork(
    "shop", address_space={"address_prefixes": ["10.0.0.0/16"]}, resource_group_name=group.name
)
subnet = network.Subnet(
    "shop", address_prefix="10.0.3.0/24", resource_group_name=group.name, virtual_network_name=made.name
)
place = {"resource_group_name": group.name, "subnet_id": subnet.id}
files = StorageAccount("shop", {"resource_group_name": group.name, "containers": ["reports"]})
link = files.blobs_link("reports", BlobAccess.WRITE)
count = config.get_int("instances")
if count is not None:
    host = VirtualMachineScaleSet("shop", {**place, "instances": count, "links": {"reports": link}})
    pulumi.export("scale_set_id", host.scale_set_id)
else:
    vault = KeyVault("shop", {"resource_group_name": group.name, "generated_secrets": {"db-password": 48}})
    link = {"reports": link, "main": vault.secrets_link({"DB_PASSWORD": "db-password"})}
    identity = config.get("identity") or "user-assigned"
    host = VirtualMachine("shop", {**place, "links": link, "identity": identity})
    pulumi.export("vm_id", host.vm_id)
for name in ("principal_id", "environment", "access"):
    pulumi.export(name, getattr(host, name))
"""
)
WRITES = """#!/usr/bin/env python3
import os, socket, uuid
from azure.identity import DefaultAzureCredential
from azure.storage.blob import ContainerClient
account, container = os.environ["REPORTS_ENDPOINT"], os.environ["REPORTS_CONTAINER"]
reports = ContainerClient(account, container, DefaultAzureCredential())
reports.upload_blob(f"from-{uuid.uuid4()}", b"hello")
print(len(list(reports.list_blobs())))
"""
WITH_CREDENTIALS = """#!/usr/bin/env python3
import os
from azure.core.exceptions import ClientAuthenticationError, HttpResponseError
from azure.identity import ClientSecretCredential
from azure.keyvault.secrets import SecretClient
tenant, client = "7e4a4700-0000-4000-8000-000000000001", "c11e4700-0000-4000-8000-00000000000a"
credential = ClientSecretCredential(tenant, client, "hard-coded")
try:
    SecretClient(os.environ["MAIN_ENDPOINT"], credential).get_secret("db-password")
    print("read")
except (ClientAuthenticationError, HttpResponseError):
    print("refused")
"""
TWO_LINES = """#!/usr/bin/env python3
import os
from azure.identity import DefaultAzureCredential
from azure.keyvault.secrets import SecretClient
secrets = SecretClient(os.environ["MAIN_ENDPOINT"], DefaultAzureCredential())
print(len(secrets.get_secret(os.environ["DB_PASSWORD_URI"].rpartition("/")[2]).value) > 20)
"""


def test_instances_that_are_recycled_keep_access_with_a_user_assigned_identity(
    engine: AttachedEngine, cloud: LocalAzure, tmp_path: Path
) -> None:
    """Every instance is replaced, and each new one writes at once: its grant was there before it."""
    before = leftovers(cloud.azure)
    loop = given_program(Loop, engine, cloud, tmp_path, PROGRAM, {"keyless:instances": "2"})
    outputs: dict[str, Any] = loop.up()
    client, grants = compute(loop), loop.grants()
    first = instances(client, outputs)
    written = [run(client, one, WRITES) for one in first]
    assert [int(one) for one in written] == [1, 2]
    for one in first:
        client.virtual_machines.begin_delete(one.split("/")[4], one.rpartition("/")[2]).result()
    assert instances(client, outputs) == []
    loop.stack.run("refresh", "--yes", "--skip-preview", "--non-interactive")
    again: dict[str, Any] = loop.up()
    recycled = instances(client, again)
    assert len(recycled) == 2
    assert not set(recycled) & set(first)
    assert [int(run(client, one, WRITES)) for one in recycled] == [3, 4]
    assert (loop.grants(), again["principal_id"]) == (grants, outputs["principal_id"])
    loop.stack.destroy()
    assert leftovers(cloud.azure) == before


def test_an_application_is_migrated_hard_coded_credentials_out_and_the_same_two_lines_in(
    engine: AttachedEngine, cloud: LocalAzure, tmp_path: Path
) -> None:
    loop = given_program(Loop, engine, cloud, tmp_path, PROGRAM)
    outputs: dict[str, Any] = loop.up()
    client, vm = compute(loop), outputs["vm_id"]
    assert run(client, vm, WITH_CREDENTIALS).strip() == "refused"
    assert run(client, vm, TWO_LINES).strip() == "True"
    told = outputs["environment"]
    assert set(told) == {
        "AZURE_CLIENT_ID", "AZURE_TOKEN_CREDENTIALS", "DB_PASSWORD_URI", "MAIN_ENDPOINT", "REPORTS_CONTAINER",
        "REPORTS_ENDPOINT",
    }  # fmt: skip
    # The same two lines when the identity is another kind: one argument, one up, the same machine.
    switched: dict[str, Any] = loop.up(identity="system-assigned")
    assert (switched["vm_id"], switched["principal_id"] != outputs["principal_id"]) == (vm, True)
    client.virtual_machines.begin_restart(vm.split("/")[4], vm.rpartition("/")[2]).result()
    assert run(client, vm, TWO_LINES).strip() == "True"
    assert "AZURE_CLIENT_ID" not in switched["environment"]
    state = loop.stack.run("stack", "export")
    assert "hard-coded" not in state
