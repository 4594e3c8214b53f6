"""What an officer's search reads before it looks for it."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from loop.proofs import of_search
from loop.secret import EVERY, search

VALUES = {
    "named-by-the-program": "a-value-0123456789",
    "generated": "drawn-0123456789",
    "off": "unused-0123456789",
}


class Vault:
    """A client that knows three secrets, one of which is disabled and cannot be read."""

    def __init__(self) -> None:
        self.read: list[str] = []

    def list_properties_of_secrets(self) -> list[Any]:
        return [SimpleNamespace(name=name, enabled=name != "off") for name in VALUES]

    def get_secret(self, name: str) -> Any:
        assert name != "off"
        self.read.append(name)
        return SimpleNamespace(value=VALUES[name])


def found(names: list[str], tmp_path: Path) -> tuple[list[str], dict[str, list[str]]]:
    for name, value in VALUES.items():
        (tmp_path / name).write_text(value)
    vault: Any = Vault()
    told = search(vault, names, [tmp_path], timeout=0)
    return vault.read, told


def test_every_secret_that_is_enabled_is_searched_for(tmp_path: Path) -> None:
    read, told = found([EVERY], tmp_path)
    assert read == ["named-by-the-program", "generated"]
    assert told == {
        "files": [str(tmp_path / "generated"), str(tmp_path / "named-by-the-program")],
        "too_short": [],
    }


def test_or_those_that_are_named(tmp_path: Path) -> None:
    told = {"files": [str(tmp_path / "generated")], "too_short": []}
    assert found(["generated"], tmp_path) == (["generated"], told)


def test_a_value_that_is_too_short_to_be_searched_for_is_named_and_its_proof_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(VALUES, "generated", "hunter2")
    monkeypatch.setitem(VALUES, "named-by-the-program", "hunter22")
    _, told = found([EVERY], tmp_path)
    assert told == {"files": [str(tmp_path / "named-by-the-program")], "too_short": ["generated"]}
    assert of_search(files=["/a", "/b"], too_short=["generated"]) == (
        False,
        "a secret value lies in clear in /a, /b",
    )
    clear = "no secret value lies in clear in source, configuration, state, logs, store or page"
    assert of_search(files=[], too_short=[]) == (True, clear)
    assert of_search(files=[], too_short=["pin", "tan"]) == (
        True,
        f"{clear}; not searched for, being shorter than 8 bytes: pin, tan",
    )
