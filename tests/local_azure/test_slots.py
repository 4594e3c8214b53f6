"""Microsoft.Web/sites/slots, judged by azure-mgmt-web."""

from collections.abc import Iterator
from typing import Any

import pytest
from azure.core.exceptions import HttpResponseError, ResourceNotFoundError

from local_azure.server import LocalAzure
from tests.drawn_key import begun
from tests.local_azure.app_service_stage import GREETING_APP, GROUP, Json, Stage, refusal

SYSTEM: Json = {"type": "SystemAssigned"}


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with LocalAzure(begun(tmp_path_factory.mktemp("azure"))) as local:
        yield Stage(local)


def app(stage: Stage, sku: str = "S1", **properties: Any) -> str:
    """The name of a new app that may have slots."""
    name = stage.name("app")
    stage.site(name, serverFarmId=stage.plan(sku), **properties)
    return name


def slot(stage: Stage, site: str, name: str = "staging", *, kind: str = "app,linux", **body: Any) -> Any:
    """Write a slot."""
    whole: Json = {"location": "westeurope", "kind": kind, "properties": {}, **body}
    return stage.web.web_apps.begin_create_or_update_slot(GROUP, site, name, whole).result()


def deploy(stage: Stage, label: str) -> None:
    """Publish code to the site or the slot at `<label>.azurewebsites.net`."""
    stage.deploy(label, {"app.py": GREETING_APP})


def test_a_slot_answers_under_the_apps_name_and_its_own(stage: Stage) -> None:
    name = app(stage)
    made = slot(stage, name)
    assert made.type == "Microsoft.Web/sites/slots"
    assert made.properties.default_host_name == f"{name}-staging.azurewebsites.net"
    assert made.properties.server_farm_id.lower() == (
        stage.web.web_apps.get(GROUP, name).properties.server_farm_id.lower()
    )
    assert "no code has been deployed" in stage.get(f"{name}-staging").text
    assert [one.id for one in stage.web.web_apps.list_slots(GROUP, name)] == [made.id]


@pytest.mark.parametrize(("sku", "allowed"), [("F1", 0), ("B1", 0), ("S1", 5)])
def test_a_site_has_as_many_slots_as_its_plan_allows(stage: Stage, sku: str, allowed: int) -> None:
    """A8."""
    name = app(stage, sku)
    for number in range(allowed):
        slot(stage, name, f"slot-{number}")
    with pytest.raises(HttpResponseError) as refused:
        slot(stage, name, "one-more")
    assert refused.value.status_code == 409
    tier = {"F1": "Free", "B1": "Basic", "S1": "Standard"}[sku]
    assert refusal(refused)["Message"] == (
        "Cannot complete the operation because the site will exceed the number of slots allowed"
        f" for the '{tier}' SKU."
    )
    assert len(list(stage.web.web_apps.list_slots(GROUP, name))) == allowed


def test_a_site_that_has_all_its_slots_can_still_change_them(stage: Stage) -> None:
    """A8."""
    name = app(stage)
    for number in range(5):
        slot(stage, name, f"slot-{number}")
    assert slot(stage, name, "slot-4", tags={"team": "shop"}).tags == {"team": "shop"}


def test_a_slot_is_of_its_sites_kind(stage: Stage) -> None:
    """A13."""
    name = app(stage)
    with pytest.raises(HttpResponseError) as refused:
        slot(stage, name, kind="functionapp,linux")
    assert refused.value.status_code == 400
    assert refusal(refused)["Details"][2]["ErrorEntity"]["ExtendedCode"] == "54026"
    slot(stage, name)
    with pytest.raises(HttpResponseError) as refused:
        stage.arm(
            "PUT",
            stage.id("Microsoft.Web/sites", name),
            {"location": "westeurope", "kind": "functionapp,linux", "properties": {}},
        )
    assert refusal(refused)["Message"] == (
        "The slot 'kind' property 'app,linux' must match the Production site 'kind' property"
        " 'functionapp,linux'."
    )


@pytest.mark.parametrize("name", ["production", "under_score", "a" * 60])
def test_a_slots_name_has_letters_digits_and_hyphens(stage: Stage, name: str) -> None:
    """A8."""
    site = app(stage)
    with pytest.raises(HttpResponseError) as refused:
        slot(stage, site, name)
    assert refused.value.status_code == 400


def test_no_other_site_has_a_slots_host_name(stage: Stage) -> None:
    """A1."""
    name = app(stage)
    slot(stage, name)
    with pytest.raises(HttpResponseError) as refused:
        stage.site(f"{name}-staging")
    assert refused.value.status_code == 409


def test_a_slot_has_settings_and_policies_of_its_own(stage: Stage) -> None:
    name = app(stage)
    slot(stage, name)
    web = stage.web.web_apps
    stage.settings(name, {"WHO": "production"})
    web.update_application_settings_slot(GROUP, name, "staging", {"properties": {"WHO": "staging"}})
    web.update_ftp_allowed_slot(GROUP, name, "staging", {"properties": {"allow": False}})
    assert web.list_application_settings(GROUP, name).properties == {"WHO": "production"}
    assert web.list_application_settings_slot(GROUP, name, "staging").properties == {"WHO": "staging"}
    assert web.get_ftp_allowed(GROUP, name).properties.allow is True
    assert web.get_ftp_allowed_slot(GROUP, name, "staging").properties.allow is False
    assert web.get_configuration_slot(GROUP, name, "staging").properties.ftps_state == "FtpsOnly"


def test_only_the_site_knows_which_settings_stay_with_a_slot(stage: Stage) -> None:
    """F10."""
    name = app(stage)
    slot(stage, name)
    web = stage.web.web_apps
    web.update_slot_configuration_names(GROUP, name, {"properties": {"appSettingNames": ["WHO"]}})
    assert web.list_slot_configuration_names(GROUP, name).properties.app_setting_names == ["WHO"]
    path = stage.id("Microsoft.Web/sites", f"{name}/slots/staging/config/slotConfigNames")
    assert not stage.exists(path)
    for wrong in ("WHO", [1], {"WHO": True}):
        with pytest.raises(HttpResponseError) as refused:
            stage.arm("PUT", stage.id("Microsoft.Web/sites", f"{name}/config/slotConfigNames"), {
                "properties": {"appSettingNames": wrong},
            })  # fmt: skip
        assert refused.value.status_code == 400
    assert web.list_slot_configuration_names(GROUP, name).properties.app_setting_names == ["WHO"]


def test_a_slot_reads_its_references_with_its_own_identity(stage: Stage) -> None:
    """F10."""
    name, vault = app(stage), stage.vault()
    stage.secret(vault, "greeting", "hello")
    site = stage.site(name, serverFarmId=plan_of(stage, name), identity=SYSTEM)
    made = slot(stage, name, identity=SYSTEM)
    assert made.identity.principal_id != site.identity.principal_id
    stage.grant(vault, site.identity.principal_id)
    settings = {
        "GREETING": f"@Microsoft.KeyVault(SecretUri=https://{vault}.vault.azure.net/secrets/greeting)"
    }
    stage.settings(name, settings)
    web = stage.web.web_apps
    web.update_application_settings_slot(GROUP, name, "staging", {"properties": settings})
    assert stage.statuses(name) == {"GREETING": "Resolved"}
    assert slot_statuses(stage, name) == {"GREETING": "AccessToKeyVaultDenied"}

    stage.grant(vault, made.identity.principal_id)
    path = f"{name}/slots/staging/config/configreferences/appsettings/refresh"
    stage.arm("POST", stage.id("Microsoft.Web/sites", path))
    assert slot_statuses(stage, name) == {"GREETING": "Resolved"}


def test_a_slot_runs_as_a_process_of_its_own_with_its_own_settings(stage: Stage) -> None:
    """F10."""
    name = app(stage)
    stage.site(name, serverFarmId=plan_of(stage, name), identity=SYSTEM)
    slot(stage, name, identity=SYSTEM)
    stage.settings(name, {"WHO": "production"})
    stage.web.web_apps.update_application_settings_slot(
        GROUP, name, "staging", {"properties": {"WHO": "staging"}}
    )
    deploy(stage, name)
    deploy(stage, f"{name}-staging")
    production, staging = stage.get(name).json(), stage.get(f"{name}-staging").json()
    assert (production["WHO"], staging["WHO"]) == ("production", "staging")
    assert (production["WEBSITE_SLOT_NAME"], staging["WEBSITE_SLOT_NAME"]) == ("Production", "staging")
    assert staging["WEBSITE_SITE_NAME"] == name
    assert production["IDENTITY_HEADER"] != staging["IDENTITY_HEADER"]


def test_a_slot_goes_alone_and_leaves_site_and_plan(stage: Stage) -> None:
    name = app(stage)
    plan = plan_of(stage, name)
    slot(stage, name)
    stage.web.web_apps.delete_slot(GROUP, name, "staging")
    with pytest.raises(ResourceNotFoundError):
        stage.web.web_apps.get_slot(GROUP, name, "staging")
    assert stage.exists(plan)
    assert stage.exists(stage.id("Microsoft.Web/sites", name))
    assert stage.get(f"{name}-staging").status_code == 404


def test_a_site_takes_its_slots_along(stage: Stage) -> None:
    name = app(stage)
    principal_id = slot(stage, name, identity=SYSTEM).identity.principal_id
    stage.web.web_apps.delete(GROUP, name)
    assert not stage.exists(stage.id("Microsoft.Web/sites", f"{name}"))
    assert stage.local.azure.entra.principal(principal_id) is None
    assert stage.get(f"{name}-staging").status_code == 404


def test_a_slot_needs_a_site(stage: Stage) -> None:
    with pytest.raises(ResourceNotFoundError):
        slot(stage, stage.name("nobody"))


def plan_of(stage: Stage, site: str) -> str:
    return str(stage.web.web_apps.get(GROUP, site).properties.server_farm_id)


def slot_statuses(stage: Stage, site: str) -> dict[str, str | None]:
    found = stage.web.web_apps.get_app_settings_key_vault_references_slot(GROUP, site, "staging")
    return {str(one.name): one.properties.status if one.properties else None for one in found}
