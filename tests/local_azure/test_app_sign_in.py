"""An app that demands sign-in: what App Service answers itself, and what the app gets (A29, A40)."""

import base64
import json
from dataclasses import replace
from typing import Any

import httpx
import pytest

from local_azure.constants import DEPLOYER, DEVELOPER, OFFICER, TENANT_ID, VAULT_OFFICERS
from local_azure.entra.registrations import Registration
from local_azure.errors import Refusal
from local_azure.server import LocalAzure
from tests.local_azure.app_service_stage import Stage
from tests.local_azure.raw_client import answer_on, head_of, line_to
from tests.local_azure.tokens import issue

REGISTRATION = "c11e4700-0000-4000-8000-0000000000aa"
ISSUER = f"https://login.microsoftonline.com/{TENANT_ID}/v2.0"


def settings(**validation: Any) -> dict[str, Any]:
    return {
        "platform": {"enabled": True},
        "globalValidation": {"requireAuthentication": True, **validation},
        "identityProviders": {
            "azureActiveDirectory": {
                "registration": {"clientId": REGISTRATION, "openIdIssuer": ISSUER},
                "validation": {"allowedAudiences": ["api://shop"]},
            }
        },
    }


class Door:
    """A site, which answers with its default page whom it is asked by."""

    def __init__(self, stage: Stage) -> None:
        self.stage, self.site = stage, stage.name("app")
        stage.site(self.site)
        self.id = stage.id("Microsoft.Web/sites", self.site)

    def demand(self, **validation: Any) -> None:
        self.stage.arm("PUT", f"{self.id}/config/authsettingsV2", {"properties": settings(**validation)})

    def allow(self, policy: dict[str, Any], issuer: str = ISSUER) -> None:
        """Only those whom the policy names may call."""
        asked = settings(unauthenticatedClientAction="Return401")
        provider = asked["identityProviders"]["azureActiveDirectory"]
        provider["registration"]["openIdIssuer"] = issuer
        provider["validation"]["defaultAuthorizationPolicy"] = policy
        self.stage.arm("PUT", f"{self.id}/config/authsettingsV2", {"properties": asked})

    def token(self, audience: str, object_id: str = DEPLOYER.object_id) -> str:
        return issue(self.stage.local.azure, object_id, audience)

    def get(
        self, path: str = "/", audience: str | None = None, *, by: str = DEPLOYER.object_id, **sent: str
    ) -> httpx.Response:
        headers = dict(sent)
        if audience is not None:
            headers["Authorization"] = f"Bearer {self.token(audience, by)}"
        with self.stage.http() as client:
            return client.get(f"https://{self.site}.azurewebsites.net{path}", headers=headers)


@pytest.fixture
def door(local_azure: LocalAzure) -> Door:
    return Door(Stage(local_azure))


def test_a29_an_app_that_demands_sign_in_gets_no_call_of_a_stranger(door: Door) -> None:
    assert door.get().status_code == 200
    door.demand(unauthenticatedClientAction="RedirectToLoginPage", excludedPaths=["/health"])
    answer = door.get("/orders")
    assert answer.status_code == 302
    page = httpx.URL(answer.headers["Location"])
    assert str(page).startswith(f"https://login.microsoftonline.com/{TENANT_ID}/oauth2/v2.0/authorize?")
    assert page.params["client_id"] == REGISTRATION
    assert page.params["redirect_uri"] == f"https://{door.site}.azurewebsites.net/.auth/login/aad/callback"
    assert door.get("/health").status_code == 200
    assert door.get("/health/more").status_code == 302


@pytest.mark.parametrize(
    ("target", "after_host"),
    [
        ("/orders", ":443/health?"),
        ("/orders", ":443/health#"),
        ("/orders", ":x@y/health?"),
        ("/health%3F/orders", ""),
        ("/health%23/orders", ""),
        ("//health", ""),
    ],
)
def test_a29_a_stranger_does_not_pass_a_path_off_as_one_that_is_open(
    door: Door, target: str, after_host: str
) -> None:
    door.demand(unauthenticatedClientAction="Return401", excludedPaths=["/health"])
    host = f"{door.site}.azurewebsites.net"
    with line_to(door.stage.local, host) as line:
        line.sendall(head_of(f"{host}{after_host}", target=target, method="GET"))
        assert answer_on(line)[0] == 401


def test_a29_a_path_that_ends_with_a_star_opens_what_is_below_it(door: Door) -> None:
    door.demand(unauthenticatedClientAction="Return401", excludedPaths=["/public/*"])
    paths = (
        "/public/a",
        "/public/a/b",
        "/publicity",
        "/orders",
        "/public/..%2Forders",
        "/public/..%5Corders",
    )
    assert [door.get(path).status_code for path in paths] == [200, 200, 401, 401, 401, 401]
    door.demand(unauthenticatedClientAction="Return401", excludedPaths=["/*"])
    assert door.get("/orders").status_code == 200


@pytest.mark.parametrize(
    ("action", "status"), [("Return401", 401), ("Return403", 403), ("AllowAnonymous", 200)]
)
def test_a29_a_stranger_is_answered_as_the_action_says(door: Door, action: str, status: int) -> None:
    door.demand(unauthenticatedClientAction=action)
    assert door.get().status_code == status


def test_a29_where_signing_in_is_not_required_a_stranger_gets_in_and_is_nobody(door: Door) -> None:
    door.demand(requireAuthentication=False, unauthenticatedClientAction="Return401")
    assert door.get().status_code == 200


def test_a29_a_token_for_the_app_registration_is_let_through_and_one_for_something_else_is_not(
    door: Door,
) -> None:
    door.demand(unauthenticatedClientAction="Return401")
    assert [door.get(audience=one).status_code for one in (REGISTRATION, "api://shop")] == [200, 200]
    assert door.get(audience="https://vault.azure.net").status_code == 401


def test_a29_what_is_switched_off_is_open_again(door: Door) -> None:
    door.demand(unauthenticatedClientAction="Return401")
    off = {"properties": {"platform": {"enabled": False}}}
    door.stage.arm("PUT", f"{door.id}/config/authsettingsV2", off)
    assert door.get().status_code == 200


SHOP = "api://shop"
STRANGER = "c11e4700-0000-4000-8000-0000000000bb"


@pytest.mark.parametrize(
    ("policy", "status"),
    [
        ({}, 200),
        ({"allowedApplications": []}, 200),
        ({"allowedApplications": [STRANGER]}, 403),
        ({"allowedApplications": [STRANGER, str(DEPLOYER.client_id).upper()]}, 200),
        ({"allowedPrincipals": {"identities": [STRANGER]}}, 403),
        ({"allowedPrincipals": {"identities": [DEPLOYER.object_id]}}, 200),
        (
            {
                "allowedApplications": [STRANGER],
                "allowedPrincipals": {"identities": [DEPLOYER.object_id]},
            },
            403,
        ),
    ],
)
def test_a29_a_caller_that_is_not_on_the_list_is_forbidden_and_an_empty_list_lets_everybody_in(
    door: Door, policy: dict[str, Any], status: int
) -> None:
    door.allow(policy)
    assert door.get(audience=SHOP).status_code == status
    assert door.get().status_code == 401


def test_a29_whoever_is_taken_off_the_list_is_forbidden_with_the_token_that_it_has(door: Door) -> None:
    door.allow({"allowedApplications": [DEPLOYER.client_id]})
    held = {"Authorization": f"Bearer {door.token(SHOP)}"}
    assert door.get(**held).status_code == 200
    door.allow({"allowedApplications": [STRANGER]})
    assert door.get(**held).status_code == 403


def test_a29_the_list_of_one_app_lets_nobody_into_its_neighbour(door: Door) -> None:
    door.allow({"allowedApplications": [DEPLOYER.client_id]})
    neighbour = Door(door.stage)
    neighbour.allow({"allowedApplications": [STRANGER]})
    assert (door.get(audience=SHOP).status_code, neighbour.get(audience=SHOP).status_code) == (200, 403)


def test_a29_a_token_of_the_other_version_is_of_another_issuer(door: Door) -> None:
    older = ISSUER.removesuffix("/v2.0")
    entra = door.stage.local.azure.entra
    door.allow({})
    held = {"Authorization": f"Bearer {door.token(SHOP)}"}
    assert entra.claims(door.token(SHOP)) | {"iat": 0, "nbf": 0, "exp": 0} == {
        "aud": REGISTRATION,
        "azp": DEPLOYER.client_id,
        "exp": 0,
        "iat": 0,
        "idtyp": "app",
        "iss": ISSUER,
        "nbf": 0,
        "oid": DEPLOYER.object_id,
        "sub": DEPLOYER.object_id,
        "tid": TENANT_ID,
        "ver": "2.0",
    }
    assert door.get(**held).status_code == 200
    door.allow({}, older)
    assert door.get(**held).status_code == 401
    assert door.get(audience=SHOP).status_code == 200
    assert entra.claims(door.token(SHOP))["iss"] == f"https://sts.windows.net/{TENANT_ID}/"


def test_a29_a_site_of_another_tenant_takes_no_token_of_this_one(door: Door) -> None:
    for ending in ("/v2.0", "/", ""):
        door.allow({}, f"https://login.microsoftonline.com/{STRANGER}{ending}")
        assert door.get(audience=SHOP).status_code == 401


def test_a29_a_provider_that_is_switched_off_signs_nobody_in(door: Door) -> None:
    asked = settings(unauthenticatedClientAction="Return401")
    asked["identityProviders"]["azureActiveDirectory"]["enabled"] = False
    door.stage.arm("PUT", f"{door.id}/config/authsettingsV2", {"properties": asked})
    assert door.get(audience=SHOP).status_code == 401


def test_a29_people_are_let_in_by_their_own_id_or_by_a_group(door: Door) -> None:
    door.allow({"allowedPrincipals": {"groups": [VAULT_OFFICERS.object_id]}}, ISSUER.removesuffix("/v2.0"))
    callers = (OFFICER.object_id, DEVELOPER.object_id)
    assert [door.get(audience=SHOP, by=one).status_code for one in callers] == [200, 403]


def test_a29_a_token_out_of_its_time_is_none(door: Door) -> None:
    door.allow({"allowedApplications": [DEPLOYER.client_id]})
    held = {"Authorization": f"Bearer {door.token(SHOP)}"}
    door.stage.advance(3_601)
    assert door.get(**held).status_code == 401


ECHO = """
import json
def app(environ, start_response):
    start_response("200 OK", [("Content-Type", "application/json")])
    return [json.dumps({k: v for k, v in environ.items() if k.startswith("HTTP_X_MS_")}).encode()]
"""
"""An app that shows what it is told of its caller."""
FORGED = {
    "X-MS-CLIENT-PRINCIPAL-ID": "somebody",
    "X-MS-CLIENT-PRINCIPAL-NAME": "somebody",
    "X-MS-TOKEN-AAD-ACCESS-TOKEN": "somebody's",
    "X-MS-Else": "kept",
}


@pytest.fixture
def told(door: Door) -> Door:
    door.stage.deploy(door.site, {"app.py": ECHO})
    return door


def test_a40_the_app_is_told_who_calls_and_a_caller_cannot_say_so_itself(told: Door) -> None:
    told.demand(unauthenticatedClientAction="Return401", excludedPaths=["/health"])
    heard = told.get(audience=SHOP, **FORGED).json()
    principal = json.loads(base64.b64decode(heard.pop("HTTP_X_MS_CLIENT_PRINCIPAL")))
    assert heard == {
        "HTTP_X_MS_CLIENT_PRINCIPAL_ID": DEPLOYER.object_id,
        "HTTP_X_MS_CLIENT_PRINCIPAL_IDP": "aad",
        "HTTP_X_MS_ELSE": "kept",
    }
    claims = {one["typ"]: one["val"] for one in principal["claims"]}
    assert principal["auth_typ"] == "aad"
    assert (claims["azp"], claims["aud"]) == (DEPLOYER.client_id, REGISTRATION)
    of_person = told.get(audience=SHOP, by=OFFICER.object_id, **FORGED).json()
    assert of_person["HTTP_X_MS_CLIENT_PRINCIPAL_NAME"] == OFFICER.name
    assert told.get("/health", **FORGED).json() == {"HTTP_X_MS_ELSE": "kept"}


def test_a40_an_app_without_sign_in_gets_what_its_caller_writes_there(told: Door) -> None:
    assert told.get(**FORGED).json()["HTTP_X_MS_CLIENT_PRINCIPAL_NAME"] == "somebody"


def test_a29_a_registration_that_was_made_says_itself_which_tokens_there_are(door: Door) -> None:
    entra = door.stage.local.azure.entra
    door.allow({})
    assert door.get(audience=SHOP).status_code == 200
    made = Registration(REGISTRATION, [SHOP], object_id="40000000-0000-4000-8000-000000000002")
    entra.registrations.put(made)
    with pytest.raises(Refusal, match="AADSTS500011"):
        door.token(SHOP)
    entra.register_application(REGISTRATION, "shop")
    assert entra.claims(door.token(SHOP))["ver"] == "1.0"
    assert door.get(audience=SHOP).status_code == 401
    entra.registrations.put(replace(made, names=[]))
    with pytest.raises(Refusal, match="AADSTS500011"):
        door.token(SHOP)
    entra.registrations.put(replace(made, version=2))
    assert door.get(audience=SHOP).status_code == 200
