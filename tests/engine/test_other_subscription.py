"""A vault in a subscription of its own, as a platform team has it: read, granted, never changed from here."""

from pathlib import Path
from typing import Any

import pytest
from azure.mgmt.keyvault import KeyVaultManagementClient
from azure.mgmt.resource.resources import ResourceManagementClient

from local_azure.constants import PLATFORM_SUBSCRIPTION_ID, SUBSCRIPTION_SCOPE, TENANT_ID
from local_azure.key_vault.service import KeyVault
from local_azure.server import LocalAzure
from tests.attached import AttachedEngine
from tests.engine.conftest import SECRETS_USER
from tests.engine.one_component import Declared, declared_loop

PLATFORM = f"/subscriptions/{PLATFORM_SUBSCRIPTION_ID}"
READERS = "0b1ec700-0000-4000-8000-0000000000f1"


@pytest.fixture
def loop(engine: AttachedEngine, cloud: LocalAzure, tmp_path: Path) -> Declared:
    return declared_loop(engine, cloud, tmp_path)


def vault_of_the_platform(loop: Declared) -> str:
    credential = loop.session.credential
    groups: Any = ResourceManagementClient(credential, PLATFORM_SUBSCRIPTION_ID).resource_groups
    groups.create_or_update("rg-platform", {"location": "westeurope"})
    vaults: Any = KeyVaultManagementClient(credential, PLATFORM_SUBSCRIPTION_ID).vaults
    sku = {"family": "A", "name": "standard"}
    properties = {"tenantId": TENANT_ID, "sku": sku, "enableRbacAuthorization": True}
    vault = {"location": "westeurope", "properties": properties}
    return vaults.begin_create_or_update("rg-platform", "kv-platform", vault).result().id


def test_a_vault_of_another_subscription_is_read_by_an_app_and_lets_people_in_and_stays_as_it_is(
    loop: Declared, subtests: pytest.Subtests
) -> None:
    vault_id = vault_of_the_platform(loop)
    assert vault_id.startswith(f"{PLATFORM}/resourceGroups/rg-platform/")
    secrets = loop.cloud.azure.service(KeyVault).secrets
    secrets.add_version("kv-platform", "db-password", {"value": "written by an officer"})
    people = {"existing_id": vault_id, "secret_readers": {"on-call": READERS}}
    shared = {"component": "KeyVault", "args": people}
    for identity in ("user-assigned", "system-assigned"):
        outputs = loop.up_with(shared=shared, shop=app(vault_id, identity))
        with subtests.test("an app reads secrets of a vault in another subscription", identity=identity):
            _reads(loop, vault_id, outputs)
        with subtests.test("such a vault is adopted and people are let in", identity=identity):
            assert outputs["shared.endpoint"] == "https://kv-platform.vault.azure.net/"
            assert loop.grants("Group") == {(SECRETS_USER, READERS, vault_id.lower())}
        loop.stack.refresh("--expect-no-changes")
        loop.stack.preview("--expect-no-changes")
    with subtests.test("the vault and its group stay, without a grant"):
        loop.stack.destroy()
        left = loop.session.control("/leftovers")
        assert left["role_assignments"] == []
        assert left["resources"] == [f"{PLATFORM}/resourceGroups/rg-platform", vault_id]


def app(vault_id: str, identity: str) -> dict[str, Any]:
    args = {
        "secrets": {"DB": "db-password"},
        "identity": identity,
        "vault_id": vault_id,
        "vault_endpoint": "https://kv-platform.vault.azure.net/",
    }
    return {"component": "KeylessWebApp", "args": args}


def _reads(loop: Declared, vault_id: str, outputs: dict[str, Any]) -> None:
    every = [one["properties"] for one in loop.assignments()]
    (assignment,) = [one for one in every if one["principalType"] == "ServicePrincipal"]
    assert assignment["scope"].lower() == vault_id.lower()
    assert assignment["principalId"] == outputs["shop.principal_id"]
    definition = f"{PLATFORM}/providers/Microsoft.Authorization/roleDefinitions/{SECRETS_USER}"
    assert assignment["roleDefinitionId"] == definition
    assert loop.readiness({"app_id": outputs["shop.app_id"]}).ready
    assert outputs["shop.app_id"].startswith(SUBSCRIPTION_SCOPE)
    roles = outputs["shop.deployer_contract"]["roles"].splitlines()
    assert roles[1] == (
        f"Role Based Access Control Administrator on {vault_id} (grants, under the condition)"
    )
