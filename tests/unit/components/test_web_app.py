"""WebApp: what is created, with which defaults, in which order (A1 A2 A7 A11 A12 A14 A20)."""

from typing import Any

import pulumi
import pytest

from components import Runtime, WebApp
from tests.unit.components.answering_azure import GROUP, PLAN
from tests.unit.components.recorded_azure import UNKNOWN, deploy
from tests.unit.components.web_apps import KINDS, WITH_SECRET, settings_of, site_of, web_app


def _site_config(**args: Any) -> dict[str, Any]:
    return site_of(web_app(**args))["siteConfig"]


def test_a_site_is_created_with_these_inputs_and_no_others() -> None:
    identity = f"{GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-shop-dev-abc123"
    assert site_of(web_app(location="westeurope", tags={"team": "shop"})) == {
        "clientAffinityEnabled": False,
        "httpsOnly": True,
        "hyperV": False,
        "identity": {"type": "UserAssigned", "userAssignedIdentities": [identity]},
        "isXenon": False,
        "keyVaultReferenceIdentity": identity,
        "kind": "app,linux",
        "location": "westeurope",
        "name": "app-shop-dev-abc123",
        "publicNetworkAccess": "Enabled",
        "reserved": True,
        "resourceGroupName": "rg-team",
        "scmSiteAlsoStopped": False,
        "serverFarmId": f"{GROUP}/providers/Microsoft.Web/serverfarms/asp-shop-dev-abc123",
        "siteConfig": {
            "alwaysOn": True,
            "ftpsState": "Disabled",
            "http20Enabled": True,
            "linuxFxVersion": "PYTHON|3.12",
            "localMySqlEnabled": False,
            "minTlsVersion": "1.2",
            "netFrameworkVersion": "v4.6",
            "remoteDebuggingEnabled": False,
            "scmMinTlsVersion": "1.2",
        },
        "tags": {"team": "shop"},
    }


def test_an_app_with_secrets_is_these_resources_and_no_others() -> None:
    assert web_app(**WITH_SECRET).counts() == {
        "authorization:RoleAssignment": 1,
        "managedidentity:UserAssignedIdentity": 1,
        "web:AppServicePlan": 1,
        "web:WebApp": 1,
        "web:WebAppApplicationSettings": 1,
        "web:WebAppFtpAllowed": 1,
        "web:WebAppScmAllowed": 1,
    }


def test_only_https_is_answered() -> None:
    assert site_of(web_app())["httpsOnly"] is True


def test_nothing_below_tls_1_2_is_answered_by_site_and_deployment_site() -> None:
    config = _site_config()
    assert (config["minTlsVersion"], config["scmMinTlsVersion"]) == ("1.2", "1.2")


def test_ftp_is_off() -> None:
    assert _site_config()["ftpsState"] == "Disabled"


def test_basic_publishing_credentials_are_off_for_both_ways_of_publishing() -> None:
    deployment = web_app()
    for type_ in ("WebAppFtpAllowed", "WebAppScmAllowed"):
        expected = {"allow": False, "name": "app-shop-dev-abc123", "resourceGroupName": "rg-team"}
        assert deployment.one(type_).inputs == expected


def test_http_2_is_on() -> None:
    assert _site_config()["http20Enabled"] is True


def test_remote_debugging_is_off() -> None:
    assert _site_config()["remoteDebuggingEnabled"] is False


def test_one_argument_drops_no_other_default() -> None:
    assert _site_config(health_check_path="/health") == {**_site_config(), "healthCheckPath": "/health"}


def test_settings_have_one_owner() -> None:
    for kind in KINDS.values():
        deployment = web_app(settings={"GREETING": "hello"}, **kind)
        assert "appSettings" not in site_of(deployment)["siteConfig"]
        assert settings_of(deployment)["GREETING"] == "hello"


def test_an_app_without_settings_still_owns_them_so_that_removed_ones_go() -> None:
    assert settings_of(web_app(identity="none")) == {}


@pytest.mark.parametrize("kind", KINDS)
def test_the_sites_children_are_written_one_after_another(kind: str) -> None:
    deployment = web_app(**KINDS[kind])
    site, ftp, scm, settings = (
        deployment.one(type_)
        for type_ in ("web:WebApp", "WebAppFtpAllowed", "WebAppScmAllowed", "WebAppApplicationSettings")
    )
    assert site.urn in ftp.dependencies
    assert {site.urn, ftp.urn} <= scm.dependencies
    assert {site.urn, scm.urn} <= settings.dependencies


def test_site_names_are_unique_per_stack() -> None:
    assert site_of(web_app())["name"] == "app-shop-dev-abc123"


def test_given_names_need_no_random_suffix() -> None:
    deployment = web_app(app_name="app-mine", plan_name="asp-mine", identity_name="id-mine")
    assert deployment.all("RandomString") == []
    assert site_of(deployment)["name"] == "app-mine"
    assert deployment.one("AppServicePlan").inputs["name"] == "asp-mine"
    assert deployment.one("UserAssignedIdentity").inputs["resourceName"] == "id-mine"


def test_the_url_comes_from_azure_not_from_the_name() -> None:
    url = web_app().outputs["url"]
    assert url == "https://app-shop-dev-abc123-hash.westeurope-01.azurewebsites.net"


def test_the_app_creates_its_own_linux_plan() -> None:
    plan = web_app(size="P1v3", location="westeurope", tags={"a": "b"}).one("AppServicePlan")
    assert plan.inputs == {
        "kind": "linux",
        "location": "westeurope",
        "name": "asp-shop-dev-abc123",
        "reserved": True,
        "resourceGroupName": "rg-team",
        "sku": {"name": "P1v3", "tier": "PremiumV3"},
        "tags": {"a": "b"},
    }


def test_the_plan_is_b1_unless_told_otherwise() -> None:
    assert web_app().one("AppServicePlan").inputs["sku"] == {"name": "B1", "tier": "Basic"}


def test_a_given_plan_is_used_and_none_is_created() -> None:
    deployment = web_app(plan_id=PLAN)
    assert deployment.all("AppServicePlan") == []
    assert site_of(deployment)["serverFarmId"] == PLAN == deployment.outputs["plan_id"]


@pytest.mark.parametrize(("size", "expected"), [("F1", False), ("B1", True), ("P1v3", True)])
def test_always_on_follows_the_plan(size: str, expected: bool) -> None:
    assert _site_config(size=size)["alwaysOn"] is expected


def test_always_on_can_be_switched_off_for_a_plan_that_does_not_allow_it() -> None:
    assert _site_config(plan_id=PLAN)["alwaysOn"] is True
    assert _site_config(plan_id=PLAN, always_on=False)["alwaysOn"] is False


@pytest.mark.parametrize(
    ("runtime", "expected"), [(Runtime.PYTHON_3_11, "PYTHON|3.11"), ("python-3.13", "PYTHON|3.13")]
)
def test_runtime_strings_are_built_not_typed(runtime: object, expected: str) -> None:
    assert _site_config(runtime=runtime)["linuxFxVersion"] == expected


@pytest.mark.parametrize("kind", KINDS)
def test_every_child_belongs_to_its_component(kind: str) -> None:
    secrets = {} if kind == "none" else WITH_SECRET
    deployment = web_app(**KINDS[kind], **secrets)
    components = {r.urn for r in deployment.resources if r.type.startswith("keyless:")}
    assert {r.parent for r in deployment.resources if not r.type.startswith("keyless:")} <= components
    assert len([r for r in deployment.resources if r.parent not in components]) == 1


def test_a_provider_and_protection_reach_every_child() -> None:
    def program() -> WebApp:
        provider = pulumi.ProviderResource("azure-native", "elsewhere", {})
        options = pulumi.ResourceOptions(providers=[provider], protect=True)
        return WebApp("shop", {"resource_group_name": "rg-team"}, options)

    deployment = deploy(program)
    children = [r for r in deployment.resources if r.type.startswith("azure-native:")]
    assert len(children) == 6
    assert all("::elsewhere::" in r.provider for r in children)
    assert all(r.protect for r in deployment.resources if not r.type.startswith("pulumi:providers:"))


def test_the_callers_own_options_are_not_spread_to_the_children() -> None:
    def program() -> WebApp:
        options = pulumi.ResourceOptions(ignore_changes=["x"], delete_before_replace=True)
        return WebApp("shop", {"resource_group_name": "rg-team"}, options)

    settings = deploy(program).one("WebAppApplicationSettings")
    assert (settings.ignore_changes, settings.delete_before_replace) == ((), None)


def test_preview_works_before_anything_exists() -> None:
    deployment = web_app("first preview", **WITH_SECRET)
    assert deployment.counts() == web_app(**WITH_SECRET).counts()
    site = site_of(deployment)
    assert site["name"] == site["serverFarmId"] == site["keyVaultReferenceIdentity"] == UNKNOWN
    assert site["identity"] == {"type": "UserAssigned", "userAssignedIdentities": [UNKNOWN]}
    assert deployment.outputs["url"] == deployment.outputs["principal_id"] == UNKNOWN
