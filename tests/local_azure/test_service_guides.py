"""The lines of code in the guides to App Configuration, models and search are run as they are printed."""

import os
from typing import Any

import pytest
from azure.appconfiguration import AzureAppConfigurationClient, SecretReferenceConfigurationSetting
from azure.appconfiguration.provider import load  # pyright: ignore[reportUnknownVariableType]
from azure.identity import DefaultAzureCredential, get_bearer_token_provider
from azure.search.documents import SearchClient
from openai import AzureOpenAI

from local_azure.ai_services.stand_in import SAYS
from local_azure.constants import DEPLOYER
from local_azure.server import LocalAzure
from tests.local_azure.ai_stage import OPENAI_USER, AiStage
from tests.local_azure.configuration_stage import OWNER, READER, ConfigurationStage
from tests.local_azure.printed import printed
from tests.local_azure.search_stage import READER as SEARCH_READER
from tests.local_azure.search_stage import SearchStage

NAMES: dict[str, Any] = {
    "AzureAppConfigurationClient": AzureAppConfigurationClient,
    "AzureOpenAI": AzureOpenAI,
    "DefaultAzureCredential": DefaultAzureCredential,
    "SearchClient": SearchClient,
    "get_bearer_token_provider": get_bearer_token_provider,
    "load": load,
    "os": os,
}


def told(local: LocalAzure, monkeypatch: pytest.MonkeyPatch, **variables: str) -> dict[str, Any]:
    """The environment of code that runs as the deployer, and its names."""
    for name, value in {**local.environment(), **variables}.items():
        monkeypatch.setenv(name, value)
    return dict(NAMES)


def no_record(_request: str) -> list[Any]:
    """A DNS that answers at once that there is no replica, as that of a laptop does."""
    return []


def test_the_lines_of_the_guide_read_settings_and_the_secret_behind_one(
    local_azure: LocalAzure, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage = ConfigurationStage(local_azure)
    store, vault = stage.store(), stage.vault()
    stage.officer_of(vault).set_secret("database-password", "from the vault")
    owner = stage.configuration(store, stage.with_role(OWNER, stage.store_id(store)))
    uri = f"https://{vault}.vault.azure.net/secrets/database-password"
    owner.set_configuration_setting(SecretReferenceConfigurationSetting("shop:password", uri))
    stage.grant(stage.store_id(store), OWNER, DEPLOYER.object_id)
    body = {"properties": {"value": "green"}}
    assert stage.arm("PUT", f"{stage.store_id(store)}/keyValues/shop~3Acolor", body).status == 200
    stage.grant(stage.store_id(store), READER, DEPLOYER.object_id)
    stage.grant(stage.id(vault), "Key Vault Secrets User", DEPLOYER.object_id)
    monkeypatch.setattr("azure.appconfiguration.provider._discovery._request_record", no_record)
    names = told(local_azure, monkeypatch, FEATURES_ENDPOINT=f"https://{store}.azconfig.io/")
    for beginning in ("store = ", "credential = "):
        exec(printed("app-configuration.md", beginning), names)
    assert (names["color"], names["password"]) == ("green", "from the vault")


def test_the_lines_of_the_guide_ask_a_model_and_search(
    local_azure: LocalAzure, monkeypatch: pytest.MonkeyPatch
) -> None:
    models, searching = AiStage(local_azure), SearchStage(local_azure)
    account, service = models.account(), searching.filled()
    models.grant(models.account_id(account), OPENAI_USER, DEPLOYER.object_id)
    searching.grant(f"{searching.service_id(service)}/indexes/products", SEARCH_READER, DEPLOYER.object_id)
    names = told(
        local_azure,
        monkeypatch,
        MODEL_ENDPOINT=f"https://{account}.openai.azure.com/",
        MODEL_DEPLOYMENT="chat",
        PRODUCTS_ENDPOINT=f"https://{service}.search.windows.net/",
        PRODUCTS_INDEX="products",
    )
    for beginning in ("scope = ", "products = "):
        exec(printed("ai.md", beginning), names)
    assert names["answer"].choices[0].message.content == f"{SAYS} Which shoe?"
    assert names["names"] == ["Green shoe", "Red shoe", "Green hat"]
