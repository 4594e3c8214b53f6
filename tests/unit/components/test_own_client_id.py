"""An app says its own client id in a setting: `{AZURE_CLIENT_ID}`, and that of each further identity."""

from typing import Any

import pytest

from components import WebAppSlot
from tests.unit.components.answering_azure import (
    CLIENT,
    GROUP,
    IDENTITY,
    PLAN,
    SLOT_CLIENT,
    STORAGE,
    Mode,
)
from tests.unit.components.function_apps import function_app
from tests.unit.components.recorded_azure import UNKNOWN, Later, deploy_component
from tests.unit.components.refusals import problems_of
from tests.unit.components.slotted_apps import of_slot, with_slots
from tests.unit.components.web_apps import KINDS, settings_of, web_app

BUS = {"SB__clientId": "{AZURE_CLIENT_ID}", "SB__credential": "managedidentity"}
OTHER = IDENTITY.replace("id-team", "id-billing")
FURTHER: dict[str, Any] = {"further_identity_ids": {"billing": OTHER}}
BILLING = "AZURE_CLIENT_ID_BILLING"

problems = problems_of(web_app)


def of_bus(settings: Any) -> dict[str, str]:
    return {name: value for name, value in settings.items() if name.startswith("SB__")}


FORMS = pytest.mark.parametrize(
    "settings",
    [BUS, {name: Later(text) for name, text in BUS.items()}, Later(BUS)],
    ids=["text", "values", "map"],
)


@FORMS
@pytest.mark.parametrize("kind", ["user-assigned", "existing"])
@pytest.mark.parametrize("host", [web_app, function_app])
def test_the_placeholder_becomes_the_apps_own_client_id(host: Any, kind: str, settings: Any) -> None:
    given = {**KINDS[kind], **({"host_storage_id": STORAGE} if host is function_app else {})}
    told = settings_of(host(**given, settings=settings))
    assert of_bus(told) == {"SB__clientId": CLIENT, "SB__credential": "managedidentity"}


def test_it_may_stand_within_a_text_and_other_braces_stay() -> None:
    settings = {"A": "id={AZURE_CLIENT_ID};{MODE}", "B": "{azure_client_id} {AZURE_CLIENT_ID", "C": "{}"}
    told = settings_of(web_app(settings=settings))
    assert (told["A"], told["B"], told["C"]) == (f"id={CLIENT};{{MODE}}", settings["B"], "{}")


@FORMS
def test_a_slot_says_its_own(settings: Any) -> None:
    told = of_slot(with_slots("up", settings=settings), "WebAppApplicationSettingsSlot").inputs["properties"]
    assert of_bus(told)["SB__clientId"] == SLOT_CLIENT


def test_a_slot_that_stands_alone_says_its_own() -> None:
    args = {
        "app_id": f"{GROUP}/providers/Microsoft.Web/sites/app-team",
        "plan_id": PLAN,
        "slot_name": "canary",
        "sticky_settings": ["AZURE_CLIENT_ID", "AZURE_KEY_VAULT_ENDPOINT", "SB__clientId"],
        "settings": BUS,
    }
    deployment = deploy_component(WebAppSlot, args, "up")
    told = deployment.one("WebAppApplicationSettingsSlot").inputs["properties"]
    assert of_bus(told)["SB__clientId"] == CLIENT


@pytest.mark.parametrize("later", [False, True])
def test_a_further_identity_has_a_placeholder_of_its_own(later: bool) -> None:
    settings: Any = {"SB__clientId": f"{{{BILLING}}}"}
    told = settings_of(
        web_app(identity="system-assigned", **FURTHER, settings=Later(settings) if later else settings)
    )
    assert of_bus(told) == {"SB__clientId": CLIENT}
    assert BILLING in told
    assert "AZURE_CLIENT_ID" not in told


@pytest.mark.parametrize("form", ["text", "value", "map"])
@pytest.mark.parametrize("kind", ["system-assigned", "none"])
def test_an_identity_that_code_names_by_no_client_id_is_refused(kind: str, form: str) -> None:
    text = BUS["SB__clientId"]
    settings: Any = {"SB__clientId": Later(text) if form == "value" else text}
    given = Later(settings) if form == "map" else settings
    step = "set identity to user-assigned; or take it out: code names no system-assigned identity"
    expected = "the client id of an identity that has one here: none"
    assert problems(identity=kind, settings=given) == [
        ("settings[SB__clientId]", "the client id of an identity that is not here", expected, step)
    ]
    assert settings_of(web_app(identity="user-assigned", settings=given))["SB__clientId"] == CLIENT


def test_a_further_identity_that_there_is_not_is_answered_with_the_one_that_there_is() -> None:
    def given(placeholder: str) -> dict[str, Any]:
        return {**FURTHER, "settings": {"SB__clientId": f"{{{placeholder}}}"}}

    expected = f"the client id of an identity that has one here: AZURE_CLIENT_ID, {BILLING}"
    assert problems(**given("AZURE_CLIENT_ID_BILING")) == [
        (
            "settings[SB__clientId]",
            "the client id of an identity that is not here",
            expected,
            f"write {{{BILLING}}}, or give further_identity_ids the identity that "
            "the text asks for; or take it out",
        )
    ]
    assert settings_of(web_app(**given(BILLING)))["SB__clientId"] == CLIENT
    (problem,) = problems(settings={"A": f"{{{BILLING}}}"})
    assert problem[3] == "give further_identity_ids the identity that the text asks for; or take it out"


@pytest.mark.parametrize("mode", ["first preview", "later preview"])
@pytest.mark.parametrize("form", ["values", "map"])
@pytest.mark.parametrize("host", [web_app, function_app])
def test_a_preview_that_does_not_know_the_id_yet_knows_every_other_setting(
    host: Any, form: str, mode: Mode
) -> None:
    texts: Any = {**BUS, "GREETING": "hello"}
    settings: Any = Later(texts) if form == "map" else texts
    told = settings_of(host(mode, settings=settings))
    assert (told["SB__clientId"], told["AZURE_CLIENT_ID"]) == (UNKNOWN, UNKNOWN)
    assert (told["SB__credential"], told["GREETING"]) == ("managedidentity", "hello")
