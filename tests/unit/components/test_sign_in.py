"""Sign-in before an app is reached, without a client secret."""

import json
import shlex
from typing import Any

import pytest

from components import WebApp, WebAppSlot
from tests.unit.components.answering_azure import (
    CLIENT,
    GROUP,
    IDENTITY,
    PLAN,
    PRINCIPAL,
    SLOT_CLIENT,
    SLOT_PRINCIPAL,
    TENANT,
)
from tests.unit.components.recorded_azure import Later, deploy, deploy_component
from tests.unit.components.slotted_apps import of_slot, with_slots
from tests.unit.components.web_apps import refusal, settings_of, web_app

REGISTRATION = "c11e4700-0000-4000-8000-0000000000aa"
OTHER_TENANT = TENANT[:-1] + "2"
SETTING = "OVERRIDE_USE_MI_FIC_ASSERTION_CLIENTID"
SIGN_IN: dict[str, Any] = {"client_id": REGISTRATION}
ISSUER = f"https://login.microsoftonline.com/{TENANT}/v2.0"


def _settings(**sign_in: Any) -> dict[str, Any]:
    return dict(web_app(sign_in={**SIGN_IN, **sign_in}).one("WebAppAuthSettingsV2").inputs)


def test_an_app_answers_everybody_unless_sign_in_is_asked_for() -> None:
    deployment = web_app()
    assert deployment.all("WebAppAuthSettingsV2") == []
    assert SETTING not in settings_of(deployment)
    assert deployment.outputs["sign_in_commands"] == []


def test_who_has_not_signed_in_at_entra_does_not_reach_the_app() -> None:
    assert _settings() == {
        "globalValidation": {
            "excludedPaths": [],
            "redirectToProvider": "azureactivedirectory",
            "requireAuthentication": True,
            "unauthenticatedClientAction": "RedirectToLoginPage",
        },
        "httpSettings": {"requireHttps": True},
        "identityProviders": {
            "azureActiveDirectory": {
                "enabled": True,
                "registration": {
                    "clientId": REGISTRATION,
                    "clientSecretSettingName": SETTING,
                    "openIdIssuer": ISSUER,
                },
                "validation": {"allowedAudiences": [f"api://{REGISTRATION}"]},
            }
        },
        "login": {"tokenStore": {"enabled": False}},
        "name": "app-shop-dev-abc123",
        "platform": {"enabled": True, "runtimeVersion": "~1"},
        "resourceGroupName": "rg-team",
    }


@pytest.mark.parametrize(
    ("kind", "client"),
    [
        ({"identity": "user-assigned"}, CLIENT),
        ({"identity": "existing", "identity_id": IDENTITY}, CLIENT),
    ],
)
def test_the_identity_stands_where_a_client_secret_would(kind: dict[str, Any], client: str) -> None:
    deployment = web_app(sign_in=SIGN_IN, **kind)
    assert settings_of(deployment)[SETTING] == client
    assert not [name for name in settings_of(deployment) if "SECRET" in name]


def test_nobody_gets_in_between_two_writes_as_sign_in_is_on_before_the_settings_are_there() -> None:
    deployment = web_app(sign_in=SIGN_IN)
    settings, sign_in = deployment.one("WebAppApplicationSettings"), deployment.one("WebAppAuthSettingsV2")
    assert sign_in.urn in settings.dependencies
    assert deployment.waits_for(sign_in, deployment.one("WebAppScmAllowed"))


def test_the_owner_of_the_registration_is_told_what_it_has_to_trust() -> None:
    [command] = web_app(sign_in=SIGN_IN).outputs["sign_in_commands"]
    start, _, trusted = command.partition(" --parameters ")
    assert start == f"az ad app federated-credential create --id {REGISTRATION}"
    assert json.loads(trusted.strip("'")) == {
        "name": "shop-dev",
        "issuer": ISSUER,
        "subject": PRINCIPAL,
        "audiences": ["api://AzureADTokenExchange"],
    }


def test_a_shell_takes_the_trust_whatever_the_app_is_called() -> None:
    args: Any = {"resource_group_name": "rg-team", "sign_in": SIGN_IN}
    deployment = deploy(lambda: WebApp("it's", args))
    [command] = deployment.outputs["sign_in_commands"]
    *_, trusted = shlex.split(command)
    assert json.loads(trusted)["name"] == "it's-dev"


def test_another_tenant_signs_in_where_it_is_named() -> None:
    registration = _settings(tenant_id=Later(OTHER_TENANT))["identityProviders"]["azureActiveDirectory"][
        "registration"
    ]
    assert registration["openIdIssuer"] == f"https://login.microsoftonline.com/{OTHER_TENANT}/v2.0"


def test_each_word_of_it_decides_its_own_property() -> None:
    settings = _settings(
        unauthenticated_calls="return-401",
        excluded_paths=["/health", "/public/*"],
        allowed_audiences=["api://shop"],
        token_store=True,
    )
    validation = settings["globalValidation"]
    assert (validation["unauthenticatedClientAction"], validation["excludedPaths"]) == (
        "Return401",
        ["/health", "/public/*"],
    )
    assert settings["login"] == {"tokenStore": {"enabled": True}}
    entra = settings["identityProviders"]["azureActiveDirectory"]
    assert entra["validation"] == {"allowedAudiences": ["api://shop"]}
    assert (
        _settings(unauthenticated_calls="return-403")["globalValidation"]["unauthenticatedClientAction"]
        == "Return403"
    )


def test_a_slot_signs_in_with_its_own_identity_which_stays_at_a_swap() -> None:
    deployment = with_slots("up", "staging", sign_in=SIGN_IN)
    settings = of_slot(deployment, "WebAppApplicationSettingsSlot").inputs["properties"]
    assert settings[SETTING] == SLOT_CLIENT
    assert SETTING in deployment.one("WebAppSlotConfigurationNames").inputs["appSettingNames"]
    slot = of_slot(deployment, "WebAppAuthSettingsV2Slot").inputs
    own = deployment.one("WebAppAuthSettingsV2").inputs
    assert {key: value for key, value in slot.items() if key != "slot"} == own
    subjects = [
        json.loads(one.partition(" --parameters ")[2].strip("'"))["subject"]
        for one in deployment.outputs["sign_in_commands"]
    ]
    assert subjects == [PRINCIPAL, SLOT_PRINCIPAL]


def test_a_slot_by_itself_needs_the_setting_to_be_sticky() -> None:
    args: dict[str, Any] = {
        "app_id": f"{GROUP}/providers/Microsoft.Web/sites/app-shop",
        "plan_id": PLAN,
        "slot_name": "staging",
        "sign_in": SIGN_IN,
        "sticky_settings": ["AZURE_CLIENT_ID", "AZURE_KEY_VAULT_ENDPOINT", SETTING],
    }
    deployment = deploy_component(WebAppSlot, args, "up")
    assert deployment.one("WebAppAuthSettingsV2Slot").inputs["slot"] == "staging"
    assert len(deployment.outputs["sign_in_commands"]) == 1


@pytest.mark.parametrize("identity", ["system-assigned", "none"])
def test_an_identity_that_entra_does_not_trust_in_the_place_of_a_secret_is_refused(identity: str) -> None:
    text = refusal(identity=identity, sign_in=SIGN_IN)
    assert f"identity and sign_in\n     given     {identity}, with sign_in" in text


@pytest.mark.parametrize(
    ("sign_in", "subject"),
    [
        ({}, "sign_in.client_id"),
        ({"client_id": "shop"}, "sign_in.client_id"),
        ({**SIGN_IN, "tenant_id": "contoso.com"}, "sign_in.tenant_id"),
        ({**SIGN_IN, "unauthenticated_calls": "allow"}, "sign_in.unauthenticated_calls"),
        ({**SIGN_IN, "excluded_paths": ["health"]}, "sign_in.excluded_paths[0]"),
        ({**SIGN_IN, "excluded_paths": ["/"]}, "sign_in.excluded_paths[0]"),
        ({**SIGN_IN, "excluded_paths": ["/*"]}, "sign_in.excluded_paths[0]"),
        ({**SIGN_IN, "callers": {}, "excluded_paths": ["/health", "/*/"]}, "sign_in.excluded_paths[1]"),
        ({**SIGN_IN, "client_secret": "x"}, "sign_in.client_secret"),
    ],
)
def test_what_is_no_sign_in_is_refused_by_name(sign_in: dict[str, Any], subject: str) -> None:
    assert f"1. {subject}\n" in refusal(sign_in=sign_in)


def test_the_setting_is_nobody_elses_to_give() -> None:
    assert f"settings[{SETTING}]" in refusal(sign_in=SIGN_IN, settings={SETTING: "x"})
