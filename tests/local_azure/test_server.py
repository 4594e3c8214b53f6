"""A local Azure as a whole: it starts, is found again, survives a kill, and leaves nothing behind."""

import json
import os
import signal
import socket
import ssl
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from azure.identity import ClientSecretCredential
from azure.mgmt.resource.resources import ResourceManagementClient
from azure.mgmt.resource.resources.models import ResourceGroup

import local_azure as package
from local_azure.constants import DEPLOYER, SUBSCRIPTION_ID
from local_azure.running import AlreadyRunningError, Claim, is_claimed, running
from local_azure.server import LocalAzure
from tests.local_azure.arm import Arm, content
from tests.patience import PATIENCE, until

ROOT = Path(package.__file__).parents[1]


def command(*arguments: str) -> subprocess.CompletedProcess[str]:
    """`python -m local_azure …`; returns only when nobody holds its output open any more, as a CI shell
    does."""
    return subprocess.run(
        [sys.executable, "-m", "local_azure", *arguments],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.fixture
def state(tmp_path: Path) -> Iterator[Path]:
    """A folder for a server of its own process, which is gone after the test."""
    yield tmp_path
    if addresses := running(tmp_path):
        os.kill(addresses.pid, signal.SIGKILL)


def await_end(state: Path) -> None:
    until(lambda: not is_claimed(state))


def test_the_deployers_environment_is_all_that_an_official_client_needs(
    local_azure: LocalAzure, monkeypatch: pytest.MonkeyPatch
) -> None:
    environment = local_azure.environment()
    assert environment["ARM_CLIENT_ID"] == DEPLOYER.client_id
    assert environment["NO_PROXY"] == environment["no_proxy"] == "127.0.0.1,localhost,::1"
    assert environment["HTTPS_PROXY"] == environment["https_proxy"] == local_azure.proxy_url
    for key, value in environment.items():
        monkeypatch.setenv(key, value)
    credential = ClientSecretCredential(
        *(environment[f"ARM_{key}"] for key in ("TENANT_ID", "CLIENT_ID", "CLIENT_SECRET"))
    )
    client = ResourceManagementClient(credential, environment["ARM_SUBSCRIPTION_ID"])
    assert (
        client.resource_groups.create_or_update("rg-one", ResourceGroup(location="westeurope")).name
        == "rg-one"
    )


def test_what_an_app_or_a_person_gets_holds_no_credential(local_azure: LocalAzure) -> None:
    values = local_azure.client_environment()
    assert not [key for key in values if key.startswith(("ARM_", "AZURE_"))]
    assert not set(local_azure.azure.entra.credentials().values()) & set(values.values())


def test_it_listens_on_the_loopback_only(local_azure: LocalAzure) -> None:
    for url in (local_azure.proxy_url, local_azure.portal_url):
        assert url.startswith("http://127.0.0.1:")
        port = int(url.rpartition(":")[2])
        with socket.socket() as other, pytest.raises(ConnectionRefusedError):
            other.connect(("127.0.0.2", port))


def test_stopping_leaves_no_thread_and_may_be_done_twice(tmp_path: Path) -> None:
    before = set(threading.enumerate())
    cloud = LocalAzure(tmp_path)
    cloud.start()
    port = int(cloud.proxy_url.rpartition(":")[2])
    cloud.stop()
    cloud.stop()
    # Threads that answer requests are lent by anyio and end with their loop.
    assert set(threading.enumerate()) <= before
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
    assert not is_claimed(tmp_path)
    assert not (tmp_path / "server.json").exists()


def test_two_servers_never_share_a_folder(tmp_path: Path) -> None:
    with LocalAzure(tmp_path), pytest.raises(AlreadyRunningError):
        LocalAzure(tmp_path).start()
    with LocalAzure(tmp_path):
        pass


def test_two_servers_in_two_folders_know_nothing_of_each_other(tmp_path: Path) -> None:
    with LocalAzure(tmp_path / "a") as one, LocalAzure(tmp_path / "b") as other:
        Arm(one.azure).group()
        assert content(Arm(other.azure)("GET", "/resourceGroups"))["value"] == []
        assert one.proxy_url != other.proxy_url


def test_a_restart_finds_everything_at_the_same_addresses(tmp_path: Path) -> None:
    with LocalAzure(tmp_path) as first:
        group = Arm(first.azure).group()
        before = first.environment()
        authority = Path(before["SSL_CERT_FILE"]).read_bytes()
    with LocalAzure(tmp_path) as second:
        assert content(Arm(second.azure)("GET", group))["id"] == group
        assert Path(second.environment()["SSL_CERT_FILE"]).read_bytes() == authority
        after = second.environment()
    different = {key for key in before if before[key] != after[key]}
    assert different <= {"HTTPS_PROXY", "https_proxy"}  # another process may have taken the port meanwhile


def test_a_killed_server_is_found_again_with_all_that_it_had_answered(state: Path) -> None:
    first = command("serve", "--state", str(state), "--detach")
    assert (first.returncode, first.stderr) == (0, "")
    environment = json.loads(command("env", "--state", str(state), "--json").stdout)
    trust = ssl.create_default_context(cafile=environment["SSL_CERT_FILE"])
    curl = httpx.Client(proxy=environment["HTTPS_PROXY"], verify=trust, timeout=PATIENCE)
    form = {
        "grant_type": "client_credentials", "scope": "https://management.azure.com/.default",
        "client_id": environment["ARM_CLIENT_ID"], "client_secret": environment["ARM_CLIENT_SECRET"],
    }  # fmt: skip
    login = f"https://login.microsoftonline.com/{environment['ARM_TENANT_ID']}/oauth2/v2.0/token"
    token = curl.post(login, data=form).raise_for_status().json()["access_token"]
    group = f"https://management.azure.com/subscriptions/{SUBSCRIPTION_ID}/resourceGroups/rg-one?api-version=2024-03-01"
    made = curl.put(group, json={"location": "westeurope"}, headers={"Authorization": f"Bearer {token}"})
    assert made.status_code == 201
    os.kill(json.loads(first.stdout)["pid"], signal.SIGKILL)
    await_end(state)
    assert (state / "server.json").exists()
    assert command("status", "--state", str(state)).returncode == 1
    again = command("serve", "--state", str(state), "--detach")
    assert again.returncode == 0
    assert json.loads(again.stdout)["pid"] != json.loads(first.stdout)["pid"]
    proxy = json.loads(command("env", "--state", str(state), "--json").stdout)["HTTPS_PROXY"]
    curl = httpx.Client(proxy=proxy, verify=trust, timeout=PATIENCE)
    assert curl.get(group, headers={"Authorization": f"Bearer {token}"}).status_code == 200
    assert command("stop", "--state", str(state)).returncode == 0
    assert not is_claimed(state)


def test_serving_twice_finds_the_server_that_runs(state: Path) -> None:
    started = [
        subprocess.Popen(
            [sys.executable, "-m", "local_azure", "serve", "--state", str(state), "--detach"],
            cwd=ROOT, stdout=subprocess.PIPE, text=True,
        )
        for _ in range(2)
    ]  # fmt: skip
    outputs = [process.communicate()[0] for process in started]
    assert [process.returncode for process in started] == [0, 0]
    assert json.loads(outputs[0]) == json.loads(outputs[1])
    status = command("status", "--state", str(state))
    assert (status.returncode, json.loads(status.stdout)) == (0, json.loads(outputs[0]))


def test_a_server_that_cannot_start_says_why(state: Path) -> None:
    (state / "azure.db").write_bytes(b"this is no database, and has been none for a long time" * 100)
    result = command("serve", "--state", str(state), "--detach")
    assert result.returncode == 1
    assert "not a database" in result.stderr


def test_a_folder_that_others_share_and_a_store_without_its_key_are_refused_in_a_line(state: Path) -> None:
    state.chmod(0o1777)
    shared = command("serve", "--state", str(state), "--detach")
    assert (shared.returncode, shared.stderr.count("\n"), "is shared" in shared.stderr) == (1, 1, True)
    state.chmod(0o700)
    with LocalAzure(state):
        pass
    (state / "store.key").unlink()
    lost = command("serve", "--state", str(state))
    assert (lost.returncode, lost.stderr.count("\n"), "put it back" in lost.stderr) == (1, 1, True)


def test_stopping_what_does_not_run_is_no_error(tmp_path: Path) -> None:
    assert command("stop", "--state", str(tmp_path)).returncode == 0
    assert command("status", "--state", str(tmp_path)).returncode == 1
    refused = command("env", "--state", str(tmp_path))
    assert refused.returncode == 1
    assert "serve" in refused.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_claim_is_free_again_when_its_holder_lets_go(tmp_path: Path) -> None:
    with Claim(tmp_path):
        assert is_claimed(tmp_path)
        assert running(tmp_path) is None  # starting: nothing is published yet
    assert not is_claimed(tmp_path)


def test_env_prints_lines_that_a_shell_evaluates(tmp_path: Path) -> None:
    with LocalAzure(tmp_path) as cloud:
        lines = command("env", "--state", str(tmp_path)).stdout
        shell = subprocess.run(
            ["sh", "-c", f"{lines}\nprintf %s \"$AZURE_CLIENT_SECRET $HTTPS_PROXY\""],
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        assert shell.stdout == f"{cloud.environment()['AZURE_CLIENT_SECRET']} {cloud.proxy_url}"


def test_a_persons_environment_has_the_azure_cli_and_no_secret(tmp_path: Path) -> None:
    with LocalAzure(tmp_path) as cloud:
        printed = command("env", "--state", str(tmp_path), "--person", "developer", "--json").stdout
        variables = json.loads(printed)
        assert Path(variables["PATH"].split(os.pathsep)[0], "az").exists()
        assert not [secret for secret in cloud.azure.entra.credentials().values() if secret in printed]
        assert not [key for key in variables if key.startswith(("ARM_", "AZURE_CLIENT"))]
