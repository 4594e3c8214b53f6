"""An app of ours is called."""

import os

import httpx
from azure.identity import DefaultAzureCredential


def ask(prefix: str) -> str:
    token = DefaultAzureCredential().get_token(os.environ[f"{prefix}SCOPE"]).token
    said = httpx.get(
        f"{os.environ[f'{prefix}URL']}/", headers={"Authorization": f"Bearer {token}"}, timeout=60
    )
    if said.status_code != 200:
        raise PermissionError(f"{said.status_code} {said.text}")
    return str(said.json()["well"])
