"""A function app that reads its secrets and works with blobs."""

import pulumi
from keyless_azure import BlobAccess, FunctionApp, KeyVault, StorageAccount
from pulumi_azure_native import resources

group = resources.ResourceGroup("team", location="westeurope")
vault = KeyVault("team", {"resource_group_name": group.name})
storage = StorageAccount(
    "team", {"resource_group_name": group.name, "containers": ["reports"], "queues": ["orders"]}
)
worker = FunctionApp(
    "worker",
    {
        "blob_access": BlobAccess.WRITE,
        "resource_group_name": group.name,
        "secrets": {"API_KEY": "api-key"},
        "storage_account_id": storage.account_id,
        "storage_endpoint": storage.endpoint,
        "vault_endpoint": vault.endpoint,
        "vault_id": vault.vault_id,
    },
)
pulumi.export("url", worker.url)
