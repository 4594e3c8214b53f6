"""A container instead of code: its image is pulled with the app's identity, without a password (A12)."""

from typing import Any

import pytest

from components.arguments import Arguments
from components.hosts.app_service.web_app_arguments import WebAppArgs, read_web_app
from tests.unit.components.answering_azure import CLIENT, IDENTITY, PRINCIPAL, REGISTRY, SYSTEM_PRINCIPAL
from tests.unit.components.recorded_azure import UNKNOWN, Later
from tests.unit.components.web_apps import WITH_SECRET, refusal, settings_of, site_of, web_app

IMAGE = "team.azurecr.io/shop:1.2"
CONTAINER: dict[str, Any] = {"container_image": IMAGE, "container_registry_id": REGISTRY}
PULL = {"acrUseManagedIdentityCreds", "acrUserManagedIdentityID", "linuxFxVersion", "windowsFxVersion"}
ACR_PULL = "7f951dda-4ed3-4680-a7ca-43fe172d538d"


def _pull(mode: Any = "up", /, **args: Any) -> dict[str, Any]:
    config = site_of(web_app(mode, **args))["siteConfig"]
    return {key: value for key, value in config.items() if key in PULL}


def test_an_image_is_pulled_with_the_user_assigned_identity() -> None:
    assert _pull(**CONTAINER) == {
        "acrUseManagedIdentityCreds": True,
        "acrUserManagedIdentityID": CLIENT,
        "linuxFxVersion": f"DOCKER|{IMAGE}",
    }


def test_the_identity_may_pull_before_the_site_exists_and_nothing_else_there() -> None:
    deployment = web_app(**CONTAINER)
    grant = deployment.one("RoleAssignment")
    assert grant.inputs["scope"] == REGISTRY
    assert grant.inputs["roleDefinitionId"].endswith(f"/{ACR_PULL}")
    assert grant.inputs["principalId"] == PRINCIPAL
    assert deployment.waits_for(deployment.one("web:WebApp"), grant)
    assert deployment.outputs["access"] == [
        "Identity id-shop-dev-abc123 may pull images in container registry team (AcrPull)."
    ]


def test_a_system_assigned_identity_pulls_by_no_client_id() -> None:
    deployment = web_app(identity="system-assigned", **CONTAINER)
    assert _pull(identity="system-assigned", **CONTAINER) == {
        "acrUseManagedIdentityCreds": True,
        "acrUserManagedIdentityID": "",
        "linuxFxVersion": f"DOCKER|{IMAGE}",
    }
    grant = deployment.one("RoleAssignment")
    assert grant.inputs["principalId"] == SYSTEM_PRINCIPAL
    # Writing the settings starts the app anew, and with that the pull.
    assert deployment.waits_for(deployment.one("WebAppApplicationSettings"), grant)


def test_an_existing_identity_pulls_and_is_granted_by_its_owner() -> None:
    existing = {"identity": "existing", "identity_id": IDENTITY, **CONTAINER}
    assert _pull(**existing)["acrUserManagedIdentityID"] == CLIENT
    assert web_app(**existing).all("RoleAssignment") == []


def test_secrets_and_an_image_are_two_grants() -> None:
    grants = web_app(**CONTAINER, **WITH_SECRET).all("RoleAssignment")
    assert sorted(grant.name for grant in grants) == ["shop-registry", "shop-vault"]


def test_a_public_image_needs_no_registry_and_gets_no_grant() -> None:
    public = {"container_image": "mcr.microsoft.com/appsvc/staticsite:latest"}
    assert _pull(**public) == {"linuxFxVersion": "DOCKER|mcr.microsoft.com/appsvc/staticsite:latest"}
    assert web_app(**public).all("RoleAssignment") == []
    assert _pull(identity="none", **public) == _pull(**public)


def test_a_container_is_said_by_the_sites_kind_and_gets_no_shared_home() -> None:
    site = site_of(web_app(**CONTAINER))
    assert (site["kind"], site["reserved"], site["hyperV"]) == ("app,linux,container", True, False)
    assert settings_of(web_app(identity="none", container_image="nginx:1.27")) == {
        "WEBSITES_ENABLE_APP_SERVICE_STORAGE": "false"
    }


def test_a_windows_container_is_isolated_by_hyper_v_in_site_and_plan() -> None:
    deployment = web_app(os="windows", size="P1v3", **CONTAINER)
    site = site_of(deployment)
    assert (site["kind"], site["reserved"], site["hyperV"]) == ("app,container,windows", False, True)
    assert deployment.one("AppServicePlan").inputs["hyperV"] is True
    assert _pull(os="windows", size="P1v3", **CONTAINER)["windowsFxVersion"] == f"DOCKER|{IMAGE}"
    assert "linuxFxVersion" not in site["siteConfig"]


def test_image_and_registry_may_be_outputs() -> None:
    later = {"container_image": Later(IMAGE), "container_registry_id": Later(REGISTRY)}
    assert _pull(**later) == _pull(**CONTAINER)


def test_a_first_preview_shows_the_image() -> None:
    preview = _pull("first preview", **CONTAINER)
    assert preview["linuxFxVersion"] == f"DOCKER|{IMAGE}"
    assert preview["acrUserManagedIdentityID"] == UNKNOWN


def test_others_are_told_that_the_app_is_a_container() -> None:
    def choices(**args: Any) -> bool:
        arguments = Arguments("WebApp", "shop", args, WebAppArgs)
        return read_web_app(arguments).site.runtime.is_container

    assert choices(container_image="nginx") is True
    assert choices(runtime="node-22") is False


def test_a_runtime_with_a_container_is_refused_naming_both() -> None:
    text = refusal(container_image=IMAGE, runtime="python-3.12")
    assert "container_image and runtime\n     given     both\n" in text


def test_a_registry_without_an_image_is_refused() -> None:
    text = refusal(container_registry_id=REGISTRY)
    assert "container_registry_id\n     given     container_registry_id alone\n" in text


def test_no_identity_with_a_registry_is_refused() -> None:
    text = refusal(identity="none", **CONTAINER)
    assert "identity and container_registry_id\n     given     none, with container_registry_id\n" in text


@pytest.mark.parametrize("image", ["other.azurecr.io/shop:1.2", "shop:1.2", "teams.azurecr.io/shop:1.2"])
def test_an_image_that_is_not_on_the_registry_is_refused(image: str) -> None:
    text = refusal(container_image=image, container_registry_id=REGISTRY)
    assert "container_image and container_registry_id\n" in text
    assert "given     an image that is not on that registry\n" in text


@pytest.mark.parametrize(
    "image", ["team.azurecr.io/shop:1", "TEAM.azurecr.io/shop:1", "team-a1b2c3.azurecr.io/shop:1"]
)
def test_an_image_on_the_registry_is_taken_in_any_spelling_of_its_host(image: str) -> None:
    assert _pull(container_image=image, container_registry_id=REGISTRY)["linuxFxVersion"] == f"DOCKER|{image}"


@pytest.mark.parametrize(
    ("image", "given"),
    [
        ("DOCKER|nginx", "a text of 12 characters; character 1, 'D', is not allowed there"),
        (
            "https://me:secret@team.azurecr.io/shop",
            "a text of 38 characters; character 6, ':', is not allowed there",
        ),
        ("team.azurecr.io/Shop:1", "a text of 22 characters; character 16, '/', is not allowed there"),
        ("", "an empty text"),
        ("a b", "a text of 3 characters; character 2, ' ', is not allowed there"),
    ],
)
def test_what_is_no_image_is_refused(image: str, given: str) -> None:
    assert f"container_image\n     given     {given}\n" in refusal(container_image=image)


@pytest.mark.parametrize("name", ["PASSWORD", "USERNAME", "URL"])
def test_a_registrys_login_among_the_settings_is_refused_without_its_value(name: str) -> None:
    setting = f"DOCKER_REGISTRY_SERVER_{name}"
    for value in ("planted", Later("planted")):
        text = refusal(settings={setting: value}, container_image=IMAGE)
        assert f"settings[{setting}]\n" in text
        assert "give container_registry_id: the image is pulled with the identity" in text
        assert "planted" not in text
