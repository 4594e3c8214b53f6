"""A setting is read."""

import os

from azure.appconfiguration import AzureAppConfigurationClient
from azure.identity import DefaultAzureCredential


def ask(prefix: str) -> str:
    store = AzureAppConfigurationClient(os.environ[f"{prefix}ENDPOINT"], DefaultAzureCredential())
    return str(store.get_configuration_setting("probe").value)
