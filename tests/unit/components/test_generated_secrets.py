"""KeyVault's generated secrets: drawn, written by Resource Manager, never again (S3 S5 S6 S7)."""

from datetime import UTC, datetime

import pytest

from components import KeylessWebApp
from components.targets.generated_secrets import expiry
from tests.unit.components.answering_azure import VAULT, Mode
from tests.unit.components.key_vaults import key_vault, refusal
from tests.unit.components.recorded_azure import UNKNOWN, Later, deploy_component


def test_nothing_is_generated_unless_asked() -> None:
    deployment = key_vault()
    assert deployment.all("RandomPassword") == []
    assert deployment.all("Secret") == []


def test_each_name_gets_a_value_of_its_length_that_resource_manager_writes() -> None:
    deployment = key_vault(generated_secrets={"session-key": 48, "signing-key": 64})
    drawn = {r.name: r.inputs for r in deployment.all("RandomPassword")}
    assert drawn == {
        "shop-session-key": {"length": 48, "special": False},
        "shop-signing-key": {"length": 64, "special": False},
    }
    written = {r.name: r.inputs for r in deployment.all("Secret")}
    assert {name: set(inputs) for name, inputs in written.items()} == {
        name: {"properties", "resourceGroupName", "secretName", "vaultName"} for name in drawn
    }
    assert written["shop-session-key"]["secretName"] == "session-key"
    assert written["shop-session-key"]["vaultName"] == "kv-shop-dev-abc123"
    assert deployment.counts() == {"keyvault:Secret": 2, "keyvault:Vault": 1}


def test_a_written_secret_is_never_written_again_and_a_drawn_value_never_drawn_again() -> None:
    deployment = key_vault(generated_secrets={"session-key": 48}, tags={"team": "shop"})
    secret, drawn = deployment.one("Secret"), deployment.one("RandomPassword")
    assert secret.ignore_changes == ("properties", "tags")
    assert "tags" not in secret.inputs
    assert drawn.ignore_changes == ("length",)


def test_a_new_secret_says_what_it_is_and_when_it_is_due_to_be_rotated() -> None:
    """The date itself: `tests/engine/test_generated_secrets.py`, as mocks draw nothing."""
    properties = key_vault(generated_secrets={"session-key": 48}).one("Secret").inputs["properties"]
    assert properties["contentType"] == "text/plain; generated"
    assert set(properties["attributes"]) == {"expires"}
    drawn = datetime(2026, 11, 29, 12, tzinfo=UTC)
    assert datetime.fromtimestamp(expiry(drawn, 365), UTC) == datetime(2027, 11, 29, 12, tzinfo=UTC)
    assert datetime.fromtimestamp(expiry(drawn, 2), UTC) == datetime(2026, 12, 1, 12, tzinfo=UTC)


def test_a_preview_promises_no_date_as_the_value_is_not_drawn_yet() -> None:
    properties = (
        key_vault("first preview", generated_secrets={"session-key": 48}).one("Secret").inputs["properties"]
    )
    assert properties["attributes"] == {"expires": UNKNOWN}


@pytest.mark.parametrize("days", [0, 3651, 1.5])
def test_a_validity_of_no_day_or_of_more_than_ten_years_is_refused(days: object) -> None:
    text = refusal(generated_secrets={"session-key": 48}, generated_secrets_valid_days=days)
    assert "generated_secrets_valid_days" in text
    assert "a whole number from 1 to 3650" in text


def test_no_role_on_data_comes_with_a_generated_secret() -> None:
    assert key_vault(generated_secrets={"session-key": 48}).all("RoleAssignment") == []


def test_the_app_is_told_of_the_vault_when_the_values_are_in_it() -> None:
    args = {"secrets": {"SESSION_KEY": "session-key"}, "generated_secrets": {"session-key": 48}}
    deployment = deploy_component(KeylessWebApp, args, "up")
    settings = deployment.one("WebAppApplicationSettings")
    assert deployment.waits_for(settings, deployment.one("Secret"))
    endpoint = "https://kv-shop-dev-abc123.vault.azure.net/"
    reference = f"@Microsoft.KeyVault(SecretUri={endpoint}secrets/session-key)"
    assert settings.inputs["properties"]["SESSION_KEY"] == reference


@pytest.mark.parametrize("mode", ["first preview", "later preview"])
def test_a_preview_lists_what_will_be_generated(mode: Mode) -> None:
    deployment = key_vault(mode, generated_secrets={"session-key": 48})
    assert deployment.one("Secret").inputs["secretName"] == "session-key"
    assert deployment.outputs["endpoint"] == UNKNOWN


def test_a_length_that_came_over_a_wire_as_a_float_is_taken() -> None:
    deployment = key_vault(generated_secrets={"session-key": 48.0})
    assert repr(deployment.one("RandomPassword").inputs["length"]) in ("48", "48.0")


@pytest.mark.parametrize(
    ("length", "given"),
    [
        (15, "a number below 16"),
        (257, "a number above 256"),
        (48.5, "a number with a fraction"),
        (True, "true or false"),
        ("48", "a text of 2 characters"),
    ],
)
def test_a_length_that_makes_no_good_value_is_refused(length: object, given: str) -> None:
    text = refusal(generated_secrets={"session-key": length})
    assert f"generated_secrets[session-key]\n     given     {given}\n" in text
    assert "expected  a whole number of characters from 16 to 256" in text


def test_a_length_that_is_an_output_is_refused() -> None:
    text = refusal(generated_secrets={"session-key": Later(48)})
    assert "generated_secrets[session-key]\n     given     an Output" in text


def test_a_secret_name_with_an_underscore_is_refused_with_the_place_of_it() -> None:
    text = refusal(generated_secrets={"session_key": 48})
    given = "a text of 11 characters; character 8, '_', is not allowed there"
    assert f"generated_secrets[session_key]\n     given     {given}\n" in text
    assert "next      write the name that the secret shall have in the vault, never its value" in text


def test_names_that_a_vault_does_not_tell_apart_are_refused() -> None:
    text = refusal(generated_secrets={"session-key": 48, "Session-Key": 48})
    assert (
        "keep one of generated_secrets[session-key] and generated_secrets[Session-Key]: "
        "a vault does not tell them apart"
    ) in text


def test_values_are_not_generated_into_a_vault_of_somebody_else() -> None:
    text = refusal(existing_id=VAULT, generated_secrets={"session-key": 48})
    assert "existing_id and generated_secrets" in text
