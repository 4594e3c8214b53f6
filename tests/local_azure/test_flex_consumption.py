"""Flex Consumption: what a site there says, what is refused, and where its code lies (F14)."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from azure.core.exceptions import HttpResponseError

from local_azure.app_service.service import AppService
from local_azure.server import LocalAzure
from local_azure.storage.service import Storage
from tests.drawn_key import begun
from tests.local_azure.app_service_stage import GROUP, Json, Stage, eventually, package, refusal

BLOB_OWNER = "b7e6dc6d-f1e8-4753-8033-0f276bb0955b"
APP = """
import os
import azure.functions as func

app = func.FunctionApp()

@app.route(route="greet", auth_level=func.AuthLevel.ANONYMOUS)
def greet(req: func.HttpRequest) -> func.HttpResponse:
    return func.HttpResponse(f"%s {os.environ['FUNCTIONS_WORKER_RUNTIME']}")
"""


class Flex(Stage):
    """Sites on plans of their own, with the container that their code goes to."""

    def account(self) -> str:
        name = self.name("st").replace("-", "")
        body: Json = {"location": "westeurope", "kind": "StorageV2", "sku": {"name": "Standard_LRS"}}
        self.arm(
            "PUT",
            self.account_id(name),
            {**body, "properties": {"allowSharedKeyAccess": False}},
            "2024-01-01",
        )
        self.arm("PUT", f"{self.account_id(name)}/blobServices/default/containers/code", {}, "2024-01-01")
        return name

    def account_id(self, name: str) -> str:
        return self.id("Microsoft.Storage/storageAccounts", name)

    def config(self, account: str, identity: Json | None = None, **more: Any) -> Json:
        """A `functionAppConfig` as `az functionapp create` writes it."""
        authentication: Json = {"type": "SystemAssignedIdentity"}
        if identity:
            authentication = {
                "type": "UserAssignedIdentity",
                "userAssignedIdentityResourceId": identity["id"],
            }
        storage = {
            "type": "blobContainer",
            "value": f"https://{account}.blob.core.windows.net/code",
            "authentication": authentication,
        }
        return {
            "deployment": {"storage": storage},
            "runtime": {"name": "python", "version": "3.12"},
            "scaleAndConcurrency": {"instanceMemoryMB": 2048, "maximumInstanceCount": 100},
            **more,
        }

    def function_app(self, config: Json | None, identity: Json | None = None, **more: Any) -> str:
        """The name of a new site on a new plan, written by Microsoft's own client."""
        site = self.name("func")
        attached: Json = {"type": "SystemAssigned"}
        if identity:
            attached = {"type": "UserAssigned", "userAssignedIdentities": {identity["id"]: {}}}
        properties = {"serverFarmId": more.pop("plan", None) or self.plan("FC1"), **more}
        if config is not None:
            properties["functionAppConfig"] = config
        body = {"location": "westeurope", "kind": "functionapp,linux", "identity": attached}
        path = self.id("Microsoft.Web/sites", site)
        self.arm("PUT", path, {**body, "properties": properties})
        return site


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flex]:
    with LocalAzure(begun(tmp_path_factory.mktemp("azure"))) as local:
        yield Flex(local)


@pytest.fixture(scope="module")
def account(stage: Flex) -> str:
    return stage.account()


def refused(write: Callable[[], object]) -> tuple[int, str]:
    with pytest.raises(HttpResponseError) as error:
        write()
    return int(error.value.status_code or 0), str(refusal(error)["Message"])


def test_f14_a_site_on_flex_consumption_says_what_it_runs_and_where_its_code_lies(
    stage: Flex, account: str
) -> None:
    plan = stage.plan("FC1")
    site = stage.function_app(stage.config(account), plan=plan)
    found = stage.web.web_apps.get(GROUP, site)
    assert (found.function_app_config.runtime.name, found.function_app_config.runtime.version) == (
        "python",
        "3.12",
    )
    assert found.function_app_config.scale_and_concurrency.instance_memory_mb == 2048
    sku = stage.web.app_service_plans.get(GROUP, plan.rpartition("/")[2]).sku
    assert (sku.name, sku.tier, sku.capacity) == ("FC1", "FlexConsumption", 0)

    status, text = refused(lambda: stage.function_app(None))
    assert status == 400
    assert text.startswith("properties.functionAppConfig is invalid.  The requested ServerFarm ")
    assert text.endswith("FunctionAppConfig is required on create for FlexConsumption sites")


def test_f14_a_site_on_another_plan_has_no_function_app_config(stage: Flex, account: str) -> None:
    status, text = refused(lambda: stage.function_app(stage.config(account), plan=stage.plan("B1")))
    assert (status, text) == (
        400,
        "properties.functionAppConfig is invalid.  "
        "FunctionAppConfig is supported for FlexConsumption sites only.",
    )


@pytest.mark.parametrize(
    ("said", "named"),
    [
        (
            {"linuxFxVersion": "PYTHON|3.12"},
            "The following site configuration property (Site.SiteConfig.LinuxFxVersion) for Flex Consumption "
            "sites is invalid.  Please remove or rename it before retrying.",
        ),
        (
            {"ftpsState": "Disabled", "netFrameworkVersion": "v4.6"},
            "The following list of 2 site configuration properties (Site.SiteConfig.FtpsState,"
            "Site.SiteConfig.NetFrameworkVersion) for Flex Consumption sites is invalid.  "
            "Please remove or rename them before retrying.",
        ),
    ],
)
def test_f14_what_flex_consumption_says_elsewhere_is_refused_in_the_site_config(
    stage: Flex, account: str, said: Json, named: str
) -> None:
    config = stage.config(account)
    assert refused(lambda: stage.function_app(config, siteConfig=said)) == (400, named)
    site = stage.function_app(config, siteConfig={"minTlsVersion": "1.2", "http20Enabled": True})
    path = stage.id("Microsoft.Web/sites", f"{site}/config/web")
    assert refused(lambda: stage.arm("PUT", path, {"properties": said})) == (400, named)
    stage.function_app(None, plan=stage.plan("B1"), siteConfig={**said, "netFrameworkVersion": None})


def test_f14_always_on_is_nothing_there(stage: Flex, account: str) -> None:
    status, text = refused(lambda: stage.function_app(stage.config(account), siteConfig={"alwaysOn": True}))
    assert status == 409
    assert "AlwaysOn cannot be set for this site as the plan does not allow it" in text


def test_f14_the_runtime_is_no_setting_there(stage: Flex, account: str) -> None:
    wanted = (
        400,
        "The following app setting (Site.SiteConfig.AppSettings.FUNCTIONS_WORKER_RUNTIME) for Flex "
        "Consumption sites is invalid.  Please remove or rename it before retrying.",
    )
    setting = {"name": "FUNCTIONS_WORKER_RUNTIME", "value": "python"}
    config = stage.config(account)
    assert refused(lambda: stage.function_app(config, siteConfig={"appSettings": [setting]})) == wanted
    site = stage.function_app(config)
    assert refused(lambda: stage.settings(site, {"FUNCTIONS_WORKER_RUNTIME": "python"})) == wanted
    stage.settings(site, {"GREETING": "hello"})


@pytest.mark.parametrize(
    ("part", "value", "subject"),
    [
        ("runtime", {"name": "custom", "version": "1"}, "Site.FunctionAppConfig.Runtime.Name"),
        ("runtime", {"name": "python"}, "Site.FunctionAppConfig.Runtime.Version"),
        (
            "scaleAndConcurrency",
            {"instanceMemoryMB": 1024},
            "Site.FunctionAppConfig.ScaleAndConcurrency.InstanceMemoryMB",
        ),
        (
            "scaleAndConcurrency",
            {"maximumInstanceCount": 1001},
            "Site.FunctionAppConfig.ScaleAndConcurrency.MaximumInstanceCount",
        ),
        (
            "scaleAndConcurrency",
            {"triggers": {"http": {"perInstanceConcurrency": 0}}},
            "Site.FunctionAppConfig.ScaleAndConcurrency.Triggers.Http.PerInstanceConcurrency",
        ),
    ],
)
def test_f14_memory_instances_and_runtime_are_those_that_there_are(
    stage: Flex, account: str, part: str, value: Json, subject: str
) -> None:
    status, text = refused(lambda: stage.function_app(stage.config(account, **{part: value})))
    assert (status, text.startswith(f"{subject} is invalid.  ")) == (400, True), text


def test_f14_instances_are_kept_ready_of_groups_and_functions_and_no_more_than_there_may_be(
    stage: Flex, account: str
) -> None:
    def scale(*ready: tuple[str, int]) -> Json:
        entries = [{"name": name, "instanceCount": count} for name, count in ready]
        return stage.config(account, scaleAndConcurrency={"maximumInstanceCount": 4, "alwaysReady": entries})

    site = stage.function_app(scale(("http", 2), ("function:TakeOrder", 1)))
    found = stage.web.web_apps.get(GROUP, site).function_app_config.scale_and_concurrency.always_ready
    assert [(one.name, one.instance_count) for one in found] == [("http", 2), ("function:takeorder", 1)]
    where = "Site.FunctionAppConfig.ScaleAndConcurrency.AlwaysReady"
    for ready, subject in (
        ([("TakeOrder", 1)], f"{where}.Name"),
        ([("http", -1)], f"{where}.InstanceCount"),
        ([("http", 3), ("durable", 2)], where),
    ):
        config = scale(*ready)
        status, text = refused(lambda config=config: stage.function_app(config))
        assert (status, text.startswith(f"{subject} is invalid.  ")) == (400, True), text


@pytest.mark.parametrize(
    ("change", "subject"),
    [
        ({"type": "fileShare"}, "Type"),
        ({"value": "https://stteam.blob.core.windows.net"}, "Value"),
        ({"value": "https://stteam.queue.core.windows.net/code"}, "Value"),
        ({"authentication": {"type": "AccountKey"}}, "Authentication.Type"),
        ({"authentication": {"type": "StorageAccountConnectionString"}}, "Authentication"),
        (
            {"authentication": {"type": "UserAssignedIdentity", "userAssignedIdentityResourceId": "/x"}},
            "Authentication",
        ),
    ],
)
def test_f14_the_code_lies_in_a_container_that_an_identity_of_the_site_opens(
    stage: Flex, account: str, change: Json, subject: str
) -> None:
    config = stage.config(account)
    config["deployment"]["storage"] |= change
    status, text = refused(lambda: stage.function_app(config))
    where = f"Site.FunctionAppConfig.Deployment.Storage.{subject} is invalid.  "
    assert (status, text.startswith(where)) == (400, True), text


def test_f14_a_plan_of_flex_consumption_has_one_function_app(stage: Flex, account: str) -> None:
    plan = stage.plan("FC1")
    stage.function_app(stage.config(account), plan=plan)
    assert refused(lambda: stage.function_app(stage.config(account), plan=plan)) == (
        409,
        "There can only be one site per Flex Consumption serverfarm.",
    )
    properties = {"serverFarmId": stage.plan("FC1"), "functionAppConfig": stage.config(account)}
    assert (
        refused(lambda: stage.site(stage.name("app"), identity={"type": "SystemAssigned"}, **properties))[0]
        == 400
    )
    assert refused(lambda: stage.plan("FC1", linux=False))[0] == 400


def test_f14_a_plan_and_a_site_stay_on_flex_consumption_or_off_it(stage: Flex, account: str) -> None:
    flex, basic = stage.plan("FC1"), stage.plan("B1")
    for plan, sku in ((flex, "B1"), (basic, "FC1")):
        body = {"location": "westeurope", "sku": {"name": sku}, "properties": {"reserved": True}}
        status, text = refused(lambda plan=plan, body=body: stage.arm("PUT", plan, body))
        assert (status, "cannot be changed to or from FlexConsumption" in text) == (409, True)
    site = stage.function_app(stage.config(account), plan=flex)
    assert refused(lambda: move(stage, site, basic)) == (
        409,
        f"The site '{site}' cannot move to or from FlexConsumption.",
    )
    move(stage, site, stage.plan("FC1"))


def move(stage: Flex, site: str, plan: str) -> None:
    path = stage.id("Microsoft.Web/sites", site)
    body = {"location": "westeurope", "kind": "functionapp,linux", "identity": {"type": "SystemAssigned"}}
    stage.arm("PUT", path, {**body, "properties": {"serverFarmId": plan}})


def test_f14_a_site_there_has_no_slots(stage: Flex, account: str) -> None:
    site = stage.function_app(stage.config(account))
    path = stage.id("Microsoft.Web/sites", f"{site}/slots/staging")
    status, text = refused(lambda: stage.arm("PUT", path, {"location": "westeurope", "properties": {}}))
    assert (status, "number of slots allowed for the 'FlexConsumption' SKU" in text) == (409, True)


@pytest.mark.parametrize(
    ("service", "problem"),
    [
        ("Microsoft.Web/serverFarms", "requires a delegation of Microsoft.App/environments"),
        ("Microsoft.App/environments", ""),
    ],
)
def test_f14_its_subnet_is_delegated_to_another_service(
    stage: Flex, account: str, service: str, problem: str
) -> None:
    delegation = {"name": "apps", "properties": {"serviceName": service}}
    subnet = {
        "name": "apps",
        "properties": {"addressPrefix": "10.0.0.0/24", "delegations": [delegation]},
    }
    path = stage.id("Microsoft.Network/virtualNetworks", stage.name("vnet"))
    properties = {"addressSpace": {"addressPrefixes": ["10.0.0.0/16"]}, "subnets": [subnet]}
    stage.arm("PUT", path, {"location": "westeurope", "properties": properties}, "2024-05-01")
    subnet_id = f"{path}/subnets/apps"

    def write() -> str:
        return stage.function_app(stage.config(account), virtualNetworkSubnetId=subnet_id)

    if problem:
        status, text = refused(write)
        assert (status, problem in text) == (400, True), text
    else:
        assert write()


def test_f14_published_code_is_kept_and_read_with_the_identity_that_the_site_names(stage: Flex) -> None:
    account, identity = stage.account(), stage.identity()
    site = stage.function_app(stage.config(account, identity), identity)
    stage.settings(site, runtime_settings(account, identity))
    blobs: Any = stage.local.azure.service(Storage).blobs

    # Its identity may not write there: nothing is published.
    answer = publish(stage, site, "one")
    assert (answer.status_code, "BlobUploadFailedException" in answer.text) == (400, True), answer.text
    assert "403 AuthorizationPermissionMismatch" in answer.text
    assert blobs.find(account, "code", "released-package.zip") is None
    assert stage.get(site).status_code == 200
    assert "no code has been deployed yet" in stage.get(site).text

    stage.assign(stage.account_id(account), identity["properties"]["principalId"], BLOB_OWNER)
    assert publish(stage, site, "one").status_code == 202
    assert blobs.find(account, "code", "released-package.zip") is not None
    assert greeting(stage, site) == "one python"

    # What lies in the container is what runs, from the next start on.
    blobs.put(
        account, "code", "released-package.zip", package({"function_app.py": APP % "two"}), "application/zip"
    )
    stage.web.web_apps.restart(GROUP, site)
    assert greeting(stage, site) == "two python"


def test_f14_code_that_its_identity_may_no_longer_read_does_not_start(stage: Flex) -> None:
    account, identity = stage.account(), stage.identity()
    site = stage.function_app(stage.config(account, identity), identity)
    stage.settings(site, runtime_settings(account, identity))
    grant = stage.assign(stage.account_id(account), identity["properties"]["principalId"], BLOB_OWNER)
    assert publish(stage, site, "one").status_code == 202
    assert greeting(stage, site) == "one python"
    stage.arm("DELETE", grant, version="2022-04-01")
    stage.web.web_apps.restart(GROUP, site)
    stage.local.azure.service(AppService).hosting.settle()
    refused = stage.get(site, "/api/greet")
    assert (refused.status_code, "AuthorizationPermissionMismatch" in refused.text) == (503, True)


def runtime_settings(account: str, identity: Json) -> dict[str, str]:
    return {
        "AzureWebJobsStorage__accountName": account,
        "AzureWebJobsStorage__credential": "managedidentity",
        "AzureWebJobsStorage__clientId": identity["properties"]["clientId"],
    }


def publish(stage: Flex, site: str, word: str) -> Any:
    """As `az functionapp deployment source config-zip` does it there: without a type."""
    headers = {"Authorization": f"Bearer {stage.token()}", "Content-Type": "application/zip"}
    url = f"https://{site}.scm.azurewebsites.net/api/publish?RemoteBuild=False&Deployer=az_cli&async=true"
    content = package({"function_app.py": APP % word, "host.json": '{"version": "2.0"}'})
    with stage.http() as client:
        return client.post(url, content=content, headers=headers)


def greeting(stage: Flex, site: str) -> str:
    eventually(lambda: stage.get(site, "/api/greet").status_code, 200)
    return stage.get(site, "/api/greet").text
