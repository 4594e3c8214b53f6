"""Rules on apps that other apps call, and on what sign-in holds."""

from dataclasses import replace
from typing import Any

import pytest

from tests.unit.policy.apps import CLIENT, site
from tests.unit.policy.judged import GROUP, UNKNOWN, Given, findings, judge

SITE_ID = f"{GROUP}/providers/Microsoft.Web/sites/app-shop"
APP = replace(site(), answers={"id": SITE_ID})
CALLED = Given("keyless:index:CallGrant", "web-api", {"appId": SITE_ID})
LISTS = "called-app-lists-callers"
NO_SECRET = "sign-in-no-client-secret"
IDENTITY = "OVERRIDE_USE_MI_FIC_ASSERTION_CLIENTID"


def sign_in(policy: Any = None, **changed: Any) -> Given:
    given = {"allowedApplications": [CLIENT]} if policy is None else policy
    props = {
        "name": "app-shop",
        "platform": {"enabled": True},
        "globalValidation": {"requireAuthentication": True, "unauthenticatedClientAction": "Return401"},
        "identityProviders": {
            "azureActiveDirectory": {"validation": {"defaultAuthorizationPolicy": given}},
        },
        **changed,
    }
    return Given("web:WebAppAuthSettingsV2", "app", props, {"name": [APP]})


EVERYBODY = "app app is called by other apps and lets everybody in"
TENANT = (
    "app app is called by other apps and lets all of the tenant in: "
    "defaultAuthorizationPolicy.allowedApplications is empty"
)


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ((), "app app is called by other apps and has no WebAppAuthSettingsV2"),
        ((sign_in({}),), TENANT),
        ((sign_in({"allowedApplications": []}),), TENANT),
        ((sign_in(platform={"enabled": False}),), f"{EVERYBODY}: platform.enabled is not true"),
        (
            (sign_in(globalValidation={}),),
            f"{EVERYBODY}: globalValidation.requireAuthentication is not true",
        ),
        (
            (
                sign_in(
                    globalValidation={
                        "requireAuthentication": True,
                        "unauthenticatedClientAction": "AllowAnonymous",
                    }
                ),
            ),
            f"{EVERYBODY}: globalValidation.unauthenticatedClientAction is AllowAnonymous",
        ),
        (
            (sign_in(globalValidation={"requireAuthentication": True, "excludedPaths": ["/health", "/*"]}),),
            f"{EVERYBODY}: globalValidation.excludedPaths has all of the app",
        ),
    ],
)
def test_an_app_that_is_called_and_lets_in_more_than_its_callers_is_refused(
    given: tuple[Given, ...], says: str
) -> None:
    assert findings(LISTS, APP, CALLED, *given) == [f"{says}."]


@pytest.mark.parametrize(
    "given",
    [
        (APP, CALLED, sign_in()),
        (APP, CALLED, replace(sign_in(), type="web:WebAppAuthSettingsV2WithoutSecrets")),
        (
            APP,
            CALLED,
            sign_in(
                globalValidation={"requireAuthentication": True, "excludedPaths": ["/public/*", UNKNOWN]}
            ),
        ),
        (APP, CALLED, sign_in(globalValidation={"requireAuthentication": True, "excludedPaths": UNKNOWN})),
        (APP, CALLED, sign_in({"allowedApplications": UNKNOWN})),
        (APP, CALLED, sign_in(UNKNOWN)),
        (APP, CALLED, sign_in({"allowedPrincipals": {"groups": ["0b1ec700"]}})),
        (APP,),
        (APP, Given("keyless:index:CallGrant", "web-other", {"appId": f"{SITE_ID}-other"})),
    ],
)
def test_an_app_that_lists_its_callers_and_one_that_nobody_calls_pass(given: tuple[Given, ...]) -> None:
    assert judge(LISTS, *given) == []


def by(setting: Any, type_: str = "web:WebAppAuthSettingsV2") -> Given:
    registration = {"clientSecretSettingName": setting}
    return Given(
        type_, "app", {"identityProviders": {"azureActiveDirectory": {"registration": registration}}}
    )


@pytest.mark.parametrize(
    "given",
    [
        by("AUTH_SECRET"),
        by("AUTH_SECRET", "web:WebAppAuthSettingsV2Slot"),
        by("AUTH_SECRET", "web:WebAppAuthSettingsV2WithoutSecrets"),
        by("AUTH_SECRET", "web:WebAppAuthSettingsV2WithoutSecretsSlot"),
        Given("web:WebAppAuthSettings", "app", {"clientSecretSettingName": "AUTH_SECRET"}),
    ],
)
def test_a_sign_in_that_holds_a_client_secret_is_refused(given: Given) -> None:
    says = f"sign-in of app has a client secret: clientSecretSettingName is not {IDENTITY}."
    assert findings(NO_SECRET, given) == [says]


@pytest.mark.parametrize(
    "path",
    [
        "google.registration.clientSecretSettingName",
        "facebook.registration.appSecretSettingName",
        "twitter.registration.consumerSecretSettingName",
        "customOpenIdConnectProviders.partner.registration.clientCredential.clientSecretSettingName",
    ],
)
def test_a_secret_of_another_provider_is_one_too(path: str) -> None:
    providers: Any = "AUTH_SECRET"
    for name in reversed(path.split(".")):
        providers = {name: providers}
    given = Given("web:WebAppAuthSettingsV2", "app", {"identityProviders": providers})
    says = f"sign-in of app has a client secret: identityProviders.{path} is given."
    assert findings(NO_SECRET, given) == [says]
    older = Given("web:WebAppAuthSettings", "app", {"googleClientSecretSettingName": "AUTH_SECRET"})
    assert findings(NO_SECRET, older) == [
        "sign-in of app has a client secret: googleClientSecretSettingName is given."
    ]


def test_an_older_sign_in_with_the_secret_itself_is_refused_without_showing_it() -> None:
    given = Given("web:WebAppAuthSettingsSlot", "app", {"clientSecret": "planted" + "-value"})
    assert findings(NO_SECRET, given) == ["sign-in of app has a client secret: clientSecret is given."]


LATER = {"identityProviders": {"google": {"registration": {"clientSecretSettingName": UNKNOWN}}}}


@pytest.mark.parametrize(
    "given", [by(IDENTITY), by(None), by(""), by(UNKNOWN), Given("web:WebAppAuthSettingsV2", "app", LATER)]
)
def test_a_sign_in_without_one_passes(given: Given) -> None:
    assert judge(NO_SECRET, given) == []
