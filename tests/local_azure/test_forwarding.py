"""What reaches an app behind `<app>.azurewebsites.net`, and what of its answer reaches the browser."""

import http.server
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import ClassVar

import httpx
import pytest

from local_azure.app_service.service import AppService
from local_azure.planes import ForwardedPlane
from local_azure.server import LocalAzure
from tests.patience import PATIENCE

SITE = "https://app-one.azurewebsites.net"


class App(http.server.BaseHTTPRequestHandler):
    """Remembers what it was asked and answers with everything that is easily lost on the way."""

    seen: ClassVar[list[tuple[str, str, dict[str, list[str]], bytes]]] = []
    began: ClassVar[threading.Event] = threading.Event()

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(min(length, 1))
        self.began.set()
        body += self.rfile.read(length - len(body))
        headers = {key.lower(): self.headers.get_all(key, []) for key in self.headers}
        self.seen.append((self.command, self.path, headers, body))
        self.send_response(int(self.path.rpartition("/")[2].partition("?")[0]))
        self.send_header("Set-Cookie", "a=1")
        self.send_header("Set-Cookie", "b=2")
        self.send_header("Location", "/next")
        self.send_header("Content-Length", "5")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(b"hello")

    do_GET = do_HEAD = do_POST  # noqa: N815 - the names that http.server calls

    def log_message(self, format: str, *args: object) -> None:
        """Not on the terminal of a test run."""


def lead_sites_to(
    target: Callable[[str], str | None], local: LocalAzure, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Let App Service say that this is behind every site."""
    service = local.azure.service(AppService)
    planes = [
        replace(one, target=target) if isinstance(one, ForwardedPlane) else one for one in service.planes
    ]
    monkeypatch.setattr(service, "planes", planes)


@pytest.fixture
def app(local_azure: LocalAzure, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """An app at a plain address, taken for the one behind every site."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), App)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    App.seen.clear()
    address = f"http://127.0.0.1:{server.server_address[1]}"

    def target(_host: str) -> str:
        return address

    lead_sites_to(target, local_azure, monkeypatch)
    yield address
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.usefixtures("app")
def test_an_app_sees_the_request_as_it_was_sent() -> None:
    answer = httpx.post(
        f"{SITE}/a%2Fb//ü/200?q=1&q=%20", content=b"\x00body", headers={"X-Mine": "yes"}, timeout=PATIENCE
    )
    assert (answer.status_code, answer.content) == (200, b"hello")
    ((method, path, headers, body),) = App.seen
    assert (method, path, body) == ("POST", "/a%2Fb//%C3%BC/200?q=1&q=%20", b"\x00body")
    assert headers["host"] == ["app-one.azurewebsites.net"]
    assert headers["x-mine"] == ["yes"]
    assert headers["x-forwarded-proto"] == ["https"]


@pytest.mark.usefixtures("app")
def test_a_large_body_streams_to_the_app_and_is_held_nowhere_on_the_way() -> None:
    part, parts = b"x" * 65_536, 33
    App.began.clear()

    def sent() -> Iterator[bytes]:
        yield part
        assert App.began.wait(PATIENCE)
        for _ in range(parts - 1):
            yield part

    length = {"Content-Length": str(len(part) * parts)}
    assert httpx.post(f"{SITE}/200", content=sent(), headers=length, timeout=PATIENCE).status_code == 200
    assert App.seen[-1][3] == part * parts


@pytest.mark.usefixtures("app")
def test_the_answer_comes_back_whole() -> None:
    answer = httpx.get(f"{SITE}/302", timeout=PATIENCE)
    assert (answer.status_code, answer.headers["location"]) == (302, "/next")
    assert answer.headers.get_list("set-cookie") == ["a=1", "b=2"]
    assert httpx.get(f"{SITE}/500", timeout=PATIENCE).status_code == 500
    assert httpx.head(f"{SITE}/200", timeout=PATIENCE).content == b""


@pytest.mark.usefixtures("app")
def test_a_visit_is_logged_without_its_query(local_azure: LocalAzure) -> None:
    httpx.get(f"{SITE}/200?token=hush", timeout=PATIENCE)
    entry = local_azure.azure.journal.entries()[-1]
    assert (entry["host"], entry["path"], entry["status"]) == ("app-one.azurewebsites.net", "/200", 200)
    assert "hush" not in str(local_azure.azure.journal.entries())


@pytest.mark.usefixtures("app")
def test_a_client_cannot_pretend_to_have_come_over_plain_http() -> None:
    httpx.get(
        f"{SITE}/200", headers={"X-Forwarded-Proto": "http", "X-Forwarded-For": "1.2.3.4"}, timeout=PATIENCE
    )
    headers = App.seen[0][2]
    assert headers["x-forwarded-proto"] == ["https"]
    assert headers["x-forwarded-for"] == ["127.0.0.1"]


@pytest.mark.usefixtures("local_azure")
def test_a_site_that_nobody_made_is_not_found() -> None:
    assert httpx.get(f"{SITE}/", timeout=PATIENCE).status_code == 404
    assert App.seen == [] or all(path != "/" for _, path, _, _ in App.seen)


def test_an_app_that_is_slow_does_not_hold_up_resource_manager(
    local_azure: LocalAzure, monkeypatch: pytest.MonkeyPatch
) -> None:
    entered, released = threading.Event(), threading.Event()

    def slow(_host: str) -> None:
        entered.set()
        released.wait(PATIENCE)

    lead_sites_to(slow, local_azure, monkeypatch)
    visit = threading.Thread(target=lambda: httpx.get(SITE, timeout=PATIENCE))
    visit.start()
    assert entered.wait(PATIENCE)
    metadata = httpx.get(
        "https://management.azure.com/metadata/endpoints?api-version=2022-09-01", timeout=PATIENCE
    )
    assert metadata.status_code == 200
    assert visit.is_alive()
    released.set()
    visit.join()
