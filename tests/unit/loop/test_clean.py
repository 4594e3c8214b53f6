"""`make clean`: the way out when the state of the local stack is lost."""

import io
from pathlib import Path

import pytest

from local_azure.server import LocalAzure
from loop import __main__ as commands
from loop import clean as module
from loop.clean import clean
from loop.terminal import Terminal


def test_the_stack_and_the_local_azure_are_gone_and_what_took_long_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stopped: list[Path] = []
    monkeypatch.setattr(module, "stop_azure", stopped.append)
    with LocalAzure(tmp_path / "azure"):
        pass
    for name in (
        "engine/bin/pulumi",
        "pulumi/plugins/one",
        "state/.pulumi/stacks/keyless/local.json",
        "venv.lock",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x")
    (tmp_path / "passphrase").write_text("x")
    (tmp_path / "link").symlink_to(tmp_path / "engine", target_is_directory=True)
    said = io.StringIO()

    assert clean(tmp_path, Terminal(said)) == 0

    assert {path.name for path in tmp_path.iterdir()} == {"engine", "pulumi", "venv.lock", "lock"}
    assert (tmp_path / "engine" / "bin" / "pulumi").read_text() == "x"
    assert stopped == [tmp_path / "azure"]
    assert "`make up` begins anew" in said.getvalue()


def test_nothing_is_deleted_below_a_local_azure_that_does_not_stop(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: Path) -> None:
        raise RuntimeError("process 1 does not stop")

    monkeypatch.setattr(module, "stop_azure", refuse)
    (tmp_path / "state").mkdir()
    with pytest.raises(RuntimeError, match="does not stop"):
        clean(tmp_path, Terminal(io.StringIO()))
    assert (tmp_path / "state").exists()


def test_the_command_needs_no_engine_and_no_local_azure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_: object) -> None:
        raise AssertionError("a session was opened")

    monkeypatch.setattr(commands, "session", never)
    monkeypatch.setattr("sys.argv", ["loop", "clean", "--work", str(tmp_path / "new")])
    assert commands.main() == 0
    assert {path.name for path in (tmp_path / "new").iterdir()} == {"lock"}
