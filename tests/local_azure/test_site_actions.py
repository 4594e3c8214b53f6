"""What is asked of a site by POST, and what it says of its names, its network and its deployments, judged by
azure-mgmt-web."""

from collections.abc import Iterator
from typing import Any

import pytest
from azure.core.exceptions import HttpResponseError, ResourceNotFoundError

from local_azure.app_service.service import AppService
from local_azure.server import LocalAzure
from tests.drawn_key import begun
from tests.local_azure.app_service_stage import GREETING_APP, GROUP, Json, Stage, refusal


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with LocalAzure(begun(tmp_path_factory.mktemp("azure"))) as local:
        yield Stage(local)


def app(stage: Stage, sku: str = "B1", **properties: Any) -> str:
    name = stage.name("app")
    stage.site(name, serverFarmId=stage.plan(sku), **properties)
    return name


def state(stage: Stage, name: str) -> str:
    return str(stage.web.web_apps.get(GROUP, name).properties.state)


def test_a31_a_stopped_site_runs_nothing_until_it_is_started(stage: Stage) -> None:
    name, web = app(stage), stage.web.web_apps
    hosting = stage.local.azure.service(AppService).hosting
    stage.deploy(name, {"app.py": GREETING_APP})
    assert stage.get(name).status_code == 200
    web.stop(GROUP, name)
    hosting.settle()
    answer = stage.get(name)
    assert (answer.status_code, "This web app is stopped" in answer.text) == (403, True)
    assert (state(stage, name), name in hosting.browser_addresses()) == ("Stopped", False)
    web.start(GROUP, name)
    assert (stage.get(name).status_code, state(stage, name)) == (200, "Running")


def test_a31_a_stopped_site_stays_stopped_whatever_is_written(stage: Stage) -> None:
    name, web = app(stage), stage.web.web_apps
    hosting, id_ = stage.local.azure.service(AppService).hosting, stage.id("Microsoft.Web/sites", name)
    web.stop(GROUP, name)
    stage.deploy(name, {"app.py": GREETING_APP})
    stage.settings(name, {"A": "1"})
    stage.arm("PATCH", id_, {"properties": {"httpsOnly": True, "state": "Running"}})
    web.restart(GROUP, name)
    hosting.settle()
    assert (state(stage, name), hosting.starts(id_)) == ("Stopped", 0)


def test_a37_the_status_of_a_deployment_says_whether_its_app_runs(stage: Stage) -> None:
    name, web = app(stage), stage.web.web_apps
    assert list(web.list_deployments(GROUP, name)) == []
    assert list(web.list_production_site_deployment_statuses(GROUP, name)) == []
    stage.deploy(name, {"app.py": GREETING_APP})
    assert stage.get(name).status_code == 200
    (made,) = web.list_deployments(GROUP, name)
    assert (made.properties.active, made.properties.status, made.properties.deployer) == (
        True,
        4,
        "OneDeploy",
    )
    told = web.begin_get_production_site_deployment_status(GROUP, name, made.name).result().properties
    assert (told.status, told.number_of_instances_successful, told.number_of_instances_failed) == (
        "RuntimeSuccessful", 1, 0,
    )  # fmt: skip
    web.stop(GROUP, name)
    stage.local.azure.service(AppService).hosting.settle()
    (failed,) = web.list_production_site_deployment_statuses(GROUP, name)
    assert failed.properties.status == "RuntimeFailed"
    with pytest.raises(ResourceNotFoundError):
        web.get_deployment(GROUP, name, "another")


def test_n12_the_network_of_a_site_is_read_and_written_in_two_places(stage: Stage) -> None:
    name, web = app(stage), stage.web.web_apps
    before = web.get_swift_virtual_network_connection(GROUP, name).properties
    assert (before.subnet_resource_id, before.swift_supported) == (None, True)
    subnet = delegated_subnet(stage)
    given = {"properties": {"subnetResourceId": subnet}}
    web.create_or_update_swift_virtual_network_connection_with_check(GROUP, name, given)
    assert web.get(GROUP, name).properties.virtual_network_subnet_id == subnet
    assert web.get_swift_virtual_network_connection(GROUP, name).properties.subnet_resource_id == subnet
    assert [one.properties.vnet_resource_id for one in web.list_vnet_connections(GROUP, name)] == [subnet]
    web.delete_swift_virtual_network(GROUP, name)
    assert not web.get(GROUP, name).properties.virtual_network_subnet_id
    assert list(web.list_vnet_connections(GROUP, name)) == []
    with pytest.raises(HttpResponseError) as refused:
        web.create_or_update_swift_virtual_network_connection_with_check(
            GROUP, name, {"properties": {"subnetResourceId": f"{subnet}-none"}}
        )
    assert refused.value.status_code == 400


def delegated_subnet(stage: Stage) -> str:
    path = stage.id("Microsoft.Network/virtualNetworks", stage.name("vnet"))
    delegation: Json = {"name": "web", "properties": {"serviceName": "Microsoft.Web/serverFarms"}}
    subnet: Json = {"addressPrefix": "10.0.1.0/24", "delegations": [delegation]}
    network: Json = {
        "addressSpace": {"addressPrefixes": ["10.0.0.0/16"]},
        "subnets": [{"name": "apps", "properties": subnet}],
    }
    stage.arm("PUT", path, {"location": "westeurope", "properties": network}, "2024-05-01")
    return f"{path}/subnets/apps"


def test_a36_whether_a_sites_name_is_free_can_be_asked(stage: Stage) -> None:
    def ask(name: str) -> tuple[bool, str | None]:
        answer = stage.web.check_name_availability({"name": name, "type": "Microsoft.Web/sites"})
        return answer.name_available, answer.reason

    taken = app(stage)
    assert ask(stage.name("free")) == (True, "")
    assert ask(taken.upper()) == (False, "AlreadyExists")
    assert ask("under_score") == (False, "Invalid")


def test_a22_the_bindings_of_a_site_begin_with_its_default_name(stage: Stage) -> None:
    name, web = app(stage, "S1"), stage.web.web_apps
    body: Json = {"location": "westeurope", "kind": "app,linux", "properties": {}}
    web.begin_create_or_update_slot(GROUP, name, "staging", body).result()
    (binding,) = web.list_host_name_bindings(GROUP, name)
    assert (binding.name, binding.properties.host_name_type) == (f"{name}.azurewebsites.net", "Verified")
    assert web.get_host_name_binding(GROUP, name, binding.name).id == binding.id
    (of_slot,) = web.list_host_name_bindings_slot(GROUP, name, "staging")
    assert of_slot.name == f"{name}-staging.azurewebsites.net"
    with pytest.raises(HttpResponseError) as refused:
        web.delete_host_name_binding(GROUP, name, binding.name)
    assert refused.value.status_code == 409
    assert [one.name for one in web.list_host_name_bindings(GROUP, name)] == [binding.name]


@pytest.mark.parametrize(
    "action", ["backup", "slotsdiffs", "networkTrace/start", "host/default/listkeys", "functions/f/listkeys"]
)
def test_what_the_local_azure_does_not_serve_is_said_in_its_own_name(stage: Stage, action: str) -> None:
    with pytest.raises(HttpResponseError) as refused:
        stage.arm("POST", stage.id("Microsoft.Web/sites", f"{app(stage)}/{action}"), {})
    error: Json = refusal(refused)["error"]
    assert (refused.value.status_code, error["code"]) == (501, "NotServedByLocalAzure")
    assert error["message"].startswith("The local Azure does not serve ")
