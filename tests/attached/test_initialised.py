"""A stack that begins as a copy is one of its own."""

from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from loop.stack import EngineError, Stack
from tests.attached import PASSPHRASE, AttachedEngine, Initialised, attached_stack
from tests.attached.keeper import KEPT_HERE, SECRETS_PROVIDER


def test_only_the_first_of_a_name_is_made_and_what_is_there_stays(tmp_path: Path) -> None:
    made: list[Path] = []

    def make(folder: Path) -> None:
        made.append(folder)
        (folder / "state").mkdir(parents=True)
        (folder / "state" / "stack.json").write_text("new")
        (folder / "salt").write_text("new")

    initialised = Initialised(tmp_path / "kept")
    one, other = tmp_path / "one", tmp_path / "other"
    other.mkdir()
    (other / "salt").write_text("its own")
    for folder in (one, other, one):
        initialised.bring("stack", ("state", "salt"), folder, make)
        (folder / "state" / "stack.json").write_text(folder.name)

    assert len(made) == 1
    assert [(folder / "salt").read_text() for folder in (one, other)] == ["new", "its own"]
    assert [(folder / "state" / "stack.json").read_text() for folder in (one, other)] == ["one", "other"]


def test_what_was_begun_and_failed_is_made_anew(tmp_path: Path) -> None:
    def fails(folder: Path) -> None:
        folder.mkdir(parents=True)
        raise RuntimeError("no engine")

    def make(folder: Path) -> None:
        folder.mkdir(parents=True)
        (folder / "salt").write_text("new")

    initialised = Initialised(tmp_path / "kept")
    with pytest.raises(RuntimeError):
        initialised.bring("stack", ("salt",), tmp_path / "one", fails)
    initialised.bring("stack", ("salt",), tmp_path / "one", make)
    assert (tmp_path / "one" / "salt").read_text() == "new"


PROJECT = "name: keyless\nruntime: python\n"


@pytest.mark.parametrize("provider", [KEPT_HERE, PASSPHRASE])
def test_a_copied_stack_has_its_configuration_its_secrets_and_nothing_of_another(
    engine: AttachedEngine, tmp_path: Path, provider: str
) -> None:
    engine.secrets_provider = provider
    program = tmp_path / "program"
    program.mkdir()
    (program / "Pulumi.yaml").write_text(PROJECT)
    (program / "Pulumi.local.yaml").write_text("config:\n  keyless:size: B1\n")

    def prepared(name: str) -> Stack:
        stack = attached_stack(engine, tmp_path / name, {}, program=program)
        stack.prepare()
        return stack

    one, other = prepared("one"), prepared("other")
    one.run("config", "set", "--secret", "token", "planted-value")
    assert "planted-value" not in one.config_file.read_text()
    assert one.run("config", "get", "token").strip() == "planted-value"
    assert ("encryptionsalt" in one.config_file.read_text()) == (
        one.environment().get(SECRETS_PROVIDER, PASSPHRASE) == PASSPHRASE
    )
    assert other.run("config", "get", "size").strip() == "B1"
    assert "token" not in other.run("config")
    assert one.export()["deployment"].get("resources", []) == []


@pytest.mark.parametrize(
    ("provider", "refusal"), [(KEPT_HERE, "wrapped with another key"), (PASSPHRASE, "incorrect passphrase")]
)
def test_a_secret_is_opened_by_none_but_who_kept_it(
    engine: AttachedEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, provider: str, refusal: str
) -> None:
    engine.secrets_provider = provider
    (tmp_path / "Pulumi.yaml").write_text(PROJECT)
    (tmp_path / "Pulumi.local.yaml").write_text("{}")
    stack = attached_stack(engine, tmp_path / "work", {}, program=tmp_path)
    stack.prepare()
    stack.run("config", "set", "--secret", "token", "planted-value")
    assert stack.run("config", "get", "token").strip() == "planted-value"

    if stack.environment().get(SECRETS_PROVIDER, PASSPHRASE) == PASSPHRASE:
        refusal = "incorrect passphrase"
        (stack.work / "passphrase").write_text("another")
    else:
        monkeypatch.setattr("tests.attached.keeper.WRAPPING", Fernet(Fernet.generate_key()))
    with pytest.raises(EngineError, match=refusal):
        stack.run("config", "get", "token")
