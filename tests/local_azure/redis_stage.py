"""What the tests of Managed Redis need: caches, whom they let in, and Redis' own client."""

import socket
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import redis

from local_azure.entra.directory import Principal
from local_azure.managed_redis.redis_names import SUFFIX
from local_azure.managed_redis.service import ManagedRedis
from local_azure.server import LocalAzure
from tests.drawn_key import begun
from tests.local_azure.arm import content
from tests.local_azure.vault_stage import VaultStage

AUDIENCE = "https://redis.azure.com"


class RedisStage(VaultStage):
    """One running local Azure with one resource group, where caches are made."""

    def cache(self, **properties: Any) -> tuple[str, str]:
        """A Managed Redis with its database: its id, and its host."""
        id = f"{self.group}/providers/Microsoft.Cache/redisEnterprise/{self.name('amr')}"
        given = {"publicNetworkAccess": "Enabled", **properties}
        body = {"location": "westeurope", "sku": {"name": "Balanced_B0"}, "properties": given}
        made = content(self.arm("PUT", id, body))
        content(self.arm("PUT", f"{id}/databases/default", {"properties": {}}))
        return id, made["properties"]["hostName"]

    def assign_policy(self, cache_id: str, object_id: str, name: str = "one") -> str:
        """Let somebody in; the id of the assignment."""
        id = f"{cache_id}/databases/default/accessPolicyAssignments/{name}"
        properties = {"accessPolicyName": "default", "user": {"objectId": object_id}}
        content(self.arm("PUT", id, {"properties": properties}))
        return id

    def token(self, who: Principal, audience: str = AUDIENCE) -> str:
        return self.azure.entra.issue(who, audience)[0]

    def redis(self, host: str, user: str | None = None, token: str | None = None, **more: Any) -> Any:
        """Redis' own client, which asks DNS for the host; a refusal is not tried again."""
        trust = {"ssl": True, "ssl_ca_certs": self.trust["connection_verify"]}
        more = {"retry": None, "protocol": 3, **more}
        return redis.Redis(host=host, port=10000, username=user, password=token, **trust, **more)

    def as_principal(self, host: str, who: Principal, **more: Any) -> Any:
        return self.redis(host, who.object_id, self.token(who), **more)


def resolved(local: LocalAzure, monkeypatch: pytest.MonkeyPatch) -> None:
    """DNS says of a cache where the gate is: the one thing that clients of Redis, who know no proxy, lack."""
    real = socket.getaddrinfo

    def getaddrinfo(host: Any, port: Any, *args: Any, **named: Any) -> Any:
        if str(host).endswith(SUFFIX):
            host, port = local.azure.service(ManagedRedis).gate.address
        return real(host, port, *args, **named)

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)


@contextmanager
def redis_stage(folder: Path) -> Generator[RedisStage]:
    """A stage on a local Azure of its own."""
    with pytest.MonkeyPatch.context() as patched, LocalAzure(begun(folder)) as local:
        resolved(local, patched)
        yield RedisStage(local)
