"""An index is asked for."""

import os

from azure.identity import DefaultAzureCredential
from azure.search.documents import SearchClient


def ask(prefix: str) -> str:
    products = SearchClient(
        os.environ[f"{prefix}ENDPOINT"], os.environ[f"{prefix}INDEX"], DefaultAzureCredential()
    )
    return f"{products.get_document_count()} documents"
