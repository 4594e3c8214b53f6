"""The parts one by one: two apps on one plan, one of them with a shared identity that its owner grants."""

import pulumi
from keyless_azure import AccessGrant, IdentityKind, KeyVault, ManagedIdentity, Role, Runtime, WebApp
from pulumi_azure_native import resources

group = resources.ResourceGroup("team", location="westeurope")
vault = KeyVault("team", {"resource_group_name": group.name, "soft_delete_retention_days": 30})
identity = ManagedIdentity("shared", {"resource_group_name": group.name})
grant = AccessGrant(
    "shared",
    {
        "principal_id": identity.principal_id,
        "client_id": identity.client_id,
        "role": Role.KEY_VAULT_SECRETS_USER,
        "scope_id": vault.vault_id,
    },
)
own = WebApp(
    "own",
    {
        "resource_group_name": group.name,
        "runtime": Runtime.PYTHON_3_13,
        "secrets": {"API_KEY": "api-key"},
        "size": "S1",
        "vault_endpoint": vault.endpoint,
        "vault_id": vault.vault_id,
    },
)
guest = WebApp(
    "guest",
    {
        "identity": IdentityKind.EXISTING,
        "identity_client_id": identity.client_id,
        "identity_id": identity.identity_id,
        "identity_principal_id": identity.principal_id,
        "plan_id": own.plan_id,
        "resource_group_name": group.name,
        "secrets": {"API_KEY": "api-key"},
        "vault_endpoint": vault.endpoint,
        "vault_id": vault.vault_id,
    },
    pulumi.ResourceOptions(depends_on=[grant]),
)
pulumi.export("urls", [own.url, guest.url])
