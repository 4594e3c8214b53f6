"""No key of a stack's configuration is passed over, and the app is found under what it was called before."""

import pytest

from settings import earlier_names, read_configuration
from tests.unit.program.stack_files import StackFile, problems


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
