"""The program: from what the stack's configuration says to a web app that reads secrets and holds none."""

import json

import pulumi
from pulumi_azure_native import Provider

from components import IdentityKind, KeylessWebApp, KeylessWebAppArgs
from settings import read_settings, stay_in_subscription

settings = read_settings()
stay_in_subscription(settings)

secret_names = json.dumps(dict(settings.secrets))
args: KeylessWebAppArgs = {
    "health_check_path": "/health",
    "identity": IdentityKind(settings.identity),
    "location": settings.location,
    "manage_vault_access": settings.manage_vault_access,
    "secrets": settings.secrets,
    "settings": {
        "KEYLESS_SECRETS": secret_names,  # which secrets the sample app shows
        "SCM_DO_BUILD_DURING_DEPLOYMENT": "true",  # App Service installs the app's requirements
        **settings.settings,
    },
    "size": settings.size,
    "tags": settings.tags,
}
if settings.identity_id:
    args["identity_id"] = settings.identity_id
if settings.vault_id:
    args["vault_id"] = settings.vault_id
    args["vault_endpoint"] = settings.vault_endpoint
else:
    args["purge_protection"] = settings.purge_protection
    args["secret_officers"] = settings.secret_officers
    args["secret_readers"] = settings.secret_readers
    args["soft_delete_retention_days"] = settings.soft_delete_retention_days

# Bound to the stack's own tenant and subscription: a refresh or a destroy runs without this program's check.
azure = Provider(
    "azure", subscription_id=settings.subscription_id or None, tenant_id=settings.tenant_id or None
)
web = KeylessWebApp(pulumi.get_project(), args, pulumi.ResourceOptions(providers=[azure]))

pulumi.export("url", web.url)
pulumi.export("app_id", web.app_id)
pulumi.export("app_name", web.app_name)
pulumi.export("resource_group", web.resource_group_name)
pulumi.export("vault_id", web.vault_id)
pulumi.export("vault_name", web.vault_name)
pulumi.export("vault_endpoint", web.vault_endpoint)
pulumi.export("identity", settings.identity)
pulumi.export("principal_id", web.principal_id)
pulumi.export("client_id", web.client_id)
pulumi.export("secrets", dict(settings.secrets))
pulumi.export("access", web.access)
# What a developer sets besides `az login`; `dev`: the person signed in, whatever else the shell holds.
development = {"AZURE_KEY_VAULT_ENDPOINT": web.vault_endpoint, "AZURE_TOKEN_CREDENTIALS": "dev"}
pulumi.export("local_development", {**development, "KEYLESS_SECRETS": secret_names})
