"""`python -m loop`: what a person sees when a command cannot do its work."""

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from loop import __main__ as commands


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
