"""An app that demands sign-in: what App Service answers itself, and what the app gets (A29)."""

from typing import Any

import httpx
import pytest

from local_azure.constants import DEPLOYER, TENANT_ID
from local_azure.server import LocalAzure
from tests.local_azure.app_service_stage import Stage
from tests.local_azure.raw_client import answer_on, head_of, line_to

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

    def get(self, path: str = "/", audience: str | None = None) -> httpx.Response:
        headers: dict[str, str] = {}
        if audience is not None:
            entra = self.stage.local.azure.entra
            somebody = entra.principal(DEPLOYER.object_id)
            assert somebody
            headers["Authorization"] = f"Bearer {entra.issue(somebody, audience)[0]}"
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


@pytest.mark.parametrize(
    ("action", "status"), [("Return401", 401), ("Return403", 403), ("AllowAnonymous", 200)]
)
def test_a29_a_stranger_is_answered_as_the_action_says(door: Door, action: str, status: int) -> None:
    door.demand(unauthenticatedClientAction=action)
    assert door.get().status_code == status


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
