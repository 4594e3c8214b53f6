"""A run that cannot be killed in the middle is told, and never waited for."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from loop.stack import Stack
from tests.engine.interruptions import kill_when


@dataclass
class Script:
    """In the place of a stack: its engine is this text."""

    engine: Path
    program: Path


@dataclass
class Nothing:
    """In the place of a loop: Azure has nothing, whatever the engine does."""

    stack: Script

    def resources(self, _: str) -> Sequence[str]:
        return []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("echo 'error: the program is wrong'\nexit 255", "failed with 255: error: the program is wrong"),
        ("exit 0", "a whole run makes or deletes no Microsoft.Web/sites"),
    ],
    ids=["fails", "changes nothing"],
)
def test_a_run_that_is_never_in_the_middle_fails_the_test(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, said: str
) -> None:
    engine = tmp_path / "pulumi"
    engine.write_text(f"#!/bin/sh\n{text}\n")
    engine.chmod(0o755)
    undone = list[str]()

    def environment(_: Script) -> dict[str, str]:
        return dict(os.environ)

    def undo() -> None:
        undone.append("once more")
        assert len(undone) < 3, "it goes on for ever"

    monkeypatch.setattr(Stack, "environment", environment)
    loop: Any = Nothing(Script(tmp_path, tmp_path))
    with pytest.raises(AssertionError, match=said):
        kill_when(loop, "Microsoft.Web/sites", ["up"], undo)
    assert undone == []
