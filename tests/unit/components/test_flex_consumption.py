"""FunctionApp on Flex Consumption says itself what it runs, where its code lies, how far it scales (F14)."""

from typing import Any

import pytest

from tests.unit.components.answering_azure import (
    CLIENT,
    GROUP,
    IDENTITY,
    PLAN,
    STORAGE,
    SUBNET,
    SUFFIX,
    SYSTEM_PRINCIPAL,
)
from tests.unit.components.function_apps import function_app, refusal
from tests.unit.components.recorded_azure import UNKNOWN, Deployment
from tests.unit.components.refusals import problems_of
from tests.unit.components.web_apps import KINDS, WITH_SECRET, settings_of, site_of

FLEX: dict[str, Any] = {"size": "FC1"}
ACCOUNT = f"stshopdev{SUFFIX}"
OWN_IDENTITY = IDENTITY.replace("id-team", f"id-shop-dev-{SUFFIX}")
GIVEN: dict[str, Any] = {"host_storage_id": STORAGE, "deployment_container": "worker-code"}


def config_of(deployment: Deployment) -> dict[str, Any]:
    return site_of(deployment)["functionAppConfig"]


def test_a_function_app_on_flex_consumption_consists_of_this_and_nothing_else() -> None:
    assert function_app(**FLEX).counts() == {
        "authorization:RoleAssignment": 3,
        "managedidentity:UserAssignedIdentity": 1,
        "storage:BlobContainer": 1,
        "storage:BlobServiceProperties": 1,
        "storage:StorageAccount": 1,
        "web:AppServicePlan": 1,
        "web:WebApp": 1,
        "web:WebAppApplicationSettings": 1,
        "web:WebAppFtpAllowed": 1,
        "web:WebAppScmAllowed": 1,
    }


def test_its_plan_is_one_of_linux_without_a_number_of_workers() -> None:
    plan = function_app(**FLEX).one("AppServicePlan").inputs
    assert plan["sku"] == {"name": "FC1", "tier": "FlexConsumption"}
    assert (plan["kind"], plan["reserved"]) == ("functionapp", True)
    assert "zoneRedundant" not in plan


def test_it_is_spread_over_zones_without_a_number_of_workers_either() -> None:
    plan = function_app(**FLEX, zone_redundant=True).one("AppServicePlan").inputs
    assert (plan["zoneRedundant"], plan["sku"]) == (True, {"name": "FC1", "tier": "FlexConsumption"})


def test_the_code_is_read_from_a_container_of_its_own_account_with_its_identity() -> None:
    deployment = function_app(**FLEX)
    assert config_of(deployment) == {
        "deployment": {
            "storage": {
                "authentication": {
                    "type": "UserAssignedIdentity",
                    "userAssignedIdentityResourceId": OWN_IDENTITY,
                },
                "type": "blobContainer",
                "value": f"https://{ACCOUNT}.blob.core.windows.net/app-package",
            }
        },
        "runtime": {"name": "python", "version": "3.12"},
        "scaleAndConcurrency": {"instanceMemoryMB": 2048, "maximumInstanceCount": 100},
    }
    container = deployment.one("BlobContainer").inputs
    assert (container["containerName"], container["publicAccess"]) == ("app-package", "None")


def test_container_and_grants_are_there_before_the_app() -> None:
    deployment = function_app(**FLEX)
    site = deployment.one("web:WebApp")
    assert deployment.waits_for(site, deployment.one("BlobContainer"))
    assert all(deployment.waits_for(site, grant) for grant in deployment.all("RoleAssignment"))


def test_with_a_system_assigned_identity_the_container_still_comes_first_and_the_grants_follow() -> None:
    deployment = function_app(**FLEX, identity="system-assigned")
    assert config_of(deployment)["deployment"]["storage"]["authentication"] == {
        "type": "SystemAssignedIdentity"
    }
    assert deployment.waits_for(deployment.one("web:WebApp"), deployment.one("BlobContainer"))
    grants = deployment.all("RoleAssignment")
    assert {grant.inputs["principalId"] for grant in grants} == {SYSTEM_PRINCIPAL}


def test_nothing_is_said_that_flex_consumption_refuses() -> None:
    site = site_of(function_app(**FLEX))
    assert site["siteConfig"] == {
        "http20Enabled": True,
        "minTlsVersion": "1.2",
        "remoteDebuggingEnabled": False,
        "scmMinTlsVersion": "1.2",
    }
    assert {"sshEnabled", "endToEndEncryptionEnabled", "outboundVnetRouting"} & set(site) == set()
    assert (site["kind"], site["reserved"], site["httpsOnly"]) == ("functionapp,linux", True, True)


def test_the_runtime_is_told_where_its_storage_is_and_not_what_the_site_says_already() -> None:
    assert settings_of(function_app(**FLEX)) == {
        "AZURE_CLIENT_ID": CLIENT,
        "AzureWebJobsStorage__accountName": ACCOUNT,
        "AzureWebJobsStorage__clientId": CLIENT,
        "AzureWebJobsStorage__credential": "managedidentity",
    }


@pytest.mark.parametrize("name", ["FUNCTIONS_WORKER_RUNTIME", "FUNCTIONS_EXTENSION_VERSION"])
def test_nobody_else_tells_it_either(name: str) -> None:
    assert f"settings[{name}] and host_storage_id" in refusal(**FLEX, settings={name: "python"})


def test_memory_and_instances_are_what_is_said() -> None:
    config = config_of(function_app(**FLEX, instance_memory_mb=512, maximum_instance_count=40.0))
    assert config["scaleAndConcurrency"] == {"instanceMemoryMB": 512, "maximumInstanceCount": 40}


@pytest.mark.parametrize(("given", "near"), [(1024, 512), (3000, 2048), (4000, 4096)])
def test_memory_comes_in_three_sizes(given: int, near: int) -> None:
    ((subject, said, expected, step),) = problems_of(function_app)(**FLEX, instance_memory_mb=given)
    assert (subject, said) == ("instance_memory_mb", "a number between two sizes")
    assert (expected, step) == ("one of 512, 2048, 4096", f"write {near}")
    config_of(function_app(**FLEX, instance_memory_mb=near))  # the next step, tried


@pytest.mark.parametrize("given", [0, 1001])
def test_an_app_has_one_to_a_thousand_instances(given: int) -> None:
    assert "expected  a whole number from 1 to 1000\n" in refusal(**FLEX, maximum_instance_count=given)


def test_in_an_account_that_is_given_the_container_is_named_and_none_is_made() -> None:
    deployment = function_app(**FLEX, **GIVEN)
    assert deployment.all("BlobContainer") == []
    storage = config_of(deployment)["deployment"]["storage"]
    assert storage["value"] == "https://stteam.blob.core.windows.net/worker-code"
    assert {grant.inputs["scope"] for grant in deployment.all("RoleAssignment")} == {STORAGE}


def test_a_container_in_somebody_elses_account_is_not_made_and_one_alone_is_refused() -> None:
    subject = "deployment_container and host_storage_id"
    assert problems_of(function_app)(**FLEX, host_storage_id=STORAGE) == [
        (
            subject,
            "host_storage_id alone",
            "the container in that account for this app's code, and for no other's",
            "give deployment_container",
        )
    ]
    assert problems_of(function_app)(**FLEX, deployment_container="code") == [
        (
            subject,
            "deployment_container alone",
            "host_storage_id too: the app's own account has a container for its code",
            "take deployment_container out",
        )
    ]


def test_an_existing_identity_reads_the_code_once_its_owner_has_let_it_in() -> None:
    deployment = function_app(**FLEX, **KINDS["existing"], **GIVEN)
    assert deployment.all("RoleAssignment") == []
    assert config_of(deployment)["deployment"]["storage"]["authentication"] == {
        "type": "UserAssignedIdentity",
        "userAssignedIdentityResourceId": IDENTITY,
    }
    left = deployment.outputs["deployer_contract"]["left_to_owners"].splitlines()
    assert left[0] == f"Storage Blob Data Owner on {STORAGE}"


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("always_ready", {"http": 1}),
        ("deployment_container", "code"),
        ("http_concurrency", 8),
        ("instance_memory_mb", 512),
        ("maximum_instance_count", 40),
    ],
)
def test_what_only_flex_consumption_has_is_refused_on_other_plans(key: str, value: object) -> None:
    more = {"host_storage_id": STORAGE} if key == "deployment_container" else {}
    assert problems_of(function_app)(size="B1", **{key: value}, **more) == [
        (
            f"{key} and size",
            f"B1, with {key}",
            "size FC1: on other plans the plan itself says it",
            f"take {key} out; or set size to FC1",
        )
    ]
    function_app(size="FC1", **{key: value}, **more)  # the next step, tried
    ((_, given, _, step),) = problems_of(function_app)(plan_id=PLAN, **{key: value}, **more)
    assert (given, step) == (f"plan_id, with {key}", f"take {key} out")


def test_workers_are_not_counted_there() -> None:
    text = refusal(**FLEX, workers=2)
    assert "workers and size\n     given     FC1, with workers\n" in text
    assert "next      take workers out\n     or        give maximum_instance_count" in text


@pytest.mark.parametrize(
    ("key", "value"), [("always_on", True), ("ssh_enabled", True), ("end_to_end_encryption", True)]
)
def test_what_it_lacks_is_refused(key: str, value: object) -> None:
    assert f"{key} and size\n     given     " in refusal(**FLEX, **{key: value})


def test_a_subnet_takes_all_that_it_sends_without_being_told() -> None:
    site = site_of(function_app(**FLEX, subnet_id=SUBNET))
    assert site["virtualNetworkSubnetId"] == SUBNET
    assert "outboundVnetRouting" not in site


def test_links_and_secrets_are_those_of_every_function_app() -> None:
    settings = settings_of(function_app(**FLEX, **WITH_SECRET))
    assert settings["DB_PASSWORD"].startswith("@Microsoft.KeyVault(")


def test_a_first_preview_shows_all_that_is_known() -> None:
    deployment = function_app("first preview", **FLEX)
    config = config_of(deployment)
    assert config["runtime"] == {"name": "python", "version": "3.12"}
    assert config["deployment"]["storage"]["value"] == UNKNOWN
    assert len(deployment.all("RoleAssignment")) == 3


def test_what_a_deployer_needs_names_no_role_on_data() -> None:
    contract = function_app(**FLEX).outputs["deployer_contract"]
    assert "Storage Blob Data" not in contract["roles"]
    assert GROUP.rpartition("/")[2] in contract["commands"]
