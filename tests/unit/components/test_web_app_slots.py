"""An app's slots: what each is made of, in which order, and what a swap leaves where it is (F10 A2 A4 A8)."""

import itertools
from typing import Any

import pytest

from tests.unit.components.answering_azure import (
    CLIENT,
    CONNECTION_STRING,
    ENDPOINT,
    GROUP,
    IDENTITY,
    PRINCIPAL,
    REGISTRY,
    SITES_ZONE,
    SLOT_CLIENT,
    SLOT_PRINCIPAL,
    SLOT_SYSTEM_PRINCIPAL,
    STORAGE,
    SUBNET,
    SYSTEM_PRINCIPAL,
    VAULT,
    WORKSPACE,
    Mode,
)
from tests.unit.components.recorded_azure import UNKNOWN, Deployment, Recorded
from tests.unit.components.web_apps import KINDS, REFERENCE, WITH_SECRET, refusal, settings_of, web_app

SITES = f"{GROUP}/providers/Microsoft.Web/sites"
APP, NAMES = "app-shop-dev-abc123", ("staging", "canary")
STICKY = ["AZURE_CLIENT_ID", "AZURE_KEY_VAULT_ENDPOINT", "DB_PASSWORD"]


def with_slots(mode: Mode = "up", /, *names: str, **args: Any) -> Deployment:
    given = {**WITH_SECRET, "size": "S1", "slots": list(names or NAMES), **args}
    return web_app(mode, **given)


def of_slot(deployment: Deployment, type_: str, slot: str = "staging") -> Recorded:
    (found,) = [one for one in deployment.all(type_) if one.inputs.get("slot") == slot]
    return found


def test_a_slot_gets_its_own_identity_and_grant() -> None:
    deployment = with_slots("up", "staging")
    assert deployment.counts() == {
        "authorization:RoleAssignment": 2,
        "managedidentity:UserAssignedIdentity": 2,
        "web:AppServicePlan": 1,
        "web:WebApp": 1,
        "web:WebAppApplicationSettings": 1,
        "web:WebAppApplicationSettingsSlot": 1,
        "web:WebAppFtpAllowed": 1,
        "web:WebAppFtpAllowedSlot": 1,
        "web:WebAppScmAllowed": 1,
        "web:WebAppScmAllowedSlot": 1,
        "web:WebAppSlot": 1,
        "web:WebAppSlotConfigurationNames": 1,
    }
    grants = {(one.inputs["principalId"], one.inputs["scope"]) for one in deployment.all("RoleAssignment")}
    assert grants == {(PRINCIPAL, VAULT), (SLOT_PRINCIPAL, VAULT)}
    assert settings_of(deployment)["AZURE_CLIENT_ID"] == CLIENT
    assert of_slot(deployment, "WebAppApplicationSettingsSlot").inputs["properties"] == {
        "AZURE_CLIENT_ID": SLOT_CLIENT,
        "AZURE_KEY_VAULT_ENDPOINT": ENDPOINT,
        "DB_PASSWORD": REFERENCE,
    }


def test_a_slots_own_identity_is_told_apart_from_the_apps_by_name() -> None:
    names = {one.inputs["resourceName"] for one in with_slots().all("UserAssignedIdentity")}
    assert names == {
        "id-shop-dev-abc123",
        "id-shop-staging-dev-abc123",
        "id-shop-canary-dev-abc123",
    }
    named = with_slots("up", "staging", identity_name="id-mine").all("UserAssignedIdentity")
    assert {one.inputs["resourceName"] for one in named} == {"id-mine", "id-shop-staging-dev-abc123"}


def test_a_slot_with_a_system_assigned_identity_is_let_in_under_its_own_principal() -> None:
    deployment = with_slots("up", "staging", identity="system-assigned")
    principals = {one.inputs["principalId"] for one in deployment.all("RoleAssignment")}
    assert principals == {SYSTEM_PRINCIPAL, SLOT_SYSTEM_PRINCIPAL}
    slot = of_slot(deployment, "web:WebAppSlot")
    assert (slot.inputs["identity"], slot.inputs["keyVaultReferenceIdentity"]) == (
        {"type": "SystemAssigned"},
        "SystemAssigned",
    )


def test_slots_of_an_app_with_an_existing_identity_share_it_and_are_granted_by_its_owner() -> None:
    deployment = with_slots("up", "staging", identity="existing", identity_id=IDENTITY)
    assert deployment.all("RoleAssignment") == []
    assert of_slot(deployment, "web:WebAppSlot").inputs["keyVaultReferenceIdentity"] == IDENTITY


def test_all_hardening_is_repeated_for_a_slot() -> None:
    deployment = with_slots(health_check_path="/health", location="westeurope", tags={"team": "shop"})
    app = dict(deployment.one("web:WebApp").inputs)
    slot = dict(of_slot(deployment, "web:WebAppSlot").inputs)
    own = {"identity", "keyVaultReferenceIdentity", "slot"}
    assert {k: v for k, v in slot.items() if k not in own} == {k: v for k, v in app.items() if k not in own}
    assert slot["siteConfig"]["ftpsState"] == "Disabled"
    for type_ in ("WebAppFtpAllowedSlot", "WebAppScmAllowedSlot"):
        expected = {"allow": False, "name": APP, "resourceGroupName": "rg-team", "slot": "staging"}
        assert of_slot(deployment, type_).inputs == expected


def test_a_swap_leaves_every_setting_that_belongs_to_an_identity_where_it_is() -> None:
    deployment = with_slots(settings={"GREETING": "hello"})
    assert deployment.one("WebAppSlotConfigurationNames").inputs == {
        "appSettingNames": STICKY,
        "name": APP,
        "resourceGroupName": "rg-team",
    }
    assert deployment.outputs["sticky_settings"] == STICKY


def test_the_client_id_stays_also_where_the_app_itself_has_none() -> None:
    """A slot may have one; a swap would give it to an app that has no such identity."""
    deployment = with_slots(identity="system-assigned")
    assert deployment.one("WebAppSlotConfigurationNames").inputs["appSettingNames"] == STICKY


def test_further_settings_stay_when_they_are_named() -> None:
    deployment = with_slots(settings={"LEVEL": "debug"}, sticky_settings=["LEVEL", "DB_PASSWORD"])
    names = deployment.one("WebAppSlotConfigurationNames").inputs["appSettingNames"]
    assert names == [*STICKY, "LEVEL"]


def test_an_app_whose_slots_are_declared_elsewhere_keeps_their_names_too() -> None:
    deployment = web_app(**WITH_SECRET, sticky_settings=["ONLY_IN_STAGING"])
    names = deployment.one("WebAppSlotConfigurationNames").inputs["appSettingNames"]
    assert names == [*STICKY, "ONLY_IN_STAGING"]
    assert deployment.all("web:WebAppSlot") == []


def test_an_app_without_slots_is_what_it_was() -> None:
    deployment = web_app(**WITH_SECRET)
    assert deployment.all("WebAppSlotConfigurationNames") == []
    assert deployment.one("index:WebApp").inputs == {
        "identity": "user-assigned",
        "secrets": {"DB_PASSWORD": "db-password"},
    }
    outputs = deployment.outputs
    assert (outputs["sticky_settings"], outputs["slot_ids"], outputs["slot_urls"]) == ([], {}, {})


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "none"])
@pytest.mark.parametrize("mode", ["up", "first preview", "later preview"])
def test_app_and_slots_are_written_one_after_another(kind: str, mode: Mode) -> None:
    """A2, A4: every write to the site, its slots and their children waits for the one before."""
    deployment = with_slots(mode, **KINDS[kind])
    types = (
        "web:WebAppSlot",
        "WebAppFtpAllowedSlot",
        "WebAppScmAllowedSlot",
        "WebAppApplicationSettingsSlot",
    )
    writes = [
        deployment.one("web:WebApp"),
        deployment.one("WebAppFtpAllowed"),
        deployment.one("WebAppScmAllowed"),
        deployment.one("WebAppSlotConfigurationNames"),
        deployment.one("WebAppApplicationSettings"),
        *(of_slot(deployment, type_, slot) for slot in NAMES for type_ in types),
    ]
    for earlier, later in itertools.pairwise(writes):
        assert deployment.waits_for(later, earlier), (earlier.urn, later.urn)


@pytest.mark.parametrize("kind", ["user-assigned", "system-assigned"])
def test_a_slots_references_are_written_only_after_its_grant_exists(kind: str) -> None:
    deployment = with_slots(**KINDS[kind])
    (grant,) = [one for one in deployment.all("RoleAssignment") if "staging" in one.name]
    settings = of_slot(deployment, "WebAppApplicationSettingsSlot")
    assert deployment.waits_for(settings, grant)
    slot = of_slot(deployment, "web:WebAppSlot")
    if kind == "user-assigned":
        assert deployment.waits_for(slot, grant)
    else:
        assert deployment.waits_for(grant, slot)


def test_the_plan_is_handed_on_when_the_last_slot_is_written() -> None:
    preview = with_slots("later preview")
    assert preview.outputs["plan_id"].endswith("/serverfarms/asp-shop-dev-abc123")
    assert with_slots("first preview").outputs["plan_id"] == UNKNOWN


def test_a_preview_of_an_existing_app_knows_its_slots() -> None:
    slot = of_slot(with_slots("later preview"), "web:WebAppSlot").inputs
    assert (slot["name"], slot["slot"]) == (APP, "staging")
    assert slot["serverFarmId"].endswith("/serverfarms/asp-shop-dev-abc123")


def test_addresses_and_ids_of_slots_come_from_azure() -> None:
    outputs = with_slots("up", "staging").outputs
    assert outputs["slot_ids"] == {"staging": f"{SITES}/{APP}/slots/staging"}
    assert outputs["slot_urls"] == {"staging": "https://staging-hash.westeurope-01.azurewebsites.net"}
    assert outputs["access"] == [
        "Identity id-shop-dev-abc123 may read the values of secrets in key vault kv-team "
        "(Key Vault Secrets User).",
        "Identity id-shop-staging-dev-abc123 may read the values of secrets in key vault kv-team "
        "(Key Vault Secrets User).",
    ]


def test_the_names_of_slots_and_their_children_do_not_change() -> None:
    deployment = with_slots("up", "staging")
    short = {r.urn.split("::", 2)[2] for r in deployment.resources if "staging" in r.name}
    assert short == {
        "keyless:index:AccessGrant$azure-native:authorization:RoleAssignment::shop-staging-vault",
        "keyless:index:ManagedIdentity$azure-native:managedidentity:UserAssignedIdentity::shop-staging",
        "keyless:index:WebApp$keyless:index:WebAppSlot::shop-staging",
        "keyless:index:WebAppSlot$azure-native:web:WebAppApplicationSettingsSlot::shop-staging",
        "keyless:index:WebAppSlot$azure-native:web:WebAppFtpAllowedSlot::shop-staging",
        "keyless:index:WebAppSlot$azure-native:web:WebAppScmAllowedSlot::shop-staging",
        "keyless:index:WebAppSlot$azure-native:web:WebAppSlot::shop-staging",
        "keyless:index:WebAppSlot$keyless:index:AccessGrant::shop-staging-vault",
        "keyless:index:WebAppSlot$keyless:index:ManagedIdentity::shop-staging",
        "keyless:index:WebAppSlot$random:index/randomString:RandomString::shop-staging-suffix",
    }


def test_a_slot_pulls_its_container_with_its_own_identity() -> None:
    image = {"container_image": "team.azurecr.io/shop:1.2", "container_registry_id": REGISTRY}
    deployment = with_slots("up", "staging", **image)
    pulls = {one.inputs["principalId"] for one in deployment.all("RoleAssignment") if "registry" in one.name}
    assert pulls == {PRINCIPAL, SLOT_PRINCIPAL}
    slot = of_slot(deployment, "web:WebAppSlot").inputs
    assert slot["kind"] == deployment.one("web:WebApp").inputs["kind"] == "app,linux,container"
    assert slot["siteConfig"]["acrUserManagedIdentityID"] == SLOT_CLIENT


def test_a_package_moves_with_a_swap_and_the_identity_that_reads_it_does_not() -> None:
    url = "https://stteam.blob.core.windows.net/packages/shop-1.2.zip"
    package = {"package_url": url, "package_storage_id": STORAGE, "runtime": "node-22"}
    deployment = with_slots("up", "staging", **package)
    settings = of_slot(deployment, "WebAppApplicationSettingsSlot").inputs["properties"]
    (slot_identity,) = of_slot(deployment, "web:WebAppSlot").inputs["identity"]["userAssignedIdentities"]
    variable = "WEBSITE_RUN_FROM_PACKAGE_BLOB_MI_RESOURCE_ID"
    assert (settings["WEBSITE_RUN_FROM_PACKAGE"], settings[variable]) == (url, slot_identity)
    assert slot_identity.endswith("/id-shop-staging-dev-abc123")
    reads = {one.inputs["principalId"] for one in deployment.all("RoleAssignment") if "package" in one.name}
    assert reads == {PRINCIPAL, SLOT_PRINCIPAL}
    sticky = deployment.one("WebAppSlotConfigurationNames").inputs["appSettingNames"]
    assert sticky == [*STICKY, variable]


def test_the_client_ids_of_further_identities_stay_too() -> None:
    deployment = with_slots(further_identity_ids={"mail": IDENTITY})
    variable = "AZURE_CLIENT_ID_MAIL"
    assert variable in deployment.one("WebAppSlotConfigurationNames").inputs["appSettingNames"]
    assert variable in of_slot(deployment, "WebAppApplicationSettingsSlot").inputs["properties"]


def test_a_slot_on_windows_is_of_its_apps_kind() -> None:
    """A13."""
    deployment = with_slots(os="windows", runtime="node-22")
    slot = of_slot(deployment, "web:WebAppSlot").inputs
    assert (slot["kind"], slot["reserved"]) == ("app", False)


def test_a_slot_reports_to_its_own_application_insights_and_keeps_that_at_a_swap() -> None:
    deployment = with_slots("up", "staging", application_insights_workspace_id=WORKSPACE)
    names = {one.inputs["resourceName"] for one in deployment.all("applicationinsights:Component")}
    assert names == {"appi-shop-dev-abc123", "appi-shop-staging-dev-abc123"}
    settings = of_slot(deployment, "WebAppApplicationSettingsSlot").inputs["properties"]
    assert settings["APPLICATIONINSIGHTS_CONNECTION_STRING"] == CONNECTION_STRING
    assert settings["APPLICATIONINSIGHTS_AUTHENTICATION_STRING"] == (
        f"ClientId={SLOT_CLIENT};Authorization=AAD"
    )
    sticky = deployment.one("WebAppSlotConfigurationNames").inputs["appSettingNames"]
    assert {"APPLICATIONINSIGHTS_CONNECTION_STRING", "APPLICATIONINSIGHTS_AUTHENTICATION_STRING"} <= set(
        sticky
    )


def test_a_slot_is_in_the_apps_network_with_a_private_address_of_its_own() -> None:
    private = {"private_endpoint_subnet_id": SUBNET, "private_dns_zone_id": SITES_ZONE}
    deployment = with_slots("up", "staging", diagnostics_workspace_id=WORKSPACE, **private)
    assert of_slot(deployment, "web:WebAppSlot").inputs["publicNetworkAccess"] == "Disabled"
    (endpoint,) = [one for one in deployment.all("network:PrivateEndpoint") if "staging" in one.name]
    (connection,) = endpoint.inputs["privateLinkServiceConnections"]
    assert (connection["groupIds"], connection["privateLinkServiceId"]) == (
        ["sites-staging"],
        f"{SITES}/{APP}",
    )
    assert endpoint.inputs["privateEndpointName"] == f"pep-{APP}-staging"
    targets = {one.inputs["resourceUri"] for one in deployment.all("monitor:DiagnosticSetting")}
    assert f"{SITES}/{APP}/slots/staging" in targets


@pytest.mark.parametrize("size", [None, "F1", "B1", "B3"])
def test_slots_need_a_standard_plan(size: str | None) -> None:
    """A8."""
    args = {"slots": ["staging"], **({"size": size} if size else {})}
    message = refusal(**args)
    assert f"1. slots and size\n     given     1 with {size or 'B1'}\n" in message
    assert "a size that has slots, Standard or better" in message
    assert "set size to S1 or larger" in message


def test_a_size_has_so_many_slots() -> None:
    """A8."""
    six = [f"slot-{number}" for number in range(6)]
    assert "at most 5 slots on S1" in refusal(size="S1", slots=six)
    assert len(web_app(size="P0v3", slots=six).all("web:WebAppSlot")) == 6


def test_slots_on_a_plan_that_is_given_are_left_to_azure() -> None:
    plan = f"{GROUP}/providers/Microsoft.Web/serverfarms/asp-team"
    assert len(web_app(plan_id=plan, slots=["staging"]).all("web:WebAppSlot")) == 1


@pytest.mark.parametrize("name", ["production", "Staging", "s", "under_score", "-edge", "a" * 60])
def test_a_slots_name_is_one_that_azure_takes(name: str) -> None:
    message = refusal(size="S1", slots=[name])
    assert f"1. slots[0]\n     given     {name!r}\n" in message
    assert "2 to 59 lower-case letters" in message


def test_a_slot_is_named_once() -> None:
    assert "each name once" in refusal(size="S1", slots=["staging", "staging"])


def test_a_sticky_setting_has_a_settings_name() -> None:
    message = refusal(sticky_settings=["with space"])
    assert "1. sticky_settings[0]\n     given     'with space'\n" in message
