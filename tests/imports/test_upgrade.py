"""A stack that an earlier release made is taken over by this one without a change."""

import json
from pathlib import Path

import pytest

from components.version import VERSION
from tests.imports.consumer import Consumer
from tests.imports.released import PROGRAMS, STATES

RELEASED = sorted(STATES.glob("*/*.json"))


def named(state: Path) -> str:
    return f"{state.parent.name}-{state.stem}"


def test_every_program_has_a_state_of_this_version() -> None:
    for program in PROGRAMS:
        assert STATES / VERSION / f"{program.stem}.json" in RELEASED, (
            "add the states of this version: .venv/bin/python -m tests.imports.released (CONTRIBUTING.md)"
        )


@pytest.mark.parametrize("state", RELEASED, ids=named)
def test_no_state_holds_a_secret_or_anything_of_the_machine_that_made_it(state: Path) -> None:
    text = state.read_text(encoding="utf-8")
    for part in ("ciphertext", "4dabf18193072939515e22adb298388d", "salt", "sourcePosition", "stackTrace"):
        assert part not in text
    assert not [line for line in text.splitlines() if '"/' in line and '"/subscriptions/' not in line]


@pytest.mark.parametrize("state", RELEASED, ids=named)
def test_a_stack_of_a_release_previews_without_any_change(
    state: Path, consumer: Consumer, installed: Path
) -> None:
    (program,) = (p for p in PROGRAMS if p.stem == state.stem)
    consumer.prepare(program.read_text(encoding="utf-8"), virtualenv=installed.parent.parent)
    consumer("config", "rm", "azure-native:location")
    consumer("stack", "import", "--file", str(state))

    resources = json.loads(state.read_text(encoding="utf-8"))["deployment"]["resources"]
    made = [r for r in resources if not r["type"].startswith("pulumi:providers:")]
    assert consumer.changed() == {}
    assert consumer.changes() == {"same": len(made)}
