"""The resources that the tests of azure-native's stand-in write, as the engine hands them over."""

from tests.local_azure.plugin_client import urn
from tests.local_azure.recorded_azure import SUBSCRIPTION, Json

GROUP = urn("azure-native:resources:ResourceGroup")
VAULT = urn("azure-native:keyvault:Vault", "kv")
CLUSTER = urn("azure-native:containerservice:ManagedCluster")
SITE = urn("azure-native:web:WebApp", "app")
SETTINGS = urn("azure-native:web:WebAppApplicationSettings")
GRANT = urn("azure-native:authorization:RoleAssignment")
IN_GROUP = f"{SUBSCRIPTION}/resourceGroups/rg"
VAULT_ID = f"{IN_GROUP}/providers/Microsoft.KeyVault/vaults/kv"
SITE_ID = f"{IN_GROUP}/providers/Microsoft.Web/sites/app"
SETTINGS_ID = f"{SITE_ID}/config/appsettings"
IDENTITY_ID = f"{IN_GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id"
VAULT_INPUTS: Json = {
    "resourceGroupName": "rg",
    "vaultName": "kv",
    "location": "westeurope",
    "properties": {"tenantId": "t", "sku": {"family": "A", "name": "standard"}},
}
SITE_INPUTS: Json = {"resourceGroupName": "rg", "name": "app", "location": "westeurope", "httpsOnly": True}
SETTINGS_INPUTS: Json = {"resourceGroupName": "rg", "name": "app", "properties": {"A": "1", "B": "2"}}
