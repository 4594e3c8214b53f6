"""A deployed app without the engine: what a stack declares, made with Microsoft's clients."""

import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from azure.identity import ClientSecretCredential
from azure.keyvault.secrets import SecretClient
from azure.mgmt.authorization import AuthorizationManagementClient
from azure.mgmt.authorization.models import RoleAssignmentCreateParameters
from azure.mgmt.keyvault import KeyVaultManagementClient
from azure.mgmt.msi import ManagedServiceIdentityClient
from azure.mgmt.msi.models import Identity
from azure.mgmt.resource.resources import ResourceManagementClient
from azure.mgmt.resource.resources.models import ResourceGroup
from azure.mgmt.web import WebSiteManagementClient

from local_azure.constants import DEPLOYER, LOCATION, SUBSCRIPTION_ID, SUBSCRIPTION_SCOPE, TENANT_ID
from loop.azure_client import deployer_credential, package, page, publish
from tests.app.status import status_page
from tests.patience import PATIENCE

GROUP, APP_NAME, VAULT_NAME = "rg-shop", "app-shop-e2e", "kv-shop-e2e"
VAULT_ENDPOINT = f"https://{VAULT_NAME}.vault.azure.net/"
VAULT_ID = f"{SUBSCRIPTION_SCOPE}/resourceGroups/{GROUP}/providers/Microsoft.KeyVault/vaults/{VAULT_NAME}"
APP_ID = f"{SUBSCRIPTION_SCOPE}/resourceGroups/{GROUP}/providers/Microsoft.Web/sites/{APP_NAME}"
SECRETS_USER = "4633458b-17de-408a-b874-0445c86b69e6"
SECRETS_OFFICER = "b86a8fe4-44ce-4948-aee5-eccb2c155cd7"
KEYLESS_SECRETS = '{"DATABASE_PASSWORD": "database-password"}'


@dataclass
class Shop:
    """A vault with one secret, and clients of the deployer, who may also write the secret here."""

    credential: ClientSecretCredential

    @staticmethod
    def open(environment: dict[str, str]) -> "Shop":
        """A resource group, a vault, and the deployer as its officer."""
        shop = Shop(deployer_credential(environment))
        resources = ResourceManagementClient(shop.credential, SUBSCRIPTION_ID)
        resources.resource_groups.create_or_update(GROUP, ResourceGroup(location=LOCATION))
        vaults = KeyVaultManagementClient(shop.credential, SUBSCRIPTION_ID, api_version="2024-11-01").vaults
        properties = {
            "tenantId": TENANT_ID,
            "sku": {"family": "A", "name": "standard"},
            "enableRbacAuthorization": True,
        }
        body: Any = {"location": LOCATION, "properties": properties}
        vaults.begin_create_or_update(GROUP, VAULT_NAME, body).result()
        shop.grant(DEPLOYER.object_id, "ServicePrincipal", SECRETS_OFFICER)
        return shop

    def grant(self, principal_id: str, principal_type: str, role: str = SECRETS_USER) -> None:
        """Assign a role on the vault."""
        client: Any = AuthorizationManagementClient(self.credential, SUBSCRIPTION_ID)
        definition = f"{SUBSCRIPTION_SCOPE}/providers/Microsoft.Authorization/roleDefinitions/{role}"
        parameters = RoleAssignmentCreateParameters(
            role_definition_id=definition, principal_id=principal_id, principal_type=principal_type
        )
        client.role_assignments.create(VAULT_ID, str(uuid.uuid4()), parameters)

    def write_secret(self, value: str) -> str:
        """A new version of the secret; its id."""
        secret = SecretClient(VAULT_ENDPOINT, self.credential).set_secret("database-password", value)
        return secret.properties.version or ""

    def deploy(self, app: Path) -> str:
        """A plan and an app with a user-assigned identity, settings and code; the identity's object id."""
        identities: Any = ManagedServiceIdentityClient(
            self.credential, SUBSCRIPTION_ID
        ).user_assigned_identities
        identity = identities.create_or_update(GROUP, "id-shop", Identity(location=LOCATION))
        web = WebSiteManagementClient(self.credential, SUBSCRIPTION_ID)
        sku = {"name": "B1", "tier": "Basic"}
        plan_body: Any = {"location": LOCATION, "kind": "linux", "sku": sku, "properties": {"reserved": True}}
        plan = web.app_service_plans.begin_create_or_update(GROUP, "asp-shop", plan_body).result()
        site_body: Any = {
            "location": LOCATION,
            "kind": "app,linux",
            "identity": {"type": "UserAssigned", "userAssignedIdentities": {identity.id: {}}},
            "properties": {
                "serverFarmId": plan.id,
                "reserved": True,
                "httpsOnly": True,
                "keyVaultReferenceIdentity": identity.id,
                "siteConfig": {"linuxFxVersion": "PYTHON|3.12"},
            },
        }
        web.web_apps.begin_create_or_update(GROUP, APP_NAME, site_body).result()
        settings = {
            "DATABASE_PASSWORD": f"@Microsoft.KeyVault(SecretUri={VAULT_ENDPOINT}secrets/database-password)",
            "AZURE_KEY_VAULT_ENDPOINT": VAULT_ENDPOINT,
            "AZURE_CLIENT_ID": identity.client_id,
            "KEYLESS_SECRETS": KEYLESS_SECRETS,
        }
        settings_body: Any = {"properties": settings}
        web.web_apps.update_application_settings(GROUP, APP_NAME, settings_body)
        publish(APP_NAME, package(app), self.credential)
        return str(identity.principal_id)

    def status(self) -> dict[str, Any]:
        """What the deployed app tells of itself."""
        return status_page(f"https://{APP_NAME}.azurewebsites.net/status.json")

    def ask(self, path: str) -> str:
        """What the deployed app answers, under its Azure name."""
        answer = page(f"https://{APP_NAME}.azurewebsites.net{path}", seconds=PATIENCE)
        assert answer.status_code == 200, answer.text
        return answer.text
