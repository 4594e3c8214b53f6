"""A blob is written and read."""

import os

from azure.identity import DefaultAzureCredential
from azure.storage.blob import ContainerClient


def ask(prefix: str) -> str:
    container = ContainerClient(
        os.environ[f"{prefix}ENDPOINT"], os.environ[f"{prefix}CONTAINER"], credential=DefaultAzureCredential()
    )
    container.upload_blob("probe.txt", b"a blob", overwrite=True)
    return container.download_blob("probe.txt").readall().decode()
