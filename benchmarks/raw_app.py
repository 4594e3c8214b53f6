"""The resources of one `KeylessWebApp`, written out with the SDK alone."""

import pulumi
import pulumi_random as random
from pulumi_azure_native import authorization, keyvault, managedidentity, resources, web

from components.roles import Role, role_facts

ROLE = role_facts(Role.KEY_VAULT_SECRETS_USER).guid


class Empty(pulumi.ComponentResource):
    """A component that does nothing: the least that five components can cost."""

    def __init__(self, name: str) -> None:
        super().__init__("benchmark:index:Empty", name)
        self.register_outputs({})


def raw_app(name: str) -> None:
    """One app, its vault and what both stand on."""
    signed_in = authorization.get_client_config_output()
    suffix = random.RandomString(name, length=6, special=False, upper=False).result
    group = resources.ResourceGroup(
        name, resource_group_name=pulumi.Output.concat("rg-", name, "-", suffix)
    ).name
    vault = keyvault.Vault(
        name,
        resource_group_name=group,
        vault_name=pulumi.Output.concat("kv-", suffix),
        properties=keyvault.VaultPropertiesArgs(
            enable_rbac_authorization=True,
            enable_soft_delete=True,
            sku=keyvault.SkuArgs(family=keyvault.SkuFamily.A, name=keyvault.SkuName.STANDARD),
            soft_delete_retention_in_days=90,
            tenant_id=signed_in.tenant_id,
        ),
    )
    identity = managedidentity.UserAssignedIdentity(name, resource_group_name=group)
    grant = authorization.RoleAssignment(
        name,
        principal_id=identity.principal_id,
        principal_type="ServicePrincipal",
        role_definition_id=pulumi.Output.concat(
            "/subscriptions/",
            signed_in.subscription_id,
            "/providers/Microsoft.Authorization/roleDefinitions/",
            ROLE,
        ),
        scope=vault.id,
    )
    plan = web.AppServicePlan(
        name,
        resource_group_name=group,
        kind="linux",
        reserved=True,
        sku=web.SkuDescriptionArgs(name="B1"),
    )
    site = web.WebApp(
        name,
        resource_group_name=group,
        https_only=True,
        identity=web.ManagedServiceIdentityArgs(
            type=web.ManagedServiceIdentityType.USER_ASSIGNED, user_assigned_identities=[identity.id]
        ),
        key_vault_reference_identity=identity.id,
        kind="app,linux",
        server_farm_id=plan.id,
        site_config=web.SiteConfigArgs(
            always_on=True,
            ftps_state=web.FtpsState.DISABLED,
            http20_enabled=True,
            linux_fx_version="PYTHON|3.12",
            min_tls_version=web.SupportedTlsVersions.SUPPORTED_TLS_VERSIONS_1_2,
        ),
        opts=pulumi.ResourceOptions(depends_on=[grant]),
    )
    ftp = web.WebAppFtpAllowed(name, name=site.name, resource_group_name=group, allow=False)
    scm = web.WebAppScmAllowed(name, name=site.name, resource_group_name=group, allow=False)
    endpoint = vault.properties.apply(lambda properties: properties.vault_uri or "")
    web.WebAppApplicationSettings(
        name,
        name=site.name,
        resource_group_name=group,
        properties={
            "AZURE_CLIENT_ID": identity.client_id,
            "AZURE_KEY_VAULT_ENDPOINT": endpoint,
            "PASSWORD": endpoint.apply(lambda uri: f"@Microsoft.KeyVault(SecretUri={uri}secrets/password)"),
        },
        opts=pulumi.ResourceOptions(depends_on=[grant, ftp, scm]),
    )


def raw_app_with_empty_components(name: str) -> None:
    """The same, and as many empty components as a `KeylessWebApp` is made of."""
    raw_app(name)
    for part in ("app", "vault", "site", "identity", "grant"):
        Empty(f"{name}-{part}")
