"""What the App Service tests need around a site, made with Microsoft's own client of Resource Manager."""

import io
import itertools
import sqlite3
import ssl
import time
import uuid
import zipfile
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from azure.core.exceptions import HttpResponseError
from azure.core.rest import HttpRequest
from azure.identity import ClientSecretCredential
from azure.mgmt.web import WebSiteManagementClient

from local_azure.constants import SUBSCRIPTION_ID, SUBSCRIPTION_SCOPE, TENANT_ID
from local_azure.server import LocalAzure
from tests.patience import PATIENCE

Json = dict[str, Any]
GROUP = "rg-apps"
SECRETS_USER = "4633458b-17de-408a-b874-0445c86b69e6"

GREETING_APP = """
import json, os
def app(environ, start_response):
    start_response("200 OK", [("Content-Type", "application/json")])
    return [json.dumps(dict(os.environ)).encode()]
"""
"""An app that shows its whole environment."""


def package(files: dict[str, str]) -> bytes:
    """A zip file with `files`."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return buffer.getvalue()


def refusal(error: pytest.ExceptionInfo[HttpResponseError]) -> Json:
    """The body of a refusal."""
    response: Any = error.value.response
    return response.json()


def eventually(said: Callable[[], object], wanted: object) -> None:
    end = time.monotonic() + PATIENCE
    while (found := said()) != wanted:
        assert time.monotonic() < end, found
        time.sleep(0.05)


class Stage:
    """A running local Azure with one resource group, and the deployer's clients."""

    def __init__(self, local: LocalAzure) -> None:
        self.local = local
        self.subscription = SUBSCRIPTION_ID
        self.sign_in()
        self._numbers = itertools.count(1)
        self.arm(
            "PUT", f"{SUBSCRIPTION_SCOPE}/resourceGroups/{GROUP}", {"location": "westeurope"}, "2024-03-01"
        )

    def sign_in(self) -> None:
        """Fetch new tokens; those of a person last an hour of the local Azure's clock."""
        environment = self.local.environment()
        proxies = {"https": self.local.proxy_url}
        trust: Json = {"proxies": proxies, "connection_verify": self.local.addresses.authority}
        secret = environment["AZURE_CLIENT_SECRET"]
        self.credential = ClientSecretCredential(TENANT_ID, environment["AZURE_CLIENT_ID"], secret, **trust)
        # Its methods take plain dicts; their type hints ask for a literal one.
        self.web: Any = WebSiteManagementClient(self.credential, SUBSCRIPTION_ID, **trust)

    def advance(self, seconds: float) -> None:
        """Move the clock of the local Azure forward."""
        self.local.azure.clock.advance(seconds)
        self.sign_in()

    def name(self, kind: str) -> str:
        """A name that no other test uses."""
        return f"{kind}-{next(self._numbers)}-{uuid.uuid4().hex[:6]}"

    def id(self, type: str, name: str) -> str:
        return f"{SUBSCRIPTION_SCOPE}/resourceGroups/{GROUP}/providers/{type}/{name}"

    def arm(self, method: str, path: str, body: Json | None = None, version: str = "2025-05-01") -> Json:
        """One request to Resource Manager; raises what the client raises for a refusal."""
        url = f"https://management.azure.com{path}"
        request = HttpRequest(method, url, params={"api-version": version}, json=body)
        response = self.web.send_request(request)
        response.raise_for_status()
        return response.json() if response.text() else {}

    def stored(self) -> bytes:
        """Everything that the local Azure has in its database."""
        source = sqlite3.connect(self.local.azure.state / "azure.db")
        content = "\n".join(source.iterdump()).encode()
        source.close()
        return content

    def exists(self, path: str, version: str = "2025-05-01") -> bool:
        """Whether Resource Manager answers a GET of `path` with 200, and not with 404."""
        request = HttpRequest("GET", f"https://management.azure.com{path}", params={"api-version": version})
        status = self.web.send_request(request).status_code
        assert status in (200, 404), status
        return status == 200

    def http(self, **options: Any) -> httpx.Client:
        """A client that reaches the local Azure as anybody would, without a token."""
        context = ssl.create_default_context(cafile=self.local.addresses.authority)
        return httpx.Client(proxy=self.local.proxy_url, verify=context, trust_env=False, **options)

    def token(self) -> str:
        return self.credential.get_token("https://management.azure.com/.default").token

    def plan(self, sku: str = "B1", *, linux: bool = True) -> str:
        """The id of a new plan."""
        plan = {"location": "westeurope", "sku": {"name": sku}, "properties": {"reserved": linux}}
        name = self.name("asp")
        self.web.app_service_plans.begin_create_or_update(GROUP, name, plan).result()
        return self.id("Microsoft.Web/serverfarms", name)

    def site(self, name: str, *, identity: Json | None = None, **properties: Any) -> Any:
        """Write a site; `serverFarmId` defaults to a new plan."""
        body: Json = {"location": "westeurope", "kind": "app,linux", "properties": dict(properties)}
        body["properties"].setdefault("serverFarmId", None)
        if body["properties"]["serverFarmId"] is None:
            body["properties"]["serverFarmId"] = self.plan()
        if identity is not None:
            body["identity"] = identity
        return self.web.web_apps.begin_create_or_update(GROUP, name, body).result()

    def identity(self) -> Json:
        """A new user-assigned identity, whole."""
        path = self.id("Microsoft.ManagedIdentity/userAssignedIdentities", self.name("id"))
        return self.arm("PUT", path, {"location": "westeurope"}, "2023-01-31")

    def vault(self) -> str:
        """The name of a new vault under RBAC."""
        name = self.name("kv")
        properties = {
            "tenantId": TENANT_ID,
            "sku": {"family": "A", "name": "standard"},
            "enableRbacAuthorization": True,
        }
        body = {"location": "westeurope", "properties": properties}
        self.arm("PUT", self.id("Microsoft.KeyVault/vaults", name), body, "2024-11-01")
        return name

    def secret(self, vault: str, name: str, value: str) -> str:
        """Write a value; returns the new version."""
        path = self.id("Microsoft.KeyVault/vaults", f"{vault}/secrets/{name}")
        written = self.arm("PUT", path, {"properties": {"value": value}}, "2024-11-01")
        return written["properties"]["secretUriWithVersion"].rsplit("/", 1)[1]

    def grant(self, vault: str, principal_id: str) -> str:
        """Let a principal read a vault's secrets; returns the assignment's id."""
        return self.assign(self.id("Microsoft.KeyVault/vaults", vault), principal_id, SECRETS_USER)

    def assign(self, scope: str, principal_id: str, role: str) -> str:
        """Give a principal a role, by its GUID; returns the assignment's id."""
        path = f"{scope}/providers/Microsoft.Authorization/roleAssignments/{uuid.uuid4()}"
        definition = f"{SUBSCRIPTION_SCOPE}/providers/Microsoft.Authorization/roleDefinitions/{role}"
        properties = {
            "roleDefinitionId": definition,
            "principalId": principal_id,
            "principalType": "ServicePrincipal",
        }
        self.arm("PUT", path, {"properties": properties}, "2022-04-01")
        return path

    def settings(self, site: str, settings: dict[str, str]) -> None:
        self.web.web_apps.update_application_settings(GROUP, site, {"properties": settings})

    def statuses(self, site: str) -> dict[str, str | None]:
        """The status of each reference of a site."""
        found = self.web.web_apps.get_app_settings_key_vault_references(GROUP, site)
        return {str(one.name): one.properties.status if one.properties else None for one in found}

    def refresh(self, site: str) -> None:
        path = self.id("Microsoft.Web/sites", f"{site}/config/configreferences/appsettings/refresh")
        self.arm("POST", path)

    def deploy(self, site: str, files: dict[str, str]) -> None:
        """Publish code, as a pipeline does."""
        headers = {"Authorization": f"Bearer {self.token()}"}
        url = f"https://{site}.scm.azurewebsites.net/api/publish?type=zip"
        with self.http() as client:
            client.post(url, content=package(files), headers=headers).raise_for_status()

    def get(self, site: str, path: str = "/") -> httpx.Response:
        with self.http(timeout=PATIENCE) as client:
            return client.get(f"https://{site}.azurewebsites.net{path}")
