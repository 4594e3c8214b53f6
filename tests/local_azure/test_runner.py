"""One run of an app: what it gets, and that nothing of it stays behind."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

import local_azure
from local_azure.app_service.runner import detect_command
from local_azure.serving_program import ServingProgram, essential_environment, free_port
from tests.patience import PATIENCE, until

ENVIRONMENT_APP = """
import json, os
def app(environ, start_response):
    start_response("200 OK", [("Content-Type", "application/json")])
    return [json.dumps(dict(os.environ)).encode()]
"""

CHILD_APP = """
import subprocess, sys
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(86400)"])
def app(environ, start_response):
    start_response("200 OK", [])
    return [str(child.pid).encode()]
"""


@pytest.fixture
def content(tmp_path: Path) -> Path:
    folder = tmp_path / "content"
    folder.mkdir()
    return folder


@pytest.fixture
def started() -> Iterator[list[ServingProgram]]:
    processes: list[ServingProgram] = []
    yield processes
    for process in processes:
        process.stop()


def start(content: Path, code: str, environment: dict[str, str]) -> ServingProgram:
    (content / "app.py").write_text(code)
    port = free_port(None)
    command = detect_command(content, port)
    assert command is not None
    log = content.parent / "app.log"
    process = ServingProgram(command, content, {**essential_environment(content), **environment}, log, port)
    assert process.wait_until_ready(PATIENCE), log.read_text()
    return process


def await_end(pid: int) -> None:
    """Wait for a process that was told to end."""

    def gone() -> bool:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        # An orphan that ended stays in the table until the first process of the machine collects it.
        return _is_zombie(pid)

    until(gone)


def _is_zombie(pid: int) -> bool:
    state = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return state.stdout.strip().startswith("Z")


def test_an_app_gets_the_environment_it_was_given_and_nothing_of_ours(
    content: Path, started: list[ServingProgram], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ARM_CLIENT_SECRET", "planted-in-the-parent")
    process = start(content, ENVIRONMENT_APP, {"GREETING": "hello"})
    started.append(process)
    seen = httpx.get(f"http://127.0.0.1:{process.port}", trust_env=False, timeout=PATIENCE).json()
    assert seen["GREETING"] == "hello"
    assert seen["HOME"] == str(content)
    # gunicorn and the C locale add these three themselves.
    assert set(seen) - {"SERVER_SOFTWARE", "LC_CTYPE", "__CF_USER_TEXT_ENCODING"} == {
        "GREETING",
        "HOME",
        "LANG",
        "PATH",
    }


def test_stopping_an_app_ends_everything_that_it_started(content: Path) -> None:
    process = start(content, CHILD_APP, {})
    child = int(httpx.get(f"http://127.0.0.1:{process.port}", trust_env=False, timeout=PATIENCE).text)
    process.stop()
    assert not process.is_alive()
    assert not process.is_ready()
    await_end(child)


def test_an_app_ends_when_its_owner_is_killed(content: Path, tmp_path: Path) -> None:
    (content / "app.py").write_text(CHILD_APP)
    port = free_port(None)
    owner = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import os, sys, time; from pathlib import Path\n"
            "from local_azure.app_service.runner import detect_command\n"
            "from local_azure.serving_program import ServingProgram, essential_environment\n"
            f"content, port = Path({str(content)!r}), {port}\n"
            "environment = essential_environment(content)\n"
            f"log = Path({str(tmp_path / 'app.log')!r})\n"
            "process = ServingProgram(detect_command(content, port), content, environment, log, port)\n"
            "assert process.wait_until_ready(900)\n"
            "print(process.pid, flush=True)\n"
            "time.sleep(86400)\n",
        ],
        cwd=Path(local_azure.__file__).parents[1],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert owner.stdout is not None
    group = int(owner.stdout.readline())
    child = int(httpx.get(f"http://127.0.0.1:{port}", trust_env=False, timeout=PATIENCE).text)
    owner.send_signal(signal.SIGKILL)
    owner.wait()
    owner.stdout.close()
    await_end(group)
    await_end(child)


def test_an_app_that_ends_at_its_start_is_not_waited_for(
    content: Path, started: list[ServingProgram]
) -> None:
    (content / "app.py").write_text("app = None\nraise RuntimeError('no')\n")
    port = free_port(None)
    command = detect_command(content, port)
    assert command is not None
    log = content.parent / "app.log"
    process = ServingProgram(command, content, essential_environment(content), log, port)
    started.append(process)
    process.wait_for_end(20)
    assert not process.is_alive()
    assert not process.is_ready()
    assert log.stat().st_size > 0


def test_the_first_known_file_with_an_app_is_started(content: Path) -> None:
    assert detect_command(content, 1) is None
    (content / "app.py").write_text("application = 1\n")
    assert detect_command(content, 1) is None
    (content / "server.py").write_text("app = 1\n")
    command = detect_command(content, 8123)
    assert command is not None
    assert command[:5] == [sys.executable, "-m", "gunicorn", "--bind", "127.0.0.1:8123"]
    assert command[-1] == "server:app"


def test_an_app_keeps_its_port_while_it_is_free() -> None:
    port = free_port(None)
    assert free_port(port) == port
