"""A message is sent and looked at."""

import os

from azure.identity import DefaultAzureCredential
from azure.storage.queue import QueueClient


def ask(prefix: str) -> str:
    queue = QueueClient(
        os.environ[f"{prefix}ENDPOINT"], os.environ[f"{prefix}QUEUE"], credential=DefaultAzureCredential()
    )
    queue.clear_messages()
    queue.send_message("a message")
    return str(queue.peek_messages()[0].content)
