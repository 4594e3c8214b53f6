"""An app whose vault exists already, in a resource group, or a subscription, of somebody else."""

import pulumi
from pulumi_azure_native import resources

from components import KeyVault, WebApp

group = resources.ResourceGroup("shop")
# Nothing of the vault is created, changed or deleted: it is read by its full id.
vault = KeyVault("security", {"existing_id": pulumi.Config().require("vaultId")})
shop = WebApp(
    "shop",
    {
        "resource_group_name": group.name,
        "secrets": {"DATABASE_PASSWORD": "database-password"},
        "vault_id": vault.vault_id,
        "vault_endpoint": vault.endpoint,
    },
)

pulumi.export("url", shop.url)
pulumi.export("vault", vault.name)
pulumi.export("access", shop.access)
