"""Our Python language host: the interpreter that a project asks for, and processes that never outlive it."""

import os
import sys
from pathlib import Path

import pytest

from tests.interrupts import interrupts
from tests.unit.toolchain.conftest import NOT_WAITED_FOR
from toolchain import host_processes
from toolchain.host_interpreters import RuntimeOptionsError, activated, interpreter
from toolchain.host_processes import Processes
from toolchain.paths import venv_python


@pytest.fixture
def venv(tmp_path: Path) -> Path:
    venv_python(tmp_path / "env").parent.mkdir(parents=True)
    venv_python(tmp_path / "env").touch()
    (tmp_path / "env" / "pyvenv.cfg").touch()
    return tmp_path / "env"


def test_a_relative_virtualenv_counts_from_the_projects_root(tmp_path: Path, venv: Path) -> None:
    assert interpreter(str(tmp_path), {"virtualenv": "env", "toolchain": "pip"}) == str(venv_python(venv))


def test_an_absolute_virtualenv_is_taken_as_it_is(venv: Path) -> None:
    assert interpreter("/somewhere/else", {"virtualenv": str(venv)}) == str(venv_python(venv))


def test_without_a_virtualenv_the_checkouts_own_python_runs_the_program(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("PULUMI_PYTHON_CMD", raising=False)
    assert interpreter("/project", {}) == sys.executable
    assert interpreter("/project", {"virtualenv": ""}) == sys.executable


def test_without_a_virtualenv_the_environment_may_name_another_python(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PULUMI_PYTHON_CMD", "/opt/python")
    assert interpreter("/project", {}) == "/opt/python"


def test_a_virtualenv_that_is_not_there_is_named_with_the_command_that_makes_it(tmp_path: Path) -> None:
    with pytest.raises(RuntimeOptionsError) as refused:
        interpreter(str(tmp_path), {"virtualenv": "venv"})
    missing = venv_python(tmp_path / "venv")
    expected = f"The `virtualenv` in {tmp_path} has no {missing}. Make it with: pulumi install"
    assert str(refused.value) == expected


@pytest.mark.parametrize("options", [{"toolchain": "uv"}, {"typechecker": "mypy", "virtualenv": "env"}])
def test_options_that_it_does_not_know_are_refused_and_not_ignored(
    tmp_path: Path, venv: Path, options: dict[str, str]
) -> None:
    assert venv.exists()
    with pytest.raises(RuntimeOptionsError, match="knows `virtualenv` and `toolchain: pip` only"):
        interpreter(str(tmp_path), options)


def test_a_program_sees_its_virtual_environment_as_activated(venv: Path) -> None:
    python = venv_python(venv)
    given = {"PATH": "/bin", "PYTHONHOME": "/wrong", "KEPT": "1"}
    expected = {"PATH": f"{python.parent}{os.pathsep}/bin", "VIRTUAL_ENV": str(venv), "KEPT": "1"}
    assert activated(str(python), given) == expected


def test_a_python_outside_any_virtual_environment_activates_nothing(tmp_path: Path) -> None:
    assert activated(str(tmp_path / "python"), {"PATH": "/bin"}) == {"PATH": "/bin"}


def python(source: str) -> list[str]:
    return [sys.executable, "-ESu", "-c", source]


def test_both_streams_of_a_process_come_whole_and_then_its_status() -> None:
    processes = Processes()
    source = "import sys; sys.stdout.write('o' * 100000); sys.stderr.write('error'); sys.exit(7)"
    process = processes.start(python(source), "/", os.environ, piped=True)
    streams = {"stdout": b"", "stderr": b""}
    for name, piece in processes.output(process):
        streams[name] += piece
    assert streams == {"stdout": b"o" * 100000, "stderr": b"error"}
    assert process.returncode == 7


def test_stopping_ends_what_runs_even_if_it_does_not_listen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(host_processes, "GRACE_SECONDS", 0.1)
    processes = Processes()
    deaf = "import signal, time; signal.signal(signal.SIGINT, signal.SIG_IGN); print('on'); time.sleep(600)"
    process = processes.start(python(deaf), "/", os.environ, piped=True)
    assert process.stdout is not None
    assert process.stdout.readline().strip() == b"on"
    processes.stop()
    assert process.poll() is not None


def test_who_ends_a_process_can_give_it_less_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(host_processes, "GRACE_SECONDS", NOT_WAITED_FOR)
    deaf = "import signal, time; signal.signal(signal.SIGINT, signal.SIG_IGN); print('on'); time.sleep(600)"
    process = Processes().start(python(deaf), "/", os.environ, piped=True)
    assert process.stdout is not None
    assert process.stdout.readline().strip() == b"on"
    host_processes.end(process, grace=0.0)
    assert process.poll() is not None


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no interrupt for another process")
def test_stopping_first_asks_so_that_a_plugin_can_clean_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(host_processes, "GRACE_SECONDS", NOT_WAITED_FOR)
    cleaned = tmp_path / "cleaned"
    source = f"""
import time
try:
    print('on')
    time.sleep(600)
except KeyboardInterrupt:
    open({str(cleaned)!r}, 'w')
"""
    processes = Processes()
    with interrupts(ignored=False):
        process = processes.start(python(source), "/", os.environ, piped=True)
    assert process.stdout is not None
    assert process.stdout.readline().strip() == b"on"
    processes.stop()
    assert cleaned.exists()


def test_nothing_is_started_while_it_ends() -> None:
    processes = Processes()
    processes.stop()
    with pytest.raises(RuntimeError, match="the language host is ending"):
        processes.start(python("pass"), "/", os.environ, piped=False)
