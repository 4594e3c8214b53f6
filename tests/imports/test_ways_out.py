"""Azure's refusals are explained to a consumer of the plugin package too, and the line works there."""

import shlex
from pathlib import Path
from typing import Any

from azure.mgmt.keyvault import KeyVaultManagementClient
from azure.mgmt.resource.resources import ResourceManagementClient

from local_azure.constants import SUBSCRIPTION_ID, TENANT_ID
from local_azure.key_vault.service import KeyVault
from local_azure.server import LocalAzure
from loop.azure_client import deployer_credential
from tests.imports.consumer import Consumer
from tests.imports.stacks import IMPORTED, SERVED
from toolchain.paths import ROOT

SHARED = """
vault = component("KeyVault", "shared", {
    "resourceGroupName": "rg-team", "vaultName": "kv-by-hand", "generatedSecrets": {"session-key": 48},
})
"""


def test_a_vault_made_by_hand_is_taken_over_through_the_wire(consumer: Consumer, cloud: LocalAzure) -> None:
    credential = deployer_credential(cloud.environment())
    groups = ResourceManagementClient(credential, SUBSCRIPTION_ID).resource_groups
    groups.create_or_update("rg-team", {"location": "westeurope"})
    properties = {"tenantId": TENANT_ID, "sku": {"family": "A", "name": "standard"}}
    body: Any = {"location": "westeurope", "properties": properties}
    vaults: Any = KeyVaultManagementClient(credential, SUBSCRIPTION_ID).vaults
    vaults.begin_create_or_update("rg-team", "kv-by-hand", body).result()
    consumer.prepare(SERVED + SHARED, plugin=ROOT / "components")

    refused = consumer.up(fails=True)

    (line,) = {line.strip() for line in refused.splitlines() if line.strip().startswith("pulumi import ")}
    consumer(*shlex.split(line)[1:], "--yes")
    consumer.up()
    assert set(consumer.changes()) == {"same"}
    # A number that crossed the wire as a float is a length all the same.
    written = cloud.azure.service(KeyVault).secrets.find("kv-by-hand", "session-key", None)
    assert written is not None
    assert len(written.value) == 48


REFUSED_AT_ONCE = """
from pulumi_azure_native import resources

place = {"resourceGroupName": resources.ResourceGroup("team").name}
vault = component("KeyVault", "kv", place)
app = {
    "secrets": {"DB": "db"},
    "vaultId": output(vault, "vaultId"),
    "vaultEndpoint": output(vault, "endpoint"),
}
site = component("WebApp", "app", {**place, **app, "size": "S1"})
component("WebAppSlot", "slot", {
    **app,
    "appId": output(site, "appId"),
    "planId": output(site, "planId"),
    "slotName": "staging",
    "stickySettings": output(site, "stickySettings"),
})
"""


def test_a_value_that_is_refused_at_once_is_refused_in_words_and_without_a_crash(
    consumer: Consumer, installed: Path
) -> None:
    consumer.prepare(IMPORTED + REFUSED_AT_ONCE, virtualenv=installed.parent.parent)
    said = consumer.up(fails=True)
    assert "WebAppSlot 'slot' has one problem" in said
    assert "no AZURE_CLIENT_ID, AZURE_KEY_VAULT_ENDPOINT, DB" in said
    assert "status -11" not in said


TAKEN_OUT = """
from pulumi_azure_native import resources

place = {"resourceGroupName": resources.ResourceGroup("team").name}
component("WebApp", "app", {**place, "size": "B1"%s})
"""


def test_an_argument_that_is_taken_out_is_refused_in_the_words_of_the_other_language(
    consumer: Consumer,
) -> None:
    consumer.prepare(SERVED + TAKEN_OUT % ', "healthCheckPath": "/health"', plugin=ROOT / "components")
    consumer.up()
    consumer.prepare(SERVED + TAKEN_OUT % "", plugin=ROOT / "components")
    said = consumer("preview", fails=True)
    assert "1. healthCheckPath" in said
    assert "give healthCheckPath an empty text for one run; after that it can be left out" in said
