"""A vault's life: its retention is set once (K8), and a deleted one comes back when asked (K3 K4 K5)."""

from typing import Any

import pytest

from components import ConfigurationError, KeylessWebApp, KeyVault
from tests.unit.components.answering_azure import VAULT
from tests.unit.components.recorded_azure import Deployment, deploy_component

PLACE = {"resource_group_name": "rg-team", "vault_name": "kv-mine"}


def _vault(**args: Any) -> Deployment:
    return deploy_component(KeyVault, args, "up")


def test_a_vault_is_created_and_not_recovered_unless_asked() -> None:
    assert "createMode" not in _vault(**PLACE).one("Vault").inputs["properties"]


def test_a_changed_retention_is_never_sent() -> None:
    assert _vault(**PLACE).one("Vault").ignore_changes == ("properties.softDeleteRetentionInDays",)


def test_a_vault_is_recovered_with_the_retention_that_it_has() -> None:
    declared = _vault(**PLACE, soft_delete_retention_days=30).one("Vault").inputs["properties"]
    recovered = _vault(**PLACE, soft_delete_retention_days=30, recover=True).one("Vault").inputs["properties"]
    assert declared["softDeleteRetentionInDays"] == 30
    declared = {key: value for key, value in declared.items() if key != "softDeleteRetentionInDays"}
    assert recovered == {**declared, "createMode": "recover"}


@pytest.mark.parametrize("component", [KeyVault, KeylessWebApp])
@pytest.mark.parametrize("missing", ["vault_name", "resource_group_name"])
def test_a_recovery_names_the_vault_and_its_group(component: Any, missing: str) -> None:
    args = {key: value for key, value in PLACE.items() if key != missing}
    with pytest.raises(ConfigurationError) as refused:
        deploy_component(component, {**args, "recover": True}, "up")
    assert f"recover and {missing}\n     given     true, without {missing}" in str(refused.value)
    assert "az keyvault list-deleted --resource-type vault" in str(refused.value)


def test_a_vault_that_exists_is_not_recovered() -> None:
    with pytest.raises(ConfigurationError) as refused:
        _vault(existing_id=VAULT, recover=True)
    assert "existing_id and recover" in str(refused.value)
