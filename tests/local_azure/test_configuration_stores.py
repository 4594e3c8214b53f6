"""App Configuration's stores and what is in them, as Resource Manager sees them."""

from collections.abc import Iterator
from typing import Any

import pytest
from azure.appconfiguration import ConfigurationSetting
from azure.core.exceptions import HttpResponseError, ResourceNotFoundError
from azure.identity import ClientSecretCredential
from azure.mgmt.appconfiguration import AppConfigurationManagementClient
from azure.mgmt.appconfiguration.models import KeyValue

from local_azure.app_configuration.stores import FOREIGN_NAMES
from local_azure.constants import DEPLOYER, SUBSCRIPTION_ID, TENANT_ID
from local_azure.server import LocalAzure
from tests.drawn_key import begun
from tests.local_azure.arm import content, refusal
from tests.local_azure.configuration_stage import OWNER, READER, ConfigurationStage, store_body
from tests.local_azure.vault_stage import GROUP, Json


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ConfigurationStage]:
    with LocalAzure(begun(tmp_path_factory.mktemp("azure"))) as local:
        yield ConfigurationStage(local)


def client(stage: ConfigurationStage) -> Any:
    secret = stage.local.environment()["AZURE_CLIENT_SECRET"]
    deployer = ClientSecretCredential(TENANT_ID, str(DEPLOYER.client_id), secret, **stage.trust)
    return AppConfigurationManagementClient(deployer, SUBSCRIPTION_ID, **stage.trust)


def key_value(value: str, content_type: str | None = None) -> Json:
    return {"properties": {"value": value, "contentType": content_type}}


def test_a_bare_store_is_opened_by_its_keys_and_by_every_network(stage: ConfigurationStage) -> None:
    name = stage.name("appcs")
    bare = {"location": "westeurope", "sku": {"name": "standard"}}
    content(stage.arm("PUT", stage.store_id(name), bare))
    made = client(stage).configuration_stores.get(GROUP, name)
    found = made
    assert (found.disable_local_auth, found.enable_purge_protection) == (False, False)
    assert found.data_plane_proxy.authentication_mode == "Local"
    assert found.endpoint == f"https://{name}.azconfig.io"


@pytest.mark.parametrize("name", ["four", "n" * 51, "-store", "store-", "sto---re", "sto_re"])
def test_v7_an_impossible_name_of_a_store_is_refused(stage: ConfigurationStage, name: str) -> None:
    answer = stage.arm("PUT", stage.store_id(name), store_body())
    assert refusal(answer)[:2] == (400, "InvalidRequest")


def test_v7_a_deleted_store_holds_its_name_until_it_is_purged(stage: ConfigurationStage) -> None:
    stage.azure.store.documents(FOREIGN_NAMES).put("appcs-foreign", {})
    name, stores = stage.store(), client(stage).configuration_stores
    elsewhere = f"{stage.arm.group('rg-other')}/providers/Microsoft.AppConfiguration/configurationStores"
    taken = (409, "NameUnavailable", "The specified name is already in use.")
    for one in (name, "appcs-foreign"):
        assert refusal(stage.arm("PUT", f"{elsewhere}/{one}", store_body())) == taken
    stores.begin_delete(GROUP, name).result()
    assert refusal(stage.arm("PUT", stage.store_id(name), store_body())) == taken
    assert name in [one.name for one in stores.list_deleted()]
    stores.begin_purge_deleted("westeurope", name).result()
    content(stage.arm("PUT", stage.store_id(name), store_body()))


def test_v8_a_deleted_store_comes_back_with_what_was_in_it(stage: ConfigurationStage) -> None:
    name, stores = stage.store(enablePurgeProtection=True), client(stage).configuration_stores
    stage.grant(stage.store_id(name), OWNER, DEPLOYER.object_id)
    content(stage.arm("PUT", f"{stage.store_id(name)}/keyValues/greeting", key_value("hello")))
    stores.begin_delete(GROUP, name).result()
    with pytest.raises(HttpResponseError):
        stores.begin_purge_deleted("westeurope", name).result()
    content(stage.arm("PUT", stage.store_id(name), store_body(createMode="Recover")))
    assert stage.owner_of(name).get_configuration_setting("greeting").value == "hello"
    free = stage.store(tier="free")
    stores.begin_delete(GROUP, free).result()
    assert free not in [one.name for one in stores.list_deleted()]
    content(stage.arm("PUT", stage.store_id(free), store_body("free")))


def test_v8_purge_protection_stays_and_is_for_the_tiers_that_keep_a_store(stage: ConfigurationStage) -> None:
    name = stage.store(enablePurgeProtection=True)
    off = store_body(enablePurgeProtection=False)
    assert refusal(stage.arm("PUT", stage.store_id(name), off))[0] == 400
    for tier in ("free", "developer"):
        other = stage.store_id(stage.name("appcs"))
        assert refusal(stage.arm("PUT", other, store_body(tier, enablePurgeProtection=True)))[0] == 400


def test_v10_without_pass_through_resource_manager_writes_no_key_value(stage: ConfigurationStage) -> None:
    name = stage.store(dataPlaneProxy=None)
    stage.grant(stage.store_id(name), OWNER, DEPLOYER.object_id)
    answer = stage.arm("PUT", f"{stage.store_id(name)}/keyValues/greeting", key_value("hello"))
    status, code, message = refusal(answer)
    assert (status, code) == (409, "Conflict")
    assert message.endswith("please use pass-through authentication mode")


def test_v10_with_pass_through_a_deployer_needs_a_data_role(stage: ConfigurationStage) -> None:
    name = stage.store()
    path = f"{stage.store_id(name)}/keyValues/greeting"
    forbidden = (403, "Forbidden", "Access to the requested resource is forbidden.")
    assert refusal(stage.arm("PUT", path, key_value("hello"))) == forbidden
    owner = stage.owner_of(name)
    owner.set_configuration_setting(ConfigurationSetting(key="greeting", value="hi"))
    assert refusal(stage.arm("GET", path)) == refusal(stage.arm("DELETE", path)) == forbidden
    stage.grant(stage.store_id(name), READER, DEPLOYER.object_id)
    assert content(stage.arm("GET", path))["properties"]["value"] == "hi"
    assert refusal(stage.arm("DELETE", path)) == forbidden
    assert owner.get_configuration_setting("greeting").value == "hi"
    stage.grant(stage.store_id(name), OWNER, DEPLOYER.object_id)
    content(stage.arm("PUT", path, key_value("hello")))
    assert stage.owner_of(name).get_configuration_setting("greeting").value == "hello"


def test_v10_resource_manager_does_not_reach_a_closed_store(stage: ConfigurationStage) -> None:
    name = stage.store()
    stage.grant(stage.store_id(name), OWNER, DEPLOYER.object_id)
    content(stage.arm("PUT", stage.store_id(name), store_body(publicNetworkAccess="Disabled")))
    path = f"{stage.store_id(name)}/keyValues/greeting"
    assert refusal(stage.arm("PUT", path, key_value("hello")))[:2] == (403, "Forbidden")


def test_v11_a_key_value_is_named_by_its_key_and_its_label(stage: ConfigurationStage) -> None:
    name, values = stage.store(), client(stage).key_values
    stage.grant(stage.store_id(name), OWNER, DEPLOYER.object_id)
    body = KeyValue(value="green", content_type="text/plain", tags={"by": "arm"})
    values.create_or_update(GROUP, name, "shop~3Acolor~2Fmain$test", body)
    found = stage.owner_of(name).get_configuration_setting("shop:color/main", "test")
    assert (found.value, found.content_type, found.tags) == ("green", "text/plain", {"by": "arm"})
    read = values.get(GROUP, name, "shop~3Acolor~2Fmain$test")
    assert (read.key, read.label, read.value) == ("shop:color/main", "test", "green")
    values.begin_delete(GROUP, name, "shop~3Acolor~2Fmain$test").result()
    with pytest.raises(ResourceNotFoundError):
        values.get(GROUP, name, "shop~3Acolor~2Fmain$test")
    with pytest.raises(ResourceNotFoundError):
        stage.owner_of(name).get_configuration_setting("shop:color/main", "test")


def test_keys_of_a_store_that_has_them_are_said_not_to_be_served(stage: ConfigurationStage) -> None:
    name = stage.store(disableLocalAuth=False)
    assert refusal(stage.arm("POST", f"{stage.store_id(name)}/listKeys"))[:2] == (
        501,
        "NotServedByLocalAzure",
    )
