"""Settings of a function app whose storage would need a key, judged by azure-mgmt-web (F11)."""

from collections.abc import Iterator
from typing import Any

import pytest
from azure.core.exceptions import HttpResponseError

from local_azure.server import LocalAzure
from tests.drawn_key import begun
from tests.local_azure.app_service_stage import GROUP, Stage

REFERENCE = "@Microsoft.KeyVault(SecretUri=https://kv-shop.vault.azure.net/secrets/storage)"
CONNECTIONS = ["AzureWebJobsStorage", "WEBSITE_CONTENTAZUREFILECONNECTIONSTRING"]


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with LocalAzure(begun(tmp_path_factory.mktemp("azure"))) as local:
        yield Stage(local)


def function_app(stage: Stage, **site_config: Any) -> str:
    name = stage.name("func")
    properties = {"serverFarmId": stage.plan(), "siteConfig": site_config}
    body: Any = {"location": "westeurope", "kind": "functionapp,linux", "properties": properties}
    stage.web.web_apps.begin_create_or_update(GROUP, name, body).result()
    return name


@pytest.mark.parametrize("setting", CONNECTIONS)
def test_f11_a_reference_to_a_function_apps_storage_is_refused(stage: Stage, setting: str) -> None:
    name = function_app(stage)
    with pytest.raises(HttpResponseError) as refused:
        stage.settings(name, {setting: REFERENCE})
    assert refused.value.status_code == 400
    with pytest.raises(HttpResponseError) as refused:
        function_app(stage, appSettings=[{"name": setting, "value": REFERENCE}])
    assert refused.value.status_code == 400


def test_f11_the_check_can_be_skipped_and_an_identity_needs_none(stage: Stage) -> None:
    name = function_app(stage)
    stage.settings(name, {CONNECTIONS[0]: REFERENCE, "WEBSITE_SKIP_CONTENTSHARE_VALIDATION": "1"})
    stage.settings(name, {"AzureWebJobsStorage__accountName": "stshop", "DB_PASSWORD": REFERENCE})


def test_f11_a_web_app_has_no_such_storage(stage: Stage) -> None:
    name = stage.name("app")
    stage.site(name)
    stage.settings(name, {CONNECTIONS[0]: REFERENCE})
