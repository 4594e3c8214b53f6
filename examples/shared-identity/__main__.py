"""Two apps that share one identity, which is let in once, beside an identity of a second purpose."""

import pulumi
from pulumi_azure_native import resources, web

from components import AccessGrant, IdentityKind, KeyVault, ManagedIdentity, Role, WebApp, WebAppArgs

group = resources.ResourceGroup("team")
vault = KeyVault("team", {"resource_group_name": group.name})
shared = ManagedIdentity("shared", {"resource_group_name": group.name})
reports = ManagedIdentity("reports", {"resource_group_name": group.name})
may_read = AccessGrant(
    "shared",
    {
        "principal_id": shared.principal_id,
        "principal_name": shared.name,
        "role": Role.KEY_VAULT_SECRETS_USER,
        "scope_id": vault.vault_id,
    },
)
plan = web.AppServicePlan(
    "team",
    kind="linux",
    reserved=True,
    resource_group_name=group.name,
    sku=web.SkuDescriptionArgs(name="B1", tier="Basic"),
)

of_both: WebAppArgs = {
    "resource_group_name": group.name,
    "identity": IdentityKind.EXISTING,
    "identity_id": shared.identity_id,
    "identity_principal_id": shared.principal_id,
    "identity_client_id": shared.client_id,
    "secrets": {"API_KEY": "api-key"},
    "vault_id": vault.vault_id,
    "vault_endpoint": vault.endpoint,
}
# The identity is no app's own, so no app grants it: both wait for the grant of its owner.
granted = pulumi.ResourceOptions(depends_on=[may_read])
site = WebApp("site", {**of_both, "plan_id": plan.id}, granted)
# Azure refuses two writes to one plan at once: the second app takes the plan from the first, and so waits.
worker = WebApp(
    "worker",
    {
        **of_both,
        "plan_id": site.plan_id,
        # Code asks for it with ManagedIdentityCredential(client_id=os.environ["AZURE_CLIENT_ID_REPORTS"]).
        "further_identity_ids": {"reports": reports.identity_id},
    },
    granted,
)

pulumi.export("apps", [site.name, worker.name])
pulumi.export("client_id", shared.client_id)
pulumi.export("reports_client_id", reports.client_id)
pulumi.export("access", [may_read.access])
