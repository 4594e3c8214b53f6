"""A team's app, its data and who may do what with it, in azure-native alone: what is deployed."""

from typing import Any

from pulumi import Input, ResourceOptions
from pulumi_azure_native import (
    authorization,
    keyvault,
    managedidentity,
    monitor,
    operationalinsights,
    resources,
    storage,
    web,
)

from components import AccessGrant, PrincipalType
from components.azure_facts.roles import role_named

DEVELOPERS = "10ca1a2e-0000-4000-8000-0000000000f1"
ON_CALL = "10ca1a2e-0000-4000-8000-0000000000f2"
ONLY_REPORTS = (
    "@Resource[Microsoft.Storage/storageAccounts/blobServices/containers:name] StringEquals 'reports'"
)
KEPT = ResourceOptions(retain_on_delete=True)
account = authorization.get_client_config()
subscription = f"/subscriptions/{account.subscription_id}"
definitions = f"{subscription}/providers/Microsoft.Authorization/roleDefinitions"


def role(name: str) -> str:
    """The id of one of Azure's own roles."""
    known = role_named(name)
    assert known is not None
    return f"{definitions}/{known.guid}"


def assign(
    name: str,
    who: Input[str],
    what: Input[str],
    where: Input[str],
    kind: str = "ServicePrincipal",
    **more: Any,
) -> None:
    authorization.RoleAssignment(
        name, principal_id=who, principal_type=kind, role_definition_id=what, scope=where, **more
    )


group = resources.ResourceGroup("team", resource_group_name="rg-team")
identity = managedidentity.UserAssignedIdentity("app", resource_group_name=group.name)
workspace = operationalinsights.Workspace("team", resource_group_name=group.name)
vault = keyvault.Vault(
    "team",
    resource_group_name=group.name,
    vault_name="kv-team",
    properties=keyvault.VaultPropertiesArgs(
        enable_purge_protection=True,
        enable_rbac_authorization=True,
        public_network_access="Disabled",
        sku=keyvault.SkuArgs(family="A", name=keyvault.SkuName.STANDARD),
        tenant_id=account.tenant_id,
    ),
)
monitor.DiagnosticSetting(
    "vault",
    logs=[{"category_group": "audit", "enabled": True}],
    resource_uri=vault.id,
    workspace_id=workspace.id,
)
authorization.ManagementLockByScope("vault", level="CanNotDelete", lock_name="keep", scope=vault.id)
data = storage.StorageAccount(
    "data",
    resource_group_name=group.name,
    account_name="stteamdata",
    allow_blob_public_access=False,
    allow_shared_key_access=False,
    kind="StorageV2",
    minimum_tls_version="TLS1_2",
    network_rule_set=storage.NetworkRuleSetArgs(bypass="None", default_action=storage.DefaultAction.DENY),
    sku={"name": "Standard_LRS"},
)
storage.BlobContainer(
    "reports",
    account_name=data.name,
    public_access=storage.PublicAccess.NONE,
    resource_group_name=group.name,
)
plan = web.AppServicePlan(
    "team", kind="linux", reserved=True, resource_group_name=group.name, sku={"name": "B1"}
)
app = web.WebApp(
    "app",
    name="app-team",
    https_only=True,
    identity=web.ManagedServiceIdentityArgs(
        type=web.ManagedServiceIdentityType.USER_ASSIGNED,
        user_assigned_identities=[identity.id],
    ),
    key_vault_reference_identity=identity.id,
    resource_group_name=group.name,
    server_farm_id=plan.id,
    site_config=web.SiteConfigArgs(
        app_command_line="run",
        cors=web.CorsSettingsArgs(allowed_origins=["https://team.example"]),
        ftps_state="Disabled",
        linux_fx_version="DOCKER|team.azurecr.io/app:1",
        scm_ip_security_restrictions_default_action="Deny",
    ),
)
web.WebAppScmAllowed("app", allow=False, name=app.name, resource_group_name=group.name)
web.WebAppAuthSettingsV2(
    "app",
    global_validation=web.GlobalValidationArgs(
        require_authentication=True,
        unauthenticated_client_action=web.UnauthenticatedClientActionV2.RETURN401,
    ),
    name=app.name,
    platform=web.AuthPlatformArgs(enabled=True),
    resource_group_name=group.name,
)
web.WebAppApplicationSettings(
    "app",
    name=app.name,
    properties={
        "DATABASE": "@Microsoft.KeyVault(SecretUri=https://kv-team.vault.azure.net/secrets/database)"
    },
    resource_group_name=group.name,
)
stocktaker = authorization.RoleDefinition(
    "stocktaker",
    assignable_scopes=[group.id],
    permissions=[
        authorization.PermissionArgs(
            actions=[
                "Microsoft.Storage/storageAccounts/read",
            ]
        )
    ],
    role_name="Stocktaker",
    scope=group.id,
)
assign("app-vault", identity.principal_id, role("Key Vault Secrets User"), vault.id)
assign("developers", DEVELOPERS, role("Contributor"), group.id, "Group")
assign("stock", DEVELOPERS, stocktaker.id, data.id, "Group")
assign(
    "app-reports",
    identity.principal_id,
    role("Storage Blob Data Reader"),
    data.id,
    condition=ONLY_REPORTS,
    condition_version="2.0",
)
assign("app-watches", identity.principal_id, role("Reader"), group.id, opts=KEPT)
AccessGrant(
    "on-call",
    {
        "principal_id": ON_CALL,
        "principal_name": "on-call",
        "principal_type": PrincipalType.GROUP,
        "role": role("Key Vault Reader"),
        "scope_id": vault.id,
    },
)
