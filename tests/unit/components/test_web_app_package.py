"""Code from a package in blob storage, read with the app's identity: no signature, and one `up` (A12 I9)."""

from typing import Any

import pytest

from tests.unit.components.answering_azure import GROUP, IDENTITY, PRINCIPAL, STORAGE
from tests.unit.components.recorded_azure import UNKNOWN, Later
from tests.unit.components.web_apps import refusal, settings_of, web_app

URL = "https://stteam.blob.core.windows.net/packages/shop-1.2.zip"
PACKAGE: dict[str, Any] = {"package_url": URL, "package_storage_id": STORAGE, "runtime": "node-22"}
BLOB_READER = "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1"
URL_SETTING, IDENTITY_SETTING = "WEBSITE_RUN_FROM_PACKAGE", "WEBSITE_RUN_FROM_PACKAGE_BLOB_MI_RESOURCE_ID"


def _package(mode: Any = "up", /, **args: Any) -> dict[str, str]:
    settings = settings_of(web_app(mode, **args))
    return {key: value for key, value in settings.items() if key.startswith("WEBSITE_RUN_FROM_PACKAGE")}


def test_a_package_is_read_with_the_user_assigned_identity() -> None:
    own = f"{GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-shop-dev-abc123"
    assert _package(**PACKAGE) == {URL_SETTING: URL, IDENTITY_SETTING: own}


def test_a_package_is_read_with_the_system_assigned_identity() -> None:
    assert _package(identity="system-assigned", **PACKAGE)[IDENTITY_SETTING] == "SystemAssigned"


def test_the_identity_may_read_the_packages_container_and_nothing_else_there() -> None:
    deployment = web_app(**PACKAGE)
    grant = deployment.one("RoleAssignment")
    assert grant.inputs["scope"] == f"{STORAGE}/blobServices/default/containers/packages"
    assert grant.inputs["roleDefinitionId"].endswith(f"/{BLOB_READER}")
    assert (grant.name, grant.inputs["principalId"]) == ("shop-package", PRINCIPAL)
    assert deployment.waits_for(deployment.one("web:WebApp"), grant)
    assert deployment.waits_for(deployment.one("WebAppApplicationSettings"), grant)


def test_an_existing_identity_is_let_in_by_its_owner() -> None:
    existing = {"identity": "existing", "identity_id": IDENTITY, "runtime": "node-22", "package_url": URL}
    assert _package(**existing) == {URL_SETTING: URL, IDENTITY_SETTING: IDENTITY}
    assert web_app(**existing).all("RoleAssignment") == []


def test_without_a_package_nothing_is_said_of_one() -> None:
    assert _package() == {}
    assert _package(settings={URL_SETTING: "1"}) == {URL_SETTING: "1"}


def test_address_and_account_may_be_outputs() -> None:
    later = {**PACKAGE, "package_url": Later(URL), "package_storage_id": Later(STORAGE)}
    assert _package(**later) == _package(**PACKAGE)


def test_a_first_preview_shows_the_package_and_its_grant() -> None:
    assert _package("first preview", **PACKAGE) == {URL_SETTING: URL, IDENTITY_SETTING: UNKNOWN}
    scope = web_app("first preview", **PACKAGE).one("RoleAssignment").inputs["scope"]
    assert scope == f"{STORAGE}/blobServices/default/containers/packages"


@pytest.mark.parametrize("kind", [str, Later])
@pytest.mark.parametrize("query", ["?sp=r&sig=planted", "?versionid=planted", "#planted"])
def test_an_address_with_a_signature_is_refused_and_not_repeated(kind: Any, query: str) -> None:
    text = refusal(**{**PACKAGE, "package_url": kind(f"{URL}{query}")})
    assert "package_url\n     given     an address with a signature or login\n" in text
    assert "planted" not in text


@pytest.mark.parametrize(
    ("url", "given"),
    [
        (
            "http://stteam.blob.core.windows.net/packages/shop.zip",
            "a text of 53 characters; character 5, ':', is not allowed there",
        ),
        ("https://stteam.blob.core.windows.net/shop.zip", "a text of 45 characters"),
        ("https://example.org/packages/shop.zip", "a text of 37 characters"),
        ("shop.zip", "a text of 8 characters; character 1, 's', is not allowed there"),
    ],
)
def test_what_is_no_blob_is_refused(url: str, given: str) -> None:
    assert f"package_url\n     given     {given}\n" in refusal(**{**PACKAGE, "package_url": url})


@pytest.mark.parametrize("runtime", ["python-3.12", "java-21"])
def test_python_and_java_do_not_run_from_a_package(runtime: str) -> None:
    text = refusal(**{**PACKAGE, "runtime": runtime})
    assert f"package_url and runtime\n     given     package_url, with {runtime}\n" in text
    assert "next      take package_url out, and publish the code" in text


def test_a_package_needs_the_account_to_be_let_in() -> None:
    text = refusal(package_url=URL, runtime="node-22")
    assert "package_url\n     given     package_url alone\n" in text


def test_an_account_without_a_package_is_refused() -> None:
    text = refusal(package_storage_id=STORAGE)
    assert "package_storage_id\n     given     package_storage_id alone\n" in text


def test_an_account_that_does_not_hold_the_package_is_refused() -> None:
    text = refusal(**{**PACKAGE, "package_url": URL.replace("stteam", "stother")})
    given = "a package in one account, with the id of another"
    assert f"package_url and package_storage_id\n     given     {given}\n" in text


def test_no_identity_with_a_package_is_refused() -> None:
    text = refusal(identity="none", **PACKAGE)
    assert "identity and package_url\n     given     none, with package_url\n" in text


def test_a_package_and_a_container_are_refused_naming_both() -> None:
    text = refusal(package_url=URL, package_storage_id=STORAGE, container_image="nginx:1.27")
    assert "package_url and container_image\n     given     both\n" in text


@pytest.mark.parametrize("kind", [str, Later])
def test_an_address_among_the_settings_is_refused_and_not_repeated(kind: Any) -> None:
    text = refusal(settings={URL_SETTING: kind(f"{URL}?sig=planted")})
    assert f"settings[{URL_SETTING}]\n     given     an address\n" in text
    assert "planted" not in text


def test_what_follows_from_the_package_is_not_set_by_hand() -> None:
    for name in (URL_SETTING, IDENTITY_SETTING):
        assert f"settings[{name}]" in refusal(settings={name: "1"}, **PACKAGE)
