"""The program: from what the stack's configuration says to a web app that reads secrets and holds none."""

import json
from typing import cast

import pulumi
from pulumi_azure_native import Provider

from components import IdentityKind, KeylessWebApp, KeylessWebAppArgs, OperatingSystem, Runtime, SecretAccess
from settings import read_settings, stay_in_subscription

settings = read_settings()
stay_in_subscription(settings)

secret_names = json.dumps(dict(settings.secrets))
args: KeylessWebAppArgs = {
    "health_check_path": "/health",
    "identity": IdentityKind(settings.identity),
    "location": settings.location,
    "manage_vault_access": settings.manage_vault_access,
    "os": OperatingSystem(settings.os),
    "runtime": Runtime(settings.runtime),
    "secret_access": SecretAccess(settings.secret_access),
    "secrets": settings.secrets,
    "settings": {
        "KEYLESS_SECRETS": secret_names,  # which secrets the sample app shows
        "SCM_DO_BUILD_DURING_DEPLOYMENT": "true",  # App Service installs the app's requirements
        **settings.settings,
    },
    "size": settings.size,
    "tags": settings.tags,
    "tags_added_elsewhere": settings.tags_added_elsewhere,
}
# What is empty is left to the component to decide.
optional = ["custom_domain", "custom_domain_tls", "delete_lock", "diagnostics_workspace_id", "identity_id"]
optional += ["startup_command", "workers", "zone_redundant"]
args.update(cast(KeylessWebAppArgs, {k: getattr(settings, k) for k in optional if getattr(settings, k)}))
if settings.vault_id:
    args["vault_id"], args["vault_endpoint"] = settings.vault_id, settings.vault_endpoint
else:
    args["protect_vault"], args["purge_protection"] = settings.protect, settings.purge_protection
    args["secret_officers"] = settings.secret_officers
    args["secret_readers"] = settings.secret_readers
    args["soft_delete_retention_days"] = settings.soft_delete_retention_days

# Bound to the stack's own tenant and subscription: a refresh or a destroy runs without this program's check.
azure = Provider(
    "azure", subscription_id=settings.subscription_id or None, tenant_id=settings.tenant_id or None
)
web = KeylessWebApp(pulumi.get_project(), args, pulumi.ResourceOptions(providers=[azure]))

outputs = ["url", "app_id", "app_name", "vault_id", "vault_name", "vault_endpoint", "access"]
for output in (*outputs, "custom_domain_verification_id", "deployer_contract", "principal_id", "client_id"):
    pulumi.export(output, getattr(web, output))
pulumi.export("resource_group", web.resource_group_name)
pulumi.export("identity", settings.identity)
pulumi.export("secrets", dict(settings.secrets))
# What a developer sets besides `az login`; `dev`: the person signed in, whatever else the shell holds.
development = {"AZURE_KEY_VAULT_ENDPOINT": web.vault_endpoint, "AZURE_TOKEN_CREDENTIALS": "dev"}
pulumi.export("local_development", {**development, "KEYLESS_SECRETS": secret_names})
