"""A group with an identity, and the clusters made in it, as azure-mgmt-containerservice sees them."""

from pathlib import Path
from typing import Any

import pytest
from azure.core.exceptions import ClientAuthenticationError, HttpResponseError
from azure.identity import ClientSecretCredential, WorkloadIdentityCredential
from azure.mgmt.containerservice import ContainerServiceClient
from azure.mgmt.msi.v2024_11_30 import ManagedServiceIdentityClient

from local_azure.constants import SUBSCRIPTION_ID, TENANT_ID
from local_azure.container_service.issuers import CLUSTERS
from local_azure.container_service.service import ContainerService
from local_azure.server import LocalAzure
from local_azure.store import Resource
from tests.local_azure.arm import Arm
from tests.local_azure.vault_stage import refused

AUDIENCE = "api://AzureADTokenExchange"
SUBJECT = "system:serviceaccount:shop:web"
ASSIGNMENT = "0a510000-0000-4000-8000-0000000000a1"
OPERATOR = "f1a07417-d97a-45cb-824c-7a7467783830"
SCOPE = "https://vault.azure.net/.default"
POOL: dict[str, Any] = {"name": "system", "mode": "System", "count": 1, "vmSize": "Standard_D2s_v5"}


class Stage:
    """A group with an identity, and what may be made in it."""

    def __init__(self, local: LocalAzure, deployer: ClientSecretCredential, folder: Path) -> None:
        self.azure, self.folder = local.azure, folder
        self.arm = Arm(local.azure)
        self.group = self.arm.group("rg-one")
        self.identity = self.arm.identity(self.group)
        client: Any = ContainerServiceClient(deployer, SUBSCRIPTION_ID)
        self.clusters = client.managed_clusters
        msi: Any = ManagedServiceIdentityClient(deployer, SUBSCRIPTION_ID)
        self.credentials = msi.federated_identity_credentials
        self.issuers = local.azure.service(ContainerService).issuers

    def cluster(self, name: str = "aks-one", /, **properties: Any) -> Any:
        identity = properties.pop("identity", {"type": "SystemAssigned"})
        given = {
            "agentPoolProfiles": [POOL],
            "dnsPrefix": "aks",
            "oidcIssuerProfile": {"enabled": True},
            "securityProfile": {"workloadIdentity": {"enabled": True}},
            **properties,
        }
        body = {"location": "westeurope", "identity": identity, "properties": given}
        return self.clusters.begin_create_or_update("rg-one", name, body).result()

    def refusal(self, name: str = "aks-one", /, **properties: Any) -> tuple[int, str, str]:
        with pytest.raises(HttpResponseError) as error:
            self.cluster(name, **properties)
        return refused(error)

    def stored(self, name: str = "aks-one") -> Resource:
        (found,) = [one for one in self.azure.store.list(type=CLUSTERS) if one.id.endswith(f"/{name}")]
        return found

    def token(self, account: str = "web", audience: str = AUDIENCE, seconds: int = 3_600) -> str:
        return self.issuers.token(self.stored(), "shop", account, [audience], seconds)

    def trust(
        self, issuer: str, *, subject: str = SUBJECT, audience: str = AUDIENCE, waited: float = 60
    ) -> None:
        body = {"properties": {"issuer": issuer, "subject": subject, "audiences": [audience]}}
        self.credentials.create_or_update("rg-one", "id-one", "k8s", body)
        self.azure.clock.advance(waited)

    def sign_in(self, token: str, client_id: str | None = None) -> str:
        """What the official client gets for a token in a file, as a pod has it."""
        file = self.folder / "azure-identity-token"
        file.write_text(token)
        client_id = client_id or self.identity["properties"]["clientId"]
        credential = WorkloadIdentityCredential(
            tenant_id=TENANT_ID, client_id=client_id, token_file_path=str(file)
        )
        return credential.get_token(SCOPE).token

    def not_signed_in(self, token: str) -> str:
        """How Entra's refusal begins: its number, and what it says."""
        with pytest.raises(ClientAuthenticationError) as error:
            self.sign_in(token)
        text = str(error.value.message)
        return text[text.index("AADSTS") :].partition(" Please")[0]

    def give(self, role: str, scope: str, assignment: str = ASSIGNMENT) -> None:
        """A role for the identity."""
        given = self.arm(
            "PUT",
            f"{scope}/providers/Microsoft.Authorization/roleAssignments/{assignment}",
            {
                "properties": {
                    "roleDefinitionId": f"/subscriptions/{SUBSCRIPTION_ID}/providers/"
                    f"Microsoft.Authorization/roleDefinitions/{role}",
                    "principalId": self.identity["properties"]["principalId"],
                }
            },
            api_version="2022-04-01",
        )
        assert given.status == 201, given.body
