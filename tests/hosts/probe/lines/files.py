"""A file is written and read."""

import os

from azure.identity import DefaultAzureCredential
from azure.storage.fileshare import ShareClient


def ask(prefix: str) -> str:
    share = ShareClient(
        os.environ[f"{prefix}ENDPOINT"],
        os.environ[f"{prefix}SHARE"],
        credential=DefaultAzureCredential(),
        token_intent="backup",
    )
    file = share.get_file_client("probe.txt")
    file.upload_file(b"a file")
    return file.download_file().readall().decode()
