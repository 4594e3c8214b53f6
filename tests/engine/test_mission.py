"""The mission's sentences on identities, each a test with its words.

What is said of every host is in `tests/engine/test_every_host.py`; of machines, whose instances are recycled
and whose applications are migrated, in `tests/engine/test_machines.py`.
"""

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import pytest
from azure.storage.blob import ContainerClient

from local_azure.az import install_az
from local_azure.constants import DEVELOPER, OFFICER, VAULT_OFFICERS, VAULT_READERS
from local_azure.lookups import led_here
from local_azure.server import LocalAzure
from loop.azure_client import package, publish
from tests.attached import AttachedEngine
from tests.engine.conftest import Loop
from tests.engine.given_program import given_program
from tests.hosts.rows.virtual_machine import compute, run
from tests.hosts.rows.web_app import answered
from tests.local_azure.vault_stage import Holder
from toolchain.paths import ROOT

READER: Final = "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1"
PROGRAM: Final = f"""
import sys
sys.path.insert(0, {str(ROOT)!r})
import pulumi
from pulumi_azure_native import network, resources
from components import ManagedIdentity, StorageAccount, VirtualMachine, WebApp, WorkloadAccess

config = pulumi.Config()
group = resources.ResourceGroup("shop", location="westeurope")
place = {{"resource_group_name": group.name}}
files = StorageAccount("shop", {{
    **place, "containers": ["reports"], "blob_writers": {{"officers": "{VAULT_OFFICERS.object_id}"}},
    "blob_readers": {{"developers": "{VAULT_READERS.object_id}"}},
}})
links = {{"reports": files.blobs_link("reports")}}
identity = {{"identity": "system-assigned"}}
if not config.get_bool("own"):
    shared = ManagedIdentity("shop", place)
    access = WorkloadAccess("shop", {{
        "principal_id": shared.principal_id, "client_id": shared.client_id, "links": links,
    }})
    identity = {{
        "identity": "existing", "identity_id": shared.identity_id,
        "identity_principal_id": access.principal_id, "identity_client_id": shared.client_id,
    }}
    pulumi.export("shared", {{"principal": shared.principal_id, "client": shared.client_id}})
made = network.VirtualNetwork("shop", address_space={{"address_prefixes": ["10.0.0.0/16"]}}, **place)
subnet = network.Subnet("shop", address_prefix="10.0.3.0/24", virtual_network_name=made.name, **place)
for name in filter(None, (config.get("hosts") or "").split(",")):
    if name.startswith("machine"):
        one = VirtualMachine(name, {{**place, **identity, "subnet_id": subnet.id, "links": links}})
        pulumi.export(name, {{"principal": one.principal_id, "vm_id": one.vm_id}})
        continue
    let_in = links if name != "stranger" else {{"reports": {{**links["reports"], "grant": False}}}}
    one = WebApp(name, {{**place, **identity, "links": let_in}})
    pulumi.export(name, {{"principal": one.principal_id, "name": one.name, "url": one.url}})
pulumi.export("endpoint", files.endpoint)
"""
CODE: Final = """#!/usr/bin/env python3
import json, os, sys
from azure.identity import DefaultAzureCredential, ManagedIdentityCredential
from azure.storage.blob import ContainerClient

def read(credential, **more):
    account, container = os.environ["REPORTS_ENDPOINT"], os.environ["REPORTS_CONTAINER"]
    client = ContainerClient(account, container, credential, **more)
    return client.download_blob("daily.txt").readall().decode()

def read_as(other):
    # Storage's client would ask for a token again and again, for a minute and a half.
    return read(ManagedIdentityCredential(client_id=other), retry_total=0)

def app(environ, start_response):
    other = environ["PATH_INFO"].strip("/")
    try:
        said = read_as(other) if other else read(DefaultAzureCredential())
    except Exception as error:
        said = f"{type(error).__name__}: {error}"
    start_response("200 OK", [("Content-Type", "application/json")])
    return [json.dumps(said).encode()]

if __name__ == "__main__":
    print(read(DefaultAzureCredential()))
"""


class Shop(Loop):
    """Web apps and machines, and one blob that they read."""

    def with_hosts(self, *names: str, **configuration: Any) -> dict[str, Any]:
        """One `up` with these hosts and no others; the code is on each of the web apps."""
        outputs = self.up(hosts=",".join(names), **configuration)
        for name in names:
            if "url" in outputs[name]:
                folder = self.stack.program.parent / "code"
                folder.mkdir(exist_ok=True)
                (folder / "app.py").write_text(CODE)
                publish(outputs[name]["name"], package(folder), self.session.credential)
        return outputs

    def put_blob(self) -> None:
        officer = self.cloud.azure.entra.principal(OFFICER.object_id)
        assert officer is not None
        credential: Any = Holder(self.cloud.azure, officer)
        ContainerClient(
            self.stack.outputs()["endpoint"], "reports", credential,
            proxies={"https": self.cloud.proxy_url}, connection_verify=self.cloud.addresses.authority,
        ).upload_blob("daily.txt", b"daily", overwrite=True)  # fmt: skip

    def read_by(self, outputs: dict[str, Any], *names: str) -> Sequence[str]:
        """What the code on each of these says."""
        client, said = compute(self), list[str]()
        for name in names:
            one = outputs[name]
            found = answered(one["url"]) if "url" in one else run(client, one["vm_id"], CODE).strip()
            said.append(str(found))
        return said


@pytest.fixture
def shop(engine: AttachedEngine, cloud: LocalAzure, tmp_path: Path) -> Shop:
    return given_program(Shop, engine, cloud, tmp_path, PROGRAM)


def test_a_system_assigned_identity_is_deleted_with_its_resource_and_usable_by_no_other(shop: Shop) -> None:
    outputs = shop.with_hosts("web", "stranger", "machine", own=True)
    shop.put_blob()
    assert shop.read_by(outputs, "web", "machine") == ["daily", "daily"]
    own = {name: outputs[name]["principal"] for name in ("web", "stranger", "machine")}
    assert len(set(own.values())) == 3
    principals = {name: shop.cloud.azure.entra.principal(id) for name, id in own.items()}
    (refused,) = shop.read_by(outputs, "stranger")
    assert "AuthorizationPermissionMismatch" in refused
    for name in ("web", "machine"):
        principal = principals[name]
        assert principal is not None
        said = answered(f"{outputs['stranger']['url']}/{principal.client_id}")
        assert str(said).startswith("CredentialUnavailableError"), (name, said)

    left = shop.with_hosts("stranger", own=True)
    found = {name: shop.cloud.azure.entra.principal(id) for name, id in own.items()}
    assert (found["web"], found["machine"], found["stranger"]) == (None, None, principals["stranger"])
    assert shop.grants() == set()
    assert shop.session.control("/leftovers")["orphans"] == []
    assert left["stranger"]["principal"] == own["stranger"]


def test_a_user_assigned_identity_is_let_in_before_any_host_on_several_at_once_and_kept_as_they_are_recycled(
    shop: Shop, tmp_path: Path, subtests: pytest.Subtests
) -> None:
    outputs = shop.with_hosts()
    shop.put_blob()
    shared, grants = outputs["shared"], shop.grants()
    assert {(role, who) for role, who, _ in grants} == {(READER, shared["principal"])}
    assert (shop.resources("Microsoft.Web/sites"), shop.resources("Microsoft.Compute/virtualMachines")) == (
        [], [],
    )  # fmt: skip

    for names in (("web", "site", "machine"), ("web-again", "machine-again")):
        outputs = shop.with_hosts(*names)
        assert shop.read_by(outputs, *names) == ["daily"] * len(names)
        assert {outputs[name]["principal"] for name in names} == {shared["principal"]}
        assert (outputs["shared"], shop.grants()) == (shared, grants)
        assert len(shop.resources("Microsoft.Web/sites")) == len(names) - 1
    with subtests.test("developer and host run the same code"):
        _runs_on_a_laptop(shop, outputs["endpoint"], tmp_path / "laptop")

    assert shop.with_hosts()["shared"] == shared
    assert shop.grants() == grants
    assert shop.cloud.azure.entra.principal(shared["principal"]) is not None


def _runs_on_a_laptop(shop: Shop, endpoint: str, laptop: Path) -> None:
    """The file that web app and machine ran, after `az login`, as who has the laptop."""
    install_az(laptop / "bin", DEVELOPER, shop.cloud.azure.state)
    (laptop / "app.py").write_text(CODE)
    told = {"REPORTS_ENDPOINT": endpoint, "REPORTS_CONTAINER": "reports"}
    environment = led_here({
        **shop.cloud.client_environment(), **told,
        "PATH": f"{laptop / 'bin'}{os.pathsep}{os.environ['PATH']}", "HOME": str(laptop),
    })  # fmt: skip
    command = [sys.executable, str(laptop / "app.py")]

    def by_developer() -> "subprocess.CompletedProcess[str]":
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)

    assert "AuthorizationPermissionMismatch" in by_developer().stderr
    shop.cloud.azure.entra.add_member(VAULT_READERS.object_id, DEVELOPER.object_id)
    let_in = by_developer()
    assert let_in.stdout.strip() == "daily", let_in.stderr
    assert not [
        secret for secret in shop.cloud.azure.entra.credentials().values() if secret in str(environment)
    ]
