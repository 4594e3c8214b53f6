"""An event is sent."""

import os

from azure.core.messaging import CloudEvent
from azure.eventgrid import EventGridPublisherClient
from azure.identity import DefaultAzureCredential


def ask(prefix: str) -> str:
    topic = EventGridPublisherClient(os.environ[f"{prefix}ENDPOINT"], DefaultAzureCredential())
    topic.send(CloudEvent(source="/probe", type="Probe.Asked", data={"order": 1}))
    return "sent"
