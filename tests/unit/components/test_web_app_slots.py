"""An app's slots: what each is made of, who is let in, and in which order they are written (F10 A2 A4)."""

import itertools

import pytest

from tests.unit.components.answering_azure import (
    CLIENT,
    ENDPOINT,
    IDENTITY,
    PRINCIPAL,
    SLOT_CLIENT,
    SLOT_PRINCIPAL,
    SLOT_SYSTEM_PRINCIPAL,
    SYSTEM_PRINCIPAL,
    VAULT,
    Mode,
)
from tests.unit.components.recorded_azure import UNKNOWN
from tests.unit.components.slotted_apps import APP, NAMES, SITES, of_slot, with_slots
from tests.unit.components.web_apps import KINDS, REFERENCE, WITH_SECRET, settings_of, web_app


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
