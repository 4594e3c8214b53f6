"""A value is written and read."""

import os

import redis
from redis_entraid.cred_provider import create_from_default_azure_credential


def ask(prefix: str) -> str:
    cache = redis.Redis(
        host=os.environ[f"{prefix}HOST"],
        port=int(os.environ[f"{prefix}PORT"]),
        ssl=True,
        credential_provider=create_from_default_azure_credential(("https://redis.azure.com/.default",)),
    )
    with cache:
        cache.set("probe", "a value")
        return cache.get("probe").decode()
