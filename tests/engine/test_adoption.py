"""What somebody made by hand is met with the line that takes it over (R5, P6)."""

from pathlib import Path
from typing import Any

import pytest
from azure.mgmt.keyvault import KeyVaultManagementClient
from azure.mgmt.msi import ManagedServiceIdentityClient
from azure.mgmt.msi.models import Identity

from local_azure.constants import SUBSCRIPTION_ID, TENANT_ID
from local_azure.key_vault.service import KeyVault
from local_azure.server import LocalAzure
from loop.stack import EngineError
from tests.attached import AttachedEngine
from tests.engine.conftest import SECRETS_USER, Loop
from tests.engine.one_component import Declared, declared_loop
from tests.local_azure.arm import Arm, content


@pytest.fixture
def team(engine: AttachedEngine, cloud: LocalAzure, tmp_path: Path) -> Declared:
    loop = declared_loop(engine, cloud, tmp_path)
    loop.resource_group("rg-team")
    return loop


def hand_made_vault(loop: Loop, group: str = "rg-team", name: str = "kv-by-hand") -> str:
    vaults: Any = KeyVaultManagementClient(loop.session.credential, SUBSCRIPTION_ID).vaults
    sku = {"family": "A", "name": "standard"}
    properties = {"tenantId": TENANT_ID, "sku": sku, "enableRbacAuthorization": False}
    body = {"location": "westeurope", "properties": properties}
    return vaults.begin_create_or_update(group, name, body).result().id


def identity(loop: Loop) -> str:
    identities: Any = ManagedServiceIdentityClient(loop.session.credential, SUBSCRIPTION_ID)
    body = Identity(location="westeurope")
    made = identities.user_assigned_identities.create_or_update("rg-team", "id-by-hand", body)
    return made.principal_id


def test_a_vault_made_by_hand_is_taken_over_with_the_printed_line(team: Declared) -> None:
    id = hand_made_vault(team)
    secrets = team.cloud.azure.service(KeyVault).secrets
    secrets.add_version("kv-by-hand", "old", {"value": "kept"})
    declared = {"resource_group_name": "rg-team", "vault_name": "kv-by-hand", "purge_protection": False}
    shop = {"component": "KeyVault", "args": declared}
    with pytest.raises(EngineError) as refused:
        team.up_with(shop=shop)

    assert f"{id} exists already, and not by this stack" in refused.value.output
    line = team.run_import_line(refused.value.output)
    assert line.startswith("pulumi import --stack local azure-native:keyvault:Vault shop /subscriptions/")
    output = team.stack.up("--skip-preview")

    assert "replace" not in output
    (vault,) = team.resources("Microsoft.KeyVault/vaults")
    assert vault["properties"]["enableRbacAuthorization"] is True
    found = secrets.find("kv-by-hand", "old", None)
    assert found is not None
    assert found.value == "kept"
    team.stack.preview("--expect-no-changes")


def test_a_vault_that_access_policies_open_is_refused_before_anything_is_granted(team: Declared) -> None:
    """A grant on it would do nothing, while all is green."""
    id = hand_made_vault(team)
    args = {"existing_id": id, "secret_readers": {"on-call": "0b1ec700-0000-4000-8000-0000000000f1"}}
    with pytest.raises(EngineError) as refused:
        team.up_with(shared={"component": "KeyVault", "args": args})
    assert "given     a vault that access policies open" in refused.value.output
    assert "az keyvault update --name kv-by-hand --enable-rbac-authorization true" in refused.value.output
    assert "Traceback" not in refused.value.output
    assert team.grants("Group") == set()


def test_the_line_names_the_provider_so_that_nothing_is_replaced(team: Declared) -> None:
    hand_made_vault(team)
    args = {"resource_group_name": "rg-team", "vault_name": "kv-by-hand", "soft_delete_retention_days": 90}
    shop = {"component": "KeylessWebApp", "args": args, "provider": True}
    with pytest.raises(EngineError) as refused:
        team.up_with(shop=shop)

    line = team.run_import_line(refused.value.output)
    assert "--provider provider=urn:pulumi:local::keyless::pulumi:providers:azure-native::azure" in line
    assert "replace" not in team.stack.up("--skip-preview")
    team.stack.preview("--expect-no-changes")


def grant(principal_id: str, scope_id: str, **more: str) -> dict[str, Any]:
    args = {"principal_id": principal_id, "scope_id": scope_id, "role": "Key Vault Secrets User", **more}
    return {"component": "AccessGrant", "args": args}


def test_a_grant_made_by_hand_is_named_with_the_command_that_finds_it(team: Declared) -> None:
    vault, principal = hand_made_vault(team), identity(team)
    by_hand = team.grant(principal, vault, SECRETS_USER)
    with pytest.raises(EngineError) as refused:
        team.up_with(shop=grant(principal, vault))

    assert "RoleAssignmentExists" in refused.value.output
    assert f"az role assignment list --scope {vault} --query" in refused.value.output
    assert (
        f"principalId=='{principal}' && ends_with(roleDefinitionId, '{SECRETS_USER}')" in refused.value.output
    )
    assert [one["id"] for one in team.assignments()] == [by_hand]


def test_a_grant_made_by_hand_is_taken_over_under_its_own_name(team: Declared) -> None:
    vault, principal = hand_made_vault(team), identity(team)
    by_hand = team.grant(principal, vault, SECRETS_USER)
    shop = grant(principal, vault, assignment_name=by_hand.rpartition("/")[2])
    with pytest.raises(EngineError) as refused:
        team.up_with(shop=shop)
    team.run_import_line(refused.value.output)
    outputs = team.up_with(shop=shop)

    assert outputs["shop.assignment_id"] == by_hand
    (kept,) = team.assignments()
    assert kept["id"] == by_hand
    assert kept["properties"]["description"].endswith("Granted by AccessGrant 'shop'.")
    team.stack.preview("--expect-no-changes")


def test_a_refused_destroy_says_what_azure_says_and_nothing_of_hooks(team: Declared) -> None:
    """A destroy runs without the program, and so without its hooks."""
    declared = {"resource_group_name": "rg-team", "vault_name": "kv-locked", "purge_protection": False}
    team.up_with(shop={"component": "KeyVault", "args": declared})
    (vault,) = team.cloud.azure.store.list(type="Microsoft.KeyVault/vaults")
    arm = Arm(team.cloud.azure)
    lock = f"{vault.id}/providers/Microsoft.Authorization/locks/keep"
    content(arm("PUT", lock, {"properties": {"level": "CanNotDelete"}}, api_version="2020-05-01"))

    with pytest.raises(EngineError) as refused:
        team.stack.destroy()

    assert "ScopeLocked" in refused.value.output
    assert "hook" not in refused.value.output.lower()
    assert arm("DELETE", lock, api_version="2020-05-01").status == 200
    team.stack.destroy()
    assert team.resources("Microsoft.KeyVault/vaults") == []
