"""The program: from what the stack's configuration says to a web app that reads secrets and holds none."""

import pulumi
from pulumi_azure_native import Provider

from components import KeylessWebApp
from settings import (
    earlier_names,
    read_configuration,
    said_in_keys,
    shown_secrets,
    stay_in_subscription,
)

settings, app = read_configuration()
stay_in_subscription(settings)

# Bound to the stack's own tenant and subscription: a refresh or a destroy runs without this program's check.
azure = Provider(
    "azure", subscription_id=settings.subscription_id or None, tenant_id=settings.tenant_id or None
)
options = pulumi.ResourceOptions(aliases=earlier_names(settings), providers=[azure])
with said_in_keys():
    web = KeylessWebApp(settings.name, app, options)

outputs = ["url", "app_id", "app_name", "vault_id", "vault_name", "vault_endpoint", "access"]
for output in (*outputs, "custom_domain_verification_id", "deployer_contract", "principal_id", "client_id"):
    pulumi.export(output, getattr(web, output))
pulumi.export("resource_group", web.resource_group_name)
pulumi.export("identity", settings.identity)
pulumi.export("secrets", dict(settings.secrets))
# What a developer sets besides `az login`; `dev`: the person signed in, whatever else the shell holds.
development = {"AZURE_KEY_VAULT_ENDPOINT": web.vault_endpoint, "AZURE_TOKEN_CREDENTIALS": "dev"}
pulumi.export("local_development", {**development, "KEYLESS_SECRETS": shown_secrets(settings)})
