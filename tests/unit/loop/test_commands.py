"""`python -m loop`: what a person sees when a command cannot do its work."""

from collections.abc import Generator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from loop import __main__ as commands
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
def test_every_preview_is_judged_by_the_policy_pack(
    stack: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def preview(*options: str, **_: Any) -> None:
        asked.extend(options)

    def engine(_: Any) -> SimpleNamespace:
        return SimpleNamespace(folder=tmp_path)

    @contextmanager
    def opened(*_: Any) -> Generator[SimpleNamespace]:
        yield SimpleNamespace(stack=SimpleNamespace(preview=preview))

    def run(command: list[str], **_: Any) -> SimpleNamespace:
        asked.extend(command)
        return SimpleNamespace(returncode=0)

    monkeypatch.setattr(commands, "session", opened)
    monkeypatch.setattr(commands, "ensure_engine", engine)
    monkeypatch.setattr(commands.subprocess, "run", run)
    monkeypatch.setattr("sys.argv", ["loop", "preview", "--stack", stack, "--work", str(tmp_path)])
    assert commands.main() == 0
    given = dict(pairwise(asked))
    assert given["--policy-pack"] == str(ROOT / "policy")
    assert given["--policy-pack-config"] == str(ROOT / "policy-config.json")
