"""No secret vanishes: everything that tells code a variable is merged once, and nothing is told twice."""

from typing import Any

import pytest

from tests.unit.components.answering_azure import CLIENT, ENDPOINT, STORAGE, VAULT, WORKSPACE
from tests.unit.components.function_apps import function_app
from tests.unit.components.recorded_azure import Later
from tests.unit.components.refusals import problems_of
from tests.unit.components.web_apps import settings_of, web_app

TEAM: dict[str, Any] = {"vault_id": VAULT, "vault_endpoint": ENDPOINT}
KEY_VAULT: dict[str, Any] = {"id": VAULT, "endpoint": ENDPOINT}
QUEUES: dict[str, Any] = {"id": STORAGE, "endpoint": "https://stteam.queue.core.windows.net/"}
PACKAGE: dict[str, Any] = {
    "package_url": "https://stteam.blob.core.windows.net/code/shop.zip",
    "package_storage_id": STORAGE,
    "runtime": "node-22",
}
ONE_SOURCE = "one source for each variable"
CREDENTIAL = "no variable that changes which credential code finds"
INJECTED = "a variable that the platform does not set itself"

problems = problems_of(web_app)


def reference(secret: str) -> str:
    return f"@Microsoft.KeyVault(SecretUri={ENDPOINT}secrets/{secret})"


@pytest.mark.parametrize(
    ("beside", "variable", "source"),
    [
        (
            {"application_insights_workspace_id": WORKSPACE},
            "APPLICATIONINSIGHTS_CONNECTION_STRING",
            "application_insights_workspace_id",
        ),
        (PACKAGE, "WEBSITE_RUN_FROM_PACKAGE", "package_url"),
        ({"container_image": "nginx"}, "WEBSITES_ENABLE_APP_SERVICE_STORAGE", "container_image"),
    ],
)
@pytest.mark.parametrize("form", ["secret", "setting", "settings as one Output", "secret of a link"])
def test_a_secret_in_a_variable_that_a_component_sets_is_refused_and_not_lost(
    form: str, beside: dict[str, Any], variable: str, source: str
) -> None:
    def given(name: str) -> dict[str, Any]:
        if form == "secret":
            return {**TEAM, "secrets": {name: "mine"}}
        if form == "secret of a link":
            return {"links": {"main": {"key_vault": {**KEY_VAULT, "secrets": {name: "mine"}}}}}
        return {"settings": {name: "mine"} if form == "setting" else Later({name: "mine"})}

    entry = {"secret": "secrets", "secret of a link": "links[main].key_vault.secrets"}.get(form, "settings")
    subject = f"{entry}[{variable}]"
    step = f"take {subject} out, or rename it, here and in the app: {source} sets {variable}"
    assert problems(**beside, **given(variable)) == [
        (f"{subject} and {source}", f"{variable} from both", ONE_SOURCE, step)
    ]
    settings = settings_of(web_app(**beside, **given("RENAMED")))  # the next step, tried
    assert settings["RENAMED"] == (reference("mine") if "secret" in form else "mine")
    assert settings[variable] not in ("mine", reference("mine"))


@pytest.mark.parametrize("key", ["settings", "secrets"])
def test_the_password_of_a_registry_is_refused_wherever_it_is_given(key: str) -> None:
    name = "DOCKER_REGISTRY_SERVER_PASSWORD"
    step = "take it out, and give container_registry_id: the image is pulled with the identity"
    assert problems(**TEAM, **{key: {name: "mine"}}) == [
        (f"{key}[{name}]", name, "no login to a registry", step)
    ]
    assert name not in settings_of(web_app())
    step = "take it out, and publish code: this host runs no container"
    assert problems_of(function_app)(**TEAM, **{key: {name: "mine"}}) == [
        (f"{key}[{name}]", name, "no login to a registry", step)
    ]


@pytest.mark.parametrize("later", [False, True])
def test_on_linux_a_full_stop_reaches_code_as_an_underscore_so_both_are_one_variable(later: bool) -> None:
    settings: Any = {"DB.PASSWORD": "x"}
    step = "keep one of the two: take settings[DB.PASSWORD] out, or rename it, here and in the app"
    given = {**TEAM, "secrets": {"DB_PASSWORD": "db"}, "settings": Later(settings) if later else settings}
    assert problems(**given) == [
        (
            "settings[DB.PASSWORD] and secrets[DB_PASSWORD]",
            "DB.PASSWORD and DB_PASSWORD, which are one variable on Linux",
            ONE_SOURCE,
            step,
        )
    ]
    assert settings_of(web_app(**{**given, "settings": {}}))["DB_PASSWORD"] == reference("db")


def test_the_client_id_is_nobody_elses_to_tell_in_any_spelling_on_linux() -> None:
    step = (
        "take settings[AZURE.CLIENT.ID] out, or rename it, here and in the app: identity sets AZURE_CLIENT_ID"
    )
    assert problems(settings={"AZURE.CLIENT.ID": CLIENT}) == [
        (
            "settings[AZURE.CLIENT.ID] and identity",
            "AZURE.CLIENT.ID and AZURE_CLIENT_ID, which are one variable on Linux",
            ONE_SOURCE,
            step,
        )
    ]


def test_on_windows_a_full_stop_stays_so_the_two_are_two_variables() -> None:
    settings = settings_of(
        web_app(
            **TEAM,
            os="windows",
            runtime="dotnet-8",
            secrets={"DB_PASSWORD": "db"},
            settings={"DB.PASSWORD": "x", "AZURE.CLIENT.ID": "y"},
        )
    )
    assert settings == {
        "AZURE.CLIENT.ID": "y",
        "AZURE_CLIENT_ID": CLIENT,
        "AZURE_KEY_VAULT_ENDPOINT": ENDPOINT,
        "DB.PASSWORD": "x",
        "DB_PASSWORD": reference("db"),
    }


@pytest.mark.parametrize("later", [False, True])
@pytest.mark.parametrize("system", [{}, {"os": "windows", "runtime": "dotnet-8"}])
def test_settings_that_differ_in_case_only_are_one_and_refused(later: bool, system: dict[str, Any]) -> None:
    settings: Any = {"Mode": "1", "MODE": "2"}
    words = "on Windows" if system else "on Linux"
    step = "keep one of the two: take settings[MODE] out, or rename it, here and in the app"
    assert problems(**system, settings=Later(settings) if later else settings) == [
        (
            "settings[MODE] and settings[Mode]",
            f"MODE and Mode, which are one variable {words}",
            ONE_SOURCE,
            step,
        )
    ]
    assert settings_of(web_app(**system, identity="none", settings={"Mode": "1"})) == {"Mode": "1"}


@pytest.mark.parametrize("name", ["IDENTITY_ENDPOINT", "identity_header", "MSI_SECRET", "APPSETTING_MODE"])
@pytest.mark.parametrize("key", ["settings", "secrets"])
def test_a_variable_that_the_platform_sets_itself_is_refused(key: str, name: str) -> None:
    step = "choose another name: the platform sets this one, and code relies on it"
    given = {**TEAM, key: {name: "mine"}}
    assert problems(**given) == [(f"{key}[{name}]", name, INJECTED, step)]
    assert "MINE" in settings_of(web_app(**{**given, key: {"MINE": "mine"}}))


def test_a_link_named_identity_would_tell_what_the_platform_sets_itself_so_it_is_told_another_way() -> None:
    given: dict[str, Any] = {"identity": {"queues": QUEUES}}
    step = (
        "give links[identity].variables, another beginning for the names of its variables: "
        "the platform sets this one, and code relies on it"
    )
    assert problems(links=given) == [("links[identity].queues", "IDENTITY_ENDPOINT", INJECTED, step)]
    given["identity"]["variables"] = "ORDERS"
    assert settings_of(web_app(links=given)) == {
        "AZURE_CLIENT_ID": CLIENT,
        "ORDERS_ENDPOINT": "https://stteam.queue.core.windows.net/",
    }


@pytest.mark.parametrize("key", ["settings", "secrets"])
@pytest.mark.parametrize("name", ["AZURE_CLIENT_SECRET", "azure_client_secret", "AZURE_PASSWORD"])
def test_another_credential_than_the_identity_is_the_opposite_of_what_we_are_for(key: str, name: str) -> None:
    subject = f"{key}[{name}]"
    step = f"take {subject} out: code gets a token with the identity, and needs no other credential"
    assert problems(**TEAM, **{key: {name: "mine"}}) == [(subject, name, CREDENTIAL, step)]


def test_another_credential_with_full_stops_reaches_code_on_linux_and_is_refused_there() -> None:
    name = "AZURE.CLIENT.SECRET"
    step = f"take settings[{name}] out: code gets a token with the identity, and needs no other credential"
    assert problems(settings={name: "mine"}) == [(f"settings[{name}]", name, CREDENTIAL, step)]


@pytest.mark.parametrize(
    ("link", "expected", "why"),
    [
        ("imds", CREDENTIAL, ": code gets a token with the identity, and needs no other credential"),
        ("docker-registry-server", "no login to a registry", ""),
    ],
)
def test_a_link_that_would_tell_a_variable_which_is_nobodys_to_tell_is_told_another_way(
    link: str, expected: str, why: str
) -> None:
    links: dict[str, Any] = {link: {"queues": QUEUES}}
    (problem,) = problems(links=links)
    step = f"give links[{link}].variables, another beginning for the names of its variables{why}"
    assert problem[::2] == (f"links[{link}].queues", expected)
    assert problem[3] == step
    links[link]["variables"] = "ORDERS"
    assert "ORDERS_ENDPOINT" in settings_of(web_app(links=links))


def test_two_links_that_tell_one_variable_are_refused_and_another_prefix_tells_them_apart() -> None:
    links: dict[str, Any] = {"a-b": {"queues": QUEUES}, "a_b": {"queues": {**QUEUES, "access": "send"}}}
    step = "give links[a_b].variables, another beginning for the names of its variables"
    assert problems(links=links) == [
        ("links[a_b].queues and links[a-b].queues", "A_B_ENDPOINT from both", ONE_SOURCE, step)
    ]
    links["a_b"]["variables"] = "OTHER"
    assert sorted(settings_of(web_app(links=links))) == ["AZURE_CLIENT_ID", "A_B_ENDPOINT", "OTHER_ENDPOINT"]


def test_a_link_whose_secrets_hold_its_own_address_is_refused() -> None:
    def links(variable: str) -> dict[str, Any]:
        return {"main": {"key_vault": {**KEY_VAULT, "secrets": {variable: "db"}}}}

    subject = "links[main].key_vault.secrets[MAIN_ENDPOINT]"
    step = f"take {subject} out, or rename it, here and in the app: links[main].key_vault sets MAIN_ENDPOINT"
    assert problems(links=links("MAIN_ENDPOINT")) == [
        (f"{subject} and links[main].key_vault", "MAIN_ENDPOINT from both", ONE_SOURCE, step)
    ]
    settings = settings_of(web_app(links=links("DB_ADDRESS")))
    assert settings == {
        "AZURE_CLIENT_ID": CLIENT,
        "DB_ADDRESS": reference("db"),
        "MAIN_ENDPOINT": ENDPOINT,
    }


def test_secrets_and_a_link_that_tell_one_variable_are_refused_naming_both() -> None:
    links = {"main": {"key_vault": {**KEY_VAULT, "secrets": {"DB": "db"}}}}
    subject = "links[main].key_vault.secrets[DB]"
    step = f"keep one of the two: take {subject} out, or rename it, here and in the app"
    assert problems(**TEAM, secrets={"DB": "db"}, links=links) == [
        (f"{subject} and secrets[DB]", "DB from both", ONE_SOURCE, step)
    ]


@pytest.mark.parametrize("value", ["prod", "ManagedIdentityCredential", Later("prod")])
def test_code_may_be_told_to_look_in_fewer_places_for_the_identity(value: Any) -> None:
    assert "AZURE_TOKEN_CREDENTIALS" in settings_of(web_app(settings={"AZURE_TOKEN_CREDENTIALS": value}))


@pytest.mark.parametrize("value", ["dev", "EnvironmentCredential", Later("dev")])
def test_code_may_not_be_told_to_look_where_the_identity_is_not(value: Any) -> None:
    (problem,) = problems(settings={"AZURE_TOKEN_CREDENTIALS": value})
    assert problem[:2] == ("settings[AZURE_TOKEN_CREDENTIALS]", "AZURE_TOKEN_CREDENTIALS")
