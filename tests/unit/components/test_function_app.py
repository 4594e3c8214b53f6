"""FunctionApp: a runtime, secrets and data reached with an identity, and no connection string (F11)."""

import pytest

from tests.unit.components.answering_azure import (
    CLIENT,
    GROUP,
    IDENTITY,
    PLAN,
    PRINCIPAL,
    SITES_ZONE,
    STORAGE,
    STORAGE_ENDPOINT,
    SUBNET,
    SUFFIX,
    SYSTEM_PRINCIPAL,
    VAULT,
    WORKSPACE,
    Mode,
)
from tests.unit.components.function_apps import function_app
from tests.unit.components.recorded_azure import UNKNOWN
from tests.unit.components.web_apps import KINDS, REFERENCE, WITH_SECRET, settings_of, site_of, web_app

NAME = f"func-shop-dev-{SUFFIX}"
ACCOUNT = f"stshopdev{SUFFIX}"
ROLES = {
    "shop-host-blobs": "b7e6dc6d-f1e8-4753-8033-0f276bb0955b",
    "shop-host-queues": "974c5e8b-45b9-4653-ba55-5f855dd0fb88",
    "shop-host-tables": "0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3",
}


def test_a_function_app_consists_of_this_and_nothing_else() -> None:
    deployment = function_app()
    assert deployment.counts() == {
        "authorization:RoleAssignment": 3,
        "managedidentity:UserAssignedIdentity": 1,
        "storage:BlobServiceProperties": 1,
        "storage:StorageAccount": 1,
        "web:AppServicePlan": 1,
        "web:WebApp": 1,
        "web:WebAppApplicationSettings": 1,
        "web:WebAppFtpAllowed": 1,
        "web:WebAppScmAllowed": 1,
    }
    assert len(deployment.all("RandomString")) == 1
    account_id = f"{GROUP}/providers/Microsoft.Storage/storageAccounts/{ACCOUNT}"
    app = "Identity id-shop-dev-abc123 may"
    assert deployment.plain_outputs == {
        "app_id": f"{GROUP}/providers/Microsoft.Web/sites/{NAME}",
        "name": NAME,
        "url": f"https://{NAME}-hash.westeurope-01.azurewebsites.net",
        "plan_id": f"{GROUP}/providers/Microsoft.Web/serverfarms/asp-shop-dev-{SUFFIX}",
        "host_storage_id": account_id,
        "sticky_settings": [],
        "identity_id": IDENTITY.replace("id-team", f"id-shop-dev-{SUFFIX}"),
        "principal_id": PRINCIPAL,
        "client_id": CLIENT,
        "access": [
            f"{app} do everything with blobs in storage account {ACCOUNT} (Storage Blob Data Owner).",
            f"{app} do everything with queues and their messages in storage account {ACCOUNT} "
            "(Storage Queue Data Contributor).",
            f"{app} read, write and delete what is in tables in storage account {ACCOUNT} "
            "(Storage Table Data Contributor).",
        ],
    }


def test_f11_a_function_app_uses_identity_based_storage() -> None:
    settings = settings_of(function_app())
    assert settings == {
        "AZURE_CLIENT_ID": CLIENT,
        "AzureWebJobsStorage__accountName": ACCOUNT,
        "AzureWebJobsStorage__clientId": CLIENT,
        "AzureWebJobsStorage__credential": "managedidentity",
        "FUNCTIONS_EXTENSION_VERSION": "~4",
        "FUNCTIONS_WORKER_RUNTIME": "python",
    }


def test_f11_no_setting_holds_a_connection_string_or_names_a_content_share() -> None:
    settings = settings_of(function_app(**WITH_SECRET))
    assert "AzureWebJobsStorage" not in settings
    assert not [name for name in settings if name.startswith("WEBSITE_CONTENT")]


def test_the_runtimes_own_account_is_closed_like_every_other() -> None:
    account = function_app().one("storage:StorageAccount").inputs
    assert (account["allowSharedKeyAccess"], account["minimumTlsVersion"]) == (False, "TLS1_2")


def test_the_runtime_has_the_three_data_roles_on_its_account_and_no_role_that_manages_it() -> None:
    deployment = function_app()
    grants = deployment.all("RoleAssignment")
    assert {g.name: g.inputs["roleDefinitionId"].rpartition("/")[2] for g in grants} == ROLES
    assert {g.inputs["scope"] for g in grants} == {deployment.outputs["host_storage_id"]}
    assert {g.inputs["principalId"] for g in grants} == {PRINCIPAL}


def test_grants_come_before_the_app_and_settings_come_last() -> None:
    deployment = function_app(**WITH_SECRET)
    site, settings = deployment.one("web:WebApp"), deployment.one("WebAppApplicationSettings")
    for grant in deployment.all("RoleAssignment"):
        assert deployment.waits_for(site, grant)
        assert deployment.waits_for(settings, grant)
    assert deployment.waits_for(settings, deployment.one("WebAppScmAllowed"))


def test_a_system_assigned_identity_names_no_client_and_is_let_in_once_it_exists() -> None:
    deployment = function_app(identity="system-assigned")
    settings = settings_of(deployment)
    assert "AzureWebJobsStorage__clientId" not in settings
    assert "AZURE_CLIENT_ID" not in settings
    assert settings["AzureWebJobsStorage__credential"] == "managedidentity"
    grants = deployment.all("RoleAssignment")
    assert {g.inputs["principalId"] for g in grants} == {SYSTEM_PRINCIPAL}
    last = deployment.one("WebAppApplicationSettings")
    assert all(deployment.waits_for(last, grant) for grant in grants)


def test_an_existing_identity_is_granted_by_its_owner() -> None:
    deployment = function_app(**KINDS["existing"], host_storage_id=STORAGE)
    assert deployment.all("RoleAssignment") == []
    assert settings_of(deployment)["AzureWebJobsStorage__clientId"] == CLIENT
    assert deployment.outputs["deployer_contract"]["left_to_owners"] == (
        f"Storage Blob Data Owner on {STORAGE}\n"
        f"Storage Queue Data Contributor on {STORAGE}\n"
        f"Storage Table Data Contributor on {STORAGE}"
    )


def test_an_account_that_is_given_is_read_and_none_is_created() -> None:
    deployment = function_app(host_storage_id=STORAGE)
    assert [account.is_read for account in deployment.all("storage:StorageAccount")] == [True]
    assert settings_of(deployment)["AzureWebJobsStorage__accountName"] == "stteam"
    assert {g.inputs["scope"] for g in deployment.all("RoleAssignment")} == {STORAGE}
    assert deployment.outputs["host_storage_id"] == STORAGE


def test_secrets_and_storage_are_linked_as_a_web_apps_are() -> None:
    storage = {"storage_account_id": STORAGE, "storage_endpoint": STORAGE_ENDPOINT, "blob_access": "read"}
    deployment = function_app(**WITH_SECRET, **storage)
    settings = settings_of(deployment)
    assert settings["DB_PASSWORD"] == REFERENCE
    assert settings["AZURE_STORAGE_BLOB_ENDPOINT"] == STORAGE_ENDPOINT
    names = {grant.name: grant.inputs["scope"] for grant in deployment.all("RoleAssignment")}
    assert (names["shop-vault"], names["shop-blobs"]) == (VAULT, STORAGE)


def test_a_function_app_is_as_closed_as_a_web_app() -> None:
    app, site = site_of(function_app()), site_of(web_app())
    assert app["kind"] == "functionapp,linux"
    assert {**app, "kind": site["kind"], "name": site["name"]} == site


@pytest.mark.parametrize("policy", ["WebAppFtpAllowed", "WebAppScmAllowed"])
def test_nobody_publishes_with_a_password(policy: str) -> None:
    assert function_app().one(policy).inputs["allow"] is False


def test_the_runtime_of_the_worker_follows_from_the_runtime() -> None:
    deployment = function_app(runtime="python-3.13")
    assert settings_of(deployment)["FUNCTIONS_WORKER_RUNTIME"] == "python"
    assert site_of(deployment)["siteConfig"]["linuxFxVersion"] == "PYTHON|3.13"


def test_a_plan_that_is_given_is_used() -> None:
    deployment = function_app(plan_id=PLAN)
    assert deployment.all("AppServicePlan") == []
    assert site_of(deployment)["serverFarmId"] == PLAN
    assert site_of(deployment)["siteConfig"]["alwaysOn"] is True


@pytest.mark.parametrize("mode", ["first preview", "later preview"])
def test_a_preview_shows_every_grant(mode: Mode) -> None:
    deployment = function_app(mode)
    grants = {g.name: g.inputs["principalType"] for g in deployment.all("RoleAssignment")}
    assert grants == dict.fromkeys(ROLES, "ServicePrincipal")
    assert settings_of(deployment)["FUNCTIONS_WORKER_RUNTIME"] == "python"
    if mode == "first preview":
        assert settings_of(deployment)["AzureWebJobsStorage__accountName"] == UNKNOWN


def test_a_function_app_has_the_network_and_the_telemetry_of_a_web_app() -> None:
    deployment = function_app(
        private_endpoint_subnet_id=SUBNET,
        private_dns_zone_id=SITES_ZONE,
        application_insights_workspace_id=WORKSPACE,
        diagnostics_workspace_id=WORKSPACE,
    )
    site = deployment.one("web:WebApp").inputs
    assert site["publicNetworkAccess"] == "Disabled"
    endpoint = deployment.one("network:PrivateEndpoint").inputs
    assert endpoint["privateLinkServiceConnections"][0]["groupIds"] == ["sites"]
    assert deployment.one("applicationinsights:Component").inputs["disableLocalAuth"] is True
    assert len(deployment.all("DiagnosticSetting")) == 1
    settings = deployment.one("WebAppApplicationSettings").inputs["properties"]
    assert settings["APPLICATIONINSIGHTS_AUTHENTICATION_STRING"] == f"ClientId={CLIENT};Authorization=AAD"
    assert "Monitoring Metrics Publisher" in "".join(deployment.outputs["access"])
