"""Apps that call an app of one's own: who comes into its list of callers, and who does not."""

from collections.abc import Mapping
from typing import Any, cast

import pulumi
import pytest
from pulumi_azure_native import resources

from components import (
    ConfigurationError,
    FunctionApp,
    KeylessWebApp,
    LinkArgs,
    WebApp,
    WebAppArgs,
    WorkloadAccess,
    WorkloadAccessArgs,
)
from tests.unit.components.answering_azure import (
    CLIENT,
    GROUP,
    IDENTITY,
    PRINCIPAL,
    SLOT_CLIENT,
    SLOT_PRINCIPAL,
    TENANT,
    Mode,
)
from tests.unit.components.recorded_azure import UNKNOWN, Deployment, Later, deploy, with_outputs
from tests.unit.components.slotted_apps import of_slot
from tests.unit.components.web_apps import refusal, settings_of, web_app

REGISTRATION = "c11e4700-0000-4000-8000-0000000000aa"
PARTNER = "C11E4700-0000-4000-8000-0000000000BB"
NOBODY = "00000000-0000-0000-0000-000000000000"
LISTED: dict[str, Any] = {"client_id": REGISTRATION, "callers": {}}
API = f"{GROUP}/providers/Microsoft.Web/sites/app-api"
ADDRESS = "https://app-api.azurewebsites.net"
ELSEWHERE: dict[str, Any] = {"id": API, "endpoint": ADDRESS, "audience": f"api://{REGISTRATION}"}
IN_GROUP: dict[str, Any] = {"resource_group_name": "rg-team"}

BOTH = "links[api].app.id and links[api].app.endpoint"


def to_api(**record: Any) -> dict[str, Any]:
    return {"links": {"api": {"app": {**ELSEWHERE, **record}}}}


def app(name: str, **args: Any) -> WebApp:
    return WebApp(name, cast(WebAppArgs, {**IN_GROUP, **args}))


def in_one_program(mode: Mode = "up", /, *, sign_in: Mapping[str, Any] = LISTED, **caller: Any) -> Deployment:
    """An API, and a caller named staging, whose identity has ids of its own."""

    def program() -> WebApp:
        api = app("api", sign_in=with_outputs(dict(sign_in)))
        return app("staging", links={"api": api.call_link()}, **caller)

    return deploy(program, mode)


def callers(deployment: Deployment) -> Any:
    """The list of the only app that has one."""
    validation = deployment.one("WebAppAuthSettingsV2").inputs["identityProviders"]["azureActiveDirectory"]
    return validation["validation"]["defaultAuthorizationPolicy"]["allowedApplications"]


def test_linking_an_app_lets_the_caller_in_and_nobody_else() -> None:
    assert callers(in_one_program()) == [SLOT_CLIENT]


def test_an_app_that_nothing_links_to_lets_nobody_in_where_azure_takes_no_entry_for_everybody() -> None:
    assert callers(web_app(sign_in=LISTED)) == [NOBODY]


def test_callers_of_elsewhere_are_named_and_stand_beside_those_that_link_each_once() -> None:
    named = {"partner": PARTNER, "again": Later(PARTNER.lower()), "staging": SLOT_CLIENT}
    deployment = in_one_program(sign_in={**LISTED, "callers": named})
    assert callers(deployment) == [SLOT_CLIENT, PARTNER.lower()]
    recorded = {one.name: one.inputs for one in deployment.all("CallGrant")}
    assert sorted(recorded) == [*(f"api-called-by-{name}" for name in sorted(named)), "staging-api"]
    assert dict(recorded["api-called-by-partner"]) == {
        "appId": f"{GROUP}/providers/Microsoft.Web/sites/app-api-dev-abc123",
        "clientId": PARTNER,
        "grantedBy": "WebApp 'api'",
        "listed": True,
        "principalName": "partner",
        "principalType": "ServicePrincipal",
    }


def test_an_app_says_who_may_call_it_that_it_names_itself() -> None:
    deployment = web_app(sign_in={**LISTED, "callers": {"partner": PARTNER}})
    assert deployment.outputs["access"] == ["Client partner may call app app-shop-dev-abc123."]


def test_a_caller_that_is_gone_from_the_program_is_gone_from_the_list() -> None:
    def program() -> Mapping[str, Any]:
        api = app("api", sign_in=LISTED)
        app("staging", links={"api": {**api.call_link(), "grant": False}})
        return {}

    assert callers(deploy(program)) == [NOBODY]


def test_code_is_told_the_address_and_what_to_ask_a_token_for_and_nothing_secret() -> None:
    deployment = in_one_program()
    [settings] = [one for one in deployment.all("WebAppApplicationSettings") if one.name == "staging"]
    assert settings.inputs["properties"] == {
        "API_SCOPE": f"api://{REGISTRATION}/.default",
        "API_URL": "https://app-api-dev-abc123-hash.westeurope-01.azurewebsites.net",
        "AZURE_CLIENT_ID": SLOT_CLIENT,
    }
    [own] = [one for one in deployment.all("WebAppApplicationSettings") if one.name == "api"]
    assert own.inputs["properties"] == {"AZURE_CLIENT_ID": CLIENT}


def test_no_program_calls_before_it_is_in_the_list() -> None:
    deployment = in_one_program()
    listed = deployment.one("WebAppAuthSettingsV2")
    [site] = [one for one in deployment.all("web:WebApp") if one.name == "staging"]
    [settings] = [one for one in deployment.all("WebAppApplicationSettings") if one.name == "staging"]
    assert listed.urn in site.dependencies
    assert listed.urn in settings.dependencies
    [identity] = [one for one in deployment.all("UserAssignedIdentity") if one.name == "staging"]
    assert deployment.waits_for(listed, identity)


def test_an_app_for_programs_answers_401_to_a_stranger_and_stands_for_nobody_at_entra() -> None:
    deployment = web_app(sign_in=LISTED, identity="system-assigned")
    settings = deployment.one("WebAppAuthSettingsV2").inputs
    assert settings["globalValidation"] == {
        "excludedPaths": [],
        "redirectToProvider": "azureactivedirectory",
        "requireAuthentication": True,
        "unauthenticatedClientAction": "Return401",
    }
    entra = settings["identityProviders"]["azureActiveDirectory"]
    assert entra["registration"] == {
        "clientId": REGISTRATION,
        "openIdIssuer": f"https://login.microsoftonline.com/{TENANT}/v2.0",
    }
    assert entra["validation"]["allowedAudiences"] == [f"api://{REGISTRATION}"]
    assert settings_of(deployment) == {}
    assert deployment.outputs["sign_in_commands"] == []
    assert deployment.outputs["audience"] == f"api://{REGISTRATION}"


def test_an_app_for_programs_has_no_setting_of_an_identity_to_leave_behind_at_a_swap() -> None:
    deployment = web_app(sign_in=LISTED, slots=["staging"], size="S1")
    assert deployment.outputs["sticky_settings"] == ["AZURE_CLIENT_ID", "AZURE_KEY_VAULT_ENDPOINT"]
    own = {"OVERRIDE_USE_MI_FIC_ASSERTION_CLIENTID": "the app's own to say"}
    assert settings_of(web_app(sign_in=LISTED, settings=own)) == {**own, "AZURE_CLIENT_ID": CLIENT}


def test_an_audience_is_asked_for_without_a_slash_of_its_own() -> None:
    assert settings_of(web_app(**to_api(audience="api://shop/")))["API_SCOPE"] == "api://shop/.default"


def test_a_registration_that_issues_the_older_tokens_is_said_so() -> None:
    settings = web_app(sign_in={**LISTED, "token_version": "v1"}).one("WebAppAuthSettingsV2").inputs
    registration = settings["identityProviders"]["azureActiveDirectory"]["registration"]
    assert registration["openIdIssuer"] == f"https://login.microsoftonline.com/{TENANT}"


def test_every_slot_of_a_caller_is_let_in_and_every_slot_of_the_app_has_the_list() -> None:
    def program() -> Mapping[str, Any]:
        api = app("api", sign_in=LISTED, slots=["staging"], size="S1")
        app("web", links={"api": api.call_link()}, slots=["staging"], size="S1")
        return {}

    deployment = deploy(program)
    slot = of_slot(deployment, "WebAppAuthSettingsV2Slot").inputs["identityProviders"]["azureActiveDirectory"]
    listed = slot["validation"]["defaultAuthorizationPolicy"]["allowedApplications"]
    assert listed == callers(deployment) == [CLIENT, SLOT_CLIENT]


def test_a_function_app_and_whatever_has_an_identity_call_as_web_apps_do() -> None:
    def program() -> Mapping[str, Any]:
        api = app("api", sign_in=LISTED)
        links: dict[str, LinkArgs] = {"api": api.call_link()}
        FunctionApp("worker", {"resource_group_name": "rg-team", "links": links})
        nightly: WorkloadAccessArgs = {"principal_id": PRINCIPAL, "client_id": PARTNER, "links": links}
        access = WorkloadAccess("nightly", nightly)
        return {"told": access.environment, "access": access.access}

    deployment = deploy(program)
    assert callers(deployment) == [CLIENT, PARTNER.lower()]
    assert deployment.outputs["told"]["API_SCOPE"] == f"api://{REGISTRATION}/.default"
    assert deployment.outputs["access"] == ["Identity nightly may call app app-api-dev-abc123."]


def test_a_whole_keyless_app_is_called_as_its_app_is() -> None:
    def program() -> Mapping[str, Any]:
        api = KeylessWebApp("api", {"sign_in": {"client_id": REGISTRATION, "callers": {}}})
        app("staging", links={"api": api.call_link()})
        return {"audience": api.audience}

    deployment = deploy(program)
    assert callers(deployment) == [SLOT_CLIENT]
    assert deployment.outputs["audience"] == f"api://{REGISTRATION}"


def test_who_calls_what_is_a_record_that_a_first_preview_has() -> None:
    record = in_one_program("first preview").one("CallGrant")
    known = {key: record.inputs[key] for key in ("principalType", "grantedBy", "listed")}
    assert known == {"principalType": "ServicePrincipal", "grantedBy": "WebApp 'staging'", "listed": True}
    made = in_one_program().one("CallGrant").inputs
    assert (made["clientId"], made["principalId"]) == (SLOT_CLIENT, SLOT_PRINCIPAL)
    assert made["appId"] == f"{GROUP}/providers/Microsoft.Web/sites/app-api-dev-abc123"


def test_a_call_that_this_program_allows_is_told_as_access() -> None:
    outputs = in_one_program().outputs
    assert outputs["access"] == ["Identity id-staging-dev-abc123 may call app app-api-dev-abc123."]
    assert outputs["deployer_contract"]["left_to_owners"] == ""


def test_an_app_of_elsewhere_lets_nobody_in_until_its_owner_does_and_that_is_told() -> None:
    deployment = web_app(**to_api())
    assert deployment.one("CallGrant").inputs["listed"] is False
    assert deployment.outputs["access"] == [
        f"Identity id-shop-dev-abc123 may call app app-api, once sign_in.callers of that app holds {CLIENT}."
    ]
    left = f"call, on {API}, by its client id in sign_in.callers"
    assert deployment.outputs["deployer_contract"]["left_to_owners"] == left
    assert settings_of(deployment)["API_URL"] == ADDRESS


def test_what_is_left_to_the_owner_is_recorded_nowhere_else() -> None:
    deployment = web_app(links={"api": {"app": ELSEWHERE, "grant": False}})
    assert deployment.all("CallGrant") == []
    left = f"call, on {API}, by its client id in sign_in.callers"
    assert deployment.outputs["deployer_contract"]["left_to_owners"] == left


def test_the_list_is_not_known_in_a_first_preview_and_nothing_else_of_sign_in_waits_for_it() -> None:
    deployment = in_one_program("first preview")
    assert callers(deployment) == UNKNOWN
    assert deployment.one("WebAppAuthSettingsV2").inputs["globalValidation"]["requireAuthentication"] is True


@pytest.mark.parametrize("kind", ["app", "functions", "whole"])
def test_an_app_that_waits_for_all_of_what_it_calls_is_refused_as_neither_would_ever_come(kind: str) -> None:
    def program() -> pulumi.Resource:
        whole = KeylessWebApp("api", {"sign_in": {"client_id": REGISTRATION, "callers": {}}})
        api = whole if kind == "whole" else whole.app
        opts = pulumi.ResourceOptions(depends_on=[api])
        args: Any = {"resource_group_name": "rg-team", "links": {"api": api.call_link()}}
        made = {"app": WebApp, "functions": FunctionApp, "whole": KeylessWebApp}
        return made[kind]("web", args, opts)

    with pytest.raises(ConfigurationError, match=r"1\. depends_on and links\[api\]\.app\n"):
        deploy(program)


def test_an_app_that_waits_for_what_it_calls_by_way_of_something_else_is_refused_and_not_waited_for() -> None:
    def program() -> pulumi.Resource:
        api = app("api", sign_in=LISTED)
        between = resources.ResourceGroup("between", opts=pulumi.ResourceOptions(depends_on=[api]))
        args: WebAppArgs = {"resource_group_name": "rg-team", "links": {"api": api.call_link()}}
        return WebApp("web", args, pulumi.ResourceOptions(depends_on=[between]))

    with pytest.raises(RuntimeError, match="circular dependency"):
        deploy(program)


def test_a_caller_of_another_stack_is_named_by_what_that_stack_gives_out() -> None:
    def program() -> WebApp:
        given = pulumi.StackReference("organization/web/dev").get_output("client_id")
        return app("api", sign_in={**LISTED, "callers": {"web": given}})

    deployment = deploy(program, stacks={"organization/web/dev": {"client_id": PARTNER}})
    assert callers(deployment) == [PARTNER.lower()]


def test_an_app_of_another_stack_is_called_by_what_that_stack_gives_out() -> None:
    def program() -> WebApp:
        api = pulumi.StackReference("organization/api/dev")
        given = {key: api.get_output(name) for key, name in (("id", "app_id"), ("endpoint", "url"))}
        link: Any = {"app": {**given, "audience": api.get_output("audience")}}
        return app("web", links={"api": link})

    outputs = {"app_id": API, "url": ADDRESS, "audience": f"api://{REGISTRATION}"}
    deployment = deploy(program, stacks={"organization/api/dev": outputs})
    assert deployment.one("CallGrant").inputs["listed"] is False
    assert settings_of(deployment) == {
        "API_SCOPE": f"api://{REGISTRATION}/.default",
        "API_URL": ADDRESS,
        "AZURE_CLIENT_ID": CLIENT,
    }


@pytest.mark.parametrize("sign_in", [None, {"client_id": REGISTRATION}])
def test_an_app_that_lets_everybody_in_is_not_linked_as_if_it_did_not(sign_in: Any) -> None:
    def program() -> WebApp:
        api = app("api", **({} if sign_in is None else {"sign_in": sign_in}))
        return app(
            "web", links={"api": {"app": {**api.call_link().get("app", {}), "audience": "api://shop"}}}
        )

    with pytest.raises(ConfigurationError, match=r"1\. links\[api\]\.app\.id") as refused:
        deploy(program)
    assert "give that app sign_in with callers" in str(refused.value)


def test_a_link_that_is_declared_when_the_list_is_read_already_is_refused() -> None:
    def program() -> Mapping[str, Any]:
        api = app("api", sign_in=LISTED)

        def later(_: str) -> str:
            app("late", links={"api": api.call_link()})
            return ""

        return {"later": pulumi.Output.from_input("").apply(later)}

    with pytest.raises(ConfigurationError, match=r"declared inside of apply"):
        deploy(program)


def test_an_identity_whose_client_id_nobody_knows_is_refused_where_it_calls() -> None:
    text = refusal(identity="system-assigned", **to_api())
    assert "1. identity and links[api].app\n" in text
    assert "set identity to user-assigned" in text
    links = {"api": {"app": ELSEWHERE}}
    with pytest.raises(ConfigurationError, match=r"1\. client_id and links\[api\]\.app"):
        deploy(lambda: WorkloadAccess("vm", cast(Any, {"principal_id": PRINCIPAL, "links": links})))


def test_a_system_assigned_identity_may_call_where_its_owner_sees_to_it() -> None:
    links = {"api": {"app": ELSEWHERE, "grant": False}}
    assert settings_of(web_app(identity="system-assigned", links=links))["API_URL"] == ADDRESS


def test_an_existing_identity_is_let_in_by_its_owner() -> None:
    deployment = web_app(identity="existing", identity_id=IDENTITY, **to_api())
    assert deployment.all("CallGrant") == []
    assert "call, on" in deployment.outputs["deployer_contract"]["left_to_owners"]


@pytest.mark.parametrize(
    ("record", "subject"),
    [
        ({"id": IDENTITY}, "links[api].app.id"),
        ({"endpoint": "http://app-api.azurewebsites.net"}, "links[api].app.endpoint"),
        ({"endpoint": "https://app-other.azurewebsites.net"}, BOTH),
        ({"endpoint": "https://app-api-2.azurewebsites.net"}, BOTH),
        ({"audience": f"api://{REGISTRATION}/.default"}, "links[api].app.audience"),
        ({"audience": "shop"}, "links[api].app.audience"),
        ({"audience": None}, "links[api].app.audience"),
    ],
)  # fmt: skip
def test_what_is_no_link_to_an_app_is_refused_by_name(record: dict[str, Any], subject: str) -> None:
    assert f"1. {subject}\n" in refusal(**to_api(**record))


def test_an_app_with_a_domain_of_its_own_is_linked_by_that() -> None:
    told = settings_of(web_app(**to_api(endpoint="https://api.example.com/")))
    assert told["API_URL"] == "https://api.example.com"


@pytest.mark.parametrize(
    ("sign_in", "subject"),
    [
        ({"callers": {"web": "web"}}, "sign_in.callers[web]"),
        ({"callers": ["web"]}, "sign_in.callers"),
        (
            {"callers": {}, "unauthenticated_calls": "redirect"},
            "sign_in.callers and sign_in.unauthenticated_calls",
        ),
        ({"callers": {}, "allowed_audiences": ["shop"]}, "sign_in.allowed_audiences[0]"),
        ({"callers": {}, "token_version": "v3"}, "sign_in.token_version"),
        ({"token_version": "v2"}, "sign_in.token_version"),
    ],
)  # fmt: skip
def test_what_is_no_list_of_callers_is_refused_by_name(sign_in: dict[str, Any], subject: str) -> None:
    assert f"1. {subject}\n" in refusal(sign_in={"client_id": REGISTRATION, **sign_in})
