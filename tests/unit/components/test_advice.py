"""Advice that can be followed: what a message says to do next is there to do, and is tried here."""

from typing import Any

import pulumi
import pytest

from components import FunctionApp, KeylessWebApp, KeyVault, WebApp
from tests.unit.components.answering_azure import ENDPOINT, PEOPLE, STORAGE, VAULT
from tests.unit.components.function_apps import function_app
from tests.unit.components.recorded_azure import Deployment, Later, deploy, deploy_component
from tests.unit.components.refusals import problems_of
from tests.unit.components.web_apps import REFERENCE, WITH_SECRET, settings_of, web_app

ADDRESS = "https://stteam.blob.core.windows.net/code/shop.zip"
SECRET = "planted-value-of-a-secret"
TEAM: dict[str, Any] = {"vault_id": VAULT, "vault_endpoint": ENDPOINT}


@pytest.mark.parametrize("form", ["text", "value", "map"])
def test_a_function_app_is_not_told_to_give_an_argument_that_it_does_not_have(form: str) -> None:
    value: Any = Later(ADDRESS) if form == "value" else ADDRESS
    settings: Any = {"WEBSITE_RUN_FROM_PACKAGE": value}
    given = Later(settings) if form == "map" else settings
    subject = "settings[WEBSITE_RUN_FROM_PACKAGE]"
    assert "package_url" not in FunctionApp.__init__.__annotations__["args"].__annotations__
    assert problems_of(function_app)(settings=given) == [
        (subject, "an address", "1, or nothing", "take it out, and publish the code")
    ]
    assert "WEBSITE_RUN_FROM_PACKAGE" not in settings_of(function_app())
    assert (
        settings_of(function_app(settings={"WEBSITE_RUN_FROM_PACKAGE": "1"}))["WEBSITE_RUN_FROM_PACKAGE"]
        == "1"
    )


def test_a_web_app_is_told_to_give_the_argument_that_it_has() -> None:
    (problem,) = problems_of(web_app)(settings={"WEBSITE_RUN_FROM_PACKAGE": f"{ADDRESS}?sig=secret"})
    assert problem[3] == "take it out, and give package_url, without a signature"
    package = {"package_url": ADDRESS, "package_storage_id": STORAGE, "runtime": "node-22"}
    assert settings_of(web_app(**package))["WEBSITE_RUN_FROM_PACKAGE"] == ADDRESS


@pytest.mark.parametrize("version", ["", "/", "/0123456789abcdef0123456789abcdef"])
def test_a_secrets_address_is_answered_with_the_names_place_and_not_repeated(version: str) -> None:
    given = f"{ENDPOINT}secrets/db-password{version}"
    assert problems_of(web_app)(**{**WITH_SECRET, "secrets": {"DB_PASSWORD": given}}) == [
        (
            "secrets[DB_PASSWORD]",
            f"a text of {len(given)} characters; character 6, ':', is not allowed there",
            "a secret's name: 1 to 127 letters, digits and hyphens",
            "write its name alone: the link says in which vault it is, and the newest version is read",
        )
    ]
    assert settings_of(web_app(**WITH_SECRET))["DB_PASSWORD"] == REFERENCE


@pytest.mark.parametrize(
    "given",
    [
        f"@Microsoft.KeyVault(SecretUri={ENDPOINT}secrets/db-password/0123)",
        "@Microsoft.KeyVault(VaultName=kv-team;SecretName=db-password)",
    ],
)
def test_a_reference_is_answered_with_the_names_place(given: str) -> None:
    (problem,) = problems_of(web_app)(**{**WITH_SECRET, "secrets": {"DB_PASSWORD": given}})
    assert problem[3].startswith("write its name alone: ")


def test_what_is_no_address_at_all_is_refused_as_any_other_name() -> None:
    (problem,) = problems_of(web_app)(**{**WITH_SECRET, "secrets": {"DB_PASSWORD": "https://[kv/x"}})
    assert problem[3] == "write the name that the secret has in the vault, never its value"


def test_the_same_in_a_link() -> None:
    link = {"id": VAULT, "endpoint": ENDPOINT, "secrets": {"X": f"{ENDPOINT}secrets/db/0123"}}
    (problem,) = problems_of(web_app)(links={"main": {"key_vault": link}})
    assert problem[0] == "links[main].key_vault.secrets[X]"
    assert problem[3].startswith("write its name alone: ")


@pytest.mark.parametrize("key", ["access_policies", "enable_rbac_authorization"])
@pytest.mark.parametrize("component", [KeyVault, KeylessWebApp])
def test_a_request_for_access_policies_is_answered_as_what_it_is(component: Any, key: str) -> None:
    def vault(**args: Any) -> Deployment:
        return deploy_component(component, {"resource_group_name": "rg-team", **args}, "up")

    assert problems_of(vault)(**{key: False}) == [
        (
            key,
            "an argument that there is not",
            "roles: access policies let whoever may write the vault let themselves in",
            "take it out; people are let in with secret_readers and secret_officers, apps with secrets, "
            "others with an AccessGrant",
        )
    ]
    properties = vault(secret_readers={"on-call": PEOPLE}).one("keyvault:Vault").inputs["properties"]
    assert properties["enableRbacAuthorization"] is True
    assert "accessPolicies" not in properties


def _with_settings(component: Any, settings: Any) -> Deployment:
    return deploy(lambda: component("shop", {"resource_group_name": "rg-team", "settings": settings()}))


@pytest.mark.parametrize("component", [WebApp, FunctionApp])
def test_a_secret_output_in_a_setting_is_named_in_a_warning_and_not_repeated(component: Any) -> None:
    deployment = _with_settings(
        component, lambda: {"PASSWORD": pulumi.Output.secret(SECRET), "MODE": pulumi.Output.from_input("x")}
    )
    assert deployment.warned == [
        f"settings[PASSWORD] of {component.__name__} 'shop': a secret that lies in clear in the app's "
        "settings. Next: put the value into the vault, and write secrets: {PASSWORD: <secret name>}."
    ]
    assert settings_of(deployment)["PASSWORD"] == SECRET
    # The next step, tried.
    assert deploy_component(component, {"resource_group_name": "rg-team", **WITH_SECRET}, "up").warned == []


@pytest.mark.parametrize("whole", [True, False])
def test_a_secret_in_a_map_that_is_one_output_is_warned_of_though_not_by_its_name(whole: bool) -> None:
    def settings() -> Any:
        if whole:
            return pulumi.Output.secret({"PASSWORD": SECRET})
        return pulumi.Output.all(PASSWORD=pulumi.Output.secret(SECRET), MODE="x")

    (warning,) = _with_settings(WebApp, settings).warned
    assert warning == (
        "settings of WebApp 'shop': a secret that lies in clear in the app's settings. "
        "Next: put the value into the vault, and write secrets: {<variable>: <secret name>}."
    )


def test_an_output_that_is_no_secret_draws_no_warning() -> None:
    assert _with_settings(WebApp, lambda: pulumi.Output.from_input({"MODE": "x"})).warned == []
    assert _with_settings(WebApp, lambda: {"MODE": pulumi.Output.from_input("x")}).warned == []


def test_a_link_of_a_host_without_an_identity_is_taken_out_whole() -> None:
    links: dict[str, Any] = {"orders": {"role": {"id": STORAGE, "role": "Reader"}}}
    (problem,) = problems_of(web_app)(identity="none", links=links)
    assert problem[3] == "set identity to user-assigned; or take links[orders] out"
    assert web_app(identity="none", links={}).all("RoleAssignment") == []
    assert len(web_app(links=links).all("RoleAssignment")) == 1


def test_the_short_form_and_a_link_of_its_name_are_one_problem() -> None:
    links = {"vault": {"key_vault": {"id": VAULT, "endpoint": ENDPOINT, "secrets": {"B": "b"}}}}
    (problem,) = problems_of(web_app)(**WITH_SECRET, links=links)
    assert problem[3] == "take secrets out, or give the link another name"
    assert "B" in settings_of(web_app(links=links))
    assert "B" in settings_of(web_app(**WITH_SECRET, links={"more": links["vault"]}))


def test_a_whole_map_of_settings_that_turns_out_to_be_none_is_no_setting() -> None:
    assert settings_of(web_app(identity="none", settings=Later(None))) == {}
