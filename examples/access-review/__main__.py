"""An app, its vault, and evidence of who used which access: logs, searches, a workbook and alerts."""

import pulumi
from pulumi_azure_native import resources

from components import AccessReview, EntraLog, KeyVault, ReviewedLog, WebApp

config = pulumi.Config()
group = resources.ResourceGroup("shop")
vault = KeyVault("shop", {"resource_group_name": group.name})
shop = WebApp(
    "shop",
    {
        "resource_group_name": group.name,
        "secrets": {"DATABASE_PASSWORD": "database-password"},
        "vault_id": vault.vault_id,
        "vault_endpoint": vault.endpoint,
    },
)
# The logs of the directory are the whole tenant's, and take a role there: one review in a tenant is enough.
of_the_directory = [EntraLog.MANAGED_IDENTITIES, EntraLog.SERVICE_PRINCIPALS, EntraLog.CHANGES]
review = AccessReview(
    "review",
    {
        "resource_group_name": group.name,
        "resources": {
            "vault": {"id": vault.vault_id},
            "site": {"id": shop.id, "log": ReviewedLog.SITE},
        },
        "known_principal_ids": {"shop": shop.principal_id.apply(str)},
        "alert_emails": {"on-call": config.require("onCall")},
        "entra_logs": of_the_directory if config.get_bool("entraLogs") else [],
    },
)

pulumi.export("url", shop.url)
pulumi.export("vault", vault.name)
pulumi.export("workspace", review.customer_id)
pulumi.export("deployer_contract", review.deployer_contract)
