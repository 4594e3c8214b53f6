"""Tags of images are listed."""

import os

from azure.containerregistry import ContainerRegistryClient
from azure.identity import DefaultAzureCredential


def ask(prefix: str) -> str:
    images = ContainerRegistryClient(f"https://{os.environ[f'{prefix}HOST']}", DefaultAzureCredential())
    return f"{len(list(images.list_repository_names()))} repositories"
