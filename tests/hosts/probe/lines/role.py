"""The tables of an account are listed."""

from azure.data.tables import TableServiceClient
from azure.identity import DefaultAzureCredential


def ask(prefix: str) -> str:
    del prefix  # the link tells code nothing
    tables = TableServiceClient(
        "https://keylessanyrole.table.core.windows.net", credential=DefaultAzureCredential()
    )
    return " ".join(one.name for one in tables.list_tables())
