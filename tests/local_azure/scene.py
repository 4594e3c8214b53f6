"""A vault with one secret in it, and whoever wants to read it or to let others in."""

import uuid
from typing import Any

from azure.core.credentials import AccessToken
from azure.core.exceptions import HttpResponseError
from azure.keyvault.secrets import SecretClient

from local_azure.authorization.built_in_roles import BUILT_IN_ROLES, role_definition_id
from local_azure.azure import Azure
from local_azure.constants import SUBSCRIPTION_SCOPE, TENANT_ID
from local_azure.server import LocalAzure
from tests.local_azure.arm import Arm, content

ROLES = {role.name: role.id for role in BUILT_IN_ROLES}
GROUP = f"{SUBSCRIPTION_SCOPE}/resourceGroups/rg-one"


class TokenOf:
    """A credential of anybody, with one token for each audience, as a client caches it."""

    def __init__(self, azure: Azure, object_id: str) -> None:
        self._azure, self._object_id = azure, object_id
        self._issued: dict[str, AccessToken] = {}

    def get_token(self, *scopes: str, **_: Any) -> AccessToken:
        audience = scopes[0].removesuffix("/.default")
        if audience not in self._issued:
            principal = self._azure.entra.principal(self._object_id)
            assert principal
            self._issued[audience] = AccessToken(*self._azure.entra.issue(principal, audience))
        return self._issued[audience]


class Scene:
    """A vault with the secret `greeting`, and everybody's clients."""

    def __init__(self, local: LocalAzure) -> None:
        self.azure = local.azure
        self.arm = Arm(local.azure)
        self.group = self.arm.group()
        self.vault = f"{self.group}/providers/Microsoft.KeyVault/vaults/kv-authorizer"
        sku = {"family": "A", "name": "standard"}
        properties = {"tenantId": TENANT_ID, "sku": sku, "enableRbacAuthorization": True}
        content(self.arm("PUT", self.vault, {"location": "westeurope", "properties": properties}))
        secret = {"properties": {"value": "hello"}}
        content(self.arm("PUT", f"{self.vault}/secrets/greeting", secret))

    def grant(
        self, principal: str, role: str, kind: str = "ServicePrincipal", scope: str | None = None
    ) -> str:
        path = f"{scope or self.vault}/providers/Microsoft.Authorization/roleAssignments/{uuid.uuid4()}"
        properties = {"principalId": principal, "principalType": kind}
        properties["roleDefinitionId"] = role_definition_id(ROLES[role])
        return content(self.arm("PUT", path, {"properties": properties}))["id"]

    def identity(self) -> Any:
        return self.arm.identity(self.group)["properties"]

    def token(self, object_id: str) -> Any:
        return TokenOf(self.azure, object_id)

    def reader(self, object_id: str) -> Any:
        return SecretClient("https://kv-authorizer.vault.azure.net", self.token(object_id))


def reads(client: Any) -> bool:
    """Whether the secret is answered; a refusal must be the vault's 403."""
    try:
        return client.get_secret("greeting").value == "hello"
    except HttpResponseError as error:
        if error.status_code == 403 and "ForbiddenByRbac" in str(error.response and error.response.text()):
            return False
        raise
