"""Container groups, as azure-mgmt-containerinstance and the code in a container find them (rules CI)."""

import json
import ssl
import time
from collections.abc import Callable, Iterator
from typing import Any, Final

import httpx
import pytest
from azure.core.exceptions import HttpResponseError
from azure.identity import ClientSecretCredential
from azure.mgmt.containerinstance import ContainerInstanceManagementClient

from local_azure.constants import DEPLOYER, SUBSCRIPTION_ID, TENANT_ID
from local_azure.control_credential import ControlAuth
from local_azure.server import LocalAzure
from tests.drawn_key import begun
from tests.local_azure.arm import content
from tests.local_azure.images import push_program
from tests.local_azure.registry_stage import RegistryStage
from tests.local_azure.vault_stage import GROUP, Json
from tests.patience import PATIENCE

NETWORKS: Final = "2024-05-01"
PROGRAM: Final = """
import json, os, sys, time
print(json.dumps(dict(os.environ)), flush=True)
if os.environ.get("ENDS"):
    sys.exit(int(os.environ["ENDS"]))
time.sleep(600)
"""
TOKEN: Final = """
import os
from azure.identity import DefaultAzureCredential
token = DefaultAzureCredential().get_token("https://vault.azure.net/.default").token
print("got", len(token) > 100, flush=True)
"""


class Stage(RegistryStage):
    """With a registry, its image, an identity that may pull it, and the client of container groups."""

    def __init__(self, local: LocalAzure) -> None:
        super().__init__(local)
        secret = local.environment()["AZURE_CLIENT_SECRET"]
        deployer = ClientSecretCredential(TENANT_ID, str(DEPLOYER.client_id), secret, **self.trust)
        made: Any = ContainerInstanceManagementClient(deployer, SUBSCRIPTION_ID, **self.trust)
        self.groups, self.containers = made.container_groups, made.containers
        self.registry_id, self.host = self.registry()
        builder = self.images(self.host, self.with_role("AcrPush", self.registry_id))
        push_program(builder, "show", "1", {"app.py": PROGRAM})
        push_program(builder, "token", "1", {"app.py": TOKEN})
        push_program(builder, "shell", "1", {}, ["nginx", "-g", "daemon off;"])
        self.puller = self.made_identity()
        self.grant(self.registry_id, "AcrPull", self.puller["properties"]["principalId"])

    def made_identity(self) -> Json:
        path = f"{self.group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/{self.name('id')}"
        return content(self.arm("PUT", path, {"location": "westeurope"}))

    def body(self, image: str = "show:1", *, identity: Json | None = None, **properties: Any) -> Json:
        who = self.puller if identity is None else identity
        variables = [{"name": name, "value": value} for name, value in properties.pop("told", {}).items()]
        requests = {"cpu": properties.pop("cpu", 1), "memoryInGB": 1.5}
        container = {
            "image": f"{self.host}/{image}",
            "environmentVariables": variables,
            "resources": {"requests": requests},
            **properties.pop("container", {}),
        }
        return {
            "location": "westeurope",
            "identity": {"type": "UserAssigned", "userAssignedIdentities": {who["id"]: {}}},
            "properties": {
                "containers": [{"name": "main", "properties": container}],
                "imageRegistryCredentials": [{"server": self.host, "identity": who["id"]}],
                "osType": "Linux",
                **properties,
            },
        }

    def write(self, name: str, body: Json) -> Any:
        return self.groups.begin_create_or_update(GROUP, name, body).result()

    def made(self, **more: Any) -> str:
        name = self.name("ci")
        self.write(name, self.body(**more))
        return name

    def get(self, name: str) -> Any:
        return self.groups.get(GROUP, name)

    def state(self, name: str) -> str:
        return self.get(name).instance_view.state

    def log(self, name: str) -> str:
        return self.containers.list_logs(GROUP, name, "main").content

    def environment(self, name: str) -> Json:
        return json.loads(until(lambda: self.log(name).strip().splitlines())[-1])


def until(said: Callable[[], Any], wanted: Any = None) -> Any:
    """What is said, once it is what is wanted, or anything."""
    end = time.monotonic() + PATIENCE
    while (found := said()) != wanted if wanted is not None else not (found := said()):
        assert time.monotonic() < end, found
        time.sleep(0.05)
    return found


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with LocalAzure(begun(tmp_path_factory.mktemp("azure"))) as local:
        yield Stage(local)


def refused(act: Callable[[], object]) -> tuple[int, str]:
    with pytest.raises(HttpResponseError) as error:
        act()
    assert error.value.error is not None
    return int(error.value.status_code or 0), str(error.value.error.code)


def test_code_runs_with_what_the_group_gives_it_and_nothing_of_the_person(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OF_THE_PERSON", "x")
    name = stage.made(told={"MODE": "fast"})
    found = stage.environment(name)
    assert found["MODE"] == "fast"
    assert found["AZURE_POD_IDENTITY_AUTHORITY_HOST"].startswith("http://127.0.0.1:")
    assert {"OF_THE_PERSON", "IDENTITY_ENDPOINT", "AZURE_CLIENT_SECRET"}.isdisjoint(found)
    group = until(lambda: stage.get(name) if stage.state(name) == "Running" else None)
    assert group.containers[0].instance_view.current_state.state == "Running"
    assert group.containers[0].instance_view.restart_count == 0


def test_microsofts_client_gets_a_token_in_a_container_once_the_service_is_there(stage: Stage) -> None:
    late(stage, 2)
    try:
        told = {
            "AZURE_CLIENT_ID": stage.puller["properties"]["clientId"],
            "AZURE_TOKEN_CREDENTIALS": "ManagedIdentityCredential",
        }
        name = stage.made(image="token:1", told=told, restartPolicy="Never")
        until(lambda: stage.state(name), "Succeeded")
        assert "got True" in stage.log(name)
    finally:
        late(stage, 0)


def late(stage: Stage, seconds: float) -> None:
    """How late the metadata service of a group comes up that is started from now on."""
    answer = httpx.post(
        "https://local-azure.internal/imds",
        json={"seconds": seconds},
        auth=ControlAuth(stage.azure.ground.state),
        proxy=stage.local.proxy_url,
        verify=ssl.create_default_context(cafile=stage.local.addresses.authority),
    )
    assert answer.status_code == 200, answer.text


def test_ci1_what_a_group_was_created_with_stays(stage: Stage) -> None:
    name, update = stage.made(), "InvalidContainerGroupUpdate"
    for changed in (stage.body(cpu=2), stage.body(restartPolicy="Never")):
        assert refused(lambda body=changed: stage.write(name, body)) == (400, update)
    second = stage.body()
    second["properties"]["containers"].append({**second["properties"]["containers"][0], "name": "other"})
    assert refused(lambda: stage.write(name, second)) == (400, update)
    stage.write(name, stage.body(told={"A": "1"}))
    until(lambda: stage.environment(name).get("A"), "1")


def test_ci2_a_group_says_what_it_runs(stage: Stage) -> None:
    without = [
        (stage.body(containers=[]), "MissingContainers"),
        (stage.body(container={"image": ""}), "MissingImage"),
        (stage.body(container={"resources": {}}), "MissingResourceRequests"),
        (stage.body(restartPolicy="Sometimes"), "InvalidRestartPolicy"),
    ]
    for body, code in without:
        assert refused(lambda given=body: stage.write(stage.name("ci"), given)) == (400, code)
    assert refused(lambda: stage.write("CI_x", stage.body())) == (400, "InvalidContainerGroupName")


def test_ci3_a_subnet_is_delegated_and_has_no_public_address(stage: Stage) -> None:
    network = f"{stage.group}/providers/Microsoft.Network/virtualNetworks/{stage.name('vnet')}"
    delegation = {"name": "aci", "properties": {"serviceName": "Microsoft.ContainerInstance/containerGroups"}}
    subnets = [
        {"name": "bare", "properties": {"addressPrefix": "10.0.1.0/24"}},
        {"name": "own", "properties": {"addressPrefix": "10.0.2.0/24", "delegations": [delegation]}},
    ]
    properties = {"addressSpace": {"addressPrefixes": ["10.0.0.0/16"]}, "subnets": subnets}
    content(stage.arm("PUT", network, {"location": "westeurope", "properties": properties}))

    def within(subnet: str, **more: Any) -> Json:
        return stage.body(subnetIds=[{"id": f"{network}/subnets/{subnet}"}], **more)

    ports = [{"port": 80}]

    def write(body: Json) -> Any:
        return stage.write(stage.name("ci"), body)

    assert refused(lambda: write(within("bare"))) == (400, "SubnetMissingRequiredDelegation")
    assert refused(lambda: write(within("gone"))) == (400, "InvalidSubnetId")
    public = within("own", ipAddress={"type": "Public", "ports": ports})
    assert refused(lambda: write(public)) == (400, "PrivateIPAddressRequired")
    assert write(within("own", ipAddress={"type": "Private", "ports": ports})).ip_address.ip == "10.0.0.4"


def test_ci4_a_group_is_refused_whose_image_its_identity_may_not_pull(stage: Stage) -> None:
    other, denied = stage.made_identity(), (400, "InaccessibleImage")
    assert refused(lambda: stage.made(identity=other)) == denied
    assert refused(lambda: stage.made(image="gone:1")) == denied
    system = stage.body()
    system["identity"] = {"type": "SystemAssigned"}
    assert refused(lambda: stage.write(stage.name("ci"), system)) == denied
    assert refused(lambda: stage.made(imageRegistryCredentials=[])) == denied
    stage.grant(stage.registry_id, "AcrPull", other["properties"]["principalId"])
    assert stage.environment(stage.made(identity=other))


def test_what_only_azure_can_run_is_said_to_be_so(stage: Stage) -> None:
    unserved = (501, "NotServedByLocalAzure")
    assert refused(lambda: stage.made(osType="Windows")) == unserved
    public = stage.body(container={"image": "mcr.microsoft.com/azuredocs/aci-helloworld"})
    assert refused(lambda: stage.write(stage.name("ci"), public)) == unserved
    assert refused(lambda: stage.made(volumes=[{"name": "v", "emptyDir": {}}])) == unserved


def test_ci5_a_container_that_ends_is_started_again_as_its_group_says(stage: Stage) -> None:
    always = stage.made(told={"ENDS": "0"})
    failing = stage.made(told={"ENDS": "3"}, restartPolicy="OnFailure")
    done = stage.made(told={"ENDS": "0"}, restartPolicy="OnFailure")
    once = stage.made(told={"ENDS": "3"}, restartPolicy="Never")
    for name in (always, failing):
        until(lambda group=name: stage.get(group).containers[0].instance_view.restart_count >= 1, True)
        before = stage.get(name).containers[0].instance_view.previous_state
        assert before.exit_code == (0 if name == always else 3)
    until(lambda: stage.state(done), "Succeeded")
    until(lambda: stage.state(once), "Failed")
    ended = stage.get(once).containers[0].instance_view
    assert (ended.restart_count, ended.current_state.exit_code) == (0, 3)
    for name in (always, failing):
        stage.groups.stop(GROUP, name)


def test_ci6_a_write_starts_every_container_anew_and_keeps_nothing_that_it_leaves_out(stage: Stage) -> None:
    name = stage.made(told={"A": "1"})
    stage.environment(name)
    body = stage.body(told={"B": "2"})
    stage.write(name, body)
    until(lambda: "B" in stage.environment(name), True)
    assert "A" not in stage.environment(name)
    del body["identity"]
    assert refused(lambda: stage.write(name, body)) == (400, "InaccessibleImage")


def test_ci7_a_group_that_has_ended_is_started_again_and_not_changed(stage: Stage) -> None:
    job: dict[str, Any] = {"told": {"ENDS": "0"}, "restartPolicy": "Never"}
    name = stage.made(**job)
    until(lambda: stage.state(name), "Succeeded")
    assert refused(lambda: stage.write(name, stage.body(**job))) == (400, "InvalidContainerGroupUpdate")
    stage.groups.begin_start(GROUP, name).result()
    until(lambda: stage.state(name), "Succeeded")
    stage.groups.begin_delete(GROUP, name).result()
    stage.write(name, stage.body(**job))
    until(lambda: stage.state(name), "Succeeded")


def test_ci8_a_secure_value_is_in_no_answer(stage: Stage) -> None:
    hidden = {"environmentVariables": [{"name": "HIDDEN", "secureValue": "k7Qw"}]}
    name = stage.name("ci")
    answered = stage.write(name, stage.body(container=hidden))
    for group in (answered, stage.get(name)):
        (variable,) = group.containers[0].environment_variables
        assert (variable.name, variable.value, variable.secure_value) == ("HIDDEN", None, None)
    assert stage.environment(name)["HIDDEN"] == "k7Qw"


def test_ci9_a_group_is_stopped_started_and_restarted(stage: Stage) -> None:
    name = stage.made()
    until(lambda: stage.state(name), "Running")
    stage.groups.stop(GROUP, name)
    until(lambda: stage.state(name), "Stopped")
    stage.groups.begin_start(GROUP, name).result()
    until(lambda: stage.state(name), "Running")
    stage.groups.begin_restart(GROUP, name).result()
    until(lambda: stage.state(name), "Running")
    assert stage.environment(name)


def test_deleting_a_group_ends_its_code_and_leaves_nothing(stage: Stage) -> None:
    name = stage.made()
    stage.environment(name)
    assert stage.groups.begin_delete(GROUP, name).result() is not None
    with pytest.raises(HttpResponseError) as gone:
        stage.get(name)
    assert gone.value.status_code == 404
    assert [one.name for one in stage.groups.list_by_resource_group(GROUP) if one.name == name] == []
