"""A wrong configuration is refused before anything is declared, all its problems at once."""

import json
from dataclasses import replace
from typing import Any

import pulumi
import pytest

from settings import ConfigurationRefused, Problem, read_settings
from tests.unit.program.declared import GUID, TEAM_IDENTITY, TEAM_VAULT
from tests.unit.program.mocked_engine import Configure, MockedAzure
from tests.unit.program.refused_settings import REFUSED, WITH_VAULT


def on_stack(problem: Problem, stack: str) -> Problem:
    """The same problem, each command naming the stack: without it the selected one would be changed."""
    mend = tuple(" && ".join(f"{c} --stack {stack}" for c in way.split(" && ")) for way in problem.mend)
    return replace(problem, mend=mend)


def refused(configure: Configure, values: dict[str, Any], **options: Any) -> ConfigurationRefused:
    configure(values, **options)
    with pytest.raises(ConfigurationRefused) as caught:
        read_settings()
    return caught.value


@pytest.mark.parametrize(("values", "problem"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_what_is_refused_comes_with_what_is_expected_and_the_command_that_mends_it(
    values: dict[str, Any], problem: Problem, configure: Configure
) -> None:
    assert refused(configure, values).problems == [on_stack(problem, "dev")]


ACCEPTED: list[tuple[str, dict[str, Any]]] = [
    ("no secrets and no identity", {"identity": "none"}),
    ("an existing identity", {"identity": "existing", "identityId": TEAM_IDENTITY, "secrets": {"A": "a"}}),
    ("an existing vault", WITH_VAULT),
    (
        "an existing vault that others govern",
        {**WITH_VAULT, "manageVaultAccess": False, "secrets": {"A": "a"}},
    ),
    ("an id in another case than Azure's", {**WITH_VAULT, "vaultId": TEAM_VAULT["vaultId"].upper()}),
    ("one group that reads and writes", {"secretReaders": {"a": GUID}, "secretOfficers": {"a": GUID}}),
    ("the longest secret name", {"secrets": {"A": "a" * 127}}),
    ("the bounds of the retention", {"softDeleteRetentionDays": 7}),
    ("fifty tags", {"tags": {f"t{n}": "x" * 256 for n in range(50)}}),
]


@pytest.mark.parametrize("values", [row[1] for row in ACCEPTED], ids=[row[0] for row in ACCEPTED])
def test_what_azure_accepts_is_accepted(values: dict[str, Any], configure: Configure) -> None:
    configure(values)
    assert read_settings()


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
    keys = [problem.key for problem in error.problems]
    assert keys == ["sise", "size", "secrets.A_B", "softDeleteRetentionDays", "subscriptionId"]
    assert azure.declared == []


def test_the_refusal_is_readable_in_a_terminal(configure: Configure) -> None:
    error = refused(configure, {"identity": "none", "secrets": {"A_B": "a_b"}}, stack="prod")
    assert str(error) == (
        "The configuration of stack prod has 2 problems; nothing was declared.\n"
        "\n"
        "  1. identity\n"
        "     given     none\n"
        "     expected  an identity, because secrets is not empty: an app without one cannot read a vault\n"
        "     mend      pulumi config set identity user-assigned --stack prod\n"
        "     or        pulumi config rm secrets --stack prod\n"
        "\n"
        "  2. secrets.A_B\n"
        "     given     a_b\n"
        "     expected  the name of a secret: 1 to 127 letters, digits and hyphens\n"
        "     mend      pulumi config set --path secrets.A_B a-b --stack prod"
    )


def test_the_engine_prints_a_refusal_without_a_traceback() -> None:
    assert issubclass(ConfigurationRefused, pulumi.RunError)


def test_a_secret_value_in_the_configuration_is_refused_without_showing_it(configure: Configure) -> None:
    error = refused(configure, {"settings": {"PASSWORD": "hunter2"}}, secret_keys=("settings",))
    assert [problem.key for problem in error.problems] == ["settings"]
    assert "hunter2" not in str(error)


def test_numbers_and_switches_that_the_command_line_stored_as_such_are_texts_to_the_app(
    configure: Configure,
) -> None:
    configure({"settings": {"PORT": 8080, "VERBOSE": True, "EMPTY": ""}})
    assert read_settings().settings == {"PORT": "8080", "VERBOSE": "true", "EMPTY": ""}


def test_keys_of_other_projects_and_providers_are_left_alone(
    configure: Configure, monkeypatch: pytest.MonkeyPatch
) -> None:
    configure({})
    monkeypatch.setenv("PULUMI_CONFIG", json.dumps({"azure-native:location": "x", "keylessness:size": "XL"}))
    assert read_settings().size == "B1"
