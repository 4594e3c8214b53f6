"""What a platform team owns: the vault, a plan that apps share, and the people who may see to the secrets."""

import pulumi
from pulumi_azure_native import resources, web

from components import KeyVault

officers = pulumi.Config().require("officers")  # the object id of an Entra group

group = resources.ResourceGroup("platform")
vault = KeyVault(
    "platform", {"resource_group_name": group.name, "secret_officers": {"platform-officers": officers}}
)
plan = web.AppServicePlan(
    "platform",
    kind="linux",
    reserved=True,
    resource_group_name=group.name,
    sku=web.SkuDescriptionArgs(name="P0v3", tier="PremiumV3"),
)

pulumi.export("vault_id", vault.vault_id)
pulumi.export("vault_endpoint", vault.endpoint)
pulumi.export("plan_id", plan.id)
pulumi.export("access", vault.access)
