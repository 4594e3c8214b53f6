"""FunctionAppSlot: beside its app, with functions that rest and with what is its own kept at a swap (F10)."""

from typing import Any

import pytest

from components import FunctionAppSlot
from tests.unit.components.answering_azure import GROUP, IDENTITY, PLAN, PRINCIPAL, STORAGE, Mode
from tests.unit.components.function_apps import OF_RUNTIME, function_app
from tests.unit.components.recorded_azure import Deployment, Later, deploy_component
from tests.unit.components.refusals import problems_of, refusal_of
from tests.unit.components.web_apps import WITH_SECRET, settings_of

APP = f"{GROUP}/providers/Microsoft.Web/sites/func-shop"
OF_IDENTITY = ["AZURE_CLIENT_ID", "AZURE_KEY_VAULT_ENDPOINT"]
STICKY = [*OF_IDENTITY, *OF_RUNTIME, "AzureWebJobs.work.Disabled"]
NEEDED: dict[str, Any] = {
    "app_id": APP,
    "disabled_functions": ["work"],
    "plan_id": PLAN,
    "slot_name": "staging",
    "sticky_settings": STICKY,
}


def slot(mode: Mode = "up", /, **args: Any) -> Deployment:
    return deploy_component(FunctionAppSlot, {**NEEDED, **args}, mode)


def settings_of_slot(deployment: Deployment) -> dict[str, Any]:
    return deployment.one("WebAppApplicationSettingsSlot").inputs["properties"]


refusal, problems = refusal_of(slot), problems_of(slot)
problems_of_app = problems_of(function_app)


def test_a_slot_is_put_where_its_app_is_and_stays_loaded() -> None:
    inputs = slot().one("web:WebAppSlot").inputs
    said = ("kind", "name", "resourceGroupName", "serverFarmId", "slot", "httpsOnly", "reserved")
    assert {key: inputs[key] for key in said} == {
        "kind": "functionapp,linux",
        "name": "func-shop",
        "resourceGroupName": "rg-team",
        "serverFarmId": PLAN,
        "slot": "staging",
        "httpsOnly": True,
        "reserved": True,
    }
    config = inputs["siteConfig"]
    assert (config["alwaysOn"], config["linuxFxVersion"], config["ftpsState"]) == (
        True,
        "PYTHON|3.12",
        "Disabled",
    )
    assert "functionAppConfig" not in inputs


def test_functions_that_are_named_rest_in_the_slot() -> None:
    settings = settings_of_slot(slot())
    assert settings["AzureWebJobs.work.Disabled"] == "true"
    none_rests = settings_of_slot(slot(disabled_functions=[]))
    assert not [name for name in none_rests if name.endswith("Disabled")]


def test_which_functions_rest_has_to_be_said() -> None:
    ((subject, given, expected, step),) = problems(disabled_functions=None)
    assert (subject, given, step) == ("disabled_functions", "nothing", "give disabled_functions")
    assert expected == (
        "the functions that rest in the slot: its triggers take messages and fire beside the app's"
    )


def test_the_runtime_has_an_account_of_its_own_that_the_slots_identity_opens() -> None:
    deployment = slot()
    account_id = deployment.outputs["host_storage_id"]
    name = deployment.one("storage:StorageAccount").inputs["accountName"]
    assert account_id.endswith(f"/Microsoft.Storage/storageAccounts/{name}")
    grants = {one.name: one.inputs for one in deployment.all("RoleAssignment")}
    assert set(grants) == {"shop-host-blobs", "shop-host-queues", "shop-host-tables"}
    assert {one["principalId"] for one in grants.values()} == {PRINCIPAL}
    assert {one["scope"] for one in grants.values()} == {account_id}


def test_on_the_apps_own_account_the_slot_goes_by_a_name_of_its_own() -> None:
    deployment = slot(host_storage_id=STORAGE)
    assert [one.is_read for one in deployment.all("storage:StorageAccount")] == [True]
    settings = settings_of_slot(deployment)
    assert settings["AzureFunctionsWebHost__hostid"] == "func-shop-staging"
    assert settings["AzureWebJobsStorage__accountName"] == "stteam"


def test_names_that_begin_alike_do_not_end_as_one() -> None:
    long = f"{GROUP}/providers/Microsoft.Web/sites/func-shop-orders-of-westeurope"
    ids = {
        settings_of_slot(slot(app_id=long, slot_name=name))["AzureFunctionsWebHost__hostid"]
        for name in ("staging", "canary")
    }
    assert len(ids) == 2
    assert all(len(id) <= 32 for id in ids)
    assert "func-shop-orders-of-westeurope" not in ids


def test_the_app_keeps_what_belongs_to_one_slot() -> None:
    deployment = function_app(size="S1", sticky_settings=["AzureWebJobs.work.Disabled"])
    names = deployment.one("WebAppSlotConfigurationNames")
    assert names.inputs["appSettingNames"] == sorted(STICKY) == deployment.outputs["sticky_settings"]
    assert deployment.waits_for(deployment.one("WebAppApplicationSettings"), names)


def test_a_function_of_the_app_that_rests_rests_there_after_a_swap_too() -> None:
    deployment = function_app(size="S1", sticky_settings=[], disabled_functions=["tidy"])
    names = deployment.one("WebAppSlotConfigurationNames").inputs["appSettingNames"]
    assert names == sorted([*OF_IDENTITY, *OF_RUNTIME, "AzureWebJobs.tidy.Disabled"])


@pytest.mark.parametrize(
    ("name", "called"),
    [
        ("func-shop", "func-shop"),
        ("func-shop-orders-of-the-west-of-europe", "func-shop-orders-of-the-west-of"),
    ],
)
def test_an_app_with_slots_says_the_name_that_its_runtime_goes_by_anyway(name: str, called: str) -> None:
    settings = settings_of(function_app(size="S1", app_name=name, sticky_settings=[]))
    assert settings["AzureFunctionsWebHost__hostid"] == called
    assert "AzureFunctionsWebHost__hostid" not in settings_of(function_app(size="S1", app_name=name))


def test_an_app_without_slots_keeps_nothing() -> None:
    deployment = function_app(size="S1")
    assert deployment.all("WebAppSlotConfigurationNames") == []
    assert deployment.outputs["sticky_settings"] == []


@pytest.mark.parametrize("later", [False, True])
def test_a_slot_whose_settings_a_swap_would_move_is_refused(later: bool) -> None:
    given = [name for name in STICKY if "work" not in name]
    ((subject, what, _, step),) = problems(sticky_settings=Later(given) if later else given)
    assert (subject, what) == ("sticky_settings", "no AzureWebJobs.work.Disabled")
    assert step.startswith("give the app sticky_settings that hold AzureWebJobs.work.Disabled, ")


def test_secrets_and_the_apps_identity_are_said_in_the_same_words() -> None:
    names = [*STICKY, "DB_PASSWORD"]
    deployment = slot(
        **WITH_SECRET,
        sticky_settings=names,
        host_storage_id=STORAGE,
        identity="existing",
        identity_id=IDENTITY,
    )
    assert list(deployment.one("web:WebAppSlot").inputs["identity"]["userAssignedIdentities"]) == [IDENTITY]
    assert all(one.is_read for one in deployment.all("UserAssignedIdentity"))
    assert "DB_PASSWORD" in settings_of_slot(deployment)


def test_without_an_identity_the_runtime_could_not_start() -> None:
    assert "identity\n     given     none, and a function app\n" in refusal(identity="none")


@pytest.mark.parametrize("size", ["B1", "FC1"])
def test_sizes_without_slots_are_refused_with_the_reason(size: str) -> None:
    ((subject, given, expected, step),) = problems_of_app(size=size, sticky_settings=[])
    assert (subject, given) == ("sticky_settings and size", f"{size}, which has no slots")
    assert expected == "a size that has slots, Standard or better"
    assert (
        step
        == {
            "B1": "set size to S1 or larger, or take sticky_settings out",
            "FC1": "take sticky_settings out, and make a second FunctionApp in the place of a slot",
        }[size]
    )
