"""The official installer: given up quickly without a network, and its result kept only when it is whole."""

import threading
from collections.abc import Generator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from tests.unit.toolchain.conftest import Script
from toolchain import versions
from toolchain.engine_from_installer import OfficialInstaller, reach_server
from toolchain.engine_source import NotThisWayError

# A stand-in for the venv's Python: `python -c <source> <folder> <version>` leaves what the installer would.
INSTALLS = """
folder, version = pathlib.Path(sys.argv[3]), sys.argv[4]
(folder / "bin").mkdir()
for name in ("pulumi", "pulumi-language-python"):
    (folder / "bin" / name).write_text(f"#!/bin/sh\\necho v{version}\\n")
    (folder / "bin" / name).chmod(0o755)
"""


def installer(tmp_path: Path, python: Path, unreachable: str | None = None) -> OfficialInstaller:
    environment = {"KEYLESS_CACHE": str(tmp_path / "cache"), "PATH": "/usr/bin:/bin"}
    return OfficialInstaller(environment, python=python, why_unreachable=lambda: unreachable)


def refusal(way: OfficialInstaller, said: list[str]) -> str:
    assert way.find() is None
    with pytest.raises(NotThisWayError) as reason:
        way.fetch(said.append)
    assert way.find() is None
    return str(reason.value)


def test_an_installed_bundle_is_in_the_cache_and_found_by_the_next_set_up(
    tmp_path: Path, script: Script, said: list[str]
) -> None:
    python = script(tmp_path / "python", INSTALLS)
    fetched = installer(tmp_path, python).fetch(said.append)
    assert (fetched.version, fetched.source) == (versions.INSTALLER, "installer")
    assert fetched.folder.is_relative_to(tmp_path / "cache")
    assert sorted(p.name for p in fetched.folder.iterdir()) == ["pulumi", "pulumi-language-python"]
    assert installer(tmp_path, tmp_path / "no python").find() == fetched
    assert said == [f"Engine: installing Pulumi {versions.INSTALLER} from get.pulumi.com"]


def test_a_server_that_cannot_be_reached_ends_it_before_anything_is_started(
    tmp_path: Path, script: Script, said: list[str]
) -> None:
    python = script(tmp_path / "python", f"open({str(tmp_path / 'started')!r}, 'w')")
    assert refusal(installer(tmp_path, python, "no route"), said) == "no route"
    assert not (tmp_path / "started").exists()
    assert said == []


def test_without_the_python_packages_there_is_no_installer(tmp_path: Path, said: list[str]) -> None:
    reason = refusal(installer(tmp_path, tmp_path / "python"), said)
    assert reason == "it is part of the Python packages, which are not installed (python3 -m toolchain)"


def test_an_installer_that_fails_leaves_nothing_in_the_cache(
    tmp_path: Path, script: Script, said: list[str]
) -> None:
    python = script(tmp_path / "python", INSTALLS + "sys.exit('connection reset')")
    assert refusal(installer(tmp_path, python), said).endswith("ended with status 1\n      connection reset")
    assert [p.name for p in (tmp_path / "cache").iterdir()] == ["lock"]


def test_another_version_than_the_one_asked_for_is_not_kept(
    tmp_path: Path, script: Script, said: list[str]
) -> None:
    python = script(tmp_path / "python", INSTALLS.replace("echo v{version}", "echo v3.1.0"))
    assert refusal(installer(tmp_path, python), said) == (
        "what it installed answers 'v3.1.0' when asked for its version"
    )
    assert [p.name for p in (tmp_path / "cache").iterdir()] == ["lock"]


@contextmanager
def server(status: int) -> Generator[str]:
    class Answer(BaseHTTPRequestHandler):
        def do_HEAD(self) -> None:
            self.send_response(status)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            pass

    listening = HTTPServer(("127.0.0.1", 0), Answer)
    thread = threading.Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.server_port}/install.sh"
    finally:
        listening.shutdown()
        thread.join()
        listening.server_close()


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


def test_a_server_that_answers_is_reached() -> None:
    with server(200) as url:
        assert reach_server(url) is None


def test_a_server_that_refuses_is_not_reached_and_its_status_is_told() -> None:
    with server(403) as url:
        assert reach_server(url) == f"{url} answered 403 Forbidden"


def test_a_port_where_nobody_listens_is_told_with_the_systems_own_reason() -> None:
    with server(200) as url:
        pass
    reason = reach_server(url)
    assert reason is not None
    assert reason.startswith(f"{url} cannot be reached: ")
    assert "refused" in reason
