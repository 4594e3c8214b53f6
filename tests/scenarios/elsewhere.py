"""What another team has in the same subscription, deployed by a stack of its own."""

from pulumi_azure_native import authorization, keyvault, managedidentity, resources

group = resources.ResourceGroup("elsewhere", resource_group_name="rg-elsewhere")
managedidentity.UserAssignedIdentity("reports", resource_group_name=group.name, resource_name_="id-reports")
keyvault.Vault(
    "elsewhere",
    resource_group_name=group.name,
    vault_name="kv-elsewhere",
    properties=keyvault.VaultPropertiesArgs(
        enable_rbac_authorization=True,
        sku=keyvault.SkuArgs(family="A", name=keyvault.SkuName.STANDARD),
        tenant_id=authorization.get_client_config_output().tenant_id,
    ),
)
