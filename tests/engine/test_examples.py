"""Every example does what its page says, through the real engine, and leaves nothing behind."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from azure.mgmt.keyvault import KeyVaultManagementClient
from azure.mgmt.resource.resources import ResourceManagementClient
from azure.mgmt.resource.resources.models import ResourceGroup

from local_azure.constants import SUBSCRIPTION_ID, TENANT_ID, VAULT_OFFICERS
from local_azure.leftovers import leftovers
from local_azure.monitor.directory_settings import DIRECTORY_SETTINGS
from local_azure.monitor.workbooks import WORKBOOKS
from local_azure.server import LocalAzure
from loop.azure_client import deployer_credential
from tests.attached import AttachedEngine
from tests.azure_models.arrivals import Arrivals
from tests.azure_models.models_of_types import body_of
from tests.engine.conftest import SECRETS_OFFICER, SECRETS_USER
from tests.engine.directory import let_send_the_directorys_logs
from tests.engine.example_stacks import POLICY, ExampleStacks
from tests.unit.examples.example_on_mocks import run_example


@pytest.fixture
def stacks(engine: AttachedEngine, cloud: LocalAzure, tmp_path: Path) -> ExampleStacks:
    return ExampleStacks(tmp_path, engine, cloud.environment())


def grants(cloud: LocalAzure) -> set[tuple[str, str, str]]:
    """(role GUID, principal id, lower-cased scope) of every grant but the deployer's own."""
    made = set(leftovers(cloud.azure)["role_assignments"])
    stored = cloud.azure.store.list(type="Microsoft.Authorization/roleAssignments")
    facts = [one.body["properties"] for one in stored if one.id in made]
    return {
        (each["roleDefinitionId"].rpartition("/")[2], each["principalId"], each["scope"].lower())
        for each in facts
    }


def the(cloud: LocalAzure, type_: str, name: str) -> dict[str, Any]:
    """The only resource of a type whose id has that text in it."""
    (found,) = [one for one in cloud.azure.store.list(type=type_) if name in one.id]
    return {**found.body, "id": found.id}


def settings(cloud: LocalAzure, app: str) -> dict[str, str]:
    stored = cloud.azure.store.list(type="Microsoft.Web/sites/config")
    ours = [one for one in stored if f"/app-{app}-dev-" in one.id and one.id.endswith("/appsettings")]
    assert len(ours) == 1
    return ours[0].body["properties"]


def assert_nothing_is_left(cloud: LocalAzure) -> None:
    left = leftovers(cloud.azure)
    assert (left["resources"], left["role_assignments"], left["role_definitions"]) == ([], [], [])


def without_ids(bodies: list[tuple[str, dict[str, Any]]]) -> list[tuple[str, Any]]:
    """Bodies in an order of their own, every GUID and random suffix made the same."""
    texts = [(token, json.dumps(body, sort_keys=True)) for token, body in bodies]
    guid = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
    normal = [
        (token, re.sub(r"-dev-\w{6}\b", "-dev-suffix", guid.sub("guid", text))) for token, text in texts
    ]
    return [(token, json.loads(text)) for token, text in sorted(normal)]


def test_no_rule_of_the_policy_pack_is_switched_off_for_the_examples() -> None:
    configured = json.loads(Path(POLICY[3]).read_text())
    assert {rule: sorted(config) for rule, config in configured.items()} == {
        "container-app-asks-who": ["waivers"],
        "container-environment-network-closed": ["waivers"],
        "storage-network-closed": ["waivers"],
        "vault-network-closed": ["waivers"],
    }


def test_one_app_in_one_stack(stacks: ExampleStacks, cloud: LocalAzure, arrivals: Arrivals) -> None:
    stack = stacks.prepare("one-app")
    outputs = stack.up()

    # What arrives is what the mocks of the unit tests say, so what they prove holds here.
    declared = [r for r in run_example("one-app").resources if r.type.startswith("azure-native:")]
    bodies = [(r.type, body_of(r.type, r.inputs)) for r in declared]
    assert without_ids(arrivals.bodies) == without_ids(bodies)

    ((role, _, scope),) = grants(cloud)
    assert role == SECRETS_USER
    assert scope.endswith(f"/vaults/{outputs['vault']}")
    assert len(outputs["access"]) == 1
    stack.expect_no_changes()
    stack.destroy()
    assert_nothing_is_left(cloud)


def test_an_app_of_another_team_plugs_into_the_platforms_stack(
    stacks: ExampleStacks, cloud: LocalAzure
) -> None:
    platform, app = stacks.prepare("platform"), stacks.prepare("app-on-platform")
    shared = platform.up()
    outputs = app.up()

    vault = shared["vault_id"].lower()
    assert grants(cloud) == {
        (SECRETS_OFFICER, VAULT_OFFICERS.object_id, vault),
        (SECRETS_USER, outputs["principal_id"], vault),
    }
    site = the(cloud, "Microsoft.Web/sites", "/app-orders-dev-")
    assert site["properties"]["serverFarmId"].lower() == shared["plan_id"].lower()
    assert "/resourceGroups/orders" in site["id"]
    app.expect_no_changes()
    app.destroy()
    assert grants(cloud) == {(SECRETS_OFFICER, VAULT_OFFICERS.object_id, vault)}
    platform.destroy()
    assert_nothing_is_left(cloud)


def test_apps_share_an_identity_that_its_owner_lets_in(stacks: ExampleStacks, cloud: LocalAzure) -> None:
    stack = stacks.prepare("shared-identity")
    outputs = stack.up()

    ((role, principal, _),) = grants(cloud)
    shared = the(cloud, "Microsoft.ManagedIdentity/userAssignedIdentities", "/id-shared-")
    reports = the(cloud, "Microsoft.ManagedIdentity/userAssignedIdentities", "/id-reports-")
    assert (role, principal) == (SECRETS_USER, shared["properties"]["principalId"])
    for app, attached in (("site", {shared["id"]}), ("worker", {shared["id"], reports["id"]})):
        site = the(cloud, "Microsoft.Web/sites", f"/app-{app}-")
        assert set(site["identity"]["userAssignedIdentities"]) == attached
        assert site["properties"]["keyVaultReferenceIdentity"] == shared["id"]
        assert settings(cloud, app)["AZURE_CLIENT_ID"] == outputs["client_id"]
    assert settings(cloud, "worker")["AZURE_CLIENT_ID_REPORTS"] == outputs["reports_client_id"]
    assert "AZURE_CLIENT_ID_REPORTS" not in settings(cloud, "site")
    in_turn = [one["path"] for one in reversed(cloud.azure.journal.entries(1000)) if one["method"] == "PUT"]
    writes = ["worker" if "/app-worker-" in path else "site" for path in in_turn if "/sites/app-" in path]
    assert writes == ["worker"] * 4 + ["site"] * 4  # latest first
    stack.expect_no_changes()
    stack.destroy()
    assert_nothing_is_left(cloud)


def test_an_existing_vault_is_read_and_granted_but_never_changed(
    stacks: ExampleStacks, cloud: LocalAzure
) -> None:
    vault = vault_of_somebody_else(cloud)
    before = the(cloud, "Microsoft.KeyVault/vaults", "/kv-security")
    stack = stacks.prepare("adopted-vault")
    outputs = stack.up()

    ((role, _, scope),) = grants(cloud)
    assert (role, scope) == (SECRETS_USER, vault.lower())
    assert outputs["vault"] == "kv-security"
    stack.expect_no_changes()
    stack.destroy()
    assert grants(cloud) == set()
    assert the(cloud, "Microsoft.KeyVault/vaults", "/kv-security") == before


def test_a_review_deploys_with_the_directorys_logs_and_leaves_nothing_behind(
    stacks: ExampleStacks, cloud: LocalAzure
) -> None:
    deployer = cloud.azure.entra.principal_by_client_id(cloud.environment()["ARM_CLIENT_ID"])
    assert deployer
    let_send_the_directorys_logs(cloud, deployer.object_id)
    stack = stacks.prepare("access-review")
    outputs = stack.up()
    (setting,) = cloud.azure.store.list(type=DIRECTORY_SETTINGS)
    assert len(setting.body["properties"]["logs"]) == 3
    assert len(cloud.azure.store.list(type=WORKBOOKS)) == 1
    assert "on /providers/Microsoft.aadiam" in outputs["deployer_contract"]["roles"]
    stack.expect_no_changes()
    stack.destroy()
    assert cloud.azure.store.list(type=DIRECTORY_SETTINGS) == []
    assert cloud.azure.store.list(type=WORKBOOKS) == []


def vault_of_somebody_else(cloud: LocalAzure) -> str:
    """A vault in a resource group of its own, as the security team made it; its id."""
    credential = deployer_credential(cloud.environment())
    resources: Any = ResourceManagementClient(credential, SUBSCRIPTION_ID)
    resources.resource_groups.create_or_update("rg-security", ResourceGroup(location="westeurope"))
    properties = {
        "tenantId": TENANT_ID,
        "sku": {"family": "A", "name": "standard"},
        "enableRbacAuthorization": True,
    }
    body = {"location": "westeurope", "properties": properties}
    vaults: Any = KeyVaultManagementClient(credential, SUBSCRIPTION_ID)
    return vaults.vaults.begin_create_or_update("rg-security", "kv-security", body).result().id
