"""The documents in a site's `config/`, judged by azure-mgmt-web."""

import base64
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree

import pytest
from azure.core.exceptions import HttpResponseError
from azure.mgmt.web import WebSiteManagementClient

from local_azure.constants import SUBSCRIPTION_ID
from local_azure.server import LocalAzure
from tests.drawn_key import begun
from tests.local_azure.app_service_stage import GREETING_APP, GROUP, Json, Stage, package, refusal
from tests.local_azure.grants import READER
from tests.local_azure.scene import TokenOf

SQL = "Server=tcp:db-one;Authentication=Active Directory Default"


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with LocalAzure(begun(tmp_path_factory.mktemp("azure"))) as local:
        yield Stage(local)


def app(stage: Stage, **properties: Any) -> str:
    name = stage.name("app")
    stage.site(name, serverFarmId=stage.plan(), **properties)
    return name


def publish(stage: Stage, name: str, password: str) -> int:
    """The status that the scm host answers to a package of the site's own user."""
    basic = base64.b64encode(f"${name}:{password}".encode()).decode()
    url = f"https://{name}.scm.azurewebsites.net/api/publish?type=zip"
    with stage.http() as client:
        headers = {"Authorization": f"Basic {basic}"}
        return client.post(url, content=package({"app.py": GREETING_APP}), headers=headers).status_code


def profiles(stage: Stage, name: str) -> dict[str, dict[str, str]]:
    """The publish profile, by the method."""
    whole = b"".join(stage.web.web_apps.list_publishing_profile_xml_with_secrets(GROUP, name, {}))
    return {one.attrib["publishMethod"]: one.attrib for one in ElementTree.fromstring(whole)}


def test_a32_documents_with_secrets_are_listed_by_who_may_list_them(stage: Stage) -> None:
    name = app(stage)
    reader_id = stage.identity()["properties"]["principalId"]
    stage.assign(stage.id("Microsoft.Web/sites", name), reader_id, READER)
    trust: Json = {
        "proxies": {"https": stage.local.proxy_url},
        "connection_verify": stage.local.addresses.authority,
    }
    token: Any = TokenOf(stage.local.azure, reader_id)
    reader: Any = WebSiteManagementClient(token, SUBSCRIPTION_ID, **trust).web_apps
    assert reader.get(GROUP, name).name == name
    assert reader.get_diagnostic_logs_configuration(GROUP, name).properties is not None
    calls = (
        "list_application_settings", "list_connection_strings", "list_azure_storage_accounts",
        "list_metadata", "get_auth_settings",
    )  # fmt: skip
    for call in calls:
        with pytest.raises(HttpResponseError) as refused:
            getattr(reader, call)(GROUP, name)
        assert (refused.value.status_code, refusal(refused)["error"]["code"]) == (403, "AuthorizationFailed")
        getattr(stage.web.web_apps, call)(GROUP, name)
    for call, action in (("begin_list_publishing_credentials", "config/list"), ("stop", "stop")):
        with pytest.raises(HttpResponseError) as refused:
            getattr(reader, call)(GROUP, name)
        assert f"'Microsoft.Web/sites/{action}/action'" in refusal(refused)["error"]["message"]
    for document in ("azurestorageaccounts", "connectionstrings", "publishingcredentials"):
        with pytest.raises(HttpResponseError) as refused:
            stage.arm("GET", stage.id("Microsoft.Web/sites", f"{name}/config/{document}"))
        assert refused.value.status_code == 405


def test_a32_no_write_answers_with_what_was_there(stage: Stage) -> None:
    """A role that may write and not list learns nothing by changing nothing."""
    name, web = app(stage), stage.web.web_apps
    stage.settings(name, {"A": "kept"})
    for document in ("appsettings", "connectionstrings", "azurestorageaccounts", "metadata", "AuthSettings"):
        path = stage.id("Microsoft.Web/sites", f"{name}/config/{document}")
        with pytest.raises(HttpResponseError) as refused:
            stage.arm("PATCH", path, {"properties": {}})
        assert (refused.value.status_code, "kept" in str(refused.value)) == (405, False)
    assert web.list_application_settings(GROUP, name).properties == {"A": "kept"}
    patched = stage.arm("PATCH", stage.id("Microsoft.Web/sites", f"{name}/config/web"), {
        "properties": {"webSocketsEnabled": True},
    })  # fmt: skip
    assert patched["properties"]["webSocketsEnabled"] is True
    assert "appSettings" not in patched["properties"]


def test_a33_a_connection_string_reaches_the_app_under_the_prefix_of_its_type(stage: Stage) -> None:
    name, vault, web = app(stage), stage.vault(), stage.web.web_apps
    site = stage.site(name, serverFarmId=plan_of(stage, name), identity={"type": "SystemAssigned"})
    stage.secret(vault, "cache", "from-the-vault")
    stage.grant(vault, site.identity.principal_id)
    reference = f"@Microsoft.KeyVault(SecretUri=https://{vault}.vault.azure.net/secrets/cache)"
    strings = {"DB": {"value": SQL, "type": "SQLAzure"}, "CACHE": {"value": reference, "type": "Custom"}}
    written = web.update_connection_strings(GROUP, name, {"properties": strings}).properties
    assert {key: (one.value, one.type) for key, one in written.items()} == {
        "DB": (SQL, "SQLAzure"), "CACHE": (reference, "Custom"),
    }  # fmt: skip
    stage.settings(name, {"A": "1"})  # a write of the settings takes no connection string away
    (told,) = web.get_site_connection_string_key_vault_references(GROUP, name)
    assert (told.name, told.properties.status) == ("CACHE", "Resolved")
    assert stage.statuses(name) == {}
    stage.deploy(name, {"app.py": GREETING_APP})
    seen = stage.get(name).json()
    assert (seen["SQLAZURECONNSTR_DB"], seen["CUSTOMCONNSTR_CACHE"], seen["A"]) == (
        SQL,
        "from-the-vault",
        "1",
    )
    assert "from-the-vault" not in str(
        stage.arm("GET", stage.id("Microsoft.Web/sites", f"{name}/config/web"))
    )


def plan_of(stage: Stage, site: str) -> str:
    return str(stage.web.web_apps.get(GROUP, site).properties.server_farm_id)


def test_a33_a_connection_string_is_a_text_of_a_known_type(stage: Stage) -> None:
    name = app(stage, siteConfig={"connectionStrings": [
        {"name": "DB", "connectionString": SQL, "type": "SQLAzure"},
    ]})  # fmt: skip
    path = stage.id("Microsoft.Web/sites", f"{name}/config/connectionstrings")
    one: Json = {"value": SQL, "type": "SQLAzure"}
    wrong: list[tuple[Json, int]] = [
        ({"DB": {"value": SQL}}, 400),
        ({"DB": {"value": 1, "type": "SQLAzure"}}, 400),
        ({"DB": {"value": SQL, "type": "Access"}}, 400),
        ({"DB": one, "db": one}, 409),
    ]
    for properties, status in wrong:
        with pytest.raises(HttpResponseError) as refused:
            stage.arm("PUT", path, {"properties": properties})
        assert refused.value.status_code == status
        assert SQL not in refusal(refused)["Message"]
    kept = stage.web.web_apps.list_connection_strings(GROUP, name).properties
    assert {key: found.value for key, found in kept.items()} == {"DB": SQL}


def test_a32_a_mounted_share_has_a_type_an_account_and_a_path(stage: Stage) -> None:
    name, web = app(stage), stage.web.web_apps
    assert not web.list_azure_storage_accounts(GROUP, name).properties
    share: Json = {
        "type": "AzureFiles", "accountName": "stone", "shareName": "media", "mountPath": "/media",
    }  # fmt: skip
    web.update_azure_storage_accounts(GROUP, name, {"properties": {"media": share}})
    kept = web.list_azure_storage_accounts(GROUP, name).properties["media"]
    assert (kept.type, kept.account_name, kept.mount_path) == ("AzureFiles", "stone", "/media")
    for change in ({"type": "AzureTables"}, {"accountName": ""}, {"mountPath": None}):
        with pytest.raises(HttpResponseError) as refused:
            web.update_azure_storage_accounts(GROUP, name, {"properties": {"media": {**share, **change}}})
        assert refused.value.status_code == 400
    assert list(web.list_azure_storage_accounts(GROUP, name).properties) == ["media"]


def test_a32_logs_are_off_until_they_are_asked_for(stage: Stage) -> None:
    name, web = app(stage), stage.web.web_apps
    before = web.get_diagnostic_logs_configuration(GROUP, name).properties
    assert (before.application_logs.file_system.level, before.http_logs.file_system.enabled) == ("Off", False)
    level = {"applicationLogs": {"fileSystem": {"level": "Warning"}}}
    web.update_diagnostic_logs_config(GROUP, name, {"properties": level})
    after = web.get_diagnostic_logs_configuration(GROUP, name).properties
    assert (after.application_logs.file_system.level, after.http_logs.file_system.enabled) == (
        "Warning", False,
    )  # fmt: skip
    with pytest.raises(HttpResponseError) as refused:
        web.update_diagnostic_logs_config(
            GROUP, name, {"properties": {"applicationLogs": {"fileSystem": {"level": "Loud"}}}}
        )
    assert refused.value.status_code == 400


def test_sign_in_is_read_by_either_path_and_its_first_version_is_not_written(stage: Stage) -> None:
    name, web = app(stage), stage.web.web_apps
    web.update_auth_settings_v2(GROUP, name, {"properties": {"platform": {"enabled": True}}})
    assert web.get_auth_settings_v2_without_secrets(GROUP, name).properties.platform.enabled is True
    assert web.get_auth_settings_v2(GROUP, name).properties.platform.enabled is True
    with pytest.raises(HttpResponseError) as refused:
        web.update_auth_settings(GROUP, name, {"properties": {"enabled": True}})
    assert (refused.value.status_code, refusal(refused)["error"]["code"]) == (501, "NotServedByLocalAzure")


def test_a34_the_publishing_password_publishes_until_the_policy_forbids_it(stage: Stage) -> None:
    name, web = app(stage), stage.web.web_apps
    user = web.begin_list_publishing_credentials(GROUP, name).result().properties
    assert user.publishing_user_name == f"${name}"
    assert publish(stage, name, str(user.publishing_password)) == 200
    assert publish(stage, name, "another") == 401
    assert profiles(stage, name)["ZipDeploy"]["userPWD"] == user.publishing_password
    web.generate_new_site_publishing_password(GROUP, name)
    assert publish(stage, name, str(user.publishing_password)) == 401
    renewed = web.begin_list_publishing_credentials(GROUP, name).result().properties.publishing_password
    assert publish(stage, name, renewed) == 200
    assert renewed.encode() not in stage.stored()
    web.update_scm_allowed(GROUP, name, {"properties": {"allow": False}})
    assert publish(stage, name, renewed) == 401


def test_a34_no_password_is_given_out_where_basic_publishing_is_off(stage: Stage) -> None:
    name, web = app(stage), stage.web.web_apps
    password = web.begin_list_publishing_credentials(GROUP, name).result().properties.publishing_password
    for policy in (web.update_scm_allowed, web.update_ftp_allowed):
        policy(GROUP, name, {"properties": {"allow": False}})
    with pytest.raises(HttpResponseError) as refused:
        web.begin_list_publishing_credentials(GROUP, name).result()
    assert (refused.value.status_code, refusal(refused)["Code"]) == (403, "Forbidden")
    found = profiles(stage, name)
    assert {method: one["userPWD"] for method, one in found.items()} == {
        "MSDeploy": "REDACTED", "FTP": "REDACTED", "ZipDeploy": "REDACTED",
    }  # fmt: skip
    assert password not in str(found)
