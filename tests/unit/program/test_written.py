"""A value is what was written in the stack's file, or it is refused."""

from pathlib import Path
from typing import Any

import pytest

from settings import read_configuration
from tests.unit.program.mocked_engine import Configure
from tests.unit.program.stack_files import StackFile, problems

ANOTHER_TEXT = "what YAML may read as another text than was written"


def entry_in(text: str) -> str:
    return f"  keyless:settings:\n    A: {text}"


@pytest.mark.parametrize(
    ("written", "read", "expected"),
    [
        ("8080", 8080, "8080"),
        ("true", True, "true"),
        ("1.5", 1.5, "1.5"),
        ("-3", -3, "-3"),
        ('"0012345"', "0012345", "0012345"),
        ("'1.10'", "1.10", "1.10"),
        ("plain words", "plain words", "plain words"),
        ("yes", "yes", "yes"),
        ('""', "", ""),
    ],
)
def test_a_setting_is_what_was_written(stack_file: StackFile, written: str, read: Any, expected: str) -> None:
    stack_file(entry_in(written), {"keyless:settings": {"A": read}})
    assert read_configuration()[0].settings == {"A": expected}


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("0012345", 5349),
        ("1.0", 1),
        ("1.10", 1.1),
        ("1e3", 1000),
        ("0x1F", 31),
        ("1_000", 1000),
        ("True", True),
        ("12345678901234567890123", 1.2345678901234568e22),
        ("2024-01-01", "2024-01-01 00:00:00 +0000 UTC"),
        ("2024-01-01T10:00:00Z", "2024-01-01 10:00:00 +0000 UTC"),
        ("2024-01-01T10:00:00+02:00", "2024-01-01 10:00:00 +0200 +0200"),
        ("!!binary aGVsbG8=", "hello"),
    ],
)
@pytest.mark.parametrize("key", ["settings", "tags"])
def test_what_yaml_reads_as_something_else_is_refused(
    stack_file: StackFile, key: str, written: str, read: Any
) -> None:
    stack_file(f"  keyless:{key}:\n    A: {written}", {f"keyless:{key}": {"A": read}})
    command = f"pulumi config set --path {key}.A --type string <text> --stack dev"
    assert problems() == [(f"{key}.A", ANOTHER_TEXT, "a text in quotes", "write it in quotes", command)]


def test_a_file_that_the_engine_does_not_read_is_not_asked(stack_file: StackFile) -> None:
    stack_file(entry_in("there"), {"keyless:settings": {"A": "elsewhere"}, "keyless:workers": "0"})
    assert read_configuration()[0].settings == {"A": "elsewhere"}


def test_the_file_that_was_chosen_is_read(
    stack_file: StackFile, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    stack_file("", {"keyless:settings": {"A": 8}})
    chosen = tmp_path / "chosen.yaml"
    chosen.write_text("config:\n  keyless:settings: {A: 8}\n")
    monkeypatch.setenv("PULUMI_OPTION_CONFIG_FILE", str(chosen))
    assert read_configuration()[0].settings == {"A": "8"}


def test_a_number_that_no_file_shows_is_refused_too(configure: Configure) -> None:
    configure({"settings": {"A": 5349, "B": "0012345"}})
    assert [subject for subject, *_ in problems()] == ["settings.A"]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("0017", "15"),
        ("0o17", "15"),
        ("-0b11", "-3"),
        ("1e3", "1000"),
        ("+1_000", "1000"),
        ("1.10", "1.1"),
        ("True", "true"),
        ("2024-01-01", "2024-01-01 00:00:00 +0000 UTC"),
    ],
)
def test_a_text_of_its_own_is_what_was_written(stack_file: StackFile, written: str, read: str) -> None:
    stack_file(f"  keyless:startupCommand: {written}", {"keyless:startupCommand": read})
    command = "pulumi config set startupCommand --type string <text> --stack dev"
    assert problems() == [("startupCommand", ANOTHER_TEXT, "a text in quotes", "write it in quotes", command)]


@pytest.mark.parametrize("written", ["=", "2024-99-99", "!secret hunter2", "<<", "12:99:99"])
def test_what_only_the_engine_can_read_is_a_text_of_its_own(stack_file: StackFile, written: str) -> None:
    text = written.removeprefix("!secret ")
    stack_file(f"  keyless:settings: {{A: {written}, B: 8}}", {"keyless:settings": {"A": text, "B": 8}})
    assert read_configuration()[0].settings == {"A": text, "B": "8"}


@pytest.mark.parametrize("text", ["    A: hunter2\x07", "    A:\thunter2", "    A: \x80\xff hunter2"])
def test_of_a_file_that_only_the_engine_can_read_numbers_are_refused_and_nothing_is_repeated(
    stack_file: StackFile, tmp_path: Path, text: str
) -> None:
    stack_file("", {"keyless:settings": {"A": "hunter2", "B": 8}})
    (tmp_path / "Pulumi.dev.yaml").write_bytes(f"config:\n  keyless:settings:\n{text}\n".encode("latin-1"))
    assert [(subject, given) for subject, given, *_ in problems()] == [("settings.B", ANOTHER_TEXT)]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_file_of_another_editor_is_read(stack_file: StackFile, tmp_path: Path, encoding: str) -> None:
    stack_file("", {"keyless:settings": {"A": 8, "B": "größer"}})
    text = "config:\n  keyless:settings: {A: 8, B: größer}\n"
    (tmp_path / "Pulumi.dev.yaml").write_text(text, encoding=encoding)
    assert read_configuration()[0].settings == {"A": "8", "B": "größer"}


@pytest.mark.parametrize("written", ["010", "0o10", "0b1000", "8e0", "8.0"])
def test_a_whole_number_is_the_one_that_was_written(stack_file: StackFile, written: str) -> None:
    stack_file(f"  keyless:workers: {written}", {"keyless:workers": "8"})
    assert {(subject, expected) for subject, _, expected, *_ in problems()} == {("workers", "a whole number")}


def test_one_secret_entry_goes_and_its_neighbours_stay(stack_file: StackFile) -> None:
    stack_file(
        "  keyless:settings:\n    GREETING: hello\n    API_TOKEN:\n      secure: v1:abc",
        {"keyless:settings": {"GREETING": "hello", "API_TOKEN": "hunter2"}},
        secret=("keyless:settings", "settings"),
    )
    expected = "no secret: a value belongs into the vault, and secrets holds its name"
    command = "pulumi config rm --path settings.API_TOKEN --stack dev"
    assert problems() == [("settings.API_TOKEN", "[secret]", expected, "take it out", command)]


def test_a_secret_entry_whose_name_may_be_one_is_told_by_its_place(stack_file: StackFile) -> None:
    entries = "    A:\n      secure: v1:abc\n    Hunter2!:\n      secure: v1:abc"
    read = {"keyless:settings": {"A": "x", "Hunter2!": "x"}}
    stack_file(f"  keyless:settings:\n{entries}", read, secret=("settings",))
    assert [problem[0] for problem in problems()] == ["settings.A", "settings.<entry 2 by name>"]
    assert problems()[1][4] == "pulumi config rm --path 'settings.<entry 2 by name>' --stack dev"
