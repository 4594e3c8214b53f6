"""What the tests of role assignments need: the deployer's clients, a group, and short ways to grant."""

import json
import uuid
from typing import Any

import pytest
from azure.core.exceptions import HttpResponseError
from azure.identity import ClientSecretCredential
from azure.mgmt.authorization import AuthorizationManagementClient
from azure.mgmt.msi import ManagedServiceIdentityClient
from azure.mgmt.resource.resources import ResourceManagementClient

from local_azure.constants import SUBSCRIPTION_ID, SUBSCRIPTION_SCOPE
from local_azure.leftovers import leftovers
from local_azure.server import LocalAzure

READER = "acdd72a7-3385-48ef-bd42-f606fba81ae7"
SECRETS_USER = "4633458b-17de-408a-b874-0445c86b69e6"
GROUP = f"{SUBSCRIPTION_SCOPE}/resourceGroups/rg-one"


def definition(role: str = READER) -> str:
    return f"{SUBSCRIPTION_SCOPE}/providers/Microsoft.Authorization/roleDefinitions/{role}"


def new_name() -> str:
    return str(uuid.uuid4())


class Grants:
    """The deployer's clients, a group, and short ways to grant."""

    def __init__(self, local: LocalAzure, deployer: ClientSecretCredential) -> None:
        self.local = local
        client = AuthorizationManagementClient(deployer, SUBSCRIPTION_ID)
        self.assignments: Any = client.role_assignments
        self.definitions: Any = client.role_definitions
        self.groups: Any = ResourceManagementClient(deployer, SUBSCRIPTION_ID).resource_groups
        self.identities: Any = ManagedServiceIdentityClient(
            deployer, SUBSCRIPTION_ID
        ).user_assigned_identities
        self.groups.create_or_update("rg-one", {"location": "westeurope"})

    def identity(self, name: str = "id-one") -> tuple[str, str]:
        """A new identity's principal id and client id."""
        made = self.identities.create_or_update("rg-one", name, {"location": "westeurope"})
        return made.principal_id, made.client_id

    def grant(
        self,
        principal: str,
        role: str = READER,
        *,
        scope: str = GROUP,
        name: str | None = None,
        kind: str | None = "ServicePrincipal",
        **more: str,
    ) -> Any:
        properties = {"principalId": principal, "roleDefinitionId": role, "principalType": kind, **more}
        if not role.startswith("/"):
            properties["roleDefinitionId"] = definition(role)
        body = {"properties": {key: value for key, value in properties.items() if value is not None}}
        return self.assignments.create(scope, name or new_name(), body)

    def everything(self) -> list[str]:
        """The ids of all assignments that were not there from the start."""
        found: list[str] = leftovers(self.local.azure)["role_assignments"]
        return found


def refused(error: pytest.ExceptionInfo[HttpResponseError]) -> tuple[int | None, str, str]:
    """Status, code and message."""
    response: Any = error.value.response
    body = json.loads(response.text())["error"]
    assert set(body) == {"code", "message"}
    return error.value.status_code, body["code"], body["message"]
