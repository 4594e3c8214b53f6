"""The lines of code that the guides to Redis and to registries print are run as they are printed."""

import os
import re
from typing import Any

import pytest
import redis
from azure.containerregistry import ContainerRegistryClient
from azure.identity import DefaultAzureCredential
from redis_entraid.cred_provider import (
    create_from_default_azure_credential,  # pyright: ignore[reportUnknownVariableType]
)

from local_azure.constants import DEPLOYER
from local_azure.server import LocalAzure
from tests.local_azure.redis_stage import RedisStage, resolved
from tests.local_azure.registry_stage import RegistryStage
from toolchain.paths import ROOT


def printed(page: str, beginning: str) -> str:
    """The one block of code of a guide that begins so."""
    text = (ROOT / "docs" / "guides" / page).read_text(encoding="utf-8")
    blocks = re.findall(r"^```python\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    (found,) = [one for one in blocks if one.startswith(beginning)]
    return found


def told(local: LocalAzure, monkeypatch: pytest.MonkeyPatch, **variables: str) -> None:
    for name, value in {**local.environment(), **variables}.items():
        monkeypatch.setenv(name, value)


def test_the_lines_of_the_guide_to_redis_run_as_they_are_printed(
    local_azure: LocalAzure, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage = RedisStage(local_azure)
    resolved(local_azure, monkeypatch)
    id, host = stage.cache()
    stage.assign_policy(id, DEPLOYER.object_id)
    told(local_azure, monkeypatch, CACHE_HOST=host, CACHE_PORT="10000")
    names: dict[str, Any] = {
        "create_from_default_azure_credential": create_from_default_azure_credential,
        "os": os,
        "redis": redis,
    }
    for beginning in ("CREDENTIAL = ", "cache = redis"):
        exec(printed("redis.md", beginning), names)
    assert names["cache"].get("basket") == b"3 apples"
    names["cache"].close()


def test_the_lines_of_the_guide_to_registries_run_as_they_are_printed(
    local_azure: LocalAzure, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage = RegistryStage(local_azure)
    id, host = stage.registry()
    stage.pushed(host, stage.with_role("AcrPush", id), "shop/web", "v1", "v2")
    stage.grant(id, "AcrPull", DEPLOYER.object_id)
    told(local_azure, monkeypatch, IMAGES_HOST=host, IMAGES_REPOSITORY="shop/web")
    names: dict[str, Any] = {
        "ContainerRegistryClient": ContainerRegistryClient,
        "DefaultAzureCredential": DefaultAzureCredential,
        "os": os,
    }
    exec(printed("container-registry.md", "images = ContainerRegistryClient"), names)
    assert names["tags"] == ["v1", "v2"]
