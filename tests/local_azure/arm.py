"""Resource Manager in this process, as the deployer or somebody else sees it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from components.azure_facts.directory import DIRECTORY
from local_azure.arm import ResourceId
from local_azure.azure import Azure
from local_azure.constants import DEPLOYER, SUBSCRIPTION_SCOPE, Inhabitant
from local_azure.http import JsonObject, Request, Response
from local_azure.resource_manager.paths import collection
from local_azure.resource_manager.service import ResourceManager

HOST = "management.azure.com"


@dataclass(frozen=True)
class Arm:
    """`arm("PUT", "/resourceGroups/rg", {...})`: paths are below the subscription unless they name it."""

    azure: Azure
    person: Inhabitant = DEPLOYER

    def as_(self, person: Inhabitant) -> "Arm":
        return replace(self, person=person)

    def __call__(
        self,
        method: str,
        path: str,
        body: JsonObject | None = None,
        *,
        api_version: str | None = None,
        query: Mapping[str, str] | None = None,
    ) -> Response:
        """Without `api_version`, the newest that the path's type has."""
        is_whole = path.split("/")[1] in ("subscriptions", "tenants") or path.startswith(DIRECTORY)
        full = path if is_whole else SUBSCRIPTION_SCOPE + path
        full_query = {"api-version": api_version or self._newest(full), **(query or {})}
        content = json.dumps(body).encode() if body is not None else b""
        return self.azure.service(ResourceManager).handle(
            Request(method, HOST, full, full_query, {"authorization": f"Bearer {self.token()}"}, content)
        )

    def token(self, audience: str = "https://management.azure.com") -> str:
        principal = self.azure.entra.principal(self.person.object_id)
        assert principal
        return self.azure.entra.issue(principal, audience)[0]

    def group(self, name: str = "rg-one") -> str:
        """Create a resource group and return its id."""
        response = self("PUT", f"/resourceGroups/{name}", {"location": "westeurope"})
        assert response.status in (200, 201), response.body
        return f"{SUBSCRIPTION_SCOPE}/resourceGroups/{name}"

    def identity(self, group: str, name: str = "id-one") -> JsonObject:
        """Create a user-assigned identity and return its answer."""
        path = f"{group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/{name}"
        return content(self("PUT", path, {"location": "westeurope"}))

    def _newest(self, path: str) -> str:
        for candidate in (path, path.rpartition("/")[0]):
            try:
                type_ = ResourceId.parse(candidate).type
            except ValueError:
                found = collection(candidate)
                type_ = found.type if found else ""
            if kind := self.azure.services.types.get(type_.lower()):
                return max(kind.versions())
        return "2022-09-01"


def content(response: Response) -> JsonObject:
    """The JSON object of an answer that succeeded."""
    assert response.status < 400, (response.status, response.body)
    assert isinstance(response.body, dict)
    return response.body


def refusal(response: Response) -> tuple[int, str, str]:
    """Status, code and message of a refusal in Resource Manager's envelope."""
    assert isinstance(response.body, dict), response
    error: dict[str, Any] = response.body["error"]
    assert set(error) == {"code", "message"}
    return response.status, error["code"], error["message"]
