"""WebAppSlot on its own: secrets of another vault, beside an app that keeps its names (F10)."""

from typing import Any

import pytest

from components import ConfigurationError, WebApp, WebAppSlot
from tests.unit.components.answering_azure import GROUP, IDENTITY, PLAN, PRINCIPAL, Mode
from tests.unit.components.recorded_azure import UNKNOWN, Deployment, Later, deploy, deploy_component
from tests.unit.components.refusals import refusal_of
from tests.unit.components.web_apps import WITH_SECRET

APP = f"{GROUP}/providers/Microsoft.Web/sites/app-shop"
OTHER = f"{GROUP}/providers/Microsoft.KeyVault/vaults/kv-staging"
STICKY = ["AZURE_CLIENT_ID", "AZURE_KEY_VAULT_ENDPOINT", "DB_PASSWORD"]
NEEDED: dict[str, Any] = {
    "app_id": APP,
    "plan_id": PLAN,
    "slot_name": "staging",
    "sticky_settings": STICKY,
}
ELSEWHERE: dict[str, Any] = {
    "secrets": {"DB_PASSWORD": "staging-password"},
    "vault_id": OTHER,
    "vault_endpoint": "https://kv-staging.vault.azure.net/",
}


def slot(mode: Mode = "up", /, **args: Any) -> Deployment:
    return deploy_component(WebAppSlot, {**NEEDED, **args}, mode)


refusal = refusal_of(slot)


def test_a_slot_is_put_where_its_app_is() -> None:
    assert slot(identity="none").one("web:WebAppSlot").inputs == {
        "clientAffinityEnabled": False,
        "httpsOnly": True,
        "hyperV": False,
        "identity": {"type": "None"},
        "isXenon": False,
        "keyVaultReferenceIdentity": "SystemAssigned",
        "kind": "app,linux",
        "name": "app-shop",
        "publicNetworkAccess": "Enabled",
        "reserved": True,
        "resourceGroupName": "rg-team",
        "scmSiteAlsoStopped": False,
        "serverFarmId": PLAN,
        "siteConfig": {
            "alwaysOn": True,
            "ftpsState": "Disabled",
            "http20Enabled": True,
            "linuxFxVersion": "PYTHON|3.12",
            "localMySqlEnabled": False,
            "minTlsVersion": "1.2",
            "netFrameworkVersion": "v4.6",
            "remoteDebuggingEnabled": False,
            "scmMinTlsVersion": "1.2",
        },
        "slot": "staging",
    }


def test_a_slot_may_read_another_vault_than_its_app() -> None:
    deployment = slot(**ELSEWHERE)
    grant = deployment.one("RoleAssignment").inputs
    assert (grant["principalId"], grant["scope"]) == (PRINCIPAL, OTHER)
    assert deployment.one("WebAppApplicationSettingsSlot").inputs["properties"]["DB_PASSWORD"] == (
        "@Microsoft.KeyVault(SecretUri=https://kv-staging.vault.azure.net/secrets/staging-password)"
    )


def test_a_slot_whose_settings_a_swap_would_move_is_refused() -> None:
    message = refusal(**ELSEWHERE, sticky_settings=[])
    missing = "AZURE_CLIENT_ID, AZURE_KEY_VAULT_ENDPOINT, DB_PASSWORD"
    assert f"1. sticky_settings\n     given     no {missing}\n" in message
    assert "give the app sticky_settings that hold AZURE_CLIENT_ID" in message


def test_it_is_also_refused_when_the_apps_names_are_known_only_later() -> None:
    assert "no DB_PASSWORD" in refusal(**ELSEWHERE, sticky_settings=Later(STICKY[:2]))


def test_names_are_compared_as_azure_does_without_case() -> None:
    slot(**ELSEWHERE, sticky_settings=[name.lower() for name in STICKY])


def test_a_slot_takes_everything_from_the_outputs_of_its_app() -> None:
    def program() -> WebAppSlot:
        given: Any = {"resource_group_name": "rg-team", **WITH_SECRET, "sticky_settings": []}
        app = WebApp("shop", given)
        of_app = {"app_id": app.app_id, "plan_id": app.plan_id, "sticky_settings": app.sticky_settings}
        of_slot: Any = {"slot_name": "staging", **of_app, **ELSEWHERE}
        return WebAppSlot("shop-staging", of_slot)

    for mode in ("up", "first preview", "later preview"):
        deployment = deploy(program, mode)
        settings, site = deployment.one("WebAppApplicationSettings"), deployment.one("web:WebAppSlot")
        assert deployment.waits_for(site, settings), mode
        properties = deployment.one("WebAppApplicationSettingsSlot").inputs["properties"]
        assert properties["DB_PASSWORD"].startswith("@Microsoft.KeyVault(SecretUri=https://kv-staging"), mode
        assert site.inputs["name"] == (UNKNOWN if mode == "first preview" else "app-shop-dev-abc123")


def test_an_existing_identity_is_granted_by_its_owner() -> None:
    deployment = slot(**ELSEWHERE, identity="existing", identity_id=IDENTITY)
    assert deployment.all("RoleAssignment") == []


def test_what_is_missing_is_said_all_at_once() -> None:
    with pytest.raises(ConfigurationError) as refused:
        deploy(lambda: WebAppSlot("shop", {}))  # pyright: ignore[reportArgumentType]
    for key in ("app_id", "plan_id", "slot_name", "sticky_settings"):
        assert f"give {key}" in str(refused.value)


@pytest.mark.parametrize(
    ("key", "value"),
    [("app_id", PLAN), ("plan_id", APP), ("slot_name", "production"), ("sticky_settings", "DB_PASSWORD")],
)
def test_what_is_wrong_is_named(key: str, value: str) -> None:
    assert f"1. {key}\n     given     {value!r}\n" in refusal(**{key: value})
