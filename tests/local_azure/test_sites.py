"""Microsoft.Web/sites, judged by azure-mgmt-web."""

from collections.abc import Iterator
from typing import Any

import pytest
from azure.core.exceptions import HttpResponseError, ResourceNotFoundError

from local_azure.constants import TENANT_ID
from local_azure.server import LocalAzure
from tests.drawn_key import begun
from tests.local_azure.app_service_stage import GROUP, Json, Stage, refusal


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with LocalAzure(begun(tmp_path_factory.mktemp("azure"))) as local:
        yield Stage(local)


def user_assigned(*ids: str) -> Json:
    return {"type": "UserAssigned", "userAssignedIdentities": {id_: {} for id_ in ids}}


def read(stage: Stage, site: str) -> Any:
    return stage.web.web_apps.get(GROUP, site)


def test_a_site_answers_under_its_default_host_name(stage: Stage) -> None:
    name = stage.name("app")
    site = stage.site(name, httpsOnly=True)
    assert site.properties.default_host_name == f"{name}.azurewebsites.net"
    assert site.properties.host_names == [f"{name}.azurewebsites.net"]
    assert site.properties.enabled_host_names == [
        f"{name}.azurewebsites.net",
        f"{name}.scm.azurewebsites.net",
    ]
    assert site.properties.state == "Running"
    assert site.properties.https_only is True
    assert site.properties.outbound_ip_addresses
    assert site.identity is None
    page = stage.get(name)
    assert page.status_code == 200
    assert "no code has been deployed" in page.text


def test_a_name_that_no_site_has_is_not_found(stage: Stage) -> None:
    assert stage.get(stage.name("nobody")).status_code == 404
    with pytest.raises(ResourceNotFoundError):
        read(stage, stage.name("nobody"))


def test_a_sites_name_is_unique_in_all_of_azure(stage: Stage) -> None:
    """A1."""
    name = stage.name("app")
    stage.site(name)
    group = f"/subscriptions/{stage.subscription}/resourceGroups/{stage.name('rg')}"
    stage.arm("PUT", group, {"location": "westeurope"}, "2024-03-01")
    body = {"location": "westeurope", "properties": {"serverFarmId": stage.plan()}}
    with pytest.raises(HttpResponseError) as refused:
        stage.arm("PUT", f"{group}/providers/Microsoft.Web/sites/{name.upper()}", body)
    assert refused.value.status_code == 409
    entity = refusal(refused)["Details"][2]["ErrorEntity"]
    assert entity["ExtendedCode"] == "54001"
    assert entity["MessageTemplate"] == "Website with given name {0} already exists."
    assert refusal(refused)["Message"] == f"Website with given name {name.upper()} already exists."
    stage.web.web_apps.delete(GROUP, name)
    stage.arm("PUT", f"{group}/providers/Microsoft.Web/sites/{name}", body)


@pytest.mark.parametrize("name", ["a", "under_score", "a" * 61, "-edge"])
def test_a_sites_name_has_letters_digits_and_hyphens(stage: Stage, name: str) -> None:
    """A1."""
    with pytest.raises(HttpResponseError) as refused:
        stage.site(name)
    assert refused.value.status_code == 400


def test_a_site_needs_a_plan_that_exists(stage: Stage) -> None:
    with pytest.raises(HttpResponseError) as refused:
        stage.site(stage.name("app"), serverFarmId=stage.id("Microsoft.Web/serverfarms", "nowhere"))
    assert refused.value.status_code == 404
    assert refusal(refused)["Code"] == "NotFound"


def test_a_free_plan_does_not_keep_a_site_loaded(stage: Stage) -> None:
    """A7."""
    name, free = stage.name("app"), stage.plan("F1")
    with pytest.raises(HttpResponseError) as refused:
        stage.site(name, serverFarmId=free, siteConfig={"alwaysOn": True})
    assert refused.value.status_code == 409
    assert refusal(refused)["Message"].startswith(
        "There was a conflict. AlwaysOn cannot be set for this site"
    )
    assert not stage.exists(stage.id("Microsoft.Web/sites", name))
    stage.site(name, serverFarmId=free, siteConfig={"alwaysOn": False})
    with pytest.raises(HttpResponseError) as refused:
        stage.web.web_apps.update_configuration(GROUP, name, {"properties": {"alwaysOn": True}})
    assert refused.value.status_code == 409


@pytest.mark.parametrize(
    "runtime", ["python:3.12", "PYTHON", "PYTHON|2.7", "DOTNETCORE|8", "NODE|22LTS", "JAVA|21-jre21"]
)
def test_a_runtime_that_is_not_written_as_one_is_refused(stage: Stage, runtime: str) -> None:
    """A12."""
    with pytest.raises(HttpResponseError) as refused:
        stage.site(stage.name("app"), siteConfig={"linuxFxVersion": runtime})
    assert refused.value.status_code == 400


@pytest.mark.parametrize(
    "runtime",
    ["PYTHON|3.14", "NODE|22-lts", "DOTNETCORE|10.0", "JAVA|17-java17", "php|8.4", "DOCKER|nginx:1.27"],
)
def test_a_runtime_in_app_services_spelling_is_taken(stage: Stage, runtime: str) -> None:
    """A12."""
    name = stage.name("app")
    stage.site(name, siteConfig={"linuxFxVersion": runtime})
    assert stage.web.web_apps.get_configuration(GROUP, name).properties.linux_fx_version == runtime


def test_a_site_says_the_system_of_its_plan(stage: Stage) -> None:
    """A11."""
    for linux in (True, False):
        with pytest.raises(HttpResponseError) as refused:
            stage.site(stage.name("app"), serverFarmId=stage.plan(linux=linux), reserved=not linux)
        assert refused.value.status_code == 400
    with pytest.raises(HttpResponseError) as refused:
        stage.site(stage.name("app"), siteConfig={"windowsFxVersion": "DOCKER|nginx"})
    assert refused.value.status_code == 400


def test_a_linux_runtime_never_lands_on_a_windows_plan(stage: Stage) -> None:
    """A11."""
    windows = stage.plan(linux=False)
    with pytest.raises(HttpResponseError) as refused:
        stage.site(stage.name("app"), serverFarmId=windows, siteConfig={"linuxFxVersion": "PYTHON|3.12"})
    assert refused.value.status_code == 400


def test_the_plans_id_comes_back_in_another_case(stage: Stage) -> None:
    """A21."""
    plan, name = stage.plan(), stage.name("app")
    written = stage.site(name, serverFarmId=plan).properties.server_farm_id
    assert written != plan
    assert written.lower() == plan.lower()
    assert read(stage, name).properties.server_farm_id == written


def test_a_site_is_read_without_its_configuration(stage: Stage) -> None:
    """A15."""
    name = stage.name("app")
    config = {"linuxFxVersion": "PYTHON|3.12", "appSettings": [{"name": "COLOUR", "value": "green"}]}
    assert stage.site(name, siteConfig=config).properties.site_config is None
    assert read(stage, name).properties.site_config is None
    web = stage.web.web_apps.get_configuration(GROUP, name).properties
    assert web is not None
    assert web.linux_fx_version == "PYTHON|3.12"
    assert web.min_tls_version == "1.2"
    assert web.app_settings is None


def test_a_system_assigned_identity_is_new_each_time_it_is_switched_on(stage: Stage) -> None:
    """R19 and A17."""
    name, plan = stage.name("app"), stage.plan()
    first = stage.site(name, serverFarmId=plan, identity={"type": "SystemAssigned"}).identity
    assert first.tenant_id == TENANT_ID
    again = stage.site(name, serverFarmId=plan, identity={"type": "SystemAssigned"}, httpsOnly=True).identity
    assert again.principal_id == first.principal_id
    assert stage.local.azure.entra.principal(first.principal_id) is not None
    assert stage.site(name, serverFarmId=plan, identity={"type": "None"}).identity is None
    assert stage.local.azure.entra.principal(first.principal_id) is None
    second = stage.site(name, serverFarmId=plan, identity={"type": "SystemAssigned"}).identity
    assert second.principal_id not in (None, first.principal_id)


def test_an_identity_that_is_not_mentioned_stays(stage: Stage) -> None:
    name, plan = stage.name("app"), stage.plan()
    first = stage.site(name, serverFarmId=plan, identity={"type": "SystemAssigned"}).identity
    assert stage.site(name, serverFarmId=plan).identity.principal_id == first.principal_id


def test_a_user_assigned_identity_has_its_own_principal(stage: Stage) -> None:
    """A17."""
    identity, name, plan = stage.identity(), stage.name("app"), stage.plan()
    attached = stage.site(name, serverFarmId=plan, identity=user_assigned(identity["id"].upper())).identity
    assert attached.type == "UserAssigned"
    assert attached.principal_id is None
    [(id_, about)] = attached.user_assigned_identities.items()
    assert id_.lower() == identity["id"].lower()
    assert about.principal_id == identity["properties"]["principalId"]
    assert about.client_id == identity["properties"]["clientId"]


def test_both_kinds_of_identity_may_be_attached(stage: Stage) -> None:
    identity = stage.identity()
    both = {**user_assigned(identity["id"]), "type": "SystemAssigned,UserAssigned"}
    attached = stage.site(stage.name("app"), identity=both).identity
    assert attached.type == "SystemAssigned, UserAssigned"
    assert attached.principal_id not in (None, identity["properties"]["principalId"])


def test_an_identity_taken_from_the_app_is_really_gone(stage: Stage) -> None:
    """A18."""
    one, two, name, plan = stage.identity()["id"], stage.identity()["id"], stage.name("app"), stage.plan()
    stage.site(name, serverFarmId=plan, identity=user_assigned(one))
    replaced = stage.site(name, serverFarmId=plan, identity=user_assigned(two)).identity
    assert list(replaced.user_assigned_identities) == [two]
    merged = stage.web.web_apps.update(GROUP, name, {"identity": user_assigned(one)}).identity
    assert merged is not None
    assert set(merged.user_assigned_identities or {}) == {one, two}
    change = {"type": "UserAssigned", "userAssignedIdentities": {two: None}}
    stage.arm("PATCH", stage.id("Microsoft.Web/sites", name), {"identity": change})
    assert list(read(stage, name).identity.user_assigned_identities) == [one]


def test_an_identity_that_does_not_exist_cannot_be_attached(stage: Stage) -> None:
    name = stage.name("app")
    nobody = stage.id("Microsoft.ManagedIdentity/userAssignedIdentities", "nobody")
    with pytest.raises(HttpResponseError) as refused:
        stage.site(name, identity=user_assigned(nobody))
    assert refused.value.status_code == 400
    assert "error" in refusal(refused)
    assert not stage.exists(stage.id("Microsoft.Web/sites", name))


def test_an_attached_identity_may_be_deleted_and_leaves_its_id_behind(stage: Stage) -> None:
    """I5."""
    identity, name = stage.identity(), stage.name("app")
    stage.site(name, identity=user_assigned(identity["id"]))
    stage.arm("DELETE", identity["id"], None, "2023-01-31")
    assert list(read(stage, name).identity.user_assigned_identities) == [identity["id"]]


def test_a_deleted_site_takes_its_identity_along_but_not_its_assignments(stage: Stage) -> None:
    """R17."""
    name = stage.name("app")
    principal = stage.site(name, identity={"type": "SystemAssigned"}).identity.principal_id
    assignment = stage.grant(stage.vault(), principal)
    stage.web.web_apps.delete(GROUP, name)
    assert stage.local.azure.entra.principal(principal) is None
    assert stage.exists(assignment, "2022-04-01")
    assert stage.get(name).status_code == 404
