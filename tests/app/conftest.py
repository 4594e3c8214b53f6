"""The sample app in this process, as gunicorn would import it: from its own folder, under the name `app`."""

import importlib
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any, cast

import pytest
from azure.core.credentials import TokenCredential
from azure.keyvault.secrets import SecretClient
from flask.testing import FlaskClient

from tests.app.key_vault import VAULT, SignedIn, Vault
from tests.app.transport import transport

APP = Path(__file__).parents[2] / "app"
MODULES = ("app", *(path.stem for path in APP.glob("*.py")))
AZURE_VARIABLES = (
    "KEYLESS_SECRETS",
    "AZURE_KEY_VAULT_ENDPOINT",
    "AZURE_STORAGE_BLOB_ENDPOINT",
    "KEYLESS_BLOB",
    "WEBSITE_SITE_NAME",
    "IDENTITY_ENDPOINT",
    "IDENTITY_HEADER",
    "AZURE_CLIENT_ID",
    "AZURE_CLIENT_SECRET",
    "AZURE_TENANT_ID",
)
PLANTED = 'p<l>"anted\\ value/42'
OTHER = "another planted value"
UNRESOLVED = "@Microsoft.KeyVault(SecretUri=https://kv-shop.vault.azure.net/secrets/database-password)"
Open = Callable[[Vault, TokenCredential], FlaskClient]


def status_of(client: FlaskClient) -> dict[str, Any]:
    return cast(dict[str, Any], client.get("/status.json").get_json())


@pytest.fixture
def app_module(monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    """The module that gunicorn serves, freshly imported, in an environment that says nothing yet."""
    for name in AZURE_VARIABLES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(sys, "path", [str(APP), *sys.path])
    importlib.invalidate_caches()
    for name in MODULES:
        sys.modules.pop(name, None)
    yield importlib.import_module("app")
    for name in MODULES:
        sys.modules.pop(name, None)


@pytest.fixture
def open_app(app_module: ModuleType, monkeypatch: pytest.MonkeyPatch) -> Open:
    """Serve the app with this vault behind the official client, read as this credential."""

    def serve(vault: Vault, credential: TokenCredential) -> FlaskClient:
        def open_vault() -> tuple[TokenCredential, SecretClient]:
            return credential, SecretClient(VAULT, credential, transport=transport(vault.answer))

        monkeypatch.setattr(app_module, "open_vault", open_vault)
        return app_module.app.test_client()

    return serve


@pytest.fixture
def on_app_service(app_module: ModuleType, monkeypatch: pytest.MonkeyPatch) -> SignedIn:
    """The environment of a deployed app with two secrets, and its identity."""
    del app_module  # it empties the environment first
    monkeypatch.setenv("WEBSITE_SITE_NAME", "app-shop")
    monkeypatch.setenv("AZURE_KEY_VAULT_ENDPOINT", VAULT)
    monkeypatch.setenv("KEYLESS_SECRETS", '{"DATABASE_PASSWORD": "database-password", "API_KEY": "api-key"}')
    return SignedIn(
        oid="00000000-0000-0000-0000-0000000000a1",
        appid="00000000-0000-0000-0000-0000000000a2",
        idtyp="app",
        xms_mirid="/subscriptions/s/resourcegroups/g/providers/Microsoft.ManagedIdentity"
        "/userAssignedIdentities/id-shop",
    )


@pytest.fixture
def on_my_machine(app_module: ModuleType, monkeypatch: pytest.MonkeyPatch) -> SignedIn:
    """The environment that the stack's `local_development` output gives, and a developer's token."""
    del app_module
    monkeypatch.setenv("AZURE_KEY_VAULT_ENDPOINT", VAULT)
    monkeypatch.setenv("KEYLESS_SECRETS", '{"DATABASE_PASSWORD": "database-password"}')
    return SignedIn(
        oid="00000000-0000-0000-0000-0000000000d1", upn="kim@example.com", scp="user_impersonation"
    )


@pytest.fixture
def vault() -> Vault:
    vault = Vault()
    vault.put("database-password", PLANTED)
    vault.put("api-key", OTHER)
    return vault


@pytest.fixture
def resolved(monkeypatch: pytest.MonkeyPatch) -> None:
    """References as App Service hands them over once they are resolved."""
    monkeypatch.setenv("DATABASE_PASSWORD", PLANTED)
    monkeypatch.setenv("API_KEY", OTHER)
