"""Azure's refusals are explained to a consumer of the plugin package too, and the line works there."""

import shlex
from typing import Any

from azure.mgmt.keyvault import KeyVaultManagementClient
from azure.mgmt.resource.resources import ResourceManagementClient

from local_azure.constants import SUBSCRIPTION_ID, TENANT_ID
from local_azure.server import LocalAzure
from loop.azure_client import deployer_credential
from tests.imports.consumer import Consumer
from tests.imports.stacks import SERVED
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
    written = cloud.azure.key_vault_data.secrets.find("kv-by-hand", "session-key", None)
    assert written is not None
    assert len(written.value) == 48
