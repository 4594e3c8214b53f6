"""A value is what was written in the stack's file, or it is refused; no key is passed over."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pulumi
import pytest

from components import ConfigurationError
from settings import earlier_names, read_configuration
from tests.unit.program.mocked_engine import Configure, MockedAzure

StackFile = Callable[..., None]
ANOTHER_TEXT = "what YAML may read as another text than was written"


@pytest.fixture
def stack_file(monkeypatch: pytest.MonkeyPatch, configure: Configure, tmp_path: Path) -> StackFile:
    """Writes the file of stack dev, and hands over `read`, what the engine reads it as."""

    def write(
        text: str, read: Mapping[str, Any], project: str = "keyless", secret: tuple[str, ...] = ()
    ) -> None:
        configure({}, secret_keys=secret)
        (tmp_path / "Pulumi.dev.yaml").write_text(f"config:\n{text}\n")
        given = {key: value if isinstance(value, str) else json.dumps(value) for key, value in read.items()}
        monkeypatch.setenv("PULUMI_CONFIG", json.dumps(given))
        monkeypatch.delenv("PULUMI_OPTION_CONFIG_FILE", raising=False)
        monkeypatch.setattr(pulumi, "get_root_directory", lambda: str(tmp_path))
        pulumi.runtime.set_mocks(MockedAzure(), project=project, stack="dev")

    return write


def problems() -> list[tuple[str, str, str, str, str]]:
    with pytest.raises(ConfigurationError) as refused:
        read_configuration()
    return [
        (one.subject, one.given, one.expected, step.words, step.command)
        for one in refused.value.problems
        for step in one.steps
    ]


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


@pytest.mark.parametrize("key", ["subscriptionId", "tenantId", "location"])
def test_a_key_of_the_provider_is_moved_to_the_stacks_own(stack_file: StackFile, key: str) -> None:
    stack_file("", {f"azure-native:{key}": "there"})
    command = (
        f'pulumi config set {key} --stack dev -- "$(pulumi config get azure-native:{key} --stack dev)"'
        f" && pulumi config rm azure-native:{key} --stack dev"
    )
    told = (f"azure-native:{key}", "a key that nothing reads", f"the key {key}", f"write {key}", command)
    assert problems() == [told]


def test_a_login_is_not_read_from_the_configuration(stack_file: StackFile) -> None:
    stack_file("", {"azure-native:clientSecret": "hunter2"})
    ((subject, _, expected, words, command),) = problems()
    assert (subject, words) == ("azure-native:clientSecret", "take it out")
    assert expected == "a login in the shell: az login, or variables such as ARM_USE_OIDC"
    assert command == "pulumi config rm azure-native:clientSecret --stack dev"


@pytest.mark.parametrize("namespace", ["keyless", "another"])
def test_keys_of_a_project_that_got_another_name_are_not_forgotten(
    stack_file: StackFile, namespace: str
) -> None:
    keys = {f"{namespace}:purgeProtection": "false", f"{namespace}:size": "S1"}
    stack_file("", keys, project="shop")
    ((subject, given, expected, words, command),) = problems()
    assert subject == f"{namespace}:purgeProtection, {namespace}:size"
    assert (given, command) == ("keys that nothing reads", "")
    assert expected == "the name of this project before the colon: shop"
    assert words == f"write shop: in the place of {namespace}: in Pulumi.dev.yaml"


def test_a_misspelt_name_of_the_project_is_refused(stack_file: StackFile) -> None:
    stack_file("", {"keylss:colour": "red"})
    assert [(subject, words) for subject, _, _, words, _ in problems()] == [
        ("keylss:colour", "write keyless: in the place of keylss: in Pulumi.dev.yaml")
    ]


def test_a_key_that_no_program_reads_is_taken_out_of_the_file(stack_file: StackFile) -> None:
    stack_file("  aws:region: eu-central-1", {"aws:region": "eu-central-1"})
    command = "pulumi config rm aws:region --stack dev"
    expected = "keys of this project, keyless"
    assert problems() == [("aws:region", "a key that nothing reads", expected, "take it out", command)]


def test_what_an_environment_hands_to_many_projects_and_the_engines_keys_are_left_alone(
    stack_file: StackFile,
) -> None:
    stack_file("", {"aws:region": "eu-central-1", "pulumi:disable-default-providers": ["aws"]})
    assert read_configuration()[0].size == "B1"


@pytest.mark.parametrize(
    ("name", "project", "earlier"),
    [
        ("keyless", "keyless", []),
        ("keyless", "shop", ["shop"]),
        ("shop", "shop", ["keyless"]),
        ("till", "shop", ["keyless", "shop"]),
    ],
)
def test_the_app_is_found_under_what_it_was_called_before(
    stack_file: StackFile, name: str, project: str, earlier: list[str]
) -> None:
    stack_file("", {f"{project}:name": name}, project=project)
    assert [alias.name for alias in earlier_names(read_configuration()[0])] == earlier


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("1shop", "a text of 5 characters; character 1, '1', is not allowed there"),
        ("my shop", "a text of 7 characters; character 3, ' ', is not allowed there"),
        ("-", "a text of one character; character 1, '-', is not allowed there"),
        ("a" * 41, "a text of 41 characters"),
    ],
)
def test_a_name_that_azure_cannot_carry_is_refused(stack_file: StackFile, given: str, said: str) -> None:
    stack_file("", {"keyless:name": given})
    ((subject, told, expected, words, command),) = problems()
    assert (subject, told) == ("name", said)
    assert expected == "1 to 40 letters, digits and hyphens, a letter first"
    assert words == "write keyless, or a name of your own"
    assert command == "pulumi config set name keyless --stack dev"


@pytest.mark.parametrize(
    "key",
    [
        "azure-native:Hunter2!",
        "Hunter2!:location",
        "keyless2:Hunter2!",
        "another:Hunter2!",
        "keyless:Hunter2!",
    ],
)
def test_a_key_whose_name_may_be_a_secret_is_told_by_its_place(stack_file: StackFile, key: str) -> None:
    stack_file(f"  '{key}': x", {key: "x"})
    said = " ".join(part for problem in problems() for part in problem)
    assert "Hunter" not in said
    assert "<entry 1 by name>" in said


def test_a_secret_entry_whose_name_may_be_one_is_told_by_its_place(stack_file: StackFile) -> None:
    entries = "    A:\n      secure: v1:abc\n    Hunter2!:\n      secure: v1:abc"
    read = {"keyless:settings": {"A": "x", "Hunter2!": "x"}}
    stack_file(f"  keyless:settings:\n{entries}", read, secret=("settings",))
    assert [problem[0] for problem in problems()] == ["settings.A", "settings.<entry 2 by name>"]
    assert problems()[1][4] == "pulumi config rm --path 'settings.<entry 2 by name>' --stack dev"
