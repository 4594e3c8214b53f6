"""A wrong configuration is refused before anything is declared, all its problems at once."""

import random
from typing import Any

import pulumi
import pytest

from components import ConfigurationError, Problem
from components.errors import Step
from settings import read_configuration
from tests.unit.program.declared import GUID, TEAM_IDENTITY, TEAM_VAULT
from tests.unit.program.mocked_engine import Configure, MockedAzure
from tests.unit.program.pulumi_config import after
from tests.unit.program.refusal_rows import Refused
from tests.unit.program.refused_apps import OF_THE_IDENTITY, OF_THE_PLAN, OF_VARIABLES
from tests.unit.program.refused_settings import REFUSED
from tests.unit.program.refused_vaults import OF_THE_VAULT

ROWS = [*REFUSED, *OF_THE_PLAN, *OF_THE_IDENTITY, *OF_VARIABLES, *OF_THE_VAULT]
ONE_ROW_EACH = pytest.mark.parametrize("row", ROWS, ids=[row[0] for row in ROWS])


def refused(configure: Configure, values: dict[str, Any], **options: Any) -> ConfigurationError:
    configure(values, **options)
    with pytest.raises(ConfigurationError) as caught:
        read_configuration()
    return caught.value


@ONE_ROW_EACH
def test_what_is_refused_comes_with_what_is_expected_and_a_command_for_each_next_step(
    row: Refused, configure: Configure
) -> None:
    _, values, subject, given, expected, steps = row
    problem = Problem(subject, given, expected, tuple(Step(words, (), line) for words, line in steps))
    (told,) = refused(configure, values).problems
    assert (told.subject, told.given, told.expected, told.steps) == (subject, given, expected, problem.steps)


@ONE_ROW_EACH
def test_each_command_alone_makes_the_configuration_one_that_is_accepted(
    row: Refused, configure: Configure
) -> None:
    _, values, *_, steps = row
    assert steps
    for _, command in steps:
        configure(after(command, values))
        read_configuration()


ACCEPTED: list[tuple[str, dict[str, Any]]] = [
    ("no secrets and no identity", {"identity": "none"}),
    ("an existing identity", {"identity": "existing", "identityId": TEAM_IDENTITY, "secrets": {"A": "a"}}),
    ("an existing vault, its keys as the engine fills them in", TEAM_VAULT),
    (
        "an existing vault that others govern",
        {**TEAM_VAULT, "manageVaultAccess": False, "secrets": {"A": "a"}},
    ),
    ("an id in another case than Azure's", {**TEAM_VAULT, "vaultId": TEAM_VAULT["vaultId"].upper()}),
    ("one group that reads and writes", {"secretReaders": {"a": GUID}, "secretOfficers": {"a": GUID}}),
    ("the longest secret name", {"secrets": {"A": "a" * 127}}),
    ("the bounds of the retention", {"softDeleteRetentionDays": 7}),
    ("fifty tags", {"tags": {f"t{n}": "x" * 256 for n in range(50)}}),
]


@pytest.mark.parametrize("values", [row[1] for row in ACCEPTED], ids=[row[0] for row in ACCEPTED])
def test_what_azure_accepts_is_accepted(values: dict[str, Any], configure: Configure) -> None:
    configure(values)
    read_configuration()


@pytest.mark.parametrize("seed", range(8))
def test_one_command_after_the_other_leads_out_of_many_problems(seed: int, configure: Configure) -> None:
    drawn = random.Random(seed)
    values: dict[str, Any] = {}
    for _, given, *_ in drawn.sample(ROWS, 5):
        for key, value in given.items():
            both = isinstance(value, dict) and isinstance(values.get(key), dict)
            values[key] = {**values[key], **value} if both else value
    for _ in range(20):
        configure(values)
        try:
            read_configuration()
        except ConfigurationError as error:
            values = after(drawn.choice(error.problems[0].steps).command, values)
        else:
            return
    pytest.fail(f"there is no way out of {values}")


def test_all_problems_are_reported_at_once_and_nothing_is_declared(
    configure: Configure, azure: MockedAzure
) -> None:
    error = refused(
        configure,
        {
            "size": "XL",
            "secrets": {"A_B": "a_b"},
            "softDeleteRetentionDays": 3,
            "tenantId": GUID,
            "sise": "B1",
        },
    )
    subjects = [problem.subject for problem in error.problems]
    assert subjects == ["sise", "subscriptionId", "softDeleteRetentionDays", "size", "secrets.A_B"]
    assert azure.declared == []


def test_the_refusal_is_readable_in_a_terminal(configure: Configure) -> None:
    error = refused(configure, {"identity": "none", "secrets": {"A_B": "a_b"}}, stack="prod")
    assert str(error) == (
        "The configuration of stack prod has 2 problems:\n"
        "  1. secrets.A_B\n"
        "     given     a text of 3 characters; character 2, '_', is not allowed there\n"
        "     expected  a secret's name: 1 to 127 letters, digits and hyphens\n"
        "     next      write the name that the secret has in the vault, never its value\n"
        "               pulumi config set --path secrets.A_B <secret-name> --stack prod\n"
        "  2. identity and secrets\n"
        "     given     none, with secrets\n"
        "     expected  an identity that can be let in\n"
        "     next      set identity to user-assigned\n"
        "               pulumi config set identity user-assigned --stack prod\n"
        "     or        take secrets out\n"
        "               pulumi config rm secrets --stack prod"
    )


def test_the_engine_prints_a_refusal_without_a_traceback() -> None:
    assert issubclass(ConfigurationError, pulumi.RunError)


def test_a_secret_value_in_the_configuration_is_refused_without_showing_it(configure: Configure) -> None:
    error = refused(configure, {"settings": {"PASSWORD": "hunter2"}}, secret_keys=("settings",))
    assert [problem.subject for problem in error.problems] == ["settings"]
    assert "hunter2" not in str(error)


@pytest.mark.parametrize(
    "values",
    [
        {
            "settings": {
                "DB PASSWORD": "hunter2",
                "AZURE_CLIENT_SECRET": "hunter2",
                "azure_client_id": "hunter2",
            }
        },
        {"settings": {"A": ["hunter2"]}},
        {"settings": "hunter2"},
        {"secrets": "hunter2"},
    ],
    ids=["in refused settings", "in a list", "in place of settings", "in place of secrets"],
)
def test_no_refusal_repeats_what_may_be_a_secret(values: dict[str, Any], configure: Configure) -> None:
    assert "hunter2" not in str(refused(configure, values))


def test_a_key_that_cannot_be_read_is_not_blamed_for_its_default(configure: Configure) -> None:
    values = {"customDomain": "www.contoso.com", "customDomainTls": True}
    error = refused(configure, values, secret_keys=("customDomain",))
    assert [problem.subject for problem in error.problems] == ["customDomain"]


def test_a_problem_that_two_parts_find_is_one(configure: Configure) -> None:
    error = refused(configure, {"tags": {"team": "a"}, "tagsAddedElsewhere": {"team": "b"}})
    assert str(error).startswith("The configuration of stack dev has one problem:\n")


def test_every_command_names_the_stack_as_a_shell_takes_it(configure: Configure) -> None:
    error = refused(configure, {"size": "XL"}, stack="a stack's")
    assert [step.command for problem in error.problems for step in problem.steps] == [
        "pulumi config set size B1 --stack 'a stack'\"'\"'s'"
    ]
