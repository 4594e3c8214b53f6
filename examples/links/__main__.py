"""Two apps that share links by name: to a vault, to what is in a storage account, and to a resource group."""

import pulumi
from pulumi_azure_native import resources

from components import (
    BlobAccess,
    FunctionApp,
    KeyVault,
    LinkArgs,
    QueueAccess,
    StorageAccount,
    TableAccess,
    WebApp,
)

group = resources.ResourceGroup("shop")
vault = KeyVault("shop", {"resource_group_name": group.name, "generated_secrets": {"session-key": 48}})
files = StorageAccount(
    "shop",
    {
        "resource_group_name": group.name,
        "containers": ["reports"],
        "queues": ["orders"],
        "tables": ["prices"],
    },
)

# A link is a record under a name of your own. The same one may be given to as many hosts as need it.
main = vault.secrets_link({"SESSION_KEY": "session-key"})
prices = files.tables_link("prices")
web = WebApp(
    "web",
    {
        "resource_group_name": group.name,
        "links": {
            "main": main,
            "orders": files.queues_link("orders", QueueAccess.SEND),
            "prices": prices,
            "reports": files.blobs_link("reports"),
            # Whatever has a resource id, by any role of Azure's: here by its name.
            "group": {"role": {"id": group.id, "role": "Reader"}},
        },
    },
)
links: dict[str, LinkArgs] = {
    "main": main,
    "orders": files.queues_link("orders", QueueAccess.RECEIVE),
    "prices": files.tables_link("prices", TableAccess.WRITE),
    # Code of this app looks for the reports under another prefix than REPORTS.
    "reports": {**files.blobs_link("reports", BlobAccess.WRITE), "variables": "OUTBOX"},
}
# A role of your own, by the id of its definition, which a role's GUID would do for, too.
if stocktaker := pulumi.Config().get("stocktaker_role"):
    links["stock"] = {"role": {"id": group.id, "role": stocktaker}}
worker = FunctionApp("worker", {"resource_group_name": group.name, "links": links})

pulumi.export("apps", [web.name, worker.name])
pulumi.export("vault", vault.name)
pulumi.export("storage", files.name)
pulumi.export("principals", {"web": web.principal_id, "worker": worker.principal_id})
pulumi.export("access", pulumi.Output.all(web.access, worker.access).apply(lambda both: [*both[0], *both[1]]))
