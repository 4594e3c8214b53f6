"""The link from `secrets` to settings, and the settings of one's own (F7 F8 S5 A14)."""

from typing import Any

import pytest

from components import ConfigurationError
from tests.unit.components.answering_azure import CLIENT, ENDPOINT, VAULT
from tests.unit.components.recorded_azure import UNKNOWN, Later
from tests.unit.components.web_apps import REFERENCE, WITH_SECRET, refusal, settings_of, web_app

SECRET_TEXT = "s3cr3t-value"


def test_every_secret_becomes_a_reference_and_code_is_told_the_vault() -> None:
    secrets = {"DB_PASSWORD": "db-password", "API_KEY": "api-key"}
    settings = settings_of(web_app(**{**WITH_SECRET, "secrets": secrets}, settings={"GREETING": "hello"}))
    assert settings == {
        "API_KEY": f"@Microsoft.KeyVault(SecretUri={ENDPOINT}secrets/api-key)",
        "AZURE_CLIENT_ID": CLIENT,
        "AZURE_KEY_VAULT_ENDPOINT": ENDPOINT,
        "DB_PASSWORD": REFERENCE,
        "GREETING": "hello",
    }


def test_many_secrets_need_one_grant() -> None:
    secrets = {"A": "a", "B": "b", "C": "a"}
    assert len(web_app(**{**WITH_SECRET, "secrets": secrets}).all("RoleAssignment")) == 1


def test_an_endpoint_without_a_slash_gives_the_same_settings() -> None:
    without = {**WITH_SECRET, "vault_endpoint": ENDPOINT.rstrip("/")}
    assert settings_of(web_app(**without)) == settings_of(web_app(**WITH_SECRET))


def test_values_of_settings_may_be_outputs() -> None:
    settings = {"GREETING": Later("hello"), "OTHER": "text"}
    assert settings_of(web_app(identity="none", settings=settings)) == {"GREETING": "hello", "OTHER": "text"}


def test_all_settings_may_be_one_output_as_they_come_from_another_language() -> None:
    settings = Later({"GREETING": "hello"})
    assert settings_of(web_app(**WITH_SECRET, settings=settings)) == {
        "AZURE_CLIENT_ID": CLIENT,
        "AZURE_KEY_VAULT_ENDPOINT": ENDPOINT,
        "DB_PASSWORD": REFERENCE,
        "GREETING": "hello",
    }


def test_one_unknown_setting_hides_no_other_in_a_preview() -> None:
    deployment = web_app("first preview", **WITH_SECRET, settings={"GREETING": "hello"})
    assert settings_of(deployment) == {
        "AZURE_CLIENT_ID": UNKNOWN,
        "AZURE_KEY_VAULT_ENDPOINT": ENDPOINT,
        "DB_PASSWORD": REFERENCE,
        "GREETING": "hello",
    }


def test_secrets_without_a_vault_are_refused() -> None:
    text = refusal(secrets={"DB_PASSWORD": "db-password"})
    assert "secrets\n     given     secrets without a vault\n" in text
    assert "next      give vault_id and vault_endpoint, as a KeyVault outputs them" in text


@pytest.mark.parametrize(
    ("given", "missing"), [("vault_id", "vault_endpoint"), ("vault_endpoint", "vault_id")]
)
def test_a_vaults_id_and_endpoint_are_given_together(given: str, missing: str) -> None:
    text = refusal(**{given: WITH_SECRET[given]})
    assert (
        f"vault_id and vault_endpoint\n     given     {given} alone\n     expected  both or neither\n" in text
    )
    assert f"next      give {missing} too\n     or        take {given} out" in text


@pytest.mark.parametrize(
    ("endpoint", "given"),
    [
        (
            "http://kv-team.vault.azure.net/",
            "a text of 31 characters; character 5, ':', is not allowed there",
        ),
        ("kv-team", "a text of 7 characters; character 1, 'k', is not allowed there"),
        (f"{ENDPOINT}secrets/x", "a text of 41 characters; character 33, 's', is not allowed there"),
    ],
)
@pytest.mark.parametrize("later", [False, True])
def test_an_address_that_is_no_vaults_is_refused(endpoint: str, given: str, later: bool) -> None:
    text = refusal(**{**WITH_SECRET, "vault_endpoint": Later(endpoint) if later else endpoint})
    expected = "https://<vault>.vault.azure.net/"
    assert f"vault_endpoint\n     given     {given}\n     expected  {expected}" in text


def test_a_vault_id_of_something_else_is_refused() -> None:
    given = "a text of 7 characters; character 1, 'k', is not allowed there"
    assert f"vault_id\n     given     {given}\n" in refusal(**{**WITH_SECRET, "vault_id": "kv-team"})


def test_a_secret_name_with_an_underscore_is_refused_with_the_place_of_it() -> None:
    text = refusal(**{**WITH_SECRET, "secrets": {"DB_PASSWORD": "db_password"}})
    given = "a text of 11 characters; character 3, '_', is not allowed there"
    assert f"secrets[DB_PASSWORD]\n     given     {given}\n" in text
    assert "expected  a secret's name: 1 to 127 letters, digits and hyphens" in text
    assert "next      write the name that the secret has in the vault, never its value" in text


@pytest.mark.parametrize("variable", ["DB-PASSWORD", "1ST", "A B", ""])
def test_a_variable_that_no_shell_can_hold_is_refused(variable: str) -> None:
    text = refusal(**{**WITH_SECRET, "secrets": {variable: "db-password"}})
    assert (
        "expected  an environment variable: letters, digits and underscores, not starting with a digit"
        in text
    )


@pytest.mark.parametrize("variable", ["AZURE_CLIENT_ID", "AZURE_KEY_VAULT_ENDPOINT", "azure_client_id"])
def test_a_secret_in_a_derived_variable_is_refused(variable: str) -> None:
    text = refusal(**{**WITH_SECRET, "secrets": {variable: "db-password"}})
    source = "secrets" if "VAULT" in variable else "identity"
    assert f"secrets[{variable}] and {source}\n     given     {variable}" in text
    assert f"next      take secrets[{variable}] out, or rename it, here and in the app: {source} sets" in text


def test_variables_that_differ_in_case_only_are_refused() -> None:
    text = refusal(**{**WITH_SECRET, "secrets": {"KEY": "a", "key": "b"}})
    assert (
        "secrets[key] and secrets[KEY]\n     given     key and KEY, which are one variable on Linux" in text
    )
    assert "next      keep one of the two: take secrets[key] out, or rename it, here and in the app" in text


def test_the_map_of_secrets_is_plain() -> None:
    text = refusal(**{**WITH_SECRET, "secrets": Later({"A": "a"})})
    assert "1. secrets\n     given     an Output\n" in text
    assert "known before anything is created" in text


def test_the_name_of_a_secret_is_plain() -> None:
    text = refusal(**{**WITH_SECRET, "secrets": {"A": Later("a")}})
    assert "secrets[A]\n     given     an Output\n     expected  a plain secret name" in text


@pytest.mark.parametrize("secrets", ["DB_PASSWORD", ["DB_PASSWORD"]])
def test_secrets_are_a_map(secrets: object) -> None:
    assert "a map of environment variables to secret names" in refusal(**{**WITH_SECRET, "secrets": secrets})


@pytest.mark.parametrize(
    "name", ["DB_PASSWORD", "db_password", "AZURE_CLIENT_ID", "AZURE_KEY_VAULT_ENDPOINT"]
)
@pytest.mark.parametrize("later", [False, True])
def test_a_setting_that_collides_with_a_derived_one_is_refused(name: str, later: bool) -> None:
    settings: Any = {name: SECRET_TEXT}
    text = refusal(**WITH_SECRET, settings=Later(settings) if later else settings)
    source = {"AZURE_CLIENT_ID": "identity", "AZURE_KEY_VAULT_ENDPOINT": "secrets"}.get(
        name, "secrets[DB_PASSWORD]"
    )
    assert f"settings[{name}] and {source}\n     given     {name}" in text
    assert "expected  one source for each variable" in text
    assert SECRET_TEXT not in text


@pytest.mark.parametrize("later", ["not", "value", "map"])
def test_a_reference_that_bypasses_secrets_is_refused(later: str) -> None:
    value: Any = Later(REFERENCE) if later == "value" else REFERENCE
    settings: Any = {"OTHER": value}
    text = refusal(settings=Later(settings) if later == "map" else settings)
    assert "settings[OTHER]\n     given     a Key Vault reference\n     expected  a plain value" in text
    assert "write secrets: {OTHER: <secret name>}" in text
    assert REFERENCE not in text


def test_a_setting_whose_name_azure_refuses_is_refused() -> None:
    text = refusal(settings={"MY-SETTING": "x"})
    given = "a name of 10 characters; character 3, '-', is not allowed there"
    expected = "letters, digits, underscores"
    assert f"settings[<entry 1 by name>]\n     given     {given}\n     expected  {expected}" in text
    assert "MY-SETTING" not in text


def test_a_setting_that_is_no_text_is_refused_without_repeating_it() -> None:
    assert "settings[PORT]\n     given     a number\n     expected  a text" in refusal(
        settings={"PORT": 8080}
    )


def test_secret_values_are_no_argument() -> None:
    text = refusal(**WITH_SECRET, secret_values={"db-password": SECRET_TEXT})
    assert "secret_values\n     given     an argument that nothing reads" in text
    assert SECRET_TEXT not in text


def test_all_problems_are_said_at_once() -> None:
    with pytest.raises(ConfigurationError) as refused:
        web_app(
            size="huge",
            identity="existing",
            secrets={"A-B": "a_b"},
            settings={"C": REFERENCE},
            vault_id=VAULT,
            always_on="yes",
            nonsense=1,
        )
    subjects = [problem.subject for problem in refused.value.problems]
    assert subjects == [
        "nonsense",
        "size",
        "always_on",
        "identity_id",
        "secrets[<entry 1 by name>]",
        "secrets[<entry 1 by name>]",
        "vault_id and vault_endpoint",
        "settings[C]",
    ]
