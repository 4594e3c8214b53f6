"""A row is sent."""

import os

from azure.identity import DefaultAzureCredential
from azure.monitor.ingestion import LogsIngestionClient


def ask(prefix: str) -> str:
    rows = LogsIngestionClient(os.environ[f"{prefix}ENDPOINT"], DefaultAzureCredential())
    rows.upload(os.environ[f"{prefix}RULE_ID"], os.environ[f"{prefix}STREAM"], [{"Order": 1}])
    return "sent"
