"""The proxy: the way to Azure's names here, to no other of Azure's, and past it to all else."""

import socket
import ssl
import threading

import httpx
import pytest

from local_azure.control_credential import ControlAuth
from local_azure.server import LocalAzure
from tests.patience import PATIENCE


def connect(cloud: LocalAzure) -> socket.socket:
    host, _, port = cloud.proxy_url.removeprefix("http://").partition(":")
    return socket.create_connection((host, int(port)), timeout=PATIENCE)


def said(cloud: LocalAzure, request: str) -> str:
    """All that the proxy answers before it closes."""
    with connect(cloud) as client:
        client.sendall(request.encode())
        answer = b""
        while chunk := client.recv(4096):
            answer += chunk
        return answer.decode()


@pytest.mark.parametrize(
    "target",
    [
        "portal.azure.com:443",
        "management.azure.com:80",
        "pkgs.dev.azure.com:443",
        "MANAGEMENT.chinacloudapi.cn:443",
        "management.azure.com.:443",
        "kv-shop.privatelink.vaultcore.azure.net:443",
        "team.azurecr.us:443",
        "login.microsoftonline.de:443",
        "management.sovcloud-api.fr:443",
        "management.azure.microsoft.scloud:443",
        "contoso.b2clogin.com:443",
        "vault.azure.net.:443",
        "localhost:443",
        "local-azure.internal:80",
        "printer.local:443",
        "169.254.169.254:443",
        "registry.example.com",
        "vault.azure.net:443",
        "a.b.vault.azure.net:443",
        ".vault.azure.net:443",
        "127.0.0.1:22",
        "127.1:22",
        "0x7f000001:22",
        "0XA9FEA9FE:80",
        "169.254.0xa9fe:80",
        "2852039166:80",
        "metadata.google.internal.:443",
        "[::1]:443",
        pytest.param("management.azure.com:" + "4" * 5_000, id="a port of 5000 digits"),
    ],
)
def test_every_other_name_and_port_of_azure_or_this_machine_is_refused_by_name_and_logged(
    local_azure: LocalAzure, target: str
) -> None:
    head, _, body = said(local_azure, f"CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n\r\n").partition(
        "\r\n\r\n"
    )
    assert head.startswith("HTTP/1.1 403 ")
    assert target in body
    entry = local_azure.azure.journal.entries()[-1]
    host = target.lower().rpartition(":")[0] or target
    assert (entry["method"], entry["host"], entry["status"]) == ("CONNECT", host, 403)
    assert entry["decision"].startswith("refused")


def test_who_signs_in_to_the_proxy_by_its_target_is_not_logged(local_azure: LocalAzure) -> None:
    answer = said(local_azure, "CONNECT person:hush@portal.azure.com:443 HTTP/1.1\r\n\r\n")
    assert answer.startswith("HTTP/1.1 403 ")
    assert answer.endswith(
        "\r\n\r\nportal.azure.com:443 is a name of Azure's that the local Azure does not have. "
        "The real one is never asked.\n"
    )
    assert local_azure.azure.journal.entries()[-1]["host"] == "portal.azure.com"


@pytest.mark.parametrize("behind", ["/a?token=hush", "?token=hush", "#hush", ":80/hush"])
def test_plain_http_is_refused_and_logged_without_its_path_or_query(
    local_azure: LocalAzure, behind: str
) -> None:
    url = f"http://person:hush@example.com{behind}"
    answer = said(local_azure, f"GET {url} HTTP/1.1\r\nHost: example.com\r\n\r\n")
    assert answer.startswith("HTTP/1.1 403 ")
    assert "example.com" in answer
    assert "hush" not in answer
    assert "hush" not in str(local_azure.azure.journal.entries())
    assert local_azure.azure.journal.entries()[-1]["host"] == "example.com"


@pytest.mark.parametrize(
    "host",
    ["management.azure.com", "login.microsoftonline.com", "kv-a.vault.azure.net", "app-a.azurewebsites.net",
     "app-a.scm.azurewebsites.net", "local-azure.internal"],
)  # fmt: skip
def test_each_served_name_has_a_certificate_that_the_authority_signed(
    local_azure: LocalAzure, host: str
) -> None:
    with connect(local_azure) as client:
        client.sendall(f"CONNECT {host.upper()}:443 HTTP/1.1\r\n\r\n".encode())
        assert client.recv(4096) == b"HTTP/1.1 200 Connection established\r\n\r\n"
        context = ssl.create_default_context(cafile=local_azure.client_environment()["SSL_CERT_FILE"])
        with context.wrap_socket(client, server_hostname=host) as secure:
            assert secure.version() in ("TLSv1.2", "TLSv1.3")


def test_clients_that_stay_silent_leave_or_talk_nonsense_hinder_nobody(local_azure: LocalAzure) -> None:
    silent = [connect(local_azure) for _ in range(5)]
    half_open = connect(local_azure)
    half_open.sendall(b"CONNECT management.azure.com:443 HTTP/1.1\r\n\r\n")
    half_open.recv(4096)
    with connect(local_azure) as gone:
        gone.sendall(b"CONNECT management.azure.com:443 HTTP/1.1\r\n")
    with connect(local_azure) as nonsense:
        nonsense.sendall(b"\x16\x03\x01" + b"\xff" * 40_000)
    auth = ControlAuth(local_azure.azure.state)
    assert httpx.get("https://local-azure.internal/status", auth=auth, timeout=PATIENCE).status_code == 200
    local_azure.stop()
    assert not [thread.name for thread in threading.enumerate() if thread.name == "local-azure"]
    for client in (*silent, half_open):
        client.close()


def test_a_client_that_closes_its_side_still_gets_its_answer(local_azure: LocalAzure) -> None:
    with connect(local_azure) as client:
        client.sendall(b"CONNECT management.azure.com:443 HTTP/1.1\r\n\r\n")
        client.recv(4096)
        client.sendall(b"no TLS at all\r\n\r\n")
        client.shutdown(socket.SHUT_WR)
        while client.recv(4096):
            pass  # until the proxy closes, which `timeout` would tell apart
