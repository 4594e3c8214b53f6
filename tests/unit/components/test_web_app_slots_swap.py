"""What a swap leaves where it is: the settings of an identity, and those that are named (F10)."""

from typing import Any

from components import WebAppSlot
from tests.unit.components.answering_azure import CLIENT, IDENTITY, PLAN, SLOT_CLIENT
from tests.unit.components.recorded_azure import Deployment, deploy_component
from tests.unit.components.refusals import problems_of
from tests.unit.components.slotted_apps import APP, SITES, STICKY, of_slot, with_slots
from tests.unit.components.web_apps import WITH_SECRET, settings_of, web_app


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


def test_the_client_ids_of_further_identities_stay_too() -> None:
    deployment = with_slots(further_identity_ids={"mail": IDENTITY})
    variable = "AZURE_CLIENT_ID_MAIL"
    assert variable in deployment.one("WebAppSlotConfigurationNames").inputs["appSettingNames"]
    assert variable in of_slot(deployment, "WebAppApplicationSettingsSlot").inputs["properties"]


def test_a_setting_that_holds_the_apps_own_client_id_stays_and_each_slot_has_its_own_there() -> None:
    settings = {"SB__clientId": "{AZURE_CLIENT_ID}", "SB__credential": "managedidentity"}
    deployment = with_slots(settings=settings)
    names = deployment.one("WebAppSlotConfigurationNames").inputs["appSettingNames"]
    assert names == [*STICKY, "SB__clientId"]
    assert settings_of(deployment)["SB__clientId"] == CLIENT
    staging = of_slot(deployment, "WebAppApplicationSettingsSlot").inputs["properties"]
    assert staging["SB__clientId"] == SLOT_CLIENT


def test_a_slot_of_its_own_is_refused_where_its_app_would_swap_such_a_setting_away() -> None:
    def slot(**args: Any) -> Deployment:
        given = {"app_id": f"{SITES}/{APP}", "plan_id": PLAN, "slot_name": "staging", **args}
        return deploy_component(WebAppSlot, given, "up")

    settings = {"SB__clientId": "{AZURE_CLIENT_ID}"}
    (problem,) = problems_of(slot)(settings=settings, sticky_settings=STICKY)
    assert problem[:2] == ("sticky_settings", "no SB__clientId")
    assert slot(settings=settings, sticky_settings=[*STICKY, "SB__clientId"]).one("web:WebAppSlot")
