"""An item is written and read."""

import os

from azure.cosmos import CosmosClient
from azure.identity import DefaultAzureCredential


def ask(prefix: str) -> str:
    client = CosmosClient(os.environ[f"{prefix}ENDPOINT"], DefaultAzureCredential())
    items = client.get_database_client(os.environ[f"{prefix}DATABASE"]).get_container_client(
        os.environ[f"{prefix}CONTAINER"]
    )
    items.upsert_item({"id": "1", "customer": "ann"})
    return str(items.read_item("1", "ann")["customer"])
