"""An app of another team: it takes vault and plan from the platform stack, and makes its own grant there."""

import pulumi
from pulumi_azure_native import resources

from components import WebApp

platform_name = f"{pulumi.get_organization()}/{pulumi.Config().require('platform')}/{pulumi.get_stack()}"
platform = pulumi.StackReference(platform_name)

group = resources.ResourceGroup("orders")
orders = WebApp(
    "orders",
    {
        "resource_group_name": group.name,
        "plan_id": platform.require_output("plan_id"),
        "secrets": {"DATABASE_PASSWORD": "orders-database-password"},
        "vault_id": platform.require_output("vault_id"),
        "vault_endpoint": platform.require_output("vault_endpoint"),
    },
)

pulumi.export("url", orders.url)
pulumi.export("principal_id", orders.principal_id)
pulumi.export("access", orders.access)
