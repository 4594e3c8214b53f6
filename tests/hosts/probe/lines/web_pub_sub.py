"""A message is sent to everybody."""

import os

from azure.identity import DefaultAzureCredential
from azure.messaging.webpubsubservice import WebPubSubServiceClient


def ask(prefix: str) -> str:
    live = WebPubSubServiceClient(os.environ[f"{prefix}ENDPOINT"], "probe", DefaultAzureCredential())
    live.send_to_all({"order": 1})
    return "sent"
