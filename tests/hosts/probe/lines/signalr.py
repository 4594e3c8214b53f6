"""A message is sent to everybody, by the REST API: Microsoft has no client of it for Python.

https://learn.microsoft.com/azure/azure-signalr/signalr-reference-data-plane-rest-api
"""

import os

import httpx
from azure.identity import DefaultAzureCredential


def ask(prefix: str) -> str:
    token = DefaultAzureCredential().get_token("https://signalr.azure.com/.default").token
    said = httpx.post(
        f"{os.environ[f'{prefix}ENDPOINT'].rstrip('/')}/api/hubs/probe/:send",
        params={"api-version": "2022-06-01"},
        json={"target": "placed", "arguments": [1]},
        headers={"Authorization": f"Bearer {token}"},
        timeout=60,
    )
    if said.status_code != 202:
        raise PermissionError(f"{said.status_code} {said.text}")
    return "sent"
