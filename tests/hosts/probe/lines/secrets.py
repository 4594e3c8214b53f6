"""A secret of a vault is read."""

import os

from azure.identity import DefaultAzureCredential
from azure.keyvault.secrets import SecretClient


def ask(prefix: str) -> str:
    secrets = SecretClient(os.environ[f"{prefix}ENDPOINT"], DefaultAzureCredential())
    return f"a secret of {len(secrets.get_secret('probe-password').value or '')} characters"
