"""What the identity and vault tests need: a running local Azure, and Microsoft's clients for whoever asks."""

import itertools
import json
import ssl
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import httpx
import pytest
from azure.core.credentials import AccessToken
from azure.core.exceptions import HttpResponseError
from azure.identity import ClientSecretCredential
from azure.keyvault.certificates import CertificateClient
from azure.keyvault.keys import KeyClient
from azure.keyvault.keys.crypto import CryptographyClient
from azure.keyvault.secrets import SecretClient
from azure.mgmt.authorization import AuthorizationManagementClient
from azure.mgmt.keyvault import KeyVaultManagementClient

from local_azure.authorization.built_in_roles import BUILT_IN_ROLES, role_definition_id
from local_azure.azure import Azure
from local_azure.constants import DEPLOYER, SUBSCRIPTION_ID, TENANT_ID, Inhabitant
from local_azure.entra.directory import Principal
from local_azure.server import LocalAzure
from tests.local_azure.arm import Arm

Json = dict[str, Any]
C = TypeVar("C", KeyClient, CertificateClient)
GROUP = "rg-vaults"
_ROLE_IDS = {role.name: role.id for role in BUILT_IN_ROLES}


def refused(error: pytest.ExceptionInfo[HttpResponseError]) -> tuple[int, str, str]:
    """Status, code and message of a refusal, in either envelope."""
    response: Any = error.value.response
    body: Json = json.loads(response.text())["error"]
    return response.status_code, body["code"], body["message"]


def inner_code(error: pytest.ExceptionInfo[HttpResponseError]) -> str | None:
    """`innererror.code`, which only the data plane has."""
    response: Any = error.value.response
    return json.loads(response.text())["error"].get("innererror", {}).get("code")


@dataclass(frozen=True)
class Holder:
    """The credential of somebody whom the platform or `az` has signed in already."""

    azure: Azure
    principal: Principal

    def get_token(self, *scopes: str, **_: object) -> AccessToken:
        token, expires_on = self.azure.entra.issue(self.principal, scopes[0].removesuffix("/.default"))
        return AccessToken(token, expires_on)


class VaultStage:
    """One running local Azure with one resource group. Every name that it gives is used once."""

    def __init__(self, local: LocalAzure) -> None:
        self.local = local
        self.azure = local.azure
        self.trust: Json = {
            "proxies": {"https": local.proxy_url},
            "connection_verify": local.addresses.authority,
        }
        self._numbers = itertools.count(1)
        # For what Microsoft's clients have no method for.
        self.arm = Arm(self.azure)
        self.group = self.arm.group(GROUP)
        self.sign_in()

    def sign_in(self) -> None:
        """Fetch a new token for the deployer: it lasts an hour of the local Azure's clock."""
        secret = self.local.environment()["AZURE_CLIENT_SECRET"]
        deployer = ClientSecretCredential(TENANT_ID, str(DEPLOYER.client_id), secret, **self.trust)
        self.vaults, self.secrets_by_arm = self.vault_clients(deployer)
        self.keys_by_arm: Any = KeyVaultManagementClient(deployer, SUBSCRIPTION_ID, **self.trust).keys
        self.roles, self.definitions = self.role_clients(deployer)

    def vault_clients(self, credential: Any, version: str | None = None) -> tuple[Any, Any]:
        """azure-mgmt-keyvault's vaults and secrets, with its own api-version or another."""
        options: Json = self.trust | ({"api_version": version} if version else {})
        client = KeyVaultManagementClient(credential, SUBSCRIPTION_ID, **options)
        return client.vaults, client.secrets

    def role_clients(self, credential: Any) -> tuple[Any, Any]:
        """azure-mgmt-authorization's role assignments and role definitions."""
        client: Any = AuthorizationManagementClient(credential, SUBSCRIPTION_ID, **self.trust)
        return client.role_assignments, client.role_definitions

    def http(self) -> httpx.Client:
        """A client that reaches the local Azure as anybody would, without a token."""
        context = ssl.create_default_context(cafile=str(self.trust["connection_verify"]))
        return httpx.Client(proxy=self.local.proxy_url, verify=context, trust_env=False)

    def name(self, kind: str = "kv") -> str:
        return f"{kind}-{next(self._numbers)}-{uuid.uuid4().hex[:6]}"

    def identity(self) -> Principal:
        """A new managed identity, as its resource provider registers it."""
        name = self.name("id")
        path = f"{self.group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/{name}"
        return self.azure.entra.register_identity(name, path)

    def person(self, inhabitant: Inhabitant) -> Principal:
        principal = self.azure.entra.principal(inhabitant.object_id)
        assert principal
        return principal

    def holder(self, principal: Principal) -> Holder:
        return Holder(self.azure, principal)

    def id(self, vault: str) -> str:
        return f"{self.group}/providers/Microsoft.KeyVault/vaults/{vault}"

    def vault(self, name: str | None = None, **properties: Any) -> str:
        """Write a vault, under RBAC unless told; its name. Raises what the client raises."""
        name = name or self.name()
        self.vaults.begin_create_or_update(GROUP, name, vault_body(**properties)).result()
        return name

    def secrets(self, vault: str, principal: Principal) -> SecretClient:
        """azure-keyvault-secrets, as that principal."""
        host = f"https://{vault}.vault.azure.net"
        return SecretClient(host, self.holder(principal), **self.trust)

    def client(self, kind: type[C], vault: str, principal: Principal) -> C:
        """One of Microsoft's clients of a vault, as that principal."""
        host = f"https://{vault}.vault.azure.net"
        return kind(host, self.holder(principal), **self.trust)

    def crypto(self, key: str, principal: Principal) -> CryptographyClient:
        """azure-keyvault-keys' client of one key, by its address, as that principal."""
        return CryptographyClient(key, self.holder(principal), **self.trust)

    def named_key(self, vault: str, name: str, principal: Principal) -> CryptographyClient:
        """azure-keyvault-keys' client of one key, by its name alone, as that principal."""
        keys: Any = self.client(KeyClient, vault, principal)
        return keys.get_cryptography_client(name)

    def with_role(self, role: str, scope: str) -> Principal:
        """A new identity that has the role there."""
        made = self.identity()
        self.grant(scope, role, made.object_id)
        return made

    def with_actions(self, vault: str, actions: Sequence[str], scope: str | None = None) -> Principal:
        """A new identity that has just these data actions, below `Microsoft.KeyVault/vaults`, by a role of
        its own."""
        data = [f"Microsoft.KeyVault/vaults/{action}" for action in actions]
        return self.with_data_actions(scope or self.id(vault), data)

    def with_data_actions(self, scope: str, data: Sequence[str]) -> Principal:
        """The same of any data actions, at the scope."""
        role = str(uuid.uuid4())
        permissions: list[Json] = [
            {"actions": [], "notActions": [], "dataActions": data, "notDataActions": []}
        ]
        body: Json = {"roleName": role, "permissions": permissions, "assignableScopes": [self.group]}
        made = self.definitions.create_or_update(self.group, role, {"properties": body})
        principal = self.identity()
        self.assign(scope, made.id, principal.object_id)
        return principal

    def officer_of(self, vault: str) -> SecretClient:
        """The client of a new identity that may do everything with the vault's secrets."""
        officer = self.identity()
        self.grant(self.id(vault), "Key Vault Secrets Officer", officer.object_id)
        return self.secrets(vault, officer)

    def grant(
        self, scope: str, role: str, principal_id: str, kind: str | None = "ServicePrincipal", **more: Any
    ) -> Any:
        """Assign a role by its name; raises what the client raises."""
        return self.assign(scope, role_id(role), principal_id, kind, **more)

    def assign(
        self,
        scope: str,
        definition_id: str,
        principal_id: str,
        kind: str | None = "ServicePrincipal",
        **more: Any,
    ) -> Any:
        """Assign a role by the id of its definition; raises what the client raises."""
        name = more.pop("name", None) or str(uuid.uuid4())
        properties = {"roleDefinitionId": definition_id, "principalId": principal_id, **more}
        if kind:
            properties["principalType"] = kind
        return self.roles.create(scope, name, {"properties": properties})


def role_id(name: str) -> str:
    return role_definition_id(_ROLE_IDS[name])


def vault_body(**properties: Any) -> Json:
    """What a client sends for a vault; a property that is None is left out."""
    defaults: Json = {
        "tenantId": TENANT_ID,
        "sku": {"family": "A", "name": "standard"},
        "enableRbacAuthorization": True,
    }
    given = {key: value for key, value in {**defaults, **properties}.items() if value is not None}
    return {"location": "westeurope", "properties": given}
