"""What somebody else has to grant is in the deployer's contract, a line each, and nothing else is."""

from typing import Any

import pytest

from components import FunctionApp, KeylessWebApp, WebApp, WorkloadAccess
from tests.unit.components.answering_azure import (
    ENDPOINT,
    IDENTITY,
    PRINCIPAL,
    REGISTRY,
    STORAGE,
    STORAGE_ENDPOINT,
    VAULT,
    WORKSPACE,
    Mode,
)
from tests.unit.components.recorded_azure import Deployment, deploy_component

EXISTING: dict[str, Any] = {"identity": "existing", "identity_id": IDENTITY}
LINKS: dict[str, Any] = {
    "main": {"key_vault": {"id": VAULT, "endpoint": ENDPOINT, "secrets": {"DB": "db"}}},
    "reports": {"blobs": {"id": STORAGE, "endpoint": STORAGE_ENDPOINT, "container": "reports"}},
}
OF_LINKS = [
    f"Key Vault Secrets User on {VAULT}",
    f"Storage Blob Data Reader on {STORAGE}/blobServices/default/containers/reports",
]
HOST = {"host_storage_id": STORAGE}
OF_HOST = [
    f"Storage Blob Data Owner on {STORAGE}",
    f"Storage Queue Data Contributor on {STORAGE}",
    f"Storage Table Data Contributor on {STORAGE}",
]


def deployed(component: Any, mode: Mode = "up", /, **args: Any) -> Deployment:
    return deploy_component(component, {"resource_group_name": "rg-team", **args}, mode)


def left(deployment: Deployment) -> list[str]:
    return deployment.outputs["deployer_contract"]["left_to_owners"].splitlines()


@pytest.mark.parametrize("mode", ["first preview", "up"])
def test_whoever_owns_an_existing_identity_grants_all_that_its_app_reaches(mode: Mode) -> None:
    assert left(deployed(WebApp, mode, **EXISTING, links=LINKS)) == OF_LINKS
    assert left(deployed(FunctionApp, mode, **EXISTING, **HOST, links=LINKS)) == [*OF_HOST, *OF_LINKS]


def test_an_existing_identity_gets_no_grant_here() -> None:
    for component, host in ((WebApp, {}), (FunctionApp, HOST)):
        assert deployed(component, **EXISTING, **host, links=LINKS).all("RoleAssignment") == []


def test_a_package_an_image_and_telemetry_are_for_the_owner_to_open_too() -> None:
    image = {"container_image": "team.azurecr.io/shop:1", "container_registry_id": REGISTRY}
    assert left(deployed(WebApp, **EXISTING, **image)) == [f"AcrPull on {REGISTRY}"]
    package = {"package_url": f"{STORAGE_ENDPOINT}code/shop.zip", "package_storage_id": STORAGE}
    assert left(deployed(WebApp, **EXISTING, **package, runtime="node-22")) == [
        f"Storage Blob Data Reader on {STORAGE}/blobServices/default/containers/code"
    ]
    (line,) = left(deployed(WebApp, **EXISTING, application_insights_workspace_id=WORKSPACE))
    assert line.startswith("Monitoring Metrics Publisher on /subscriptions/")
    assert "/providers/Microsoft.Insights/components/appi-shop-dev-" in line


def test_a_link_whose_grant_is_false_is_left_to_the_owner_of_its_target_and_the_others_are_not() -> None:
    links = {**LINKS, "main": {**LINKS["main"], "grant": False}}
    deployment = deployed(WebApp, links=links)
    assert left(deployment) == OF_LINKS[:1]
    assert [one.name for one in deployment.all("RoleAssignment")] == ["shop-reports"]


@pytest.mark.parametrize("component", [WebApp, WorkloadAccess])
def test_what_another_link_grants_already_is_left_to_nobody_and_what_two_leave_is_one_line(
    component: Any,
) -> None:
    reports = LINKS["reports"]
    links = {"reports": reports, "again": {**reports, "grant": False}}
    links |= {name: {**LINKS["main"], "variables": name, "grant": False} for name in ("A", "B")}
    links["B"] = {**links["B"], "key_vault": {**LINKS["main"]["key_vault"], "secrets": {"KEY": "key"}}}
    who = {"principal_id": PRINCIPAL} if component is WorkloadAccess else {"resource_group_name": "rg-team"}
    deployment = deploy_component(component, {**who, "links": links}, "up")
    assert left(deployment) == OF_LINKS[:1]
    assert [one.name for one in deployment.all("RoleAssignment")] == ["shop-reports"]


def test_what_two_links_need_of_an_existing_identity_is_one_line() -> None:
    links = {"reports": LINKS["reports"], "again": LINKS["reports"]}
    assert left(deployed(WebApp, **EXISTING, links=links)) == OF_LINKS[1:]


@pytest.mark.parametrize("component", [WebApp, FunctionApp])
def test_an_identity_of_the_apps_own_leaves_nothing_to_others(component: Any) -> None:
    assert left(deployed(component, links=LINKS)) == []


def test_without_an_identity_there_is_nobody_to_grant_to() -> None:
    assert left(deployed(WebApp, identity="none")) == []


def test_the_whole_leaves_what_it_creates_to_the_owner_of_the_identity() -> None:
    given = {**EXISTING, "secrets": {"DB": "db"}, "application_insights_workspace_id": WORKSPACE}
    vault, insights = left(deployed(KeylessWebApp, **given))
    assert vault.startswith("Key Vault Secrets User on /subscriptions/")
    assert vault.endswith("/providers/Microsoft.KeyVault/vaults/kv-shop-dev-abc123")
    assert insights.startswith("Monitoring Metrics Publisher on /subscriptions/")
    unknown = left(deployed(KeylessWebApp, "first preview", **given))
    assert unknown == ["a role on what the update creates"] * 2
