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
        "pulumi/logs/organization+keyless+local-1.log",
        "pulumi/plugins/one",
        "state/.pulumi/stacks/keyless/local.json",
        "venv.lock",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x")
    (tmp_path / "passphrase").write_text("x")
    (tmp_path / "az").symlink_to(tmp_path / "engine", target_is_directory=True)
    said = io.StringIO()

    assert clean(tmp_path, Terminal(said)) == 0

    assert {path.name for path in tmp_path.iterdir()} == {"engine", "pulumi", "venv.lock", "lock"}
    assert (tmp_path / "engine" / "bin" / "pulumi").read_text() == "x"
    assert [path.name for path in (tmp_path / "pulumi").iterdir()] == ["plugins"]
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


def test_a_folder_of_somebody_elses_is_left_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stopped: list[Path] = []
    monkeypatch.setattr(module, "stop_azure", stopped.append)
    tmp_path.chmod(0o755)
    for name in ("thesis.txt", "azure/azure.db", "photos/one.jpg"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    with pytest.raises(RuntimeError, match=r"so nothing is deleted there: photos, thesis\.txt\. Expected"):
        clean(tmp_path, Terminal(io.StringIO()))
    assert {path.name for path in tmp_path.iterdir()} == {"thesis.txt", "azure", "photos"}
    assert (tmp_path / "azure" / "azure.db").read_text() == "x"
    assert (tmp_path.stat().st_mode & 0o777, stopped) == (0o755, [])


def test_whatever_lies_in_the_folder_of_the_checkout_goes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stopped: list[Path] = []
    monkeypatch.setattr(module, "stop_azure", stopped.append)
    monkeypatch.setattr(module, "WORK", tmp_path)
    (tmp_path / "of-an-earlier-version").mkdir()
    assert clean(tmp_path, Terminal(io.StringIO())) == 0
    assert {path.name for path in tmp_path.iterdir()} == {"lock"}


def test_clean_of_an_example_names_the_command_that_begins_it_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    stopped: list[Path] = []
    monkeypatch.setattr(module, "stop_azure", stopped.append)
    monkeypatch.setattr(commands, "EXAMPLES_WORK", tmp_path)
    (tmp_path / "shop" / "state").mkdir(parents=True)
    monkeypatch.setattr("sys.argv", ["loop", "clean", "--example", "shop"])
    assert commands.main() == 0
    assert "`make up EXAMPLE=shop` begins anew" in capsys.readouterr().out
    assert [path.name for path in (tmp_path / "shop").iterdir()] == ["lock"]
    assert stopped == [tmp_path / "shop" / "azure"]
