"""Access for identities of what no component declares: a machine that exists, and a site declared by hand."""

import pulumi
from pulumi_azure_native import resources, web

from components import KeyVault, QueueAccess, StorageAccount, WorkloadAccess

group = resources.ResourceGroup("shop")
vault = KeyVault("shop", {"resource_group_name": group.name, "generated_secrets": {"session-key": 48}})
files = StorageAccount("shop", {"resource_group_name": group.name, "queues": ["orders"]})

# The identity of a virtual machine that another team runs: `az vm show --query identity.principalId`.
nightly = WorkloadAccess(
    "nightly",
    {
        "principal_id": pulumi.Config().require("machine_principal_id"),
        "principal_name": "the nightly machine",
        "links": {"orders": files.queues_link("orders", QueueAccess.RECEIVE)},
    },
)

# A site that is declared by hand stays as it is: its identity is let in, and its settings are told the rest.
plan = web.AppServicePlan(
    "shop",
    kind="linux",
    reserved=True,
    resource_group_name=group.name,
    sku=web.SkuDescriptionArgs(name="B1", tier="Basic"),
)
site = web.WebApp(
    "shop",
    client_affinity_enabled=False,
    https_only=True,
    identity=web.ManagedServiceIdentityArgs(type=web.ManagedServiceIdentityType.SYSTEM_ASSIGNED),
    kind="app,linux",
    reserved=True,
    resource_group_name=group.name,
    server_farm_id=plan.id,
    site_config=web.SiteConfigArgs(
        always_on=True,
        ftps_state=web.FtpsState.DISABLED,
        http20_enabled=True,
        linux_fx_version="PYTHON|3.12",
        min_tls_version=web.SupportedTlsVersions.SUPPORTED_TLS_VERSIONS_1_2,
        remote_debugging_enabled=False,
        scm_min_tls_version=web.SupportedTlsVersions.SUPPORTED_TLS_VERSIONS_1_2,
    ),
)
# Neither FTP nor deployment takes a password. Azure refuses two writes to one site at once.
ftp = web.WebAppFtpAllowed("shop", allow=False, name=site.name, resource_group_name=group.name)
scm = web.WebAppScmAllowed(
    "shop",
    allow=False,
    name=site.name,
    resource_group_name=group.name,
    opts=pulumi.ResourceOptions(depends_on=[ftp]),
)
access = WorkloadAccess(
    "site",
    {
        "principal_id": site.identity.apply(lambda identity: identity.principal_id if identity else ""),
        "principal_name": site.name,
        "links": {
            "main": vault.secrets_link({"SESSION_KEY": "session-key"}),
            "orders": files.queues_link("orders", QueueAccess.SEND),
        },
    },
)
references = access.secret_uris.apply(
    lambda uris: {variable: f"@Microsoft.KeyVault(SecretUri={uri})" for variable, uri in uris.items()}
)
web.WebAppApplicationSettings(
    "shop",
    name=site.name,
    properties=pulumi.Output.all(access.environment, references).apply(lambda both: {**both[0], **both[1]}),
    resource_group_name=group.name,
    # A reference that is read before its grant exists is not read again for a day.
    opts=pulumi.ResourceOptions(depends_on=[access, scm]),
)

pulumi.export("site", site.name)
pulumi.export("vault", vault.name)
pulumi.export("machine_environment", nightly.environment)
pulumi.export(
    "access", pulumi.Output.all(nightly.access, access.access).apply(lambda both: [*both[0], *both[1]])
)
