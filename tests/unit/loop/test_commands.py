"""`python -m loop`: what a person sees when a command cannot do its work."""

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from access_report.judgement import Condition
from loop import __main__ as commands
from loop.example import EXAMPLES_WORK
from loop.preview import Target, Wanted
from loop.stack import Stack
from toolchain.paths import ROOT


@pytest.mark.parametrize("command", ["up", "down", "preview", "ready", "env"])
def test_a_local_azure_that_does_not_start_is_said_in_one_line_without_a_traceback(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    @contextmanager
    def not_there(*_: Any) -> Generator[None]:
        raise RuntimeError("the local Azure did not answer `serve`: no free port")
        yield

    monkeypatch.setattr(commands, "session", not_there)
    monkeypatch.setattr("sys.argv", ["loop", command, "--work", str(tmp_path)])
    assert commands.main() == 1
    printed = "".join(capsys.readouterr())
    assert "the local Azure did not answer `serve`: no free port" in printed
    assert "Traceback" not in printed


@pytest.mark.parametrize("stack", ["local", "dev"])
def test_a_local_and_a_real_stack_are_previewed_by_the_same_function(
    stack: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[Any, ...]] = []

    def preview(target: Target, out: Path, _: Any, wanted: Wanted) -> int:
        asked.append((target.stack, target.program, out, wanted))
        return 3

    def engine(_: Any) -> SimpleNamespace:
        return SimpleNamespace(folder=tmp_path)

    @contextmanager
    def opened(*_: Any) -> Generator[SimpleNamespace]:
        yield SimpleNamespace(stack=Stack(tmp_path, tmp_path, {}))

    monkeypatch.setattr(commands, "session", opened)
    monkeypatch.setattr(commands, "ensure_engine", engine)
    monkeypatch.setattr(commands, "preview", preview)
    options = ["--stack", stack, "--work", str(tmp_path), "--refresh", "--expect-no-changes"]
    monkeypatch.setattr("sys.argv", ["loop", "preview", *options, "--fail-on", "public-exposure"])
    assert commands.main() == 3
    wanted = Wanted([Condition.PUBLIC_EXPOSURE], expect_no_changes=True, refresh=True)
    assert asked == [(stack, ROOT, tmp_path / "preview", wanted)]


def test_what_is_written_of_a_real_stack_is_its_users_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def preview(_: Target, out: Path, *_more: Any) -> int:
        out.mkdir()
        (out / "preview.json").write_text("{}")
        return 0

    monkeypatch.setattr(commands, "ensure_engine", lambda _step: SimpleNamespace(folder=tmp_path))  # pyright: ignore[reportUnknownLambdaType, reportUnknownArgumentType]
    monkeypatch.setattr(commands, "preview", preview)
    work = tmp_path / "work"
    work.mkdir()
    work.chmod(0o755)
    monkeypatch.setattr("sys.argv", ["loop", "preview", "--stack", "dev", "--work", str(work)])
    assert commands.main() == 0
    written = [work, work / "preview", work / "preview" / "preview.json"]
    assert [oct(path.stat().st_mode & 0o777) for path in written] == ["0o700", "0o700", "0o600"]


@pytest.mark.parametrize("command", ["up", "down", "preview", "env", "clean"])
@pytest.mark.parametrize("name", ["links", "../.keyless", "/"])
def test_a_name_that_is_no_example_that_runs_is_refused_and_nothing_is_touched(
    command: str, name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def never(*_: object) -> None:
        raise AssertionError("it went on")

    for step in ("session", "clean"):
        monkeypatch.setattr(commands, step, never)
    monkeypatch.setattr("sys.argv", ["loop", command, "--example", name])
    assert commands.main() == 1
    said = "".join(capsys.readouterr())
    assert said == f"✗ no example that runs is called {name}; there is shop\n"
    assert not (EXAMPLES_WORK / "links").exists()


@pytest.mark.parametrize("command", ["ready", "review"])
def test_a_command_that_is_not_for_examples_says_which_are(
    command: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["loop", command, "--example", "shop"])
    assert commands.main() == 1
    assert capsys.readouterr().out == (
        f"✗ `{command}` is for the checkout's own program; expected one of up, down, preview, env, clean "
        f"with an example, or `make {command}`\n"
    )


def test_a_real_stack_of_an_example_is_that_examples_program_with_the_checkouts_components(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[Target, Path, Wanted]] = []

    def preview(target: Target, out: Path, _: Any, wanted: Wanted) -> int:
        asked.append((target, out, wanted))
        return 0

    monkeypatch.setattr(commands, "ensure_engine", lambda _step: SimpleNamespace(folder=tmp_path))  # pyright: ignore[reportUnknownLambdaType, reportUnknownArgumentType]
    monkeypatch.setattr(commands, "preview", preview)
    options = ["--example", "shop", "--stack", "dev", "--work", str(tmp_path)]
    monkeypatch.setattr("sys.argv", ["loop", "preview", *options])
    assert commands.main() == 0
    ((target, out, wanted),) = asked
    assert (target.stack, target.program, out) == ("dev", ROOT / "examples" / "shop", tmp_path / "preview")
    assert target.environment["PYTHONPATH"] == str(ROOT)
    assert wanted.judge is None  # the checkout's configuration waives what its own program does


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ([], "the next `make up` or `make down` takes it up"),
        (
            ["--example", "shop"],
            "the next `make up EXAMPLE=shop` or `make down EXAMPLE=shop` takes it up",
        ),
    ],
)
def test_an_interrupted_run_names_the_commands_that_take_up_the_same_stack(
    options: list[str],
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(commands, "session", interrupted)
    monkeypatch.setattr("sys.argv", ["loop", "up", "--work", str(tmp_path), *options])
    assert commands.main() == 130
    assert said in capsys.readouterr().out
