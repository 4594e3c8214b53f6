"""Tags that a policy adds survive a refresh, a preview and an `up`; declared ones still change (G4)."""

from typing import Any

import pytest
from azure.mgmt.keyvault import KeyVaultManagementClient
from azure.mgmt.keyvault.models import VaultPatchParameters

from local_azure.constants import SUBSCRIPTION_ID
from tests.engine.conftest import Loop

BY_POLICY = {"CostCenter": "4711"}
LATER = {**BY_POLICY, "Owner": "shop"}


def the_vaults_tags(loop: Loop) -> dict[str, Any]:
    (vault,) = loop.resources("Microsoft.KeyVault/vaults")
    return vault["tags"]


def test_tags_added_by_policy_do_not_cause_diffs_and_stay_when_a_run_refreshes_first(
    loop: Loop, subtests: pytest.Subtests
) -> None:
    by_policy = {"CostCenter": "policy inherit-cost-center", "Owner": "policy inherit-owner"}
    foreign = {"tagsAddedElsewhere": by_policy}
    outputs = loop.up(tags={"environment": "local"}, **foreign)
    with subtests.test("tags added by policy do not cause diffs"):
        add_by_policy(loop, outputs, {"environment": "local", **BY_POLICY})
        loop.stack.refresh()
        loop.stack.preview("--expect-no-changes")
        loop.up(tags={"environment": "changed", "team": "shop"}, **foreign)
        assert the_vaults_tags(loop) == {"environment": "changed", "team": "shop", **BY_POLICY}
    with subtests.test("a tag added since the last refresh stays when the run refreshes first"):
        add_by_policy(loop, outputs, {"environment": "changed", "team": "shop", **LATER})
        loop.stack.write_configuration({"tags": {"environment": "again"}, **foreign})
        loop.stack.up("--refresh", "--skip-preview")
        assert the_vaults_tags(loop) == {"environment": "again", **LATER}
    with subtests.test("tags that are declared no more go, and those of a policy as soon as it is none"):
        loop.up(**foreign, tags={})
        assert the_vaults_tags(loop) == LATER
        loop.stack.preview("--refresh", "--expect-no-changes")
        loop.up(tags={})
        assert the_vaults_tags(loop) == {}


def add_by_policy(loop: Loop, outputs: dict[str, Any], tags: dict[str, str]) -> None:
    vaults: Any = KeyVaultManagementClient(loop.session.credential, SUBSCRIPTION_ID).vaults
    vaults.update(outputs["resource_group"], outputs["vault_name"], VaultPatchParameters(tags=tags))
    assert the_vaults_tags(loop) == tags
