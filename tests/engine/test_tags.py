"""Tags that a policy adds survive a refresh, a preview and an `up`; declared ones still change (G4)."""

from typing import Any

from azure.mgmt.keyvault import KeyVaultManagementClient
from azure.mgmt.keyvault.models import VaultPatchParameters

from local_azure.constants import SUBSCRIPTION_ID
from tests.engine.conftest import Loop

BY_POLICY = {"CostCenter": "4711"}


def the_vaults_tags(loop: Loop) -> dict[str, Any]:
    (vault,) = loop.resources("Microsoft.KeyVault/vaults")
    return vault["tags"]


def test_tags_added_by_policy_do_not_cause_diffs(loop: Loop) -> None:
    foreign = {"tagsAddedElsewhere": {"CostCenter": "policy inherit-cost-center"}}
    outputs = loop.up(tags={"environment": "local"}, **foreign)
    vaults: Any = KeyVaultManagementClient(loop.session.credential, SUBSCRIPTION_ID).vaults
    tagged = VaultPatchParameters(tags={"environment": "local", **BY_POLICY})
    vaults.update(outputs["resource_group"], outputs["vault_name"], tagged)
    assert the_vaults_tags(loop) == {"environment": "local", **BY_POLICY}

    loop.stack.refresh()
    loop.stack.preview("--expect-no-changes")
    loop.up(tags={"environment": "changed", "team": "shop"}, **foreign)
    assert the_vaults_tags(loop) == {"environment": "changed", "team": "shop", **BY_POLICY}
    loop.up(**foreign, tags={})
    assert the_vaults_tags(loop) == BY_POLICY
    loop.stack.preview("--refresh", "--expect-no-changes")
    loop.up(tags={})
    assert the_vaults_tags(loop) == {}


def test_a_tag_added_since_the_last_refresh_stays_when_the_run_refreshes_first(loop: Loop) -> None:
    foreign = {"tagsAddedElsewhere": {"CostCenter": "policy inherit-cost-center"}}
    outputs = loop.up(**foreign)
    vaults: Any = KeyVaultManagementClient(loop.session.credential, SUBSCRIPTION_ID).vaults
    tagged = VaultPatchParameters(tags={"environment": "local", **BY_POLICY})
    vaults.update(outputs["resource_group"], outputs["vault_name"], tagged)

    loop.stack.write_configuration({"tags": {"environment": "changed"}, **foreign})
    loop.stack.up("--refresh")

    assert the_vaults_tags(loop) == {"environment": "changed", **BY_POLICY}
