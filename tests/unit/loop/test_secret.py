"""What an officer's search reads before it looks for it."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

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


def found(names: list[str], tmp_path: Path) -> tuple[list[str], str]:
    for name, value in VALUES.items():
        (tmp_path / name).write_text(value)
    vault: Any = Vault()
    told = search(vault, names, [tmp_path], timeout=0)
    return vault.read, told


def test_every_secret_that_is_enabled_is_searched_for(tmp_path: Path) -> None:
    read, told = found([EVERY], tmp_path)
    assert read == ["named-by-the-program", "generated"]
    assert told.splitlines() == [str(tmp_path / "generated"), str(tmp_path / "named-by-the-program")]


def test_or_those_that_are_named(tmp_path: Path) -> None:
    assert found(["generated"], tmp_path) == (["generated"], str(tmp_path / "generated"))
