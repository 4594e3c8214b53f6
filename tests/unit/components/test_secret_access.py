"""`secret_access`: one grant on the vault, or one for each secret (R15, R16)."""

from typing import Any

import pytest

from components import FunctionApp, WebApp
from components.links.grants import MANY_GRANTS
from tests.unit.components.answering_azure import ENDPOINT, VAULT, Mode
from tests.unit.components.recorded_azure import UNKNOWN, Deployment, Later, deploy_component
from tests.unit.components.web_apps import refusal, web_app

LINK: dict[str, Any] = {"vault_id": VAULT, "vault_endpoint": ENDPOINT}
TWO = {"DB": "db-password", "KEY": "payment-key", "OLD_DB": "DB-Password"}


def _scopes(deployment: Deployment) -> dict[str, str]:
    return {grant.name: grant.inputs["scope"] for grant in deployment.all("RoleAssignment")}


def test_an_app_is_let_into_its_vault_as_a_whole_unless_told_otherwise() -> None:
    assert _scopes(web_app(secrets=TWO, **LINK)) == {"shop-vault": VAULT}
    assert _scopes(web_app(secrets=TWO, secret_access="vault", **LINK)) == {"shop-vault": VAULT}


@pytest.mark.parametrize("kind", ["user-assigned", "system-assigned"])
def test_an_app_can_be_let_into_exactly_its_secrets_each_once(kind: str) -> None:
    deployment = web_app(secrets=TWO, secret_access="secret", identity=kind, **LINK)
    assert _scopes(deployment) == {
        "shop-secret-db-password": f"{VAULT}/secrets/DB-Password",
        "shop-secret-payment-key": f"{VAULT}/secrets/payment-key",
    }
    settings = deployment.one("WebAppApplicationSettings")
    assert {grant.urn for grant in deployment.all("RoleAssignment")} <= settings.dependencies
    assert "secret payment-key (Key Vault Secrets User)." in " ".join(deployment.outputs["access"])


@pytest.mark.parametrize("mode", ["first preview", "later preview"])
def test_a_preview_lists_every_such_grant(mode: Mode) -> None:
    deployment = web_app(mode, secrets=TWO, secret_access="secret", **LINK)
    assert len(deployment.all("RoleAssignment")) == 2
    later = web_app(mode, secrets=TWO, secret_access="secret", vault_id=Later(VAULT), vault_endpoint=ENDPOINT)
    assert set(_scopes(later)) == {"shop-secret-db-password", "shop-secret-payment-key"}
    assert UNKNOWN not in _scopes(later)


def test_without_secrets_there_is_no_grant_of_either_kind() -> None:
    assert _scopes(web_app(secret_access="secret")) == {}


def test_another_width_is_refused_with_the_two_there_are() -> None:
    assert "expected  one of vault, secret" in refusal(secrets=TWO, secret_access="group", **LINK)


def test_a_function_app_has_the_same_choice() -> None:
    args = {"resource_group_name": "rg-team", "secrets": {"DB": "db"}, "secret_access": "secret", **LINK}
    scopes = _scopes(deploy_component(FunctionApp, args, "up"))
    assert scopes["shop-secret-db"] == f"{VAULT}/secrets/db"
    assert "shop-vault" not in scopes


def test_per_secret_grants_warn_when_they_become_many() -> None:
    many = {f"S{n}": f"secret-{n}" for n in range(MANY_GRANTS + 1)}
    args = {"resource_group_name": "rg-team", "secrets": many, **LINK}
    assert deploy_component(WebApp, args, "up").warned == []
    [warning] = deploy_component(WebApp, {**args, "secret_access": "secret"}, "up").warned
    assert warning == (
        f"{MANY_GRANTS + 1} role assignments for one identity; a subscription has 4,000 in all. Next: "
        "link to wholes in place of parts, such as a vault (secret_access vault) that holds its secrets only."
    )
