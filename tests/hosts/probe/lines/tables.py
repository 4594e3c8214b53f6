"""An entity is written and read."""

import os

from azure.data.tables import TableClient
from azure.identity import DefaultAzureCredential


def ask(prefix: str) -> str:
    table = TableClient(
        os.environ[f"{prefix}ENDPOINT"], os.environ[f"{prefix}TABLE"], credential=DefaultAzureCredential()
    )
    table.upsert_entity({"PartitionKey": "probe", "RowKey": "1", "said": "an entity"})
    return str(table.get_entity("probe", "1")["said"])
