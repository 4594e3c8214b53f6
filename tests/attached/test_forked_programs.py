"""A forked program cannot tell that it was: it sees, says and ends as one that was started."""

import io
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from components.version import VERSION
from tests.attached.forking import CAN_FORK, Forked, ForkedProcesses, ForkServers
from tests.interrupts import interrupts
from toolchain.host_processes import Process, Processes
from toolchain.paths import ROOT, VENV, venv_python

pytestmark = pytest.mark.skipif(not CAN_FORK, reason="programs are started here, not forked")

TELL = """
import json, os, sys
sys.stdout.buffer.write(b"at once ")
print(json.dumps({
    "arguments": sys.argv,
    "environment": dict(os.environ),
    "folder": os.getcwd(),
    "input": sys.stdin.read(),
    "main": __name__,
    "path": sys.path,
    "prefix": sys.prefix,
    "program": getattr(sys.modules["__main__"], "__file__", None),
}))
print("to be seen", file=sys.stderr)
"""


@pytest.fixture(scope="module")
def servers() -> Iterator[ForkServers]:
    servers = ForkServers()
    yield servers
    servers.close()


@pytest.fixture(params=["started", "forked"])
def processes(request: pytest.FixtureRequest, servers: ForkServers) -> Processes:
    return Processes() if request.param == "started" else ForkedProcesses(servers)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A program as a file, as a folder and as a module of a package."""
    (tmp_path / "package").mkdir()
    for file in ("__main__.py", "package/__init__.py", "package/program.py"):
        (tmp_path / file).write_text("" if file.endswith("__init__.py") else TELL)
    return tmp_path


def start(processes: Processes, folder: Path, *program: str, **environment: str) -> Process:
    """In an environment of its own: nothing of that of the tests is handed on. Without a locale, Python would
    say in it which one it takes."""
    command = [str(venv_python(VENV)), "-u", *program]
    return processes.start(command, str(folder), {"LC_ALL": "C.UTF-8", **environment}, piped=True)


def read(processes: Processes, process: Process) -> tuple[str, str, int | None]:
    """Both streams, and the status."""
    streams = {"stdout": b"", "stderr": b""}
    for name, piece in processes.output(process):
        streams[name] += piece
    return streams["stdout"].decode(), streams["stderr"].decode(), process.returncode


PROGRAMS = [("__main__.py", "one", "two"), (".", "one"), ("-m", "package.program", "one")]


@pytest.mark.parametrize("program", PROGRAMS, ids=["file", "folder", "module"])
def test_a_program_sees_what_a_started_one_sees(
    servers: ForkServers, folder: Path, program: tuple[str, ...]
) -> None:
    if program[0] != "-m":
        program = (str(folder / program[0]), *program[1:])
    told: list[dict[str, Any]] = []
    for processes in (Processes(), ForkedProcesses(servers)):
        out, error, status = read(
            processes, start(processes, folder, *program, PYTHONPATH=f"{folder}/a{os.pathsep}{folder}/b")
        )
        assert (error, status) == ("to be seen\n", 0)
        assert out.startswith("at once {")
        told.append(json.loads(out.removeprefix("at once ")))
    started, forked = told
    assert forked == started
    assert forked["environment"].keys() == {"LC_ALL", "PYTHONPATH"}


TELL_OF_COMPONENTS = """
import sys
assert "components" not in sys.modules
try:
    import components
    from components.version import VERSION
except ModuleNotFoundError as error:
    print(error)
else:
    whole = len(sys.modules["components"].__all__) > 1
    print(components.__file__, components.__spec__.origin, VERSION, whole)
"""


@pytest.mark.parametrize(
    ("on_path", "said"),
    [
        ([str(ROOT)], f"{ROOT}/components/__init__.py {ROOT}/components/__init__.py {VERSION} True"),
        (["own", str(ROOT)], "own/components/__init__.py own/components/__init__.py own False"),
        ([], "No module named 'components'"),
    ],
    ids=["the checkout's", "its own", "none"],
)
def test_a_program_has_the_components_that_its_path_leads_to(
    processes: Processes, tmp_path: Path, on_path: list[str], said: str
) -> None:
    own = tmp_path / "own" / "components"
    own.mkdir(parents=True)
    (own / "__init__.py").write_text("__all__ = []")
    (own / "version.py").write_text("VERSION = 'own'")
    (tmp_path / "program.py").write_text(TELL_OF_COMPONENTS)
    folders = [str(tmp_path / one) for one in on_path]
    path = {"PYTHONPATH": os.pathsep.join(folders)} if folders else {}
    out, error, status = read(processes, start(processes, tmp_path, str(tmp_path / "program.py"), **path))
    assert (out.replace(f"{tmp_path}/", ""), error, status) == (f"{said}\n", "", 0)


WORKED_OUT = """
import sys
import pulumi._types
import components.azure_facts.roles as roles
print("components.targets.storage_account" in sys.modules, roles.built_in_roles.cache_info().currsize)
print(pulumi._types._types_from_py_properties.cache_info().currsize > 1000)
"""


def test_a_forked_program_finds_all_of_the_checkouts_components_there_and_what_they_and_the_sdk_read_once(
    servers: ForkServers, tmp_path: Path
) -> None:
    (tmp_path / "program.py").write_text(WORKED_OUT)
    for processes, there in ((Processes(), "False 0\nFalse\n"), (ForkedProcesses(servers), "True 1\nTrue\n")):
        found = read(processes, start(processes, tmp_path, "program.py", PYTHONPATH=str(ROOT)))
        assert found == (there, "", 0)


def test_what_is_said_once_in_a_program_is_said_in_each(processes: Processes, tmp_path: Path) -> None:
    (tmp_path / "program.py").write_text(
        "from components.links.flat_storage import warn_once\nwarn_once()\nwarn_once()"
    )
    for _ in range(2):
        out, error, status = read(processes, start(processes, tmp_path, "program.py", PYTHONPATH=str(ROOT)))
        assert (out, error.count("warning: "), error.count("\n"), status) == ("", 1, 1, 0)


@pytest.mark.parametrize(
    ("source", "status", "said"),
    [
        ("raise SystemExit(3)", 3, ""),
        ("raise SystemExit", 0, ""),
        ("raise SystemExit('refused')", 1, "refused\n"),
        ("import os; os._exit(7)", 7, ""),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", -9, ""),
        ("import atexit, sys; atexit.register(lambda: print('last', file=sys.stderr))", 0, "last\n"),
        ("import threading, time\n"
         "threading.Thread(target=lambda: (time.sleep(.1), print('late', file=__import__('sys').stderr)))"
         ".start()", 0, "late\n"),
    ],
)  # fmt: skip
def test_a_program_ends_as_it_says(
    processes: Processes, tmp_path: Path, source: str, status: int, said: str
) -> None:
    (tmp_path / "program.py").write_text(source)
    process = start(processes, tmp_path, str(tmp_path / "program.py"))
    assert read(processes, process) == ("", said, status)


def test_an_error_that_nobody_catches_is_shown_with_its_line(processes: Processes, tmp_path: Path) -> None:
    (tmp_path / "program.py").write_text("\nraise ValueError('a wrong word')\n")
    _, error, status = read(processes, start(processes, tmp_path, str(tmp_path / "program.py")))
    assert status == 1
    assert f'File "{tmp_path / "program.py"}", line 2, in <module>' in error
    assert error.endswith("ValueError: a wrong word\n")


def test_an_interrupted_program_can_clean_up(processes: Processes, tmp_path: Path) -> None:
    (tmp_path / "program.py").write_text(
        "import os, time\n"
        "try:\n    os.write(1, b'on')\n    time.sleep(600)\n"
        "except KeyboardInterrupt:\n    os.write(1, b'cleaned')\n"
    )
    with interrupts(ignored=False):
        process = start(processes, tmp_path, str(tmp_path / "program.py"))
    pieces = processes.output(process)
    assert next(pieces) == ("stdout", b"on")
    process.send_signal(signal.SIGINT)
    assert list(pieces) == [("stdout", b"cleaned")]
    assert process.returncode == 0


def test_a_signal_to_a_program_that_has_ended_and_is_not_told_yet_goes_nowhere() -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    reaped = Forked(io.BytesIO(), io.BytesIO())
    reaped.pid = ended.pid
    reaped.send_signal(signal.SIGINT)
    reaped.terminate()


def test_what_one_program_does_to_its_process_no_other_sees(servers: ForkServers, tmp_path: Path) -> None:
    (tmp_path / "spoils.py").write_text("import os, pulumi\npulumi.spoilt = os.environ['SPOILT'] = 'yes'\n")
    (tmp_path / "asks.py").write_text(
        "import os, pulumi\nprint(hasattr(pulumi, 'spoilt'), 'SPOILT' in os.environ)"
    )
    processes = ForkedProcesses(servers)
    for name, said in (("spoils", ""), ("asks", "False False\n")):
        found = read(processes, start(processes, tmp_path, str(tmp_path / f"{name}.py")))
        assert found == (said, "", 0)


def test_several_programs_run_at_once(servers: ForkServers, tmp_path: Path) -> None:
    (tmp_path / "program.py").write_text("import sys\nprint(sys.argv[1] * 100_000)")
    processes = ForkedProcesses(servers)
    names = "abcdefgh"
    running = [start(processes, tmp_path, str(tmp_path / "program.py"), name) for name in names]
    assert [read(processes, one)[0] for one in running] == [f"{name * 100_000}\n" for name in names]


def test_nothing_that_was_forked_outlives_its_server(tmp_path: Path) -> None:
    servers = ForkServers()
    processes = ForkedProcesses(servers)
    (tmp_path / "program.py").write_text("import os, time\nos.write(1, b'on')\ntime.sleep(600)")
    process = start(processes, tmp_path, str(tmp_path / "program.py"))
    assert isinstance(process, Forked)
    assert next(processes.output(process)) == ("stdout", b"on")
    servers.close()
    assert process.wait() == -signal.SIGKILL
    with pytest.raises(ProcessLookupError):
        os.kill(process.pid, 0)


def test_a_server_that_has_ended_starts_nothing(tmp_path: Path) -> None:
    servers = ForkServers()
    (tmp_path / "program.py").write_text("")
    read(ForkedProcesses(servers), start(ForkedProcesses(servers), tmp_path, str(tmp_path / "program.py")))
    servers.close()
    with pytest.raises((RuntimeError, BrokenPipeError)):
        start(ForkedProcesses(servers), tmp_path, str(tmp_path / "program.py"))


def test_a_python_of_no_virtual_environment_is_started(servers: ForkServers, tmp_path: Path) -> None:
    (tmp_path / "program.py").write_text("import sys\nprint(sys.prefix)")
    python = str(Path(sys.executable).resolve())
    process = ForkedProcesses(servers).start(
        [python, "-u", str(tmp_path / "program.py")], str(tmp_path), os.environ, piped=True
    )
    assert not isinstance(process, Forked)
    assert read(Processes(), process)[0].strip() == sys.base_prefix
