"""A shop without one secret: a page, a worker and an API, with a queue, a database and blobs between them."""

import pulumi
from pulumi_azure_native import resources

from components import (
    BlobAccess,
    FunctionApp,
    KeyVault,
    PostgresAccess,
    PostgresServer,
    QueueAccess,
    SignInArgs,
    StorageAccount,
    WebApp,
)

config = pulumi.Config()
group = resources.ResourceGroup("shop")

# Nothing is ever written into it: everything below opens by identity.
vault = KeyVault("shop", {"resource_group_name": group.name})
files = StorageAccount(
    "shop",
    {
        "resource_group_name": group.name,
        "containers": ["receipts"],
        # The runtime puts into the second what the worker has failed at three times.
        "queues": ["orders", "orders-poison"],
    },
)
database = PostgresServer(
    "shop",
    {
        "resource_group_name": group.name,
        "administrators": {"database-administrators": config.require("database_administrators")},
        "databases": ["shop"],
        # Who runs the command that lets the two apps in; the apps come from where Azure has them.
        "postgres_allowed_ip_ranges": {"people": "198.51.100.0/24", "apps": "192.0.2.0/24"},
    },
)
# An API of its own, which lets in what links to it and nobody else.
callers_only: SignInArgs = {
    "client_id": config.require("registration"),
    "callers": {},
    "excluded_paths": ["/health"],
}
stock = WebApp(
    "stock",
    {"resource_group_name": group.name, "health_check_path": "/health", "sign_in": callers_only},
)
web = WebApp(
    "web",
    {
        "resource_group_name": group.name,
        "plan_id": stock.plan_id,
        "links": {
            "orders": files.queues_link("orders", QueueAccess.SEND),
            "receipts": files.blobs_link("receipts"),
            "database": database.postgres_link("shop"),
            "stock": stock.call_link(),
        },
    },
)
worker = FunctionApp(
    "worker",
    {
        "resource_group_name": group.name,
        "plan_id": web.plan_id,
        "links": {
            # To take messages is not enough: one that failed is given back, which changes it.
            "orders": files.queues_link("orders", QueueAccess.WRITE),
            "failed": files.queues_link("orders-poison", QueueAccess.SEND),
            "receipts": files.blobs_link("receipts", BlobAccess.WRITE),
            # It makes its own table.
            "database": database.postgres_link("shop", PostgresAccess.OWN),
        },
    },
)

pulumi.export("url", web.url)
pulumi.export("stock", {"url": stock.url, "audience": stock.audience})
pulumi.export("vault_id", vault.vault_id)
pulumi.export("code", {"stock": stock.app_id, "web": web.app_id, "worker": worker.app_id})
every = pulumi.Output.all(stock.access, web.access, worker.access)
pulumi.export("access", every.apply(lambda lists: [sentence for one in lists for sentence in one]))
