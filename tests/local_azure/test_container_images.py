"""A site that is a container: whether its identity may pull the image, as its page and its log say (A12)."""

from collections.abc import Iterator

import pytest
from azure.core.exceptions import HttpResponseError

from local_azure.app_service.service import AppService
from local_azure.server import LocalAzure
from tests.drawn_key import begun
from tests.local_azure.app_service_stage import Json, Stage

ACR_PULL = "7f951dda-4ed3-4680-a7ca-43fe172d538d"
READER = "b93aa761-3e63-49ed-ac28-beffa264f7ac"
VERSION = "2023-07-01"
REGISTRIES = "Microsoft.ContainerRegistry/registries"


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with LocalAzure(begun(tmp_path_factory.mktemp("azure"))) as local:
        yield Stage(local)


def registry(stage: Stage, **properties: object) -> Json:
    name = stage.name("acr").replace("-", "")
    body = {"location": "westeurope", "sku": {"name": "Standard"}, "properties": properties}
    return stage.arm("PUT", stage.id(REGISTRIES, name), body, VERSION)


def container(stage: Stage, image: str, identity: Json | None = None, **config: object) -> str:
    name = stage.name("app")
    stage.site(name, identity=identity, siteConfig={"linuxFxVersion": f"DOCKER|{image}", **config})
    return name


def page(stage: Stage, site: str) -> tuple[int, str]:
    stage.local.azure.service(AppService).hosting.settle()
    answer = stage.get(site)
    return answer.status_code, answer.text


def test_a_registry_has_no_admin_user_and_an_address_of_its_name(stage: Stage) -> None:
    made = registry(stage)
    assert made["properties"]["adminUserEnabled"] is False
    assert made["properties"]["loginServer"] == f"{made['name']}.azurecr.io"
    assert made["properties"]["policies"] == {"azureADAuthenticationAsArmPolicy": {"status": "enabled"}}
    with pytest.raises(HttpResponseError) as refused:
        stage.arm("POST", f"{made['id']}/listCredentials", None, VERSION)
    assert refused.value.status_code == 400


def test_a_registrys_name_is_checked_and_unique(stage: Stage) -> None:
    made = registry(stage)
    body = {"location": "westeurope", "sku": {"name": "Basic"}}
    other = made["id"].replace("/rg-apps/", "/rg-others/")
    stage.arm("PUT", other.partition("/providers/")[0], {"location": "westeurope"}, "2024-03-01")
    for id, status in ((stage.id(REGISTRIES, "a-b-c-d"), 400), (other, 409)):
        with pytest.raises(HttpResponseError) as refused:
            stage.arm("PUT", id, body, VERSION)
        assert refused.value.status_code == status


def test_an_image_is_pulled_by_the_user_assigned_identity_once_it_may(stage: Stage) -> None:
    made, identity = registry(stage), stage.identity()
    image = f"{made['properties']['loginServer']}/shop:1"
    attached: Json = {"type": "UserAssigned", "userAssignedIdentities": {identity["id"]: {}}}
    client_id = identity["properties"]["clientId"]
    creds = {"acrUseManagedIdentityCreds": True, "acrUserManagedIdentityID": client_id}
    site = container(stage, image, attached, **creds)
    status, text = page(stage, site)
    assert status == 503
    assert "ImagePullUnauthorizedFailure: Failed to pull image" in text
    assert "lacks AcrPull" in text

    stage.assign(made["id"], identity["properties"]["principalId"], ACR_PULL)
    stage.settings(site, {"A": "1"})
    status, text = page(stage, site)
    assert status == 501
    assert "may be pulled by" in text
    assert "runs code, no containers" in text


def test_without_a_client_id_the_sites_own_identity_pulls(stage: Stage) -> None:
    image = f"{registry(stage)['properties']['loginServer']}/shop:1"
    attached: Json = {"type": "UserAssigned", "userAssignedIdentities": {stage.identity()["id"]: {}}}
    creds = {"acrUseManagedIdentityCreds": True, "acrUserManagedIdentityID": ""}
    assert "is not attached to the site" in page(stage, container(stage, image, attached, **creds))[1]
    own = container(stage, image, {"type": "SystemAssigned"}, **creds)
    assert "lacks AcrPull" in page(stage, own)[1]


def test_a_registry_with_roles_for_repositories_takes_one_for_the_images_own(stage: Stage) -> None:
    made = registry(stage, roleAssignmentMode="AbacRepositoryPermissions")
    image = f"{made['properties']['loginServer']}/shop/web:1"
    creds = {"acrUseManagedIdentityCreds": True, "acrUserManagedIdentityID": ""}
    site = container(stage, image, {"type": "SystemAssigned"}, **creds)
    id: str = stage.arm("GET", stage.id("Microsoft.Web/sites", site), None)["identity"]["principalId"]
    stage.assign(made["id"], id, ACR_PULL)
    stage.settings(site, {"A": "1"})
    text = page(stage, site)[1]
    assert "lacks Container Registry Repository Reader for shop/web" in text
    assert "AcrPull" not in text
    stage.assign(made["id"], id, READER)
    stage.settings(site, {"A": "2"})
    assert "may be pulled by" in page(stage, site)[1]


def test_a_site_that_pulls_without_an_identity_is_not_let_in(stage: Stage) -> None:
    closed = registry(stage)["properties"]["loginServer"]
    assert "ImagePullUnauthorizedFailure" in page(stage, container(stage, f"{closed}/shop:1"))[1]
    public = registry(stage, anonymousPullEnabled=True)["properties"]["loginServer"]
    assert "may be pulled by anybody" in page(stage, container(stage, f"{public}/shop:1"))[1]


def test_a_registry_that_is_not_there_is_said(stage: Stage) -> None:
    assert (
        "ImagePullFailure: There is no registry at nowhere.azurecr.io"
        in page(stage, container(stage, "nowhere.azurecr.io/shop:1"))[1]
    )
    assert page(stage, container(stage, "nginx:1.27"))[0] == 501
