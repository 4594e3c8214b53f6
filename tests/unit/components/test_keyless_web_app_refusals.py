"""What KeylessWebApp refuses: everything its parts refuse, and parts that contradict each other."""

from typing import Any

import pytest

from components import ConfigurationError, KeylessWebApp
from tests.unit.components.answering_azure import ENDPOINT, PEOPLE, TENANT, VAULT
from tests.unit.components.recorded_azure import Deployment, deploy, deploy_component
from tests.unit.components.refusals import refusal_of

SECRETS = {"DB_PASSWORD": "db-password"}


def _app(**args: Any) -> Deployment:
    return deploy_component(KeylessWebApp, args, "up")


_refusal = refusal_of(_app)


@pytest.mark.parametrize("key", ["secret_readers", "secret_officers", "purge_protection", "tenant_id"])
def test_a_given_vault_with_what_shapes_one_is_refused_naming_both(key: str) -> None:
    values: dict[str, Any] = {"purge_protection": False, "tenant_id": TENANT}
    value = values.get(key, {"readers": PEOPLE})
    text = _refusal(vault_id=VAULT, vault_endpoint=ENDPOINT, **{key: value})
    assert f"vault_id and {key}\n     given     both\n" in text
    assert "use KeyVault with existing_id" in text


@pytest.mark.parametrize("key", ["secret_readers", "secret_officers"])
def test_groups_are_refused_where_access_is_not_managed(key: str) -> None:
    text = _refusal(manage_vault_access=False, **{key: {"readers": PEOPLE}})
    assert f"manage_vault_access and {key}\n     given     false, with {key}\n" in text


def test_no_identity_with_secrets_is_refused_here_too() -> None:
    assert "identity and secrets\n     given     none, with secrets" in _refusal(
        identity="none", secrets=SECRETS
    )


def test_half_a_vault_is_refused() -> None:
    assert "vault_id and vault_endpoint\n     given     vault_id alone" in _refusal(vault_id=VAULT)


def test_the_problems_of_all_parts_are_said_at_once_and_in_the_name_of_the_whole() -> None:
    with pytest.raises(ConfigurationError) as refused:
        deploy_component(
            KeylessWebApp,
            {"soft_delete_retention_days": 1, "size": "huge", "secrets": {"A": "a_b"}, "existing_id": VAULT},
            "up",
        )
    assert [problem.subject for problem in refused.value.problems] == [
        "existing_id",
        "soft_delete_retention_days",
        "size",
        "secrets[A]",
    ]
    assert str(refused.value).startswith("KeylessWebApp 'shop' has 4 problems:\n")


def test_nothing_is_declared_when_something_is_wrong() -> None:
    declared: list[str] = []

    def program() -> dict[str, Any]:
        try:
            KeylessWebApp("shop", {"size": "huge"})
        except ConfigurationError:
            declared.append("refused")
        return {}

    assert deploy(program).resources == []
    assert declared == ["refused"]
