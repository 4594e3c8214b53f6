"""What `make env` prints leads a shell to the local stack, and selects it."""

import io
import subprocess
from pathlib import Path

import pytest

from loop.__main__ import COMMANDS
from loop.session import Session
from loop.stack import Stack
from loop.terminal import Terminal


def test_the_lines_of_make_env_select_the_stack(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    led = {"HTTPS_PROXY": "http://127.0.0.1:1", "AZURE_CLIENT_SECRET": "it's a secret"}
    stack = Stack(tmp_path / "engine", tmp_path, led)
    opened = Session(tmp_path, tmp_path / "azure", led, stack, Terminal(io.StringIO()))
    assert COMMANDS["env"](opened) == 0
    lines = capsys.readouterr().out
    asked = "PULUMI_STACK PULUMI_BACKEND_URL HTTPS_PROXY AZURE_CLIENT_SECRET"
    said = subprocess.run(
        ["sh", "-c", f'{lines}\nfor name in {asked}; do eval "echo \\"\\$$name\\""; done'],
        check=True, stdout=subprocess.PIPE, text=True, env={"PATH": "/usr/bin:/bin"},
    )  # fmt: skip
    assert said.stdout.splitlines() == [
        "local", stack.state.as_uri(), "http://127.0.0.1:1", "it's a secret",
    ]  # fmt: skip
