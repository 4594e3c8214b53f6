"""What is not Azure's, such as a package registry, is reached past the local Azure as the machine does."""

import asyncio
import base64
import re
import socket
import ssl
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from components.azure_facts.domains import of_azure
from local_azure.outside import is_inside
from local_azure.server import LocalAzure
from tests.local_azure.test_proxy import connect
from tests.patience import PATIENCE

REGISTRY = "registry.example.com:443"
OUTSIDE = "203.0.113.7"
VARIABLES = ("HTTPS_PROXY", "https_proxy", "NO_PROXY", "no_proxy", "ALL_PROXY", "all_proxy")


class Host:
    """Listens on the loopback. Notes what each caller says first, and answers `answer`, then `hello`."""

    def __init__(self, answer: bytes) -> None:
        self.heard: list[bytes] = []
        self._answer = answer
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                caller, _ = self._listener.accept()
            except OSError:
                return
            with caller:
                self.heard.append(caller.recv(4096))
                caller.sendall(self._answer + b"hello")

    def close(self) -> None:
        self._listener.close()


@pytest.fixture(autouse=True)
def no_proxy_of_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(autouse=True)
def names(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[str]]:
    """What names lead to; no `.invalid` leads anywhere, and nobody asks a DNS server. A host that listens on
    the loopback is reached at `OUTSIDE`, too."""
    known = {"registry.example.com": [OUTSIDE]}
    resolve, opened = socket.getaddrinfo, asyncio.open_connection

    def resolved(host: Any, port: Any, *arguments: Any, **more: Any) -> Any:
        if str(host).endswith(".invalid"):
            raise socket.gaierror(socket.EAI_NONAME, "no such name")
        return [found for one in known.get(host, [host]) for found in resolve(one, port, *arguments, **more)]

    def led(host: str, *arguments: Any, **more: Any) -> Any:
        return opened("127.0.0.1" if host == OUTSIDE else host, *arguments, **more)

    monkeypatch.setattr(socket, "getaddrinfo", resolved)
    monkeypatch.setattr(asyncio, "open_connection", led)
    return known


@pytest.fixture
def hosts() -> Iterator[list[Host]]:
    opened: list[Host] = []
    yield opened
    for host in opened:
        host.close()


def asked(cloud: LocalAzure, target: str = REGISTRY) -> bytes:
    """All that comes back for a CONNECT and four bytes behind it."""
    with connect(cloud) as client:
        client.sendall(f"CONNECT {target} HTTP/1.1\r\n\r\n".encode())
        answer = client.recv(4096)
        if b" 200 " in answer:
            client.sendall(b"ping")
        client.settimeout(PATIENCE)
        while chunk := client.recv(4096):
            answer += chunk
        return answer


def last(cloud: LocalAzure) -> tuple[object, ...]:
    entry = cloud.azure.journal.entries()[-1]
    return entry["host"], entry["path"], entry["status"], entry["decision"]


def test_a_registry_is_reached_directly_and_the_log_says_so(tmp_path: Path, hosts: list[Host]) -> None:
    hosts.append(registry := Host(b""))
    with LocalAzure(tmp_path) as cloud:
        answer = asked(cloud, f"registry.example.com:{registry.port}")
        assert answer == b"HTTP/1.1 200 Connection established\r\n\r\nhello"
        assert registry.heard == [b"ping"]
        assert last(cloud) == ("registry.example.com", "/", 200, "allowed: not Azure, tunnelled on")


def test_a_registry_is_reached_through_the_proxy_of_the_machine_as_its_user(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, hosts: list[Host]
) -> None:
    hosts.append(outer := Host(b"HTTP/1.1 200 OK\r\n\r\n"))
    monkeypatch.setenv("HTTPS_PROXY", f"http://kim:p%40ss@127.0.0.1:{outer.port}")
    with LocalAzure(tmp_path) as cloud:
        assert asked(cloud) == b"HTTP/1.1 200 Connection established\r\n\r\nhello"
        user = base64.b64encode(b"kim:p@ss")
        assert outer.heard == [
            f"CONNECT {REGISTRY} HTTP/1.1\r\nHost: {REGISTRY}\r\n".encode()
            + b"Proxy-Authorization: Basic " + user + b"\r\n\r\n"
        ]  # fmt: skip
        assert asked(cloud, "portal.azure.com:443").startswith(b"HTTP/1.1 403 ")
        assert len(outer.heard) == 1


@pytest.mark.parametrize(
    "address", ["127.0.0.1", "::1", "::ffff:127.0.0.1", "169.254.169.254", "168.63.129.16"]
)
def test_a_name_that_leads_to_this_machine_or_to_its_platform_is_refused_and_logged(
    tmp_path: Path, hosts: list[Host], names: dict[str, list[str]], address: str
) -> None:
    hosts.append(host := Host(b""))
    names["rebound.example.com"] = [address]
    with LocalAzure(tmp_path) as cloud:
        answer = asked(cloud, f"rebound.example.com:{host.port}")
        assert answer.startswith(b"HTTP/1.1 403 ")
        assert answer.endswith(
            f"rebound.example.com:{host.port} is no name of a host outside this machine,"
            " and only such names are led on to.\n".encode()
        )
        assert host.heard == []
        assert last(cloud) == ("rebound.example.com", "/", 403, "refused: no part of the local Azure")


def test_of_several_addresses_of_a_name_one_outside_is_taken(
    tmp_path: Path, hosts: list[Host], names: dict[str, list[str]]
) -> None:
    hosts.append(host := Host(b""))
    names["registry.example.com"] = ["127.0.0.2", OUTSIDE]
    with LocalAzure(tmp_path) as cloud:
        assert asked(cloud, f"registry.example.com:{host.port}").endswith(b"hello")


def test_a_registry_in_a_private_network_is_outside_and_what_a_platform_tells_a_machine_is_not() -> None:
    assert [is_inside(one) for one in ("10.1.2.3", "192.168.1.2", "fd12::1", "203.0.113.7")] == [False] * 4
    inside = ("0.0.0.0", "::", "127.9.9.9", "fe80::1%eth0", "::ffff:169.254.169.254", "fd00:ec2::254")
    assert [is_inside(one) for one in inside] == [True] * 6


@pytest.mark.parametrize(
    "address",
    ["http://kim:pa/Zyx9!w@127.0.0.1:1", "http://kim:Zyx9!w@[127.0.0.1:1", "kim:Zyx9!w@127.0.0.1:1x"],
)
def test_a_proxy_whose_address_cannot_be_read_is_told_and_its_password_is_nowhere(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
    address: str,
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", address)
    with LocalAzure(tmp_path) as cloud:
        assert asked(cloud).startswith(b"HTTP/1.1 502 ")
        assert last(cloud) == ("registry.example.com", "/", 502, "failed: not Azure, not reached")
        page = httpx.get(cloud.portal_url, trust_env=False).text
    assert "registry.example.com" in page
    told = capfd.readouterr()
    files = b"".join(file.read_bytes() for file in tmp_path.rglob("*") if file.is_file())
    for where in (page, told.out, told.err, caplog.text, files.decode("latin-1")):
        assert "Zyx9" not in where
        assert "Traceback" not in where


@pytest.mark.parametrize("answer", [b"HTTP/1.1 407 Who are you\r\n\r\n", b"nonsense\r\n\r\n", b""])
def test_a_proxy_that_refuses_is_told_and_logged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, hosts: list[Host], answer: bytes
) -> None:
    hosts.append(outer := Host(answer))
    monkeypatch.setenv("https_proxy", f"127.0.0.1:{outer.port}")
    with LocalAzure(tmp_path) as cloud:
        assert asked(cloud).startswith(b"HTTP/1.1 502 ")
        assert last(cloud) == ("registry.example.com", "/", 502, "failed: not Azure, not reached")


def test_what_the_machine_reaches_without_its_proxy_is_reached_without_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, hosts: list[Host]
) -> None:
    hosts.append(outer := Host(b"HTTP/1.1 200 OK\r\n\r\n"))
    monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{outer.port}")
    monkeypatch.setenv("NO_PROXY", ".invalid")
    with LocalAzure(tmp_path) as cloud:
        assert asked(cloud, "registry.invalid:443").startswith(b"HTTP/1.1 502 ")
        assert outer.heard == []


def test_a_local_azure_started_in_a_shell_that_was_led_to_it_does_not_ask_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, hosts: list[Host]
) -> None:
    with LocalAzure(tmp_path) as cloud:
        led_here = cloud.client_environment()
    for name, value in led_here.items():
        monkeypatch.setenv(name, value)
    # Its proxy of then is gone; somebody else may have the port.
    hosts.append(stranger := Host(b"HTTP/1.1 200 OK\r\n\r\n"))
    monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{stranger.port}")
    monkeypatch.delenv("https_proxy")
    with LocalAzure(tmp_path) as cloud:
        assert asked(cloud, "registry.invalid:443").startswith(b"HTTP/1.1 502 ")
        assert stranger.heard == []
        assert [entry["host"] for entry in cloud.azure.journal.entries()] == ["registry.invalid"]


def test_a_client_trusts_what_the_machine_trusts_and_this_authority_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = len(ssl.create_default_context().get_ca_certs())
    with LocalAzure(tmp_path / "one") as cloud:
        trusted = cloud.client_environment()
    names = ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "NODE_EXTRA_CA_CERTS")
    files = {trusted[name] for name in names}
    (file,) = map(Path, files)
    first = re.findall("-----BEGIN CERTIFICATE-----", file.read_text())
    assert len(first) > before
    assert len(ssl.create_default_context(cafile=str(file)).get_ca_certs()) == len(first)
    assert file.stat().st_mode & 0o777 == 0o600
    # A shell that was led here starts it again.
    for name in names:
        monkeypatch.setenv(name, trusted[name])
    with LocalAzure(tmp_path / "one"):
        assert len(re.findall("-----BEGIN CERTIFICATE-----", file.read_text())) == len(first)


def test_every_name_that_is_served_is_one_that_is_never_let_out(local_azure: LocalAzure) -> None:
    hosts = [plane.hosts.removeprefix("*.") for plane in local_azure.azure.services.planes()]
    assert hosts
    assert [host for host in hosts if not of_azure(host)] == []
    assert not of_azure("microsoft.com.example.com")
    assert not of_azure("notazure.com")
